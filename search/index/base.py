"""The Index protocol."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

if TYPE_CHECKING:
    from search.catalog import Filter


class Index(Protocol):
    """Unit vectors by row number, searched by inner product.

    Rows are the catalog's: given once, never reused. Searching is safe from several threads at
    once; adding and removing are not, and the engine does them under a lock. A class is chosen by
    the name it is registered under (search.index.registry) and made with the length of a vector.

    An index whose vectors lie in this process may also have `scores(query)`, (1 + highest row,) inner products of all rows
    or None: what the words find is then added to them in one scan, and searched for in several steps otherwise.
    """

    name: ClassVar[str]
    dim: int

    def __init__(self, dim: int) -> None: ...

    def __len__(self) -> int:
        """How many vectors there are."""
        ...

    def add(self, rows: Sequence[int], vectors: np.ndarray) -> None:
        """Store (n, dim) float32 vectors under n rows that are not in use."""
        ...

    def remove(self, rows: Sequence[int]) -> None:
        """Forget rows; those that are not there are passed over."""
        ...

    def vectors(self, rows: Sequence[int]) -> np.ndarray:
        """(n, dim) float32, as stored.

        Raises:
            KeyError: a row is not there.
        """
        ...

    def search(self, query: np.ndarray, k: int, where: Filter | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The best rows for one (dim,) query.

        Args:
            where: only rows that pass can be found. The filter is applied during the scan (as its
                `mask`, or on a server as its `expression()`): k rows come back whenever k pass.

        Returns:
            (rows (m,) int64, scores (m,) float32) with m = min(k, rows that pass), best first.
        """
        ...

    def save(self, path: Path) -> None:
        """Write to a file."""
        ...

    @classmethod
    def load(cls, path: Path) -> Index:
        """
        Raises:
            DamagedIndexError: the file cannot be read.
        """
        ...
