"""What a model is adapted to: pictures that shoppers take, and the products they should find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.errors import InputError
from search.metrics import Bools, ranked

if TYPE_CHECKING:
    from search.schema import ImageInput

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Query pictures, catalog pictures, and which of them belong together.

    queries: q pictures (paths, bytes or PIL). items: m pictures of the catalog, the whole gallery. relevant: (q, m)
    bool, whether item j answers query i; every query has one at least, an item may have none.
    """

    queries: Sequence[ImageInput]
    items: Sequence[ImageInput]
    relevant: Bools

    def __post_init__(self) -> None:
        if self.relevant.shape != (len(self.queries), len(self.items)) or self.relevant.dtype != bool:
            raise InputError(
                f"`relevant` is {self.relevant.dtype} {self.relevant.shape}, for {len(self.queries)} queries and "
                f"{len(self.items)} items.",
                "It takes one bool for each query and item.",
            )
        lost = np.flatnonzero(~self.relevant.any(axis=1))
        if len(lost):
            raise InputError(
                f"{len(lost)} of {len(self.queries)} queries have no relevant item, the first is query {lost[0]}.",
                "Leave them out, or add their products to the items.",
            )

    @classmethod
    def of(
        cls,
        queries: Sequence[ImageInput],
        answers: Sequence[str | Iterable[str]],
        items: Sequence[ImageInput],
        ids: Sequence[str],
    ) -> Pairs:
        """Pairs from ids.

        Args:
            answers: for each query the id of its item, or the ids of all that are relevant.
            ids: the id of each item; an id may stand at several items, all of them are relevant then.

        Raises:
            InputError: an answer names no item, or the lengths do not fit.
        """
        if len(queries) != len(answers) or len(items) != len(ids):
            raise InputError(
                f"There are {len(queries)} queries with {len(answers)} answers, and {len(items)} items with {len(ids)} "
                "ids.",
                "Each query takes one answer, each item one id.",
            )
        places: dict[str, list[int]] = {}
        for place, id in enumerate(ids):
            places.setdefault(id, []).append(place)
        relevant = np.zeros((len(queries), len(items)), dtype=bool)
        for row, answer in enumerate(answers):
            for id in [answer] if isinstance(answer, str) else answer:
                if id not in places:
                    raise InputError(f"Query {row} is answered by {id!r}, which is no item.", "Check the ids.")
                relevant[row, places[id]] = True
        return cls(queries, items, relevant)

    def hold_out(self, share: float, seed: int) -> tuple[Rows, Rows]:
        """(rows of queries to train on, rows held out to stop by), drawn at random, sorted; one query each at least.

        Raises:
            InputError: there is only one query.
        """
        count = len(self.queries)
        if count < 2:
            raise InputError(f"There is {count} query; one is needed to train and one to stop by.", "Add queries.")
        order = np.random.default_rng([seed, count]).permutation(count)
        held = min(max(round(share * count), 1), count - 1)
        return np.sort(order[held:]), np.sort(order[:held])

    def ranked(self, queries: NDArray[np.float32], items: NDArray[np.float32]) -> Bools:
        """(q, m) bool, whether the item at each rank is relevant (see metrics.ranked); from (q, d) and (m, d) unit rows."""
        return ranked(queries @ items.T, self.relevant)
