"""Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines") of how far a score stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

#: How many hits the default curve counts as beside those of the catalog.
_PRIOR = 100.0
#: z between which the hits of the prior lie: nothing below the mean is shown, and hardly anything stands higher.
_PRIOR_Z = np.linspace(0, 6, 25)


class PlattScaling(NamedTuple):
    """p = 1 / (1 + exp(-(slope z + intercept + by_query a))), a as in ScoreCalibration.query_offset."""

    slope: float
    intercept: float
    by_query: float = 0.0

    def probabilities(self, z: np.ndarray, query_offset: float = 0.0) -> np.ndarray:
        """(n,) in [0, 1] for (n,) z of one query's hits."""
        return 1 / (1 + np.exp(-(self.slope * z + self.intercept + self.by_query * query_offset)))

    @classmethod
    def fit(
        cls,
        z: np.ndarray,
        relevant: np.ndarray,
        prior: PlattScaling,
        query_offset: np.ndarray | None = None,
        usual: Sequence[float] = (0.0,),
    ) -> PlattScaling:
        """The curve through (n,) judged hits, and through `prior`.

        Newton's method on the cross-entropy; the prior counts as _PRIOR hits that lie on its curve, so that a catalog
        with few hits, or only relevant ones, has a curve too. The slope is never negative.

        Args:
            query_offset: (n,), see ScoreCalibration.query_offset; without it the curve has no such term.
            usual: values of that which are usual, for the hits of the prior.
        """
        z, relevant = np.asarray(z, np.float64), np.asarray(relevant, np.float64)
        columns = [np.append(z, _PRIOR_Z), np.ones(len(z) + len(_PRIOR_Z))]
        if query_offset is not None:
            columns.append(np.append(query_offset, np.resize(usual, len(_PRIOR_Z))))
        x = np.stack(columns, 1)
        curve = np.array(prior[: x.shape[1]], np.float64)
        believed = 1 / (1 + np.exp(-x[len(z) :] @ curve))
        y = np.append(relevant, believed)
        weight = np.append(np.ones(len(z)), np.full(len(_PRIOR_Z), _PRIOR / len(_PRIOR_Z)))
        for _ in range(25):
            p = 1 / (1 + np.exp(-x @ curve))
            gradient, hessian = x.T @ (weight * (p - y)), (x.T * (weight * np.maximum(p * (1 - p), 1e-6))) @ x
            step = np.linalg.solve(hessian, gradient)
            curve = curve - step / max(1.0, float(np.abs(step).max()))
        return cls(max(float(curve[0]), 0.0), *curve[1:].tolist())


#: By modality, for catalogs that cannot be asked themselves: fitted to fashion/validation under the embedded model.
#: Of words without their second term: how high the best product stands in a catalog of another size says something
#: else.
CURVES: Mapping[str, PlattScaling] = MappingProxyType(
    {"photo": PlattScaling(1.52, -4.82), "words": PlattScaling(1.63, -5.09), "both": PlattScaling(1.24, -4.01, -0.28)}
)
#: What the query offset usually is, for curves that have it.
USUAL_OFFSET: Mapping[str, tuple[float, ...]] = MappingProxyType({"words": (4.0, 4.8, 5.6), "both": (-1.0, 1.0, 3.0)})
