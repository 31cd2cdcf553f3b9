"""From scores to a ranking that can be read. Pure functions.

A cosine means something else in every model, something else for words than for photos, and
something else again when an exclusion is taken off. What a shop can read is how far a score stands
above those of products that do not belong. For a fused query q = sum of components,

    z = (q.p - q.m) / sqrt(sum_i |q_i|^2 s_i^2)

where m is the mean vector of the catalog, so q.m is exactly the mean score of this query, and s_i is
the spread of mismatches for a photo alone or for words alone, measured on the catalog at hand. Taking
the mean from the query itself forgives a photo that is unlike all packshots; taking the spread from
the catalog does not forgive a query that is like none of its products.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from search.fusion import Fused

#: What has a spread of its own: cosines with a photo and cosines with words.
KINDS = ("photo", "words")
_KIND_OF = {"photo": "photo", "text": "words", "exclude": "words"}

#: Spreads above the mean from which a hit is in a band. `python -m search evaluate --task bands`
#: measures what share of the hits in each band are of the right kind.
VERY_CLOSE = 3.0
RELATED = 2.0

#: A catalog of two products must not call everything very close.
_LEAST_SPREAD = 0.02


@dataclass(frozen=True)
class Background:
    """What the scores of this catalog look like where nothing matches.

    `centre` is the mean of the catalog's vectors, (d,) float64; `size` how many there are; `spread`
    the standard deviation of mismatched scores about their query's mean, for each of KINDS.
    """

    centre: np.ndarray
    size: int
    spread: Mapping[str, float]

    def z(self, fused: Fused, scores: np.ndarray) -> np.ndarray:
        """How many spreads each of (n,) scores of a query stands above the query's mean."""
        variance = sum(
            float(component @ component) * self.spread[_KIND_OF[name]] ** 2
            for name, component in fused.components.items()
        )
        return (np.asarray(scores, np.float64) - fused.vector @ self.centre) / np.sqrt(variance)

    def bands(self, fused: Fused, scores: np.ndarray) -> list[str]:
        """very_close, related or weak, for each of (n,) scores."""
        return [
            "very_close" if z >= VERY_CLOSE else "related" if z >= RELATED else "weak" for z in self.z(fused, scores)
        ]

    def with_added(self, vectors: np.ndarray) -> Background:
        """After (n, d) vectors came; the spread stays as it was measured."""
        size = self.size + len(vectors)
        return replace(self, centre=(self.centre * self.size + vectors.sum(axis=0)) / max(size, 1), size=size)

    def with_removed(self, vectors: np.ndarray) -> Background:
        """After (n, d) vectors went."""
        size = self.size - len(vectors)
        return replace(self, centre=(self.centre * self.size - vectors.sum(axis=0)) / max(size, 1), size=size)


def background(vectors: np.ndarray, queries: Mapping[str, np.ndarray], mismatch: np.ndarray) -> Background:
    """Measure a Background.

    Args:
        vectors: (n, d) unit rows, the catalog.
        queries: kind -> (q, d) unit rows, made of products of the catalog.
        mismatch: (q, n) bool, which products a query has nothing to do with.
    """
    vectors = np.asarray(vectors, np.float64)
    centre = vectors.mean(axis=0)
    spread = {}
    for kind, rows in queries.items():
        about = (np.asarray(rows, np.float64) @ (vectors - centre).T)[mismatch]
        spread[kind] = max(float(about.std()) if about.size > 1 else 0.0, _LEAST_SPREAD)
    return Background(centre, len(vectors), spread)


def order(scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions from the highest score to the lowest; equal scores keep the catalog's order."""
    return np.lexsort((rows, -scores))
