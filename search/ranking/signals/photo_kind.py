"""Whether a product is of the kind that the photo shows (search.query.photo); words that name a kind override it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context

#: Kinds less likely than this are not kinds that the photo shows.
_LEAST = 0.02


@signal("photo_kind", weight=1.6)
class PhotoKind:
    def score(self, ctx: Context) -> np.ndarray:
        """(n,) in [0, 1]: the probability that the photo shows the product's kind."""
        if any(aspect.name == "kind" for aspect in ctx.wanted):
            return np.zeros(len(ctx))
        likely = ctx.photo.agreement("kind", ctx.rows)
        return ctx.side("photo") * np.where(likely < _LEAST, 0.0, likely)

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows of kinds that the photo may show."""
        everything = ctx.catalog.rows()
        return everything[self.score(ctx.at(everything)) > 0]
