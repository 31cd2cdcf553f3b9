"""From scores to probabilities and thresholds. Pure functions.

A cosine means something else in every model, something else for words than for photos, and
something else again when an exclusion is taken off. What a shop can read is how far a score stands
above those of products that do not belong. For a fused query q = sum of components,

    z = (q.p - q.m) / sqrt(sum_i |q_i|^2 s_i^2)

where m is the mean vector of the catalog, so q.m is exactly the mean score of this query, and s_i is
the spread of mismatches for a photo alone or for words alone, measured on the catalog at hand. Taking
the mean from the query itself forgives a photo that is unlike all packshots; taking the spread from
the catalog does not forgive a query that is like none of its products.

Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines") turns z into the
probability that a hit is a good match, which here means of the kind that was asked for. It is fitted
to the catalog at hand, from queries made of its own products, as far as its products have categories.
The curves of words have a second term, the query offset, the same for all hits of a query. For words
alone it is the z of the catalog's best product: where some stand very high, those far below them are
something else. For a photo with words it is how far the photo itself stands above the catalog as a hit
for the words: "in blue" beside a brown chair pulls all scores down, "a brown chair" does not, and in
both cases it is chairs that are asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np

from search.calibration.evidence import Weights as EvidenceWeights
from search.calibration.platt import CURVES, USUAL_OFFSET, PlattScaling
from search.calibration.prior import PRIOR
from search.calibration.rejection import KINDS, Thresholds
from search.query.fusion import FusedQuery, Weights, fuse

_KIND_OF = {"photo": "photo", "text": "words", "exclude": "words"}
#: Hits of a query that a curve is fitted to: two screens of the app.
DEPTH = 24
#: 256 rows against the catalog give its mean to 1 percent.
_SAMPLE = 256
#: A catalog of two products must not call everything very close.
_LEAST_SPREAD = 0.02


@dataclass(frozen=True)
class ScoreCalibration:
    """What the scores of this catalog look like where nothing matches.

    `centre` is the mean of the catalog's vectors, (d,) float64; `size` how many there are; `spread`
    the standard deviation of mismatched scores about their query's mean, for each of KINDS; `curves`
    are by modality, see CURVES; `text_threshold` is the cosine that 95 of 100 descriptions of the
    catalog's own products reach with their best product; `evidence` are the weights of search.calibration.evidence by
    modality.
    """

    centre: np.ndarray
    size: int
    spread: Mapping[str, float]
    curves: Mapping[str, PlattScaling] = field(default_factory=lambda: CURVES)
    text_threshold: float = 1.0
    evidence: Mapping[str, EvidenceWeights] = field(default_factory=lambda: PRIOR)

    @classmethod
    def fit(cls, vectors: np.ndarray, queries: Mapping[str, np.ndarray], mismatch: np.ndarray) -> ScoreCalibration:
        """Measure mean and spread; the curves are the defaults, see `fit_curves`.

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
        words = queries.get("words")
        threshold = 1.0 if words is None else float(np.quantile((words @ vectors.T).max(axis=1), 0.05))
        return cls(centre, len(vectors), spread, text_threshold=threshold)

    def fit_curves(
        self,
        vectors: np.ndarray,
        queries: Mapping[str, np.ndarray],
        own: np.ndarray,
        relevant: np.ndarray,
        weights: Weights,
    ) -> ScoreCalibration:
        """The same with curves of its own catalog.

        Args:
            vectors: (n, d) unit rows, the catalog.
            queries: "photo" and "words" -> (q, d) unit rows, made of products of the catalog; and "recolour", words
                beside a photo that want it otherwise ("in blue"), where there are any.
            own: (q,) the product each query was made of, which a photo must not find.
            relevant: (q, n) bool, good matches.
        """
        curves, depth = {}, min(DEPTH, len(vectors) - 1)
        for name, asked in (
            ("photo", [{"photo": "photo"}]),
            ("words", [{"text": "words"}]),
            ("both", [{"photo": "photo", "text": words} for words in ("words", "recolour") if words in queries]),
        ):
            z, offsets, good = [], [], []
            for parts, at in product(asked, range(len(own))):
                fused = fuse(weights, **{part: queries[kind][at] for part, kind in parts.items()})
                scores = vectors @ fused.vector.astype(vectors.dtype)
                if "photo" in parts:
                    scores[own[at]] = -np.inf
                first = np.argpartition(-scores, depth - 1)[:depth]
                z.append(self.z(fused, scores[first]))
                offsets.append(np.full(depth, self.query_offset(fused, float(scores[first].max()))))
                good.append(relevant[at, first])
            offset = np.concatenate(offsets) if name in USUAL_OFFSET else None
            curves[name] = PlattScaling.fit(
                np.concatenate(z), np.concatenate(good), CURVES[name], offset, USUAL_OFFSET.get(name, ())
            )
        return replace(self, curves=MappingProxyType(curves))

    def z(self, fused: FusedQuery, scores: np.ndarray) -> np.ndarray:
        """How many spreads each of (n,) scores of a query stands above the query's mean."""
        variance = sum(
            float(component @ component) * self.spread[_KIND_OF[name]] ** 2
            for name, component in fused.components.items()
        )
        return (np.asarray(scores, np.float64) - fused.vector @ self.centre) / np.sqrt(variance)

    def probabilities(self, fused: FusedQuery, scores: np.ndarray, best: float | None = None) -> np.ndarray:
        """That each of (n,) scores is a good match's, (n,) in [0, 1].

        best: the score of the catalog's best product, where that is not among `scores`.
        """
        if not len(scores):
            return np.zeros(0)
        offset = self.query_offset(fused, float(np.max(scores)) if best is None else best)
        return PlattScaling(*self.curves[modality(fused)]).probabilities(self.z(fused, scores), offset)

    def query_offset(self, fused: FusedQuery, best: float) -> float:
        """What bears on all hits of a query alike, in spreads; `best` is the score of the catalog's best product.

        For words how far the best stands above the catalog, for a photo with words how far the photo does as a hit for
        the words, for a photo 0.
        """
        asked = modality(fused)
        if asked == "photo":
            return 0.0
        if asked == "words":
            return float(self.z(fused, np.array([best]))[0])
        photo, words = (part / np.linalg.norm(part) for part in (fused.components[n] for n in ("photo", "text")))
        return float(words @ (photo - self.centre)) / self.spread["words"]

    def in_catalog(self, thresholds: Thresholds, closest: Mapping[str, float]) -> bool:
        """Whether the catalog has anything like the query; where no threshold is known, that cannot be denied.

        A catalog of things that the model finds hard to name lowers the threshold of words, or its own
        products would be denied.

        Args:
            thresholds: of this model, see `rejection_thresholds`.
            closest: "photo" and "words" -> the greatest cosine of a hit with that part of the query.
        """
        least = {name: threshold.among(self.size) for name, threshold in thresholds.items()}
        if "words" in least:
            least["words"] = min(least["words"], self.text_threshold)
        return any(cosine >= least.get(name, -1.0) for name, cosine in closest.items())

    def with_added(self, vectors: np.ndarray) -> ScoreCalibration:
        """After (n, d) vectors came; the spread stays as it was measured."""
        size = self.size + len(vectors)
        return replace(self, centre=(self.centre * self.size + vectors.sum(axis=0)) / max(size, 1), size=size)

    def with_removed(self, vectors: np.ndarray) -> ScoreCalibration:
        """After (n, d) vectors went."""
        size = self.size - len(vectors)
        return replace(self, centre=(self.centre * self.size - vectors.sum(axis=0)) / max(size, 1), size=size)

    def to_dict(self) -> dict[str, Any]:
        """What a manifest keeps: all but the mean, which follows from the vectors."""
        curves = {name: list(curve) for name, curve in self.curves.items()}
        evidence = {made: dict(weights) for made, weights in self.evidence.items()}
        return {
            "spread": dict(self.spread),
            "curves": curves,
            "text_threshold": self.text_threshold,
            "evidence": evidence,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], vectors: np.ndarray) -> ScoreCalibration:
        """What `to_dict` gave, for the (n, d) vectors of the catalog.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        spread = {kind: float(stored["spread"][kind]) for kind in KINDS}
        curves = {name: PlattScaling(*map(float, stored["curves"][name])) for name in CURVES}
        centre = vectors.sum(axis=0, dtype=np.float64) / max(len(vectors), 1)
        evidence = {made: {name: float(w) for name, w in stored["evidence"][made].items()} for made in PRIOR}
        threshold = float(stored["text_threshold"])
        numbers = [threshold, *spread.values(), *(each for of in curves.values() for each in of)]
        if not all(map(math.isfinite, (*numbers, *(each for of in evidence.values() for each in of.values())))):
            raise ValueError("a number of the calibration is not finite")
        return cls(centre, len(vectors), spread, curves, threshold, evidence)


def calibration_sample(size: int) -> np.ndarray:
    """Which products of a catalog of that `size` it is calibrated with: at most 256 of range(size), sorted."""
    return np.sort(np.random.default_rng(0).permutation(size)[:_SAMPLE])


def recolour_queries(colours: Sequence[str]) -> list[str]:
    """For each product the words that ask for it in another of the colours, drawn by seed; [] if there is no other."""
    known = sorted({colour.casefold() for colour in colours if colour})
    if len(known) < 2:
        return []
    rng = np.random.default_rng(0)
    others = ([other for other in known if other != colour.casefold()] for colour in colours)
    return [f"in {rng.choice(choice)}" for choice in others]


def modality(fused: FusedQuery) -> str:
    """What a query is made of: "photo", "words" or "both". Exclusions change nothing."""
    parts = {_KIND_OF[name] for name in fused.components if name != "exclude"}
    return "both" if len(parts) > 1 else parts.pop() if parts else "words"
