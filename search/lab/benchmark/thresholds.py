"""The cosines under which a search is answered with "no good match", measured on the catalog's own queries."""

from __future__ import annotations

import numpy as np

from search import calibration
from search.lab.benchmark.base import Benchmark
from search.lab.benchmark.tasks.rejection import Queries

#: The share of the catalog's own queries that a threshold rejects where it is measured: at most 5 of 100 are to be
#: rejected elsewhere, and 308 photographs can be off by one of 100.
REJECTED = 0.04
#: Shares of a catalog in which thresholds are measured again, how often, and the fewest products that are a catalog.
SHARES, REPEATS, FEWEST = (1 / 2, 1 / 4, 1 / 8), 8, 50


def thresholds(benchmark: Benchmark) -> dict[str, calibration.RejectionThreshold]:
    """The cosine, of a photo and of words, that the best product reaches for 96 of 100 queries of the catalog.

    Of several sorts of queries, that of the sort which is served worst. It grows with the logarithm of the catalog's
    size; how fast, is fitted by least squares over random halves, quarters and eighths of the catalog (at least 50
    products). Queries from elsewhere have no say in it.

    Raises:
        TooSmall: there is nothing from elsewhere.
    """
    whole, rng = _at(benchmark), np.random.default_rng(benchmark.seed)
    sizes = [round(benchmark.tested * share) for share in SHARES for _ in range(REPEATS)]
    sizes = [size for size in sizes if size >= FEWEST]
    samples = [np.sort(rng.permutation(benchmark.tested)[:size]) for size in sizes]
    found = [_at(benchmark.subsample(rows)) for rows in samples]
    # (s,) logarithms of the samples' sizes, as shares of the catalog's
    fewer = np.log(np.array(sizes, np.float64) / benchmark.tested)
    return {
        modality: calibration.RejectionThreshold(
            round(cosine, 3),
            benchmark.tested,
            _growth(fewer, np.array([sample[modality] - cosine for sample in found])),
        )
        for modality, cosine in whole.items()
    }


def _at(benchmark: Benchmark) -> dict[str, float]:
    """Modality -> the threshold for a catalog of this very size."""
    sorts = [queries for queries in Queries.of(benchmark).values() if not queries.foreign]
    return {
        modality: min(float(np.quantile(queries.best, REJECTED)) for queries in sorts if queries.modality == modality)
        for modality in calibration.KINDS
    }


def _growth(fewer: np.ndarray, change: np.ndarray) -> float:
    """The slope of change = slope * fewer by least squares, both (s,); 0 where it would fall, or without samples."""
    return round(max(0.0, float(fewer @ change / (fewer @ fewer))), 4) if len(fewer) else 0.0
