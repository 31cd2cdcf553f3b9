"""Whether a product is of the kind that the photo shows (search.query.photo); words that name a kind override it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context

#: Kinds less likely than this are not kinds that the photo shows.
_LEAST = 0.02
#: Without words the picture speaks for its kind itself, and a kind that was misread must not overrule a picture that is
#: very near; words such as "in red" pull towards red things of all kinds. With 0.2 (0.32 in all) the first product is the
#: very product for .914 of 151 pictures from another angle (.907 with 1, .921 without this signal), and of the kind for
#: .692 and .893 of photographs of home goods and clothes (.707 and .913; .474 and .833).
_ALONE = 0.2


@signal("photo_kind", weight=1.6)
class PhotoKind:
    def score(self, ctx: Context) -> np.ndarray:
        """(n,) in [0, 1]: the probability that the photo shows the product's kind."""
        if ctx.photo_kind is None:
            return np.zeros(len(ctx))
        likely = ctx.photo.agreement("kind", ctx.rows)
        counts = ctx.side("photo") if ctx.query.text else _ALONE
        return counts * np.where(likely < _LEAST, 0.0, likely)

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows of kinds that the photo may show."""
        everything = ctx.catalog.rows()
        return everything[self.score(ctx.at(everything)) > 0]
