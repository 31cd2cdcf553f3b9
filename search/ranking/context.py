"""What signals are given: the query as it was understood, and the products to be scored under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from search.catalog.aspects import ProductAspects
from search.index.keywords import Keywords
from search.query.photo import NOTHING, PhotoReading, Reading

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.query.fusion import FusedQuery
    from search.schema import Aspect, Query

T = TypeVar("T")
_NO_ROWS = np.zeros(0, np.int64)
_NO_VECTORS = np.zeros((0, 0), np.float32)


@dataclass(frozen=True)
class Context:
    """A query and n products to be scored under it.

    `given` are the query's unit vectors, (d,), by photo, text and exclude; `fused` is what they became. `rows` are (n,)
    rows of the catalog, `products` their (n, d) unit vectors. `aspects` are all that is asked for, by words and photo;
    `typed` is the text as it was typed, `photo` what is seen in the photo, `sort` how hits that meet the words are sorted
    (search.query.parse.ParsedQuery.sort).
    """

    query: Query
    given: Mapping[str, np.ndarray]
    fused: FusedQuery
    catalog: Catalog
    rows: np.ndarray = field(default_factory=lambda: _NO_ROWS)
    products: np.ndarray = field(default_factory=lambda: _NO_VECTORS, repr=False)
    aspects: tuple[Aspect, ...] = ()
    typed: str = ""
    photo: PhotoReading = NOTHING
    sort: str = ""
    _cosines: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    _once: dict[str, object] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, rows: np.ndarray, products: np.ndarray = _NO_VECTORS) -> Context:
        """The same query with other products; without their vectors only signals that need none can be asked."""
        return replace(self, rows=rows, products=products, _cosines={})

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

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a query, whatever the products."""
        if name not in self._once:
            self._once[name] = make()
        return self._once[name]  # type: ignore[return-value]

    def closeness(self, aspect: Aspect) -> np.ndarray:
        """(height,) how close every row of the catalog is to an aspect, 0 where it says nothing; once for a query."""

        def compare() -> np.ndarray:
            found = self.says.closeness(aspect, np.arange(self.catalog.height))
            found[np.isnan(found)] = 0.0
            return found

        return self.once(f"closeness {aspect}", compare)

    @cached_property
    def says(self) -> ProductAspects:
        """What the catalog's products say."""
        return ProductAspects.of(self.catalog)

    @cached_property
    def keywords(self) -> Keywords:
        """The catalog's keywords."""
        return Keywords.of(self.catalog)

    @property
    def photo_kind(self) -> Reading | None:
        """What was read of the photo's kind; None where nothing was, or where the words name a kind, which override it."""
        return None if any(each.name == "kind" for each in self.wanted) else self.photo.readings.get("kind")

    @property
    def wanted(self) -> tuple[Aspect, ...]:
        """The aspects that the words ask for."""
        return tuple(each for each in self.aspects if not each.excluded and each.source == "words")

    @property
    def unwanted(self) -> tuple[Aspect, ...]:
        """The aspects that must not be there."""
        return tuple(each for each in self.aspects if each.excluded)

    def side(self, name: str) -> float:
        """What the balance multiplies signals of one side ("photo" or "words") by; 1 where the query has only one."""
        if not {"photo", "text"} <= self.given.keys():
            return 1.0
        return 2 * (1 - self.query.balance) if name == "photo" else 2 * self.query.balance

    def without_words(self, fused: FusedQuery) -> Context:
        """The query that would be left without its words; `fused` is the query vector that it would have."""
        given = {name: vector for name, vector in self.given.items() if name != "text"}
        kept = tuple(each for each in self.aspects if each.excluded or each.source != "words")
        query = replace(self.query, text="")
        return replace(self, query=query, given=given, fused=fused, aspects=kept, typed="", _cosines={}, _once={})
