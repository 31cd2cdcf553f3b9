"""Whether a catalog says "no good match" to what it does not have, and to nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.calibration import rejection_thresholds
from search.lab.benchmark.base import Benchmark, Metrics, TooSmall, task
from search.lab.benchmark.datasets import in_english, read_scenes


@task("refusal", order=150)
def rejection(benchmark: Benchmark) -> Metrics:
    """The share of queries that are answered with "no good match in this catalog". Photos of things that
    the catalog does not have (--outside) and the words for their kinds should be; photos of the
    catalog (itself not found), photographs of its kinds (--inside, and the scenes) and words for its
    colours and kinds should not."""
    if benchmark.calibration is None:
        raise TooSmall("The scores are not calibrated.")
    in_catalog, least = benchmark.calibration.in_catalog, rejection_thresholds(benchmark.encoder)
    return {
        name: benchmark.metric(
            f"refused, {queries.label}",
            [not in_catalog(least, {queries.modality: cosine}) for cosine in queries.best],
            None,
        )
        for name, queries in Queries.of(benchmark).items()
    }


@dataclass(frozen=True)
class Queries:
    """Queries of one sort, and the cosine of the best product for each."""

    label: str
    modality: str  # "photo" or "words"
    foreign: bool  # to be rejected
    best: NDArray[np.float64]  # (q,)

    @classmethod
    def of(cls, benchmark: Benchmark) -> dict[str, Queries]:
        """All sorts that the benchmark has.

        Raises:
            TooSmall: there is nothing from elsewhere.
        """
        if benchmark.outside is None:
            raise TooSmall("There are no pictures from elsewhere (--outside) that could be refused.")
        own = benchmark.vectors[: benchmark.tested]
        sorts = {
            "outside": ("photos from elsewhere", "photo", True, benchmark.outside),
            "own": ("photos of the catalog (less is better)", "photo", False, own),
            "own_words": (
                "words for its kinds and colours (less is better)", "words", False, benchmark.texts(own_words(benchmark)),
            ),
        }  # fmt: skip
        if benchmark.outside_words:
            words = benchmark.texts(benchmark.outside_words)
            sorts["outside_words"] = ("words for things from elsewhere", "words", True, words)
        photographs = [] if benchmark.inside is None else [benchmark.inside]
        if benchmark.scenes is not None:
            photographs.append(benchmark.encoder.encode_images(read_scenes(benchmark.scenes)[0]))
        if photographs:
            label = "photographs of its kinds (less is better)"
            sorts["inside"] = (label, "photo", False, np.concatenate(photographs))
        found = {}
        for name, (label, modality, foreign, vectors) in sorts.items():
            scores = vectors @ benchmark.vectors.T
            if name == "own":
                np.fill_diagonal(scores, -np.inf)
            found[name] = cls(label, modality, foreign, scores.max(axis=1).astype(np.float64))
        return found


def own_words(benchmark: Benchmark) -> list[str]:
    """The catalog's colours and kinds as people type them; its kinds alone where it knows no colours."""
    pairs = benchmark.frequent(benchmark.colours, benchmark.kinds, at_least=1)
    pairs = pairs or [("", *kind) for kind in benchmark.frequent(benchmark.kinds, at_least=1)]
    return [in_english(colour, kind) for colour, kind in pairs]
