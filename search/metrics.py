"""How good a ranking is: recall, precision, reciprocal rank; and how much a promise is worth.

Two steps. `ranked` turns scores and judgements, both (q, n), into the judgements in rank order;
every measure reads that, so ties are decided in one place. A measure returns one value per query,
(q,) float64: means, intervals and differences between two systems are the caller's, who needs the
single values for them.

Ties: among equal scores the products that are not relevant come first. A measure is then a lower
bound that does not depend on the order of the catalog, and a system that scores everything alike
earns nothing by it.

`chance_*` are exact expectations of the same measures when n products are ranked at random, R of
them relevant; they need no simulation and belong beside every figure. `bootstrap` gives intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def ranked(scores: ArrayLike, relevant: ArrayLike) -> Bools:
    """Judgements in rank order: best score first, others before relevant ones among equal scores.

    Args:
        scores: (q, n); higher is better. -inf puts a product last, as for a query's own photo.
        relevant: (q, n) bool; whether product j answers query i.

    Returns:
        (q, n) bool; [i, r] says whether the product at rank r + 1 answers query i.
    """
    scores, relevant = np.asarray(scores), np.asarray(relevant, dtype=bool)
    if scores.shape != relevant.shape or scores.ndim != 2:
        raise ValueError(f"Scores {scores.shape} and judgements {relevant.shape} must be one (q, n) shape.")
    order = np.lexsort((relevant, -scores), axis=-1)  # the last key is the first to be compared
    return np.take_along_axis(relevant, order, axis=-1)


def hit_at_k(relevant: Bools, k: int) -> Floats:
    """1 where a relevant product is among the first k, else 0.

    This is what papers on CLIP call recall@k (Radford et al. 2021, and Karpathy and Fei-Fei 2015
    before them), also known as success@k.

    Args:
        relevant: (q, n) bool from `ranked`.
    """
    return np.asarray(relevant[:, :k].any(axis=1), dtype=np.float64)


def precision_at_k(relevant: Bools, k: int) -> Floats:
    """Share of the first k that is relevant; where the gallery holds only R < k relevant products, of the first R.

    With R >= k this is P@k (Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 8.4).
    With fewer, plain P@k could not reach 1 however good the ranking, so the list is cut at R: R-precision
    (same place). 0 where a query has no relevant product.

    Args:
        relevant: (q, n) bool from `ranked`, over the whole gallery.
    """
    length = np.clip(relevant.sum(axis=1), 1, k)
    first = relevant[:, :k]
    found: Floats = (first & (np.arange(first.shape[1]) < length[:, None])).sum(axis=1) / length
    return found


def reciprocal_rank(relevant: Bools) -> Floats:
    """1 / rank of the first relevant product, 0 where there is none (Voorhees 1999, TREC-8 QA); its mean is MRR.

    Args:
        relevant: (q, n) bool from `ranked`.
    """
    return np.where(relevant.any(axis=1), 1.0 / (relevant.argmax(axis=1) + 1), 0.0)


def chance_precision(n_relevant: ArrayLike, n: int) -> Floats:
    """Expected `precision_at_k` of a random order, whatever k: any place holds a relevant product R times in n.

    Args:
        n_relevant: (q,) relevant products R of each query among n products.
    """
    return np.asarray(n_relevant, dtype=np.float64) / n


def chance_hit_at_k(n_relevant: ArrayLike, n: int, k: int) -> Floats:
    """Expected `hit_at_k` of a random order: 1 - C(n - R, k) / C(n, k), the hypergeometric tail.

    Args:
        n_relevant: (q,) relevant products R of each query among n products.
    """
    n_relevant = np.asarray(n_relevant, dtype=np.float64)
    drawn = np.arange(min(k, n))
    return 1 - np.clip((n - drawn - n_relevant[:, None]) / (n - drawn), 0, 1).prod(axis=1)


def chance_reciprocal_rank(n_relevant: ArrayLike, n: int) -> Floats:
    """Expected `reciprocal_rank` of a random order: sum over r of P(first relevant product at r) / r.

    Args:
        n_relevant: (q,) relevant products R of each query among n products.
    """
    counts, where = np.unique(np.asarray(n_relevant, dtype=np.int64), return_inverse=True)
    before = np.arange(n)
    wrong = np.clip((n - before - counts[:, None]) / (n - before), 0, 1)  # (u, n): the next one is wrong
    none_yet = np.concatenate([np.ones((len(counts), 1)), wrong.cumprod(axis=1)[:, :-1]], axis=1)
    return ((none_yet * (1 - wrong)) @ (1 / (before + 1)))[where]


def spearman(one: ArrayLike, other: ArrayLike) -> float:
    """Rank correlation (Spearman 1904) of two arrays of one shape; ties share their mean rank, a constant gives 0."""
    ranks = []
    for values in (one, other):
        _, where, counts = np.unique(np.asarray(values).ravel(), return_inverse=True, return_counts=True)
        middle = (np.cumsum(counts) - (counts + 1) / 2)[where]
        ranks.append(middle - middle.mean())
    length = float(np.linalg.norm(ranks[0]) * np.linalg.norm(ranks[1]))
    return float(ranks[0] @ ranks[1]) / length if length > 0 else 0.0


def calibration_error(likely: ArrayLike, relevant: ArrayLike, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 3).

    The mean over all answers of |promised - kept| of their bin; bins are of equal width in [0, 1].

    Args:
        likely: probabilities of any shape.
        relevant: of the same shape, whether each answer was relevant.

    Raises:
        ValueError: there are no answers.
    """
    promised, kept = np.ravel(np.asarray(likely, np.float64)), np.ravel(np.asarray(relevant, np.float64))
    if not len(promised):
        raise ValueError("There are no answers to compare.")
    at = np.minimum((promised * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(at, promised - kept, bins)
    return float(np.abs(gaps).sum() / len(promised))


@dataclass(frozen=True)
class Interval:
    """A mean over queries and its percentile bootstrap interval."""

    value: float
    low: float
    high: float
    n: int


def bootstrap(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    seed: int = 0,
    draws: int = 2000,
    level: float = 0.95,
) -> Interval:
    """The mean of per-query values with a percentile bootstrap interval (Efron and Tibshirani 1993, 13.3).

    Queries that share a target ("in red" asked of forty shirts) rise and fall together. Given
    `groups`, whole groups are drawn (the cluster bootstrap), or the interval would be too narrow.
    For the difference of two systems pass their paired difference.

    Args:
        values: (q,).
        groups: (q,) labels, or None when queries are independent.

    Raises:
        ValueError: there are no values.
    """
    values = np.asarray(values, dtype=np.float64)
    if not len(values):
        raise ValueError("There are no values to average.")
    labels = np.arange(len(values)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    sizes = np.bincount(labels)
    sums = np.bincount(labels, weights=values)
    rng = np.random.default_rng(seed)
    means = np.empty(draws)
    for draw in range(draws):  # one row at a time: draws x groups at once would not fit a large catalog
        pick = rng.integers(len(sizes), size=len(sizes))
        means[draw] = sums[pick].sum() / sizes[pick].sum()
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(values.mean()), float(low), float(high), len(values))
