"""Whether a product is what the words ask for, aspect by aspect, as far as the catalog says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context


@signal("aspects", weight=1.0)
class Aspects:
    """The mean of the agreements; what a product says nothing of adds nothing, and the picture decides."""

    def score(self, ctx: Context) -> np.ndarray:
        """(n,) in [0, 1]."""
        if not ctx.wanted:
            return np.zeros(len(ctx))
        agreements = [ctx.closeness(aspect)[ctx.rows] for aspect in ctx.wanted]
        return ctx.side("words") * np.mean(agreements, axis=0)

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows that agree with any of the aspects."""
        found = np.zeros(ctx.catalog.height, bool)
        for aspect in ctx.wanted:
            found |= ctx.closeness(aspect) > 0
        return np.flatnonzero(found)
