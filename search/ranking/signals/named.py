"""Whether the words are a product's id, or its title in any language: that product comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context


@signal("named", weight=3.0)
class Named:
    """Words beside a photo say what to change in it, and name no product."""

    def score(self, ctx: Context) -> np.ndarray:
        """(n,) 1 where the product is named, else 0."""
        return np.isin(ctx.rows, self.rows(ctx)).astype(np.float64)

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows that are named."""
        return named_rows(ctx)


def named_rows(ctx: Context) -> np.ndarray:
    """(m,) int64 sorted rows of products that the words are the id or title of, whatever is to be scored."""
    if ctx.query.has_photo:
        return np.zeros(0, np.int64)
    return ctx.once("named", lambda: ctx.says.texts.named(ctx.typed, ctx.query.text))
