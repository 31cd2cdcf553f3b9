"""Each measure against arithmetic that can be read, and against a naive version of itself."""

from __future__ import annotations

import re
from inspect import isfunction
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from search import metrics

SEARCH = Path(__file__).resolve().parents[1] / "search"
R, W = True, False  # relevant, not


def rows(*judgements: list[bool]) -> np.ndarray:
    return np.array(judgements, dtype=bool)


def test_a_higher_score_comes_first():
    assert metrics.ranked([[0.1, 0.9, 0.5]], [[W, R, W]]).tolist() == [[R, W, W]]


def test_among_equal_scores_those_that_are_not_relevant_come_first_in_any_catalog_order():
    for relevant in ([R, W, W], [W, R, W], [W, W, R]):
        assert metrics.ranked([[0.5, 0.5, 0.5]], [relevant]).tolist() == [[W, W, R]]


def test_minus_infinity_puts_a_product_last():
    assert metrics.ranked([[-np.inf, 0.1, 0.2]], [[R, W, W]]).tolist() == [[W, W, R]]


def test_scores_and_judgements_of_different_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(1, 2\).*\(1, 3\)"):
        metrics.ranked([[1, 2]], [[R, W, W]])


def test_a_hit_needs_one_relevant_product():
    relevant = rows([W, R, W, R], [W, W, W, R], [W, W, W, W])
    assert metrics.hit_at_k(relevant, 2).tolist() == [1, 0, 0]


def test_precision_looks_no_further_than_there_are_relevant_products():
    relevant = rows([R, W, R, R], [R, W, W, W], [W, R, W, W], [W, W, W, W])
    assert metrics.precision_at_k(relevant, 2).tolist() == [1 / 2, 1 / 1, 0 / 1, 0]
    assert metrics.precision_at_k(relevant, 3).tolist() == [2 / 3, 1 / 1, 0 / 1, 0]
    assert metrics.precision_at_k(relevant, 9).tolist() == [2 / 3, 1 / 1, 0 / 1, 0]


def test_reciprocal_rank_reads_the_first_relevant_product():
    relevant = rows([R, R, W], [W, W, R], [W, W, W])
    assert metrics.reciprocal_rank(relevant).tolist() == [1 / 1, 1 / 3, 0]


def _random_case(seed: int = 3, q: int = 40, n: int = 25) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    # few distinct scores, so that ties are common; some queries without a relevant product
    return rng.integers(0, 8, (q, n)).astype(float), rng.random((q, n)) < rng.choice([0, 0.1, 0.6], (q, 1))


def _naive_order(scores: np.ndarray, relevant: np.ndarray) -> list[bool]:
    return [bool(r) for _, r in sorted(zip(scores, relevant, strict=True), key=lambda pair: (-pair[0], pair[1]))]


def _naive(row: list[bool], k: int) -> dict[str, float]:
    total = sum(row)
    first = next((rank for rank, relevant in enumerate(row, 1) if relevant), None)
    return {
        "hit": float(any(row[:k])),
        "precision": sum(row[: min(k, total)]) / min(k, total) if total else 0.0,
        "rr": 1 / first if first else 0.0,
    }


@pytest.mark.parametrize("k", [1, 5, 10, 100])
def test_the_vectorised_measures_equal_the_naive_ones(k: int):
    scores, relevant = _random_case()
    in_order = metrics.ranked(scores, relevant)
    fast = {
        "hit": metrics.hit_at_k(in_order, k),
        "precision": metrics.precision_at_k(in_order, k),
        "rr": metrics.reciprocal_rank(in_order),
    }
    naive = [_naive(_naive_order(*case), k) for case in zip(scores, relevant, strict=True)]
    for name, values in fast.items():
        assert values == pytest.approx([row[name] for row in naive]), name


@pytest.mark.parametrize("n_relevant", [0, 1, 2, 4, 5])
def test_chance_levels_equal_the_mean_over_every_order(n_relevant: int):
    n, k = 5, 3
    orders = np.array(list(permutations([True] * n_relevant + [False] * (n - n_relevant))))
    assert metrics.chance_hit_at_k([n_relevant], n, k) == pytest.approx([metrics.hit_at_k(orders, k).mean()])
    assert metrics.chance_precision([n_relevant], n) == pytest.approx([metrics.precision_at_k(orders, k).mean()])
    assert metrics.chance_reciprocal_rank([n_relevant], n) == pytest.approx([metrics.reciprocal_rank(orders).mean()])


def test_chance_of_one_relevant_product_among_a_hundred():
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
    relevant = [True, True, True, False] + [False] * 4
    assert metrics.calibration_error(likely, relevant) == pytest.approx((0.2 * 4 + 0.05 * 4) / 8)
    assert metrics.calibration_error([1.0, 0.0], [True, False]) == 0
    with pytest.raises(ValueError, match="no answers"):
        metrics.calibration_error([], [])


def test_every_measure_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for path in SEARCH.rglob("*.py") if path.name != "metrics.py")
    public = [name for name, item in vars(metrics).items() if isfunction(item) and not name.startswith("_")]
    assert [name for name in public if not re.search(rf"\b{name}\b", code)] == []
