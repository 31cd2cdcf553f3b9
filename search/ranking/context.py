"""What signals are given: the query, and the products that the index found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.query.fusion import FusedQuery
    from search.schema import Query


@dataclass(frozen=True)
class Context:
    """A query and n products to be scored under it.

    `given` are the query's unit vectors, (d,), by photo, text and exclude; `fused` is what they became.
    `rows` are (n,) rows of the catalog, `products` their (n, d) unit vectors.
    """

    query: Query
    given: Mapping[str, np.ndarray]
    fused: FusedQuery
    catalog: Catalog
    rows: np.ndarray
    products: np.ndarray
    _cosines: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def cosine(self, part: str) -> np.ndarray:
        """(n,) float64: each product's cosine with a part of the query; zeros where the query has no such part."""
        if part not in self._cosines:
            vector = self.given.get(part)
            self._cosines[part] = (
                np.zeros(len(self))
                if vector is None
                else np.asarray(self.products, np.float64) @ np.asarray(vector, np.float64)
            )
        return self._cosines[part]

    def contribution(self, part: str) -> np.ndarray:
        """(n,) float64: what a part of the query vector adds to each product's score."""
        return self.fused.coefficients.get(part, 0.0) * self.cosine(part)

    def column(self, name: str) -> np.ndarray:
        """(n,) values of a field or an attribute: float64 for the price (nan = none), sets of folded text for tags,
        else folded text ("" = none)."""
        return self.catalog.column(name)[self.rows]
