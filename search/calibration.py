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

Whether the catalog has anything at all like the query is another question: where nothing does, the
best of the rest still stands high above their mean. It is answered by the plain cosine of the nearest
product, against a rejection threshold: the least that good matches reach under this model, measured
for it and kept beside its weights. The more products there are, the nearer the nearest is to anything,
so the threshold rises with the catalog's size.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from search.errors import ModelError
from search.query.fusion import FusedQuery, Weights, fuse

if TYPE_CHECKING:
    from search.encoder import Encoder

#: What has a spread of its own: cosines with a photo and cosines with words.
KINDS = ("photo", "words")
_KIND_OF = {"photo": "photo", "text": "words", "exclude": "words"}

#: Probabilities from which a hit is in a band. `python -m search evaluate --task bands` measures what
#: share of the hits in each band are of the right kind.
VERY_CLOSE = 0.8
RELATED = 0.5

#: In a model's folder, beside its weights: what `python -m search evaluate --sweep --outside ...` measured for it.
THRESHOLDS_FILE = "floors.json"

#: Hits of a query that a curve is fitted to: two screens of the app.
DEPTH = 24
#: 256 rows against the catalog give its mean to 1 percent.
_SAMPLE = 256
#: How many hits the default curve counts as beside those of the catalog.
_PRIOR = 100.0
#: z between which the hits of the prior lie: nothing below the mean is shown, and hardly anything stands higher.
_PRIOR_Z = np.linspace(0, 6, 25)
#: A catalog of two products must not call everything very close.
_LEAST_SPREAD = 0.02


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
_USUAL_OFFSET: Mapping[str, tuple[float, ...]] = MappingProxyType({"words": (4.0, 4.8, 5.6), "both": (-1.0, 1.0, 3.0)})


class RejectionThreshold(NamedTuple):
    """The least `cosine` of a good match in a catalog of `size` products, and its `growth` with the logarithm of that."""

    cosine: float
    size: int
    growth: float = 0.0

    def among(self, size: int) -> float:
        """The least cosine of a good match in a catalog of `size` products, 1 or more."""
        return self.cosine + self.growth * float(np.log(max(size, 1) / self.size))


Thresholds = Mapping[str, RejectionThreshold]


def rejection_thresholds(encoder: Encoder) -> Thresholds:
    """ "photo" and "words" -> what was measured for this encoder; {} where nothing was.

    Raises:
        ModelError: the file in the encoder's folder cannot be read.
    """
    folder: Path | None = getattr(encoder, "folder", None)
    file = folder / THRESHOLDS_FILE if folder else None
    if file is None or not file.is_file():
        return {}
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {kind: RejectionThreshold(**stored[kind]) for kind in KINDS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The rejection thresholds in {file} cannot be read ({type(error).__name__}: {error}).",
            'Give "photo" and "words", each with cosine, size and growth, or remove the file.',
            name=encoder.name,
        ) from error


@dataclass(frozen=True)
class ScoreCalibration:
    """What the scores of this catalog look like where nothing matches.

    `centre` is the mean of the catalog's vectors, (d,) float64; `size` how many there are; `spread`
    the standard deviation of mismatched scores about their query's mean, for each of KINDS; `curves`
    are by modality, see CURVES; `text_threshold` is the cosine that 95 of 100 descriptions of the
    catalog's own products reach with their best product.
    """

    centre: np.ndarray
    size: int
    spread: Mapping[str, float]
    curves: Mapping[str, PlattScaling] = field(default_factory=lambda: CURVES)
    text_threshold: float = 1.0

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
            offset = np.concatenate(offsets) if name in _USUAL_OFFSET else None
            curves[name] = PlattScaling.fit(
                np.concatenate(z), np.concatenate(good), CURVES[name], offset, _USUAL_OFFSET.get(name, ())
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
        return {"spread": dict(self.spread), "curves": curves, "text_threshold": self.text_threshold}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], vectors: np.ndarray) -> ScoreCalibration:
        """What `to_dict` gave, for the (n, d) vectors of the catalog.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        spread = {kind: float(stored["spread"][kind]) for kind in KINDS}
        curves = {name: PlattScaling(*map(float, stored["curves"][name])) for name in CURVES}
        centre = vectors.mean(axis=0, dtype=np.float64)
        return cls(centre, len(vectors), spread, curves, float(stored["text_threshold"]))


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


def band(probability: float) -> str:
    """very_close, related or weak."""
    return "very_close" if probability >= VERY_CLOSE else "related" if probability >= RELATED else "weak"
