"""Where a hit would stand if the query had no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.cache import Cache

if TYPE_CHECKING:
    from search.catalog import Filter
    from search.index import Index

#: Rankings that are kept: every card that is opened of one result needs the same one.
_KEPT = 16
#: How far down a product is looked for.
DEEPEST = 1000


class Counterfactual:
    """Ranks under other queries than the one that was asked, searched once for each such query and revision."""

    def __init__(self) -> None:
        self._rows: Cache[np.ndarray] = Cache(_KEPT)

    def rank(self, index: Index, vector: np.ndarray, where: Filter, revision: int, row: int) -> int | None:
        """The rank of a row of the catalog under a (d,) query vector; None below the first DEEPEST."""
        vector = vector.astype(np.float32)
        key = revision, where, vector.tobytes()
        rows = self._rows.get_or_make(key, lambda: index.search(vector, DEEPEST, where)[0])
        found = np.flatnonzero(rows == row)
        return int(found[0]) + 1 if found.size else None
