"""The index alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from search.catalog import Filter
from search.catalog.filter import Between
from search.encoder.base import unit
from search.index import FaissIndex
from search.lab.bench.searching import K
from search.lab.bench.timing import WARMUP, Row, Timed, compare

#: At ten thousand a scan should be lost beside the encoder, at a hundred thousand not.
SIZES = (10_000, 100_000)


def index(dim: int, repeats: int, seed: int, sizes: Sequence[int] = SIZES) -> Iterator[Row]:
    """The index alone on random vectors: against numpy, and with a filter pushed down against without.

    Args:
        dim: of the vectors; the model's, because a scan reads n x dim numbers.
    """
    rng = np.random.default_rng(seed)
    queries = unit(rng.standard_normal((WARMUP + repeats, dim)))
    for size in sizes:
        vectors = unit(rng.standard_normal((size, dim), dtype=np.float32))
        faiss = FaissIndex(dim)
        faiss.add(range(size), vectors)
        allowed = np.zeros(size, dtype=bool)
        allowed[: size // 10] = True
        rng.shuffle(allowed)
        tenth = Filter((Between("kept", 1, 1),), columns=_Tenth(allowed))
        flat = Timed(f"index of {size:,} x {dim}, exact", partial(_scan, faiss, queries, None))
        yield compare(
            flat,
            Timed("numpy argsort", partial(_argsort, vectors, queries)),
            repeats=repeats,
        )
        yield compare(
            Timed(f"index of {size:,} x {dim}, filtered to a tenth", partial(_scan, faiss, queries, tenth)),
            Timed("the same, unfiltered", flat.call),
            repeats=repeats,
        )


@dataclass(frozen=True)
class _Tenth:
    """Columns of which one says whether a row is kept."""

    kept: np.ndarray

    def alive(self) -> np.ndarray:
        return np.ones(len(self.kept), bool)

    def column(self, name: str) -> np.ndarray:
        return self.kept.astype(np.float64)


def _scan(flat: FaissIndex, queries: np.ndarray, where: Filter | None, number: int) -> object:
    return flat.search(queries[number], K, where)


def _argsort(vectors: np.ndarray, queries: np.ndarray, number: int) -> object:
    return np.argsort(-(vectors @ queries[number]))[:K]
