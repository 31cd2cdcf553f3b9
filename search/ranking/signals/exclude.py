"""What the exclusions take away where the catalog does not say whether a product has what is excluded: -c x.p / Z of the
query vector (search.query.fusion). Products that say that they have it are not found at all (Understanding.where)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context


@signal("exclude")
class Exclude:
    def score(self, ctx: Context) -> np.ndarray:
        """(n,); zeros where the query excludes nothing."""
        return np.where(known(ctx), 0.0, ctx.contribution("exclude"))


def known(ctx: Context) -> np.ndarray:
    """(n,) bool: whether the catalog says of each product whether it has what is excluded, all of it.

    Words that are nowhere in a product's texts say nothing of its picture.
    """
    answered = np.full(len(ctx), len(ctx.unwanted) > 0 and len(ctx.unwanted) >= len(ctx.query.exclusions))
    for aspect in ctx.unwanted:
        agreement = ctx.says.agreement(aspect, ctx.rows)
        answered &= agreement > 0 if aspect.name == "words" else ~np.isnan(agreement)
    return answered
