"""From scores to a ranking that can be read. Pure functions.

A cosine means something else in every model, something else for words than for photos, and
something else again when an exclusion is taken off. What a shop can read is how far a score stands
above those of products that do not belong. For a fused query q = sum of components,

    z = (q.p - q.m) / sqrt(sum_i |q_i|^2 s_i^2)

where m is the mean vector of the catalog, so q.m is exactly the mean score of this query, and s_i is
the spread of mismatches for a photo alone or for words alone, measured on the catalog at hand. Taking
the mean from the query itself forgives a photo that is unlike all packshots; taking the spread from
the catalog does not forgive a query that is like none of its products.

A logistic curve turns z into the probability that a hit is a good match, which here means of the kind
that was asked for (Platt 1999, "Probabilistic outputs for support vector machines"). It is fitted to
the catalog at hand, from queries made of its own products, as far as its products have categories.
The curves of words have a second term, the same for all hits of a query. For words alone it is the z
of the catalog's best product: where some stand very high, those far below them are something else. For
a photo with words it is how far the photo itself stands above the catalog as a hit for the words: "in
blue" beside a brown chair pulls all scores down, "a brown chair" does not, and in both cases it is
chairs that are asked for.

Whether the catalog has anything at all like the query is another question: where nothing fits, the
best of the rest still stands high above their mean. It is answered by the plain cosine of the nearest
product, against the least that good matches reach under this model (`Encoder.floors`). The more
products there are, the nearer the nearest is to anything, so the floor rises with the catalog's size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from search.query.fusion import Fused, Weights, fuse

#: What has a spread of its own: cosines with a photo and cosines with words.
KINDS = ("photo", "words")
_KIND_OF = {"photo": "photo", "text": "words", "exclude": "words"}

#: Probabilities from which a hit is in a band. `python -m search evaluate --task bands` measures what
#: share of the hits in each band are of the right kind.
VERY_CLOSE = 0.8
RELATED = 0.5
#: Two pictures nearer than this are one picture, saved twice: of 46 such pairs in fashion/test 43 have one title, and
#: all have one kind.
SAME_PICTURE = 0.99


class Curve(NamedTuple):
    """p = 1 / (1 + exp(-(slope z + intercept + by_query a))), a as in Background.of_query."""

    slope: float
    intercept: float
    by_query: float = 0.0


class Floor(NamedTuple):
    """The least `cosine` of a good match in a catalog of `size` products, and its `growth` with the logarithm of that."""

    cosine: float
    size: int
    growth: float = 0.0

    def among(self, size: int) -> float:
        """The least cosine of a good match in a catalog of `size` products, 1 or more."""
        return self.cosine + self.growth * float(np.log(max(size, 1) / self.size))


#: By what a query is made of, for catalogs that cannot be asked themselves: fitted to fashion/validation
#: under the embedded model, as `fit` does. Of words without their second term: how high the best product stands in a
#: catalog of another size says something else.
CURVES: Mapping[str, Curve] = MappingProxyType(
    {"photo": Curve(1.52, -4.82), "words": Curve(1.63, -5.09), "both": Curve(1.24, -4.01, -0.28)}
)
#: Hits of a query that a curve is fitted to: two screens of the app.
DEPTH = 24
#: 256 rows against the catalog give its mean to 1 percent.
_PROBES = 256
#: What of_query usually is, for curves that have it.
_OF_QUERY: Mapping[str, tuple[float, ...]] = MappingProxyType({"words": (4.0, 4.8, 5.6), "both": (-1.0, 1.0, 3.0)})
#: How many hits the default curve counts as beside those of the catalog.
_PRIOR = 100.0

#: A catalog of two products must not call everything very close.
_LEAST_SPREAD = 0.02


@dataclass(frozen=True)
class Background:
    """What the scores of this catalog look like where nothing matches.

    `centre` is the mean of the catalog's vectors, (d,) float64; `size` how many there are; `spread`
    the standard deviation of mismatched scores about their query's mean, for each of KINDS; `curves`
    are the logistic curves by "photo", "words" and "both", see CURVES; `spoken` is the cosine
    that 95 of 100 descriptions of the catalog's own products reach with their best product.
    """

    centre: np.ndarray
    size: int
    spread: Mapping[str, float]
    curves: Mapping[str, Curve] = field(default_factory=lambda: CURVES)
    spoken: float = 1.0

    def z(self, fused: Fused, scores: np.ndarray) -> np.ndarray:
        """How many spreads each of (n,) scores of a query stands above the query's mean."""
        variance = sum(
            float(component @ component) * self.spread[_KIND_OF[name]] ** 2
            for name, component in fused.components.items()
        )
        return (np.asarray(scores, np.float64) - fused.vector @ self.centre) / np.sqrt(variance)

    def probabilities(self, fused: Fused, scores: np.ndarray, best: float | None = None) -> np.ndarray:
        """That each of (n,) scores is a good match's, (n,) in [0, 1].

        best: the score of the catalog's best product, where that is not among `scores`.
        """
        if not len(scores):
            return np.zeros(0)
        slope, intercept, by_query = self.curves[made_of(fused)]
        of_all = intercept + by_query * self.of_query(fused, float(np.max(scores)) if best is None else best)
        return 1 / (1 + np.exp(-(slope * self.z(fused, scores) + of_all)))

    def of_query(self, fused: Fused, best: float) -> float:
        """What bears on all hits of a query alike, in spreads; `best` is the score of the catalog's best product.

        For words how far the best stands above the catalog, for a photo with words how far the photo does as a hit for
        the words, for a photo 0.
        """
        made = made_of(fused)
        if made == "photo":
            return 0.0
        if made == "words":
            return float(self.z(fused, np.array([best]))[0])
        photo, words = (part / np.linalg.norm(part) for part in (fused.components[n] for n in ("photo", "text")))
        return float(words @ (photo - self.centre)) / self.spread["words"]

    def fits(self, floors: Mapping[str, Floor], closest: Mapping[str, float]) -> bool:
        """Whether the catalog has anything like the query; where no floor is known, that cannot be denied.

        A catalog of things that the model finds hard to name lowers the floor of words, or its own
        products would be denied.

        Args:
            floors: "photo" and "words" -> the least cosine of a good match under this model, see Encoder.
            closest: "photo" and "words" -> the greatest cosine of a hit with that part of the query.
        """
        least = {name: floor.among(self.size) for name, floor in floors.items()}
        if "words" in least:
            least["words"] = min(least["words"], self.spoken)
        return any(cosine >= least.get(name, -1.0) for name, cosine in closest.items())

    def with_added(self, vectors: np.ndarray) -> Background:
        """After (n, d) vectors came; the spread stays as it was measured."""
        size = self.size + len(vectors)
        return replace(self, centre=(self.centre * self.size + vectors.sum(axis=0)) / max(size, 1), size=size)

    def with_removed(self, vectors: np.ndarray) -> Background:
        """After (n, d) vectors went."""
        size = self.size - len(vectors)
        return replace(self, centre=(self.centre * self.size - vectors.sum(axis=0)) / max(size, 1), size=size)


