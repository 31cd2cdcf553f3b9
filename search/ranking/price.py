"""Sorting by price, where the words ask for what is cheap or dear: among the products that meet everything else that is
asked, so that the cheapest wrong product never comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from search.catalog import Filter
    from search.ranking.context import Context


def first(ctx: Context, where: Filter, k: int) -> np.ndarray:
    """(m,) rows of the k that come first by price, of those that pass and meet what is asked."""
    rows = np.flatnonzero(where.mask)
    at = ctx.at(rows[_good(ctx.at(rows))])
    return at.rows[np.lexsort((at.rows, _prices(at)))][:k]


def order(ctx: Context, scores: np.ndarray) -> np.ndarray:
    """Positions of (n,) products: those that meet what is asked by price, then the others by their scores."""
    good = _good(ctx)
    return np.lexsort((ctx.rows, np.where(good, _prices(ctx), -scores), ~good))


def _good(ctx: Context) -> np.ndarray:
    """(n,) bool: what has a price, meets every aspect that the words and the photo ask for, and nothing excluded."""
    good = ~np.isnan(ctx.column("price"))
    for aspect in ctx.aspects:
        agreement = ctx.says.agreement(aspect, ctx.rows)
        good &= np.nan_to_num(agreement) == 0 if aspect.excluded else agreement >= 1
    return good


def _prices(ctx: Context) -> np.ndarray:
    """(n,) prices, the one that comes first the lowest."""
    prices = np.nan_to_num(ctx.column("price"))
    return -prices if ctx.sort == "-price" else prices
