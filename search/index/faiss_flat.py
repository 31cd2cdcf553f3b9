"""Exact search with FAISS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from search.errors import DamagedIndexError
from search.index.registry import index

if TYPE_CHECKING:
    from search.catalog import Filter


@contextmanager
def _one_thread() -> Iterator[None]:
    """A flat scan for one query runs at the speed of memory: threads cost more than they bring
    (`bench`), and several callers search side by side anyway. The number belongs to the calling
    thread and is shared with torch, which needs its own back afterwards."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


@index("faiss")
class FaissIndex:
    """IndexFlatIP behind an IndexIDMap2: exact, 4 bytes a number, filters during the scan.

    Exact search over 10,000 vectors of 512 takes under a millisecond on one core, so anything
    approximate would only lose hits at the sizes this serves.
    """

    def __init__(self, dim: int):
        import faiss

        self.dim = dim
        # faiss describes its C++ signatures, not what Python may pass.
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, rows: Sequence[int], vectors: np.ndarray) -> None:
        """See Index.add."""
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.shape != (len(rows), self.dim):
            raise ValueError(f"vectors are {vectors.shape}, expected {(len(rows), self.dim)}")
        if len(rows):
            self._index.add_with_ids(vectors, np.asarray(rows, np.int64))

    def remove(self, rows: Sequence[int]) -> None:
        """See Index.remove."""
        if len(rows):
            self._index.remove_ids(np.asarray(rows, np.int64))

    def vectors(self, rows: Sequence[int]) -> np.ndarray:
        """See Index.vectors."""
        if not len(rows):
            return np.zeros((0, self.dim), np.float32)
        try:
            return self._index.reconstruct_batch(np.asarray(rows, np.int64))
        except RuntimeError as error:
            raise KeyError(f"one of the rows {list(rows)[:5]} is not in the index") from error

    def scores(self, query: np.ndarray) -> np.ndarray | None:
        """(1 + highest row,) float32: the inner product of every row with a (dim,) query, 0 where there is no vector.

        None where the vectors are not stored as they are, as in an index that compresses them.
        """
        import faiss

        flat = faiss.downcast_index(self._index.index)
        if not isinstance(flat, faiss.IndexFlat):
            return None
        rows = faiss.vector_to_array(self._index.id_map)
        if not len(rows):
            return np.zeros(0, np.float32)
        one_by_one = np.empty(len(rows), np.float32)
        wanted = np.ascontiguousarray(query, np.float32)
        faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]
            faiss.swig_ptr(one_by_one), faiss.swig_ptr(wanted), flat.get_xb(), self.dim, len(rows)
        )
        found = np.zeros(int(rows.max()) + 1, np.float32)
        found[rows] = one_by_one
        return found

    def search(self, query: np.ndarray, k: int, where: Filter | None = None) -> tuple[np.ndarray, np.ndarray]:
        """See Index.search."""
        import faiss

        k = min(k, len(self))
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        parameters = None
        if where:
            bits = np.packbits(where.mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        row = np.ascontiguousarray(query, np.float32).reshape(1, self.dim)
        with _one_thread():
            scores, rows = self._index.search(row, k, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def save(self, path: Path) -> None:
        """See Index.save."""
        import faiss

        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> FaissIndex:
        """See Index.load."""
        import faiss

        try:
            stored = faiss.read_index(str(path))
            if not isinstance(stored, faiss.IndexIDMap2):
                raise RuntimeError(f"holds a {type(stored).__name__}")
        except RuntimeError as error:
            raise DamagedIndexError(f"The index file {path} cannot be read.", "Build it again.") from error
        loaded = cls(stored.d)
        loaded._index = stored
        return loaded