def probes(size: int) -> np.ndarray:
    """Which products of a catalog of that `size` its background is measured with: at most 256 of range(size), sorted."""
    return np.sort(np.random.default_rng(0).permutation(size)[:_PROBES])


def changes(colours: Sequence[str]) -> list[str]:
    """For each product the words that ask for it in another of the colours, drawn by seed; [] if there is no other."""
    known = sorted({colour.casefold() for colour in colours if colour})
    if len(known) < 2:
        return []
    rng = np.random.default_rng(0)
    others = ([other for other in known if other != colour.casefold()] for colour in colours)
    return [f"in {rng.choice(choice)}" for choice in others]


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
    spoken = float(np.quantile((queries["words"] @ vectors.T).max(axis=1), 0.05)) if "words" in queries else 1.0
    return Background(centre, len(vectors), spread, spoken=spoken)


def calibrated(
    measured: Background,
    vectors: np.ndarray,
    queries: Mapping[str, np.ndarray],
    own: np.ndarray,
    right: np.ndarray,
    weights: Weights,
) -> Background:
    """A Background with curves of its own catalog.

    Args:
        vectors: (n, d) unit rows, the catalog.
        queries: "photo" and "words" -> (q, d) unit rows, made of products of the catalog; and "change", words
            beside a photo that want it otherwise ("in blue"), where there are any.
        own: (q,) the product each query was made of, which a photo must not find.
        right: (q, n) bool, good matches.
    """
    curves, depth = {}, min(DEPTH, len(vectors) - 1)
    for made, asked in (
        ("photo", [{"photo": "photo"}]),
        ("words", [{"text": "words"}]),
        ("both", [{"photo": "photo", "text": words} for words in ("words", "change") if words in queries]),
    ):
        z, of_query, good = [], [], []
        for parts, at in product(asked, range(len(own))):
            fused = fuse(weights, **{part: queries[kind][at] for part, kind in parts.items()})
            scores = vectors @ fused.vector.astype(vectors.dtype)
            if "photo" in parts:
                scores[own[at]] = -np.inf
            first = np.argpartition(-scores, depth - 1)[:depth]
            z.append(measured.z(fused, scores[first]))
            of_query.append(np.full(depth, measured.of_query(fused, float(scores[first].max()))))
            good.append(right[at, first])
        curves[made] = fit(
            np.concatenate(z),
            np.concatenate(good),
            CURVES[made],
            np.concatenate(of_query) if made in _OF_QUERY else None,
            _OF_QUERY.get(made, ()),
        )
    return replace(measured, curves=MappingProxyType(curves))


