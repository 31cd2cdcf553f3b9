"""What the match bands and the probability beside a hit promise, and what they keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search import calibration, metrics
from search.lab.benchmark.base import Benchmark, Bools, Floats, Metric, Metrics, Strings, TooSmall, task
from search.lab.benchmark.datasets import in_english
from search.query import fusion
from search.schema import BANDS

#: Searches whose hits are judged at most, and the fewest that are worth leaving out those of the background.
BAND_QUERIES, FEWEST_SEARCHES = 256, 50
#: What a kind of query is called in the tables, where its name alone says too little.
MODALITIES = {"changed": "photo and another colour"}


@task("bands", order=130)
def bands(benchmark: Benchmark) -> Metrics:
    """What the match bands promise: among the first 24 hits of a search, the share of the query's
    kind in each band. Asked are up to 256 products drawn by seed, others than the background was
    measured with: their photo (itself not found), their words ("red shirts"), both, and the photo with another
    colour ("in blue"), where the kind is still the photo's. n counts
    hits; chance is the share of the kind in the gallery; the interval draws whole searches."""
    figures = {}
    for query, done in Searches.of(benchmark).items():
        named = np.array([[calibration.band(p) for p in row] for row in done.probabilities])
        base, searches = (np.broadcast_to(column[:, None], named.shape) for column in (done.chance, done.ids))
        for band in BANDS:
            hits = named == band
            if hits.any():
                figures[f"{query}_{band}"] = benchmark.metric(
                    f"{MODALITIES.get(query, query)}, hits called {band.replace('_', ' ')}, right kind",
                    done.relevant[hits], base[hits], searches[hits],
                )  # fmt: skip
    return figures


@task("calibration", order=140)
def calibration_error(benchmark: Benchmark) -> Metrics:
    """Expected calibration error of the probability shown beside a hit: the mean difference between
    what was promised and the share of hits of the right kind, over 15 bins (Guo et al. 2017), for
    the same searches as the bands. The interval draws whole searches; n counts hits. As chance
    stands the error of a probability that is always the share of the kind in the gallery."""
    figures = {}
    for query, done in Searches.of(benchmark).items():
        error = metrics.calibration_error(done.probabilities, done.relevant)
        rng = np.random.default_rng(benchmark.seed)
        drawn = [rng.integers(len(done.ids), size=len(done.ids)) for _ in range(500)]
        low, high = np.quantile(
            [metrics.calibration_error(done.probabilities[d], done.relevant[d]) for d in drawn], (0.025, 0.975)
        )
        plain = np.broadcast_to(done.chance[:, None], done.relevant.shape)
        figures[query] = Metric(
            label=f"{MODALITIES.get(query, query)}, calibration error of the probability (less is better)",
            value=error, low=float(low), high=float(high), n=int(done.relevant.size),
            chance=metrics.calibration_error(plain, done.relevant),
        )  # fmt: skip
    return figures


@dataclass(frozen=True)
class Searches:
    """The first hits of searches made of products of the catalog, judged; one row per search."""

    probabilities: NDArray[np.float64]  # (q, k) of a good match
    relevant: Bools  # (q, k) of the kind asked for
    chance: NDArray[np.float64]  # (q,) share of that kind in the gallery
    ids: Strings  # (q,)

    @classmethod
    def of(cls, benchmark: Benchmark) -> dict[str, Searches]:
        """By what the queries are made of.

        Raises:
            TooSmall: there are no kinds, or no calibration.
        """
        rows = products_to_ask(benchmark)
        if benchmark.calibration is None or not len(rows):
            raise TooSmall("There are no kinds to compare.")
        photos = benchmark.vectors[rows]
        words = benchmark.texts([in_english(benchmark.colours[row], benchmark.kinds[row]) for row in rows])
        parts = {"photo": {"photo": photos}, "words": {"text": words}, "both": {"photo": photos, "text": words}}
        if recoloured := calibration.recolour_queries(benchmark.colours[rows].tolist()):
            parts["changed"] = {"photo": photos, "text": benchmark.texts(recoloured)}
        return {query: cls._search(benchmark, rows, made_of) for query, made_of in parts.items()}

    @classmethod
    def _search(cls, benchmark: Benchmark, rows: NDArray[np.int64], parts: dict[str, Floats]) -> Searches:
        """One search for each of `rows`; a product whose photo is in the query is not found by it.

        Args:
            parts: each (q, d), see fusion.fuse.
        """
        queries = [
            fusion.fuse(benchmark.weights, **dict(zip(parts, row, strict=True)))
            for row in zip(*parts.values(), strict=True)
        ]
        scores = np.stack([query.vector for query in queries]).astype(np.float32) @ benchmark.vectors.T
        if "photo" in parts:
            scores[np.arange(len(rows)), rows] = -np.inf
        first = np.argsort(-scores, axis=1)[:, : min(calibration.DEPTH, len(benchmark.ids) - 1)]
        best = np.take_along_axis(scores, first, axis=1)
        same = benchmark.kinds == benchmark.kinds[rows][:, None]
        fitted = benchmark.calibration
        if fitted is None:
            raise TooSmall("The benchmark has no calibration.", "Make it with make_benchmark.")
        promised = [fitted.probabilities(query, row) for query, row in zip(queries, best, strict=True)]
        return cls(np.stack(promised), np.take_along_axis(same, first, axis=1), same.mean(axis=1), benchmark.ids[rows])


def products_to_ask(benchmark: Benchmark) -> NDArray[np.int64]:
    """Rows of known kind, drawn by seed, that the background was not measured with, as far as there are enough."""
    known = np.flatnonzero((benchmark.kinds != "")[: benchmark.tested])
    unseen = np.setdiff1d(known, calibration.calibration_sample(benchmark.tested))
    rows = np.random.default_rng(benchmark.seed).permutation(unseen if len(unseen) >= FEWEST_SEARCHES else known)
    return np.sort(rows[:BAND_QUERIES])
