"""How good a ranking is: recall, precision, reciprocal rank, nDCG, average precision, AUC.

Two steps. `ranked` turns scores and judgements, both (q, n), into the judgements in rank order;
every measure reads that, so ties are decided in one place. A measure returns one value per query,
(q,) float64: means, intervals and differences between two systems are the caller's, who needs the
single values for them.

Ties: among equal scores the wrong answers come first. A measure is then a lower bound that does
not depend on the order of the catalog, and a system that scores everything alike earns nothing by
it. (AUC is the exception: a tie counts half, which is its definition.)

`chance_*` are exact expectations of the same measures when n products are ranked at random, R of
them right; they need no simulation and belong beside every figure. `bootstrap` gives intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def ranked(scores: ArrayLike, right: ArrayLike) -> Bools:
    """Judgements in rank order: best score first, wrong before right among equal scores.

    Args:
        scores: (q, n); higher is better. -inf puts a product last, as for a query's own photo.
        right: (q, n) bool; whether product j answers query i.

    Returns:
        (q, n) bool; [i, r] says whether the product at rank r + 1 answers query i.
    """
    scores, right = np.asarray(scores), np.asarray(right, dtype=bool)
    if scores.shape != right.shape or scores.ndim != 2:
        raise ValueError(f"Scores {scores.shape} and judgements {right.shape} must be one (q, n) shape.")
    order = np.lexsort((right, -scores), axis=-1)  # the last key is the first to be compared
    return np.take_along_axis(right, order, axis=-1)


def hit_at_k(right: Bools, k: int) -> Floats:
    """1 where a right answer is among the first k, else 0.

    This is what papers on CLIP call recall@k (Radford et al. 2021, and Karpathy and Fei-Fei 2015
    before them), also known as success@k. With one right answer per query it equals `recall_at_k`.

    Args:
        right: (q, n) bool from `ranked`.
    """
    return np.asarray(right[:, :k].any(axis=1), dtype=np.float64)


def recall_at_k(right: Bools, k: int) -> Floats:
    """Share of all right answers that stand among the first k; 0 where a query has none.

    Set recall as in Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 8.3.

    Args:
        right: (q, n) bool from `ranked`, over the whole gallery.
    """
    found: Floats = right[:, :k].sum(axis=1) / np.maximum(right.sum(axis=1), 1)
    return found


def precision_at_k(right: Bools, k: int) -> Floats:
    """Share of the first k that is right; where the gallery holds only R < k right answers, of the first R.

    With R >= k this is P@k (Manning et al., 8.4). With fewer, plain P@k could not reach 1 however
    good the ranking, so the list is cut at R: R-precision (same place). 0 where a query has no
    right answer.

    Args:
        right: (q, n) bool from `ranked`, over the whole gallery.
    """
    length = np.clip(right.sum(axis=1), 1, k)
    first = right[:, :k]
    found: Floats = (first & (np.arange(first.shape[1]) < length[:, None])).sum(axis=1) / length
    return found


def reciprocal_rank(right: Bools) -> Floats:
    """1 / rank of the first right answer, 0 where there is none (Voorhees 1999, TREC-8 QA); its mean is MRR.

    Args:
        right: (q, n) bool from `ranked`.
    """
    return np.where(right.any(axis=1), 1.0 / (right.argmax(axis=1) + 1), 0.0)


def average_precision(right: Bools) -> Floats:
    """Mean over all R right answers of the precision at their ranks; its mean over queries is mAP.

    The uninterpolated form (Manning et al., 8.4, equation 8.8). 0 where a query has no right answer.

    Args:
        right: (q, n) bool from `ranked`, over the whole gallery.
    """
    precision = np.cumsum(right, axis=1) / np.arange(1, right.shape[1] + 1)
    return (precision * right).sum(axis=1) / np.maximum(right.sum(axis=1), 1)


def ndcg_at_k(gains: ArrayLike, k: int) -> Floats:
    """Discounted gain of the first k over that of the best order, with graded judgements.

    DCG = sum of gain_r / log2(r + 1): Jaervelin and Kekaelaeinen 2002 with the discount from rank
    2 on, linear gains (not 2^gain - 1, the variant of Burges et al. 2005; they agree on 0/1 gains).
    0 where no product has a gain.

    Args:
        gains: (q, n), not negative, in rank order, over the whole gallery; `ranked` gives 0/1 gains.
    """
    gains = np.asarray(gains, dtype=np.float64)
    discounts = 1 / np.log2(np.arange(2, min(k, gains.shape[1]) + 2))
    ideal = -np.sort(-gains, axis=1)
    dcg, best = (rows[:, : len(discounts)] @ discounts for rows in (gains, ideal))
    return np.divide(dcg, best, out=np.zeros_like(dcg), where=best > 0)


def auc(scores: ArrayLike, positive: ArrayLike) -> float:
    """Probability that a random positive scores above a random negative; a tie counts half.

    The Mann-Whitney statistic through mean ranks (Hanley and McNeil 1982).

    Args:
        scores: (n,).
        positive: (n,) bool.

    Raises:
        ValueError: all are positive or all are negative.
    """
    scores, positive = np.asarray(scores), np.asarray(positive, dtype=bool)
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    if not n_pos or not n_neg:
        raise ValueError(f"AUC compares positives with negatives; there are {n_pos} and {n_neg}.")
    _, group, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(sizes) - (sizes - 1) / 2  # of a group of equal scores, ranks from 1
    rank_sum = mean_rank[group][positive].sum()
    return float((rank_sum - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def chance_precision(n_right: ArrayLike, n: int) -> Floats:
    """Expected `precision_at_k` of a random order, whatever k: any place holds a right answer R times in n.

    Args:
        n_right: (q,) right answers R of each query among n products.
    """
    return np.asarray(n_right, dtype=np.float64) / n


def chance_hit_at_k(n_right: ArrayLike, n: int, k: int) -> Floats:
    """Expected `hit_at_k` of a random order: 1 - C(n - R, k) / C(n, k), the hypergeometric tail.

    Args:
        n_right: (q,) right answers R of each query among n products.
    """
    n_right = np.asarray(n_right, dtype=np.float64)
    drawn = np.arange(min(k, n))
    return 1 - np.clip((n - drawn - n_right[:, None]) / (n - drawn), 0, 1).prod(axis=1)


def chance_reciprocal_rank(n_right: ArrayLike, n: int) -> Floats:
    """Expected `reciprocal_rank` of a random order: sum over r of P(first right answer at r) / r.

    Args:
        n_right: (q,) right answers R of each query among n products.
    """
    counts, where = np.unique(np.asarray(n_right, dtype=np.int64), return_inverse=True)
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


def calibration_error(likely: ArrayLike, right: ArrayLike, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 3).

    The mean over all answers of |promised - kept| of their bin; bins are of equal width in [0, 1].

    Args:
        likely: probabilities of any shape.
        right: of the same shape, whether each answer was right.

    Raises:
        ValueError: there are no answers.
    """
    promised, kept = np.ravel(np.asarray(likely, np.float64)), np.ravel(np.asarray(right, np.float64))
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