def made_of(fused: Fused) -> str:
    """What a query is made of: "photo", "words" or "both". Exclusions change nothing."""
    parts = {_KIND_OF[name] for name in fused.components if name != "exclude"}
    return "both" if len(parts) > 1 else parts.pop() if parts else "words"


def band(probability: float) -> str:
    """very_close, related or weak."""
    return "very_close" if probability >= VERY_CLOSE else "related" if probability >= RELATED else "weak"


def fit(
    z: np.ndarray,
    right: np.ndarray,
    prior: Curve,
    of_query: np.ndarray | None = None,
    usual: Sequence[float] = (0.0,),
) -> Curve:
    """The logistic curve through (n,) judged hits, and through `prior`.

    Newton's method on the cross-entropy; the prior counts as _PRIOR hits that lie on its curve, so that a catalog with
    few hits, or only right ones, has a curve too. The slope is never negative.

    Args:
        of_query: (n,), see Background.of_query; without it the curve has no such term.
        usual: values of that which are usual, for the hits of the prior.
    """
    z, right = np.asarray(z, np.float64), np.asarray(right, np.float64)
    anchors = np.linspace(0, 6, 25)
    columns = [np.append(z, anchors), np.ones(len(z) + len(anchors))]
    if of_query is not None:
        columns.append(np.append(of_query, np.resize(usual, len(anchors))))
    x = np.stack(columns, 1)
    curve = np.array(prior[: x.shape[1]], np.float64)
    believed = 1 / (1 + np.exp(-x[len(z) :] @ curve))
    y = np.append(right, believed)
    weight = np.append(np.ones(len(z)), np.full(len(anchors), _PRIOR / len(anchors)))
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ curve))
        gradient, hessian = x.T @ (weight * (p - y)), (x.T * (weight * np.maximum(p * (1 - p), 1e-6))) @ x
        step = np.linalg.solve(hessian, gradient)
        curve = curve - step / max(1.0, float(np.abs(step).max()))
    return Curve(max(float(curve[0]), 0.0), *curve[1:].tolist())


def order(scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions from the highest score to the lowest; equal scores keep the catalog's order."""
    return np.lexsort((rows, -scores))
