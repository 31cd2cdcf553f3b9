"""The Index protocol."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np


class Index(Protocol):
    """Unit vectors by row number, searched by inner product.

    Rows are the catalog's: given once, never reused. Searching is safe from several threads at
    once; adding and removing are not, and the engine does them under a lock.
    """

    dim: int

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

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The best rows for one (dim,) query.

        Args:
            allowed: (rows,) bool; only rows where it is True can be found. The filter is applied
                during the scan: k rows come back whenever k are allowed.

        Returns:
            (rows (m,) int64, scores (m,) float32) with m = min(k, allowed), best first.
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
