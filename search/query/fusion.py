"""Photo, words and exclusions -> one query vector, and any score back into its parts.

    q = (a v + b t - c x) / Z,    Z = |a v + b t - c x|

with v, t, x the unit vectors of photo, words and exclusion. The score q.p of a product p is then
the sum a v.p / Z + b t.p / Z - c x.p / Z: linear, so it can be taken apart exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from search.errors import QueryError

#: |a v + b t - c x| below this is rounding, not direction.
_NOTHING = 1e-4


@dataclass(frozen=True)
class Weights:
    """a, b, c of the formula.

    The defaults are the best of `python -m search evaluate --sweep` on fashion/validation with the
    embedded model (assets/benchmarks); of the exclusion, which is flat from 0.2 to 0.9 there, what is
    also best on the embedded catalog. They are unequal because words and pictures lie apart in a CLIP's
    space: cosines between two pictures spread over a wider range than cosines between words and pictures.
    """

    photo: float = 0.25
    text: float = 0.75
    exclude: float = 0.37

    def at(self, balance: float) -> Weights:
        """The weights when a person moves the balance: 0 = only photo, 0.5 = these, 1 = only words."""
        return Weights(2 * (1 - balance) * self.photo, 2 * balance * self.text, self.exclude)


@dataclass(frozen=True)
class FusedQuery:
    """A unit query vector and what it was made of.

    `vector` is (d,) float64. `coefficients` maps photo, text and exclude (where given) to a / Z, b / Z and -c / Z,
    `components` to those times their unit vectors: (d,) float64 vectors that sum to `vector`.
    """

    vector: np.ndarray
    components: Mapping[str, np.ndarray]
    coefficients: Mapping[str, float]


def nothing(dim: int) -> FusedQuery:
    """The query that asks for nothing: (d,) zeros, under which every product scores 0."""
    return FusedQuery(np.zeros(dim), {}, {})


def fuse(
    weights: Weights,
    *,
    photo: np.ndarray | None = None,
    text: np.ndarray | None = None,
    exclude: np.ndarray | None = None,
) -> FusedQuery:
    """Fuse (d,) unit vectors; parts that are None, or weigh nothing, are left out.

    Raises:
        QueryError: nothing is left: no part at all, or parts that cancel each other out.
    """
    given = {"photo": (weights.photo, photo), "text": (weights.text, text), "exclude": (-weights.exclude, exclude)}
    scaled = {
        name: factor * np.asarray(vector, np.float64)
        for name, (factor, vector) in given.items()
        if vector is not None and factor != 0
    }
    total = sum(scaled.values(), np.zeros(1))
    length = float(np.linalg.norm(total))
    if length < _NOTHING:
        raise QueryError(
            "What is wanted and what is excluded cancel each other out.",
            "Leave one of them out.",
            code="cancelled",
        )
    return FusedQuery(
        total / length,
        {name: vector / length for name, vector in scaled.items()},
        {name: given[name][0] / length for name in scaled},
    )
