"""Shapley values against their definition: the mean over all orders of what each player adds to those before it."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from search.explain.shapley import shapley


def test_shapley_values_of_three_players_against_all_orders():
    rng = np.random.default_rng(0)
    made = {subset: rng.normal(size=2) for size in range(4) for subset in combinations(range(3), size)}
    expected = np.zeros((3, 2))
    for order in permutations(range(3)):
        for at, player in enumerate(order):
            before, after = (tuple(sorted(order[:n])) for n in (at, at + 1))
            expected[player] += (made[after] - made[before]) / 6
    np.testing.assert_allclose(shapley(made, 3), expected)
    np.testing.assert_allclose(expected.sum(axis=0), made[0, 1, 2] - made[()])
