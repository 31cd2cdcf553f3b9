"""The index alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

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
        flat = Timed(f"index of {size:,} x {dim}, exact", partial(_scan, faiss, queries, None))
        yield compare(
            flat,
            Timed("numpy argsort", partial(_argsort, vectors, queries)),
            repeats=repeats,
        )
        yield compare(
            Timed(f"index of {size:,} x {dim}, filtered to a tenth", partial(_scan, faiss, queries, allowed)),
            Timed("the same, unfiltered", flat.call),
            repeats=repeats,
        )


def _scan(faiss: FaissIndex, queries: np.ndarray, allowed: np.ndarray | None, number: int) -> object:
    return faiss.search(queries[number], K, allowed)


def _argsort(vectors: np.ndarray, queries: np.ndarray, number: int) -> object:
    return np.argsort(-(vectors @ queries[number]))[:K]
