"""What the exclusions take away: -c x.p / Z (search.query.fusion)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.ranking.registry import signal

if TYPE_CHECKING:
    import numpy as np

    from search.ranking.context import Context


@signal("exclude")
class Exclude:
    def score(self, ctx: Context) -> np.ndarray:
        """(n,); zeros where the query has no such part."""
        return ctx.contribution("exclude")
