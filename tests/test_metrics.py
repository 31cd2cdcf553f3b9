"""Each measure against arithmetic that can be read, and against a naive version of itself."""

from __future__ import annotations

from itertools import permutations
from math import log2

import numpy as np
import pytest

from search import metrics

R, W = True, False  # right, wrong


def rows(*judgements: list[bool]) -> np.ndarray:
    return np.array(judgements, dtype=bool)


def test_a_higher_score_comes_first():
    assert metrics.ranked([[0.1, 0.9, 0.5]], [[W, R, W]]).tolist() == [[R, W, W]]


def test_among_equal_scores_the_wrong_answers_come_first_in_any_catalog_order():
    for right in ([R, W, W], [W, R, W], [W, W, R]):
        assert metrics.ranked([[0.5, 0.5, 0.5]], [right]).tolist() == [[W, W, R]]


def test_minus_infinity_puts_a_product_last():
    assert metrics.ranked([[-np.inf, 0.1, 0.2]], [[R, W, W]]).tolist() == [[W, W, R]]


def test_scores_and_judgements_of_different_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(1, 2\).*\(1, 3\)"):
        metrics.ranked([[1, 2]], [[R, W, W]])


def test_a_hit_needs_one_right_answer_and_recall_counts_them_all():
    right = rows([W, R, W, R], [W, W, W, R], [W, W, W, W])
    assert metrics.hit_at_k(right, 2).tolist() == [1, 0, 0]
    assert metrics.recall_at_k(right, 2).tolist() == [1 / 2, 0 / 1, 0]
    assert metrics.recall_at_k(right, 4).tolist() == [2 / 2, 1 / 1, 0]


def test_precision_looks_no_further_than_there_are_right_answers():
    right = rows([R, W, R, R], [R, W, W, W], [W, R, W, W], [W, W, W, W])
    assert metrics.precision_at_k(right, 2).tolist() == [1 / 2, 1 / 1, 0 / 1, 0]
    assert metrics.precision_at_k(right, 3).tolist() == [2 / 3, 1 / 1, 0 / 1, 0]
    assert metrics.precision_at_k(right, 9).tolist() == [2 / 3, 1 / 1, 0 / 1, 0]


def test_reciprocal_rank_reads_the_first_right_answer():
    right = rows([R, R, W], [W, W, R], [W, W, W])
    assert metrics.reciprocal_rank(right).tolist() == [1 / 1, 1 / 3, 0]


def test_average_precision_is_the_mean_precision_at_right_ranks():
    right = rows([R, W, R, W], [W, W, W, W])
    assert metrics.average_precision(right).tolist() == [(1 / 1 + 2 / 3) / 2, 0]


def test_ndcg_with_graded_gains():
    got = metrics.ndcg_at_k([[1, 3, 0, 2], [0, 0, 0, 0]], k=3)
    dcg = 1 / log2(2) + 3 / log2(3) + 0 / log2(4)
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert got == pytest.approx([dcg / ideal, 0])


def test_ndcg_of_a_perfect_order_is_one_even_when_k_exceeds_the_gallery():
    assert metrics.ndcg_at_k(rows([R, R, W]), k=10) == pytest.approx([1])


def test_auc_counts_won_pairs_and_half_of_ties():
    # positives 3 and 2, negatives 2 and 1: 3>2, 3>1, 2=2, 2>1
    assert metrics.auc([3, 2, 2, 1], [R, R, W, W]) == (1 + 1 + 0.5 + 1) / 4


def test_auc_needs_both_kinds():
    with pytest.raises(ValueError, match="2 and 0"):
        metrics.auc([1, 2], [R, R])


def _random_case(seed: int = 3, q: int = 40, n: int = 25) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    # few distinct scores, so that ties are common; some queries without a right answer
    return rng.integers(0, 8, (q, n)).astype(float), rng.random((q, n)) < rng.choice([0, 0.1, 0.6], (q, 1))


def _naive_order(scores: np.ndarray, right: np.ndarray) -> list[bool]:
    return [bool(r) for _, r in sorted(zip(scores, right, strict=True), key=lambda pair: (-pair[0], pair[1]))]


