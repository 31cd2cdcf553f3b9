"""From scores to a ranking that can be read. Pure functions.

A cosine means something else in every model, and something else for words than for photos. What a
shop can read is how far a score stands above chance: `Background` holds the mean and the spread of
the scores of pairs that do not belong together, for each kind of query, measured on the catalog
itself, and a band is a number of spreads above that mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

#: Kinds of query whose scores live on different scales.
KINDS = ("photo", "words", "both")

#: Spreads above the mean of mismatches from which a hit is in a band. Under a normal distribution
#: one mismatch in 740 reaches 3.0 and one in 44 reaches 2.0. Chosen on fashion/validation, where
#: the share of hits of the right kind is measured for each band (`evaluate --task bands`).
VERY_CLOSE = 3.0
RELATED = 2.0


@dataclass(frozen=True)
class Background:
    """Mean and standard deviation of the scores of mismatched pairs, by kind of query."""

    mean: Mapping[str, float]
    spread: Mapping[str, float]

    def z(self, kind: str, score: float) -> float:
        """How many spreads a score stands above the mean of mismatches."""
        return (score - self.mean[kind]) / self.spread[kind]

    def band(self, kind: str, score: float) -> str:
        """very_close, related or weak."""
        z = self.z(kind, score)
        return "very_close" if z >= VERY_CLOSE else "related" if z >= RELATED else "weak"


def background(scores: Mapping[str, np.ndarray]) -> Background:
    """Measure a Background.

    Args:
        scores: kind -> scores of mismatched pairs, any shape, nan = not a mismatch.

    The spread has a floor, so that a catalog of two products does not call everything very close.
    """
    mean, spread = {}, {}
    for kind, values in scores.items():
        values = values[~np.isnan(values)]
        mean[kind] = float(values.mean()) if values.size else 0.0
        spread[kind] = max(float(values.std()) if values.size > 1 else 0.0, 0.02)
    return Background(mean, spread)


def order(scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions from the highest score to the lowest; equal scores keep the catalog's order."""
    return np.lexsort((rows, -scores))
