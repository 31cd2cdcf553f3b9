"""Where a hit would stand if the query had no words."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import numpy as np

from search.cache import Cache
from search.ranking.candidates import candidates
from search.ranking.pipeline import rank_order, scores

if TYPE_CHECKING:
    from search.catalog import Filter
    from search.index import Index
    from search.ranking.context import Context

#: Rankings that are kept: every card that is opened of one result needs the same one.
_KEPT = 16
#: How far down a product is looked for.
DEEPEST = 1000


class Counterfactual:
    """Ranks under other queries than the one that was asked, searched once for each."""

    def __init__(self) -> None:
        self._rows: Cache[np.ndarray] = Cache(_KEPT)

    def rank(self, key: Hashable, ask: Callable[[], Context], index: Index, where: Filter, row: int) -> int | None:
        """The rank of a row of the catalog under another query; None below the first DEEPEST.

        Args:
            key: what tells that query, and the catalog as it is now, from others.
            ask: makes the query, where it was not searched for before.
        """

        def search() -> np.ndarray:
            asked = ask()
            rows = candidates(asked, index, where, DEEPEST)
            found = asked.at(rows, index.vectors(rows.tolist()))
            return rows[rank_order(scores(found), rows)][:DEEPEST]

        found = np.flatnonzero(self._rows.get_or_make((key, where), search) == row)
        return int(found[0]) + 1 if found.size else None