def _naive(row: list[bool], k: int) -> dict[str, float]:
    total = sum(row)
    first = next((rank for rank, right in enumerate(row, 1) if right), None)
    dcg = sum(right / log2(rank + 1) for rank, right in enumerate(row[:k], 1))
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, total) + 1))
    return {
        "hit": float(any(row[:k])),
        "recall": sum(row[:k]) / total if total else 0.0,
        "precision": sum(row[: min(k, total)]) / min(k, total) if total else 0.0,
        "rr": 1 / first if first else 0.0,
        "ap": sum(sum(row[:r]) / r for r in range(1, len(row) + 1) if row[r - 1]) / total if total else 0.0,
        "ndcg": dcg / ideal if total else 0.0,
    }


@pytest.mark.parametrize("k", [1, 5, 10, 100])
def test_the_vectorised_measures_equal_the_naive_ones(k: int):
    scores, right = _random_case()
    in_order = metrics.ranked(scores, right)
    fast = {
        "hit": metrics.hit_at_k(in_order, k),
        "recall": metrics.recall_at_k(in_order, k),
        "precision": metrics.precision_at_k(in_order, k),
        "rr": metrics.reciprocal_rank(in_order),
        "ap": metrics.average_precision(in_order),
        "ndcg": metrics.ndcg_at_k(in_order, k),
    }
    naive = [_naive(_naive_order(*case), k) for case in zip(scores, right, strict=True)]
    for name, values in fast.items():
        assert values == pytest.approx([row[name] for row in naive]), name


def test_the_vectorised_auc_equals_the_naive_one():
    scores, right = _random_case()
    scores, right = scores.ravel(), right.ravel()
    pairs = [(p, q) for p in scores[right] for q in scores[~right]]
    naive = sum((p > q) + (p == q) / 2 for p, q in pairs) / len(pairs)
    assert metrics.auc(scores, right) == pytest.approx(naive)


@pytest.mark.parametrize("n_right", [0, 1, 2, 4, 5])
def test_chance_levels_equal_the_mean_over_every_order(n_right: int):
    n, k = 5, 3
    orders = np.array(list(permutations([True] * n_right + [False] * (n - n_right))))
    assert metrics.chance_hit_at_k([n_right], n, k) == pytest.approx([metrics.hit_at_k(orders, k).mean()])
    assert metrics.chance_precision([n_right], n) == pytest.approx([metrics.precision_at_k(orders, k).mean()])
    assert metrics.chance_reciprocal_rank([n_right], n) == pytest.approx([metrics.reciprocal_rank(orders).mean()])


def test_chance_of_one_right_answer_among_a_hundred():
    assert metrics.chance_hit_at_k([1], 100, 10) == pytest.approx([10 / 100])
    assert metrics.chance_reciprocal_rank([1], 3) == pytest.approx([(1 + 1 / 2 + 1 / 3) / 3])


def test_a_bootstrap_repeats_itself_and_brackets_the_mean():
    values = np.tile([0.0, 1.0, 1.0, 1.0], 25)
    one, two = metrics.bootstrap(values, seed=1), metrics.bootstrap(values, seed=1)
    assert one == two
    assert one.value == 3 / 4
    assert one.n == 100
    # the normal approximation: 0.75 -+ 1.96 sqrt(0.75 x 0.25 / 100) = 0.75 -+ 0.085
    assert one.low == pytest.approx(0.75 - 0.085, abs=0.02)
    assert one.high == pytest.approx(0.75 + 0.085, abs=0.02)


def test_queries_that_share_a_target_widen_the_interval():
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 25)
    alone, together = metrics.bootstrap(values), metrics.bootstrap(values, groups=np.repeat(list("abcd"), 25))
    assert together.value == alone.value == 1 / 2
    assert together.high - together.low > 3 * (alone.high - alone.low)


def test_a_bootstrap_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        metrics.bootstrap([])


def test_the_calibration_error_is_the_gap_between_promise_and_kept_over_the_bins():
    # bin of 0.95: promised 0.95, kept 3 of 4; bin of 0.05: promised 0.05, kept 0 of 4
    likely = [0.95] * 4 + [0.05] * 4
    right = [True, True, True, False] + [False] * 4
    assert metrics.calibration_error(likely, right) == pytest.approx((0.2 * 4 + 0.05 * 4) / 8)
    assert metrics.calibration_error([1.0, 0.0], [True, False]) == 0
    with pytest.raises(ValueError, match="no answers"):
        metrics.calibration_error([], [])
