"""The products that can be among the best under the sum of all signals, found without scoring every product.

A score is dense + sparse: the inner product of the query vector with the product's, and signals that are zero for most
products and name the others themselves (`rows`). With t the k-th best score of some products, one that scores less than
t cannot be among the k best; so of the products with a sparse part only those are looked at whose sparse part, with the
best inner product there is, reaches t, and of the others the k best by the inner product alone. What is left out cannot
be among the k best: the ranking is that of a full scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking import price
from search.ranking.pipeline import rank_order
from search.ranking.registry import QUERY_SIGNALS, SIGNALS
from search.ranking.signals.exclude import known

if TYPE_CHECKING:
    from search.catalog import Filter
    from search.index import Index
    from search.ranking.context import Context

#: Where a signal does not name its rows, the best by the others are looked at, this many times as many as are wanted,
#: and at least so many: it may lift a product from there, not from the end of the catalog.
_DEEPER, _AT_LEAST = 10, 200
#: What rounding may take from a float32 score.
_ROUNDING = 1e-5
#: Candidates beyond those that are wanted, for products whose scores differ by rounding only.
_SPARE = 8


def depth(k: int) -> int:
    """How many products have to be found for the k best hits."""
    exact = all(name in QUERY_SIGNALS or hasattr(signal, "rows") for name, (signal, _) in SIGNALS.items())
    return k if exact else max(_DEEPER * k, _AT_LEAST)


def candidates(ctx: Context, index: Index, where: Filter, k: int) -> np.ndarray:
    """(m,) int64 rows among which the k best under all signals are, best first by what is known of them so far."""
    found: dict[int, float] = {}
    for vector, allowed in _dense(ctx, where):
        rows, scores = _best(ctx, index, vector, allowed, depth(k))
        found.update(zip(rows.tolist(), scores.tolist(), strict=True))
    rows, scores = np.array(list(found), np.int64), np.array(list(found.values()))
    best = rows[rank_order(scores, rows)][: depth(k) + _SPARE]
    return np.union1d(best, price.first(ctx, where, k)) if ctx.sort else best


def _dense(ctx: Context, where: Filter) -> list[tuple[np.ndarray, Filter]]:
    """(d,) query vectors, and the products that are scored by each: the exclusion's part of the vector counts only where
    the catalog does not say what a product has."""
    whole = ctx.fused.vector
    if not ctx.unwanted or "exclude" not in ctx.fused.components:
        return [(whole, where)]
    passing = np.flatnonzero(where.mask)
    answered = known(ctx.at(passing))
    groups = [
        (whole, where.excluding(passing[answered])),
        (whole - ctx.fused.components["exclude"], where.excluding(passing[~answered])),
    ]
    return [(vector, allowed) for vector, allowed in groups if allowed.mask.any()]


def _best(ctx: Context, index: Index, vector: np.ndarray, where: Filter, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows, (m,), among which are the k best under one query vector and the signals that name rows, and their scores."""
    query = vector.astype(np.float32)
    named = _named(ctx, where)
    sparse = _sparse(ctx, named)
    if not query.any():  # nothing is wanted, only unwanted
        return _sums(np.flatnonzero(where.mask), np.zeros(len(where.mask)), named, sparse, k)
    if len(named) and (dense := all_scores(index, query)) is not None:
        return _sums(np.flatnonzero(where.mask), dense, named, sparse, k)
    rows, found = index.search(query, k, where)
    if not len(named) or not len(rows):
        return rows, found.astype(np.float64)
    likely = np.union1d(rows, named[_largest(sparse, k)])
    bar = _kth(index.vectors(likely.tolist()) @ query + _values(likely, named, sparse), k)
    reaching = named[sparse + found[0] >= bar - _ROUNDING]
    if len(rows) == k and found[-1] >= bar - _ROUNDING and np.isin(rows, named).any():
        rows, _ = index.search(query, k, where.excluding(named))
    rows = np.union1d(rows, reaching)
    return rows, index.vectors(rows.tolist()) @ query + _values(rows, named, sparse)


def all_scores(index: Index, query: np.ndarray) -> np.ndarray | None:
    """(height,) inner products of every row with a (d,) query, where the index can give them; one scan."""
    give = getattr(index, "scores", None)
    return None if give is None else give(query)


def _sums(
    rows: np.ndarray, dense: np.ndarray, named: np.ndarray, sparse: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """The k best of (n,) rows and some more, and their scores.

    Args:
        dense: (height,) inner products.
        sparse: (m,) what signals add to the m rows that they name.
    """
    totals = dense.astype(np.float64)
    totals[named] += sparse
    totals = totals[rows]
    if not len(rows) or len(rows) <= k + _SPARE:
        return rows, totals
    # Of equals the first in the catalog: all that reach the last place's score are kept, and sorted by the caller.
    last = np.partition(totals, -(k + _SPARE))[-(k + _SPARE)]
    kept = totals >= last - _ROUNDING
    return rows[kept], totals[kept]


def _named(ctx: Context, where: Filter) -> np.ndarray:
    """(m,) sorted rows that signals name and that pass."""
    found = [signal.rows(ctx) for signal, _ in SIGNALS.values() if hasattr(signal, "rows")]
    mask = np.zeros(len(where.mask), bool)
    for rows in found:
        mask[rows] = True
    return np.flatnonzero(mask & where.mask)


def _sparse(ctx: Context, rows: np.ndarray) -> np.ndarray:
    """(m,) what the signals that name rows add to the score of each."""
    at = ctx.at(rows)
    total = np.zeros(len(rows))
    for signal, weight in SIGNALS.values():
        if hasattr(signal, "rows"):
            total += weight * signal.score(at)
    return total


def _values(rows: np.ndarray, named: np.ndarray, sparse: np.ndarray) -> np.ndarray:
    """(n,) the sparse part of each of (n,) rows."""
    if not len(named):
        return np.zeros(len(rows))
    at = np.minimum(np.searchsorted(named, rows), len(named) - 1)
    return np.where(named[at] == rows, sparse[at], 0.0)


def _largest(values: np.ndarray, k: int) -> np.ndarray:
    """Positions of the k largest of (n,) values, in no order."""
    return np.argpartition(-values, k - 1)[:k] if len(values) > k else np.arange(len(values))


def _kth(values: np.ndarray, k: int) -> float:
    """The k-th largest of (n,) values; -inf where there are fewer."""
    return float(np.partition(values, -k)[-k]) if len(values) >= k else -np.inf
