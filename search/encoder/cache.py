"""Embeddings on disk by the content of the picture, so that no picture is encoded twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

#: SQLite allows some thousand parameters a statement.
_CHUNK = 500


class EmbeddingCache:
    """SHA-256 of a picture -> its embedding, one SQLite file for each encoder.

    Every batch is a transaction: an interrupted build loses at most one. Several processes may
    share a file. A file that is damaged is put aside and begun anew; it is only a cache.

    Args:
        folder: where the files lie; made when missing.
        fingerprint: the encoder's.
        dim: the length of a vector.
    """

    def __init__(self, folder: Path, fingerprint: str, dim: int):
        self.dim = dim
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{fingerprint}.sqlite"
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            self.path.replace(self.path.with_suffix(".damaged"))
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=30, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE IF NOT EXISTS embeddings (hash BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        return db

    def get(self, hashes: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Hash -> (dim,) float32, for those that are known."""
        found: dict[bytes, np.ndarray] = {}
        for at in range(0, len(hashes), _CHUNK):
            some = list(hashes[at : at + _CHUNK])
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT hash, vector FROM embeddings WHERE hash IN ({marks})", some)
            found.update((key, np.frombuffer(value, np.float32)) for key, value in rows)
        return {key: vector for key, vector in found.items() if vector.shape == (self.dim,)}

    def put(self, hashes: Iterable[bytes], vectors: np.ndarray) -> None:
        """Store (n, dim) float32 vectors under n hashes."""
        rows = [(key, np.ascontiguousarray(v, np.float32).tobytes()) for key, v in zip(hashes, vectors, strict=True)]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", rows)

    def close(self) -> None:
        self._db.close()
