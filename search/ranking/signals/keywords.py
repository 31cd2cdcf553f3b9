"""How much of the words stands in a product's texts: BM25 over the most that the words could reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context


@signal("keywords", weight=0.5)
class Keywords:
    def score(self, ctx: Context) -> np.ndarray:
        """(n,) in [0, 1)."""
        return ctx.side("words") * self._everywhere(ctx)[ctx.rows]

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows that have any of the words."""
        return np.flatnonzero(self._everywhere(ctx))

    def _everywhere(self, ctx: Context) -> np.ndarray:
        """(height,) scores, none where there are no words."""
        if not ctx.query.text:
            return np.zeros(ctx.catalog.height)
        return ctx.once("keywords", lambda: ctx.keywords.scores(ctx.query.text))
