"""What each of several players adds to a vector that they make together (Shapley 1953)."""

from __future__ import annotations

from collections.abc import Mapping
from math import factorial

import numpy as np

#: Some of the players, by their numbers, in ascending order.
Subset = tuple[int, ...]


def shapley(made: Mapping[Subset, np.ndarray], n: int) -> np.ndarray:
    """(n, d): the mean over all orders of what each of n players adds to those before it,

        phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (made(S and i) - made(S)),

    so that they sum to made(all) - made(none).

    Args:
        made: the (d,) vector of each of the 2^n subsets.
    """
    values = np.zeros((n, len(made[()])))
    for subset, vector in made.items():
        for player in subset:
            weight = factorial(len(subset) - 1) * factorial(n - len(subset)) / factorial(n)
            values[player] += weight * (vector - made[tuple(other for other in subset if other != player)])
    return values
