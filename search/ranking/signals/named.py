"""Whether the query is a product: its id, its title in any language, or its very picture. That product comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context


@signal("named", weight=3.0)
class Named:
    """Words beside a photo say what to change in it: then neither names a product."""

    def score(self, ctx: Context) -> np.ndarray:
        """(n,) 1 where the product is named, else 0."""
        return np.isin(ctx.rows, self.rows(ctx)).astype(np.float64)

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows that are named."""
        return named_rows(ctx)


def named_rows(ctx: Context) -> np.ndarray:
    """(m,) int64 sorted rows of products that the words are the id or title of, or the photo without words the picture."""
    if ctx.query.has_photo:
        return np.array([] if ctx.query.text else sorted(ctx.photo.same), np.int64)
    return ctx.once("named", lambda: ctx.says.texts.named(ctx.typed, ctx.query.text))
