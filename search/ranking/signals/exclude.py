"""What the exclusions take away: a product that has what is excluded stands behind all others, wherever the rows that may
be found were not narrowed by it (Understanding.where); where the catalog does not say whether it has, the query vector
takes away -c x.p / Z (search.query.fusion)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.registry import signal

if TYPE_CHECKING:
    from search.ranking.context import Context

#: More than words, aspects and picture together can add.
_COST = 3.0


@signal("exclude")
class Exclude:
    def score(self, ctx: Context) -> np.ndarray:
        """(n,); zeros where the query excludes nothing."""
        return np.where(known(ctx), 0.0, ctx.contribution("exclude")) + self.sparse(ctx)

    def sparse(self, ctx: Context) -> np.ndarray:
        """(n,) the part of the score that needs no vectors."""
        if not ctx.unwanted:
            return np.zeros(len(ctx))
        return -_COST * np.max([np.nan_to_num(ctx.says.agreement(each, ctx.rows)) for each in ctx.unwanted], axis=0)

    def rows(self, ctx: Context) -> np.ndarray:
        """The rows that have something of what is excluded."""
        found = np.zeros(ctx.catalog.height, bool)
        for aspect in ctx.unwanted:
            found[ctx.says.rows(aspect)] = True
        return np.flatnonzero(found)


def known(ctx: Context) -> np.ndarray:
    """(n,) bool: whether the catalog says of each product whether it has what is excluded, all of it.

    Words that are nowhere in a product's texts say nothing of its picture.
    """
    answered = np.full(len(ctx), len(ctx.unwanted) > 0 and len(ctx.unwanted) >= len(ctx.query.exclusions))
    for aspect in ctx.unwanted:
        agreement = ctx.says.agreement(aspect, ctx.rows)
        answered &= agreement > 0 if aspect.name == "words" else ~np.isnan(agreement)
    return answered
