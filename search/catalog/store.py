"""The products in memory, by row, with filters and facets."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from search import checks, images
from search.catalog.columns import to_product
from search.catalog.filter import Filter
from search.catalog.report import ImportReport, RowError
from search.catalog.rows import Row
from search.catalog.sources import Fetch, read
from search.errors import CatalogError, FilterError, InputError, QueryError
from search.schema import FIELDS, Product

#: Fields a shopper narrows by, in the order in which the page shows them.
FACETS = ("category", "colour", "gender", "brand", "material", "pattern")


@dataclass(frozen=True)
class FacetValue:
    """A value of a field and how many products have it under the other filters."""

    value: str
    count: int


class Catalog:
    """Products by row and by id.

    A row is a product's number for as long as the catalog lives: removing leaves a gap, adding
    appends, so that an index may hold rows. Iteration and len() pass over gaps.
    """

    def __init__(
        self,
        products: Iterable[Product],
        *,
        name: str = "catalog",
        source: str | None = None,
        report: ImportReport | None = None,
    ):
        """
        Args:
            name: what people call it.
            source: what Catalog.load was given, for the command that builds an index again.

        Raises:
            InputError: two products have the same id.
        """
        self.name = name
        self.source = source or name
        self._products: list[Product | None] = []
        self._row: dict[str, int] = {}
        self._lock = RLock()
        self._derived: dict[str, Any] = {}  # what follows from the products, until they change
        self._grown: dict[str, tuple[int, Any]] = {}  # what grows with the products, and as of which revision
        #: How often products were added or removed: what was worked out under another number is stale.
        self.revision = 0
        self.add(products)
        self.report = report or ImportReport(len(self))

    @classmethod
    def load(
        cls,
        source: str | Path,
        *,
        mapping: Mapping[str, str] | None = None,
        limit: int | None = None,
        fetch: Fetch = images.fetch,
        progress: Callable[[int], None] | None = None,
    ) -> Catalog:
        """Read a catalog; rows that cannot be used are skipped and named in `report`.

        Further pictures of a product are not opened: a missing one is named in `report.missing_images`, and
        one that turns out to be damaged is left out where it would be shown. Neither costs the product.

        Args:
            source: a folder of pictures (sub-folders become categories) or with one table in it; a
                .csv, .tsv or .parquet file; a .zip of any of these; or "hf:owner/dataset[@split]".
            mapping: field -> column, where the columns have unusual names.
            limit: read this many rows at most.
            fetch: gets the picture at an http(s) address.
            progress: called with the number of rows read so far.

        Raises:
            CatalogError: missing, unreadable, or without a single usable product.
        """
        products: list[Product] = []
        errors: list[RowError] = []
        missing: list[RowError] = []
        seen: dict[str, str] = {}
        for row in read(str(source), mapping, fetch, limit):
            product = _usable(row, seen)
            if isinstance(product, RowError):
                errors.append(product)
                continue
            missing += [RowError(row.where, problem) for problem in row.missing]
            seen[product.id] = row.where
            products.append(product)
            if progress:
                progress(len(products) + len(errors))
        if not products:
            first = f" The first: {errors[0]}" if errors else ""
            raise CatalogError(
                f"{source} holds no usable product ({len(errors)} skipped).{first}",
                "A catalog is a folder of pictures, or a table with a column of pictures.",
                code="catalog_empty",
                source=str(source),
            )
        name = Path(str(source)).stem if not str(source).startswith("hf:") else str(source)[3:]
        report = ImportReport(len(products), tuple(errors), tuple(missing))
        return cls(products, name=name, source=str(source), report=report)

    def __len__(self) -> int:
        return len(self._row)

    def __iter__(self) -> Iterator[Product]:
        return (product for product in self._products if product is not None)

    def __contains__(self, product_id: object) -> bool:
        return product_id in self._row

    @property
    def height(self) -> int:
        """Rows in all, gaps counted: one more than the highest row."""
        return len(self._products)

    def get(self, product_id: str) -> Product:
        """
        Raises:
            QueryError: there is no such product.
        """
        return self.at(self.row(product_id))

    def row(self, product_id: str) -> int:
        """
        Raises:
            QueryError: there is no such product.
        """
        try:
            return self._row[product_id]
        except KeyError:
            near = difflib.get_close_matches(str(product_id), self._row, n=1)
            raise QueryError(
                f"The catalog has no product {product_id!r}.",
                f"Did you mean {near[0]!r}?" if near else "It may have been removed.",
                code="no_product",
                id=product_id,
            ) from None

    def at(self, row: int) -> Product:
        product = self._products[row]
        if product is None:
            raise LookupError(f"row {row} was removed")
        return product

    def find(self, row: int) -> Product | None:
        """The product of a row, None for a gap; for those who do not wait for additions and removals."""
        return self._products[row]

    def rows(self) -> np.ndarray:
        """(n,) int64, the rows that are not gaps, ascending."""
        return np.flatnonzero(self.alive())

    def add(self, products: Iterable[Product]) -> list[int]:
        """Append products; their rows, in order. Nothing is added if one of the ids is taken.

        Raises:
            InputError: an id is taken, by the catalog or twice among the new ones.
        """
        products = list(products)
        taken = [i for i, n in Counter(p.id for p in products).items() if n > 1 or i in self._row]
        if taken:
            raise InputError(
                f"The id {taken[0]!r} is taken ({len(taken)} such).", "Ids are unique.", code="duplicate_id"
            )
        with self._lock:
            start = self.height
            self._products.extend(products)
            self._row.update((product.id, start + at) for at, product in enumerate(products))
            self._derived = {}
            self.revision += 1
            return list(range(start, self.height))

    def remove(self, ids: Iterable[str]) -> list[int]:
        """Remove products; their former rows. Nothing is removed if one of the ids is unknown.

        Raises:
            InputError: the ids are one string, whose letters may be ids too, or no ids.
            QueryError: there is no such product.
        """
        ids = checks.several(ids, "ids to remove", "Give several, as a list.")
        for product_id in ids:
            checks.query_text(product_id, "id")
        ids = list(dict.fromkeys(ids))
        rows = [self.row(product_id) for product_id in ids]
        with self._lock:
            for product_id, row in zip(ids, rows, strict=True):
                del self._row[product_id]
                self._products[row] = None
            self._derived = {}
            self.revision += 1
        return rows

    def drop_damaged(self, problems: Mapping[str, str]) -> None:
        """Remove products whose pictures turned out to be damaged, and say so in the report."""
        self.remove(list(problems))
        errors = tuple(RowError(product_id, problem) for product_id, problem in problems.items())
        self.report = replace(self.report, loaded=len(self), errors=self.report.errors + errors)

    def mask(self, filters: Mapping[str, Any]) -> np.ndarray:
        """(height,) bool: the rows that pass every filter (values of one field combine with "or").

        Values compare without case. "price" takes a pair (lowest, highest); a product without a
        price passes only an open filter.

        Raises:
            FilterError: the catalog has no such field, or a price range is malformed.
        """
        with self._lock:  # the columns of one filter are those of one revision, whoever adds meanwhile
            return self.where(filters).mask

    def where(self, filters: Mapping[str, Any], without: Iterable[str] = ()) -> Filter:
        """The filters on this catalog's columns, for `mask` and for an index; products `without` never pass.

        Raises:
            FilterError: the catalog has no such field, or a price range is malformed.
            QueryError: there is no such product.
        """
        found = Filter.of(filters, self, tuple(self.row(product_id) for product_id in without))
        for condition in found.conditions:
            self._require(condition.field)
        return found

    def facets(
        self, filters: Mapping[str, Any] | None = None, unwanted: np.ndarray | None = None
    ) -> dict[str, list[FacetValue]]:
        """Field -> its values, the most frequent first, counted under the filters on other fields.

        Only fields by which the catalog can be narrowed: those with at least two values. A chosen
        value stays listed even where it counts zero, so that it can be unchosen.

        Args:
            unwanted: (n,) rows that do not count.
        """
        with self._lock:
            return self._facets(dict(filters or {}), unwanted)

    def _facets(self, filters: dict[str, Any], unwanted: np.ndarray | None) -> dict[str, list[FacetValue]]:
        facets = {}
        kept = np.ones(self.height, bool)
        if unwanted is not None:
            kept[unwanted] = False
        for name in FACETS:
            spelt = self._spellings(name)
            if len(spelt) < 2:
                continue
            others = {field: wanted for field, wanted in filters.items() if field != name}
            counts = Counter(self.column(name)[self.mask(others) & kept].tolist())
            counts.pop("", None)
            chosen = filters.get(name) or ()
            for value in (chosen,) if isinstance(chosen, str) else chosen:
                counts.setdefault(str(value).casefold(), 0)
            facets[name] = [
                FacetValue(str(spelt.get(value, value)), count)
                for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            ]
        return facets

    def facet_values(self) -> dict[str, list[str]]:
        """Field -> its values, the most frequent first, for the fields of `facets`."""
        return self._cached(
            "facet values", lambda: {name: [each.value for each in found] for name, found in self.facets().items()}
        )

    def price_span(self) -> tuple[float, float] | None:
        """(lowest, highest) price, or None where no product has one."""

        def span() -> tuple[float, float] | None:
            prices = self.column("price")[self.alive()]
            prices = prices[~np.isnan(prices)]
            return (float(prices.min()), float(prices.max())) if prices.size else None

        return self._cached("price span", span)

    def digest(self) -> str:
        """SHA-256 (hex) of every product's data and first picture, in order: of what search knows."""
        whole = hashlib.sha256()
        for product in self:
            plain = replace(product, image="")
            fields = {name: getattr(plain, name) for name in plain.__dataclass_fields__ if name != "more_images"}
            fields["attributes"] = sorted(plain.attributes.items(), key=lambda item: str(item[0]))
            whole.update(repr(fields).encode())
            whole.update(images.content_hash(product.image))
        return whole.hexdigest()

    def alive(self) -> np.ndarray:
        """(height,) bool: the rows that hold a product."""
        return self._cached("alive", lambda: np.array([product is not None for product in self._products], bool))

    def column(self, name: str) -> np.ndarray:
        """(height,) values of a field: float64 for the price (nan = none), else folded text ("" = none)."""

        def build() -> np.ndarray:
            values = [None if product is None else product.value(name) for product in self._products]
            if name == "price":
                return np.array([np.nan if value is None else value for value in values], np.float64)
            if name == "tags":
                column = np.empty(len(values), object)
                column[:] = [frozenset(tag.casefold() for tag in value or ()) for value in values]
                return column
            return np.array(["" if value is None else str(value).casefold() for value in values], object)

        return self._cached(f"column {name}", build)

    def grown(self, name: str, grow: Callable[[Any], Any]) -> Any:
        """What `grow` makes of this catalog; it is given what it made at an earlier revision, or None, so that it need
        only look at the rows that came since. Called once a revision."""
        with self._lock:
            revision, value = self._grown.get(name, (-1, None))
            if revision != self.revision:
                revision, value = self._grown[name] = self.revision, grow(value)
            return value

    def _cached(self, name: str, build: Callable[[], Any]) -> Any:
        # Of the products as they are now: a reader that began before an `add` must not leave its column behind.
        derived = self._derived
        if name not in derived:
            derived[name] = build()
        return derived[name]

    def _spellings(self, name: str) -> dict[str, str]:
        """Folded value -> as the catalog spells it."""

        def build() -> dict[str, str]:
            values = (product.value(name) for product in self)
            return {str(value).casefold(): str(value) for value in values if value not in (None, "")}

        return self._cached(f"spellings {name}", build)

    def _require(self, name: str) -> None:
        known: list[str] = self._cached(
            "fields", lambda: sorted({*FIELDS, *(key for product in self for key in product.attributes)})
        )
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            raise FilterError(
                f"The catalog has no field {name!r}.",
                f"{hint}It can be filtered by {', '.join(known)}.",
                code="unknown_field",
                field=name,
            )


def _usable(row: Row, seen: Mapping[str, str]) -> Product | RowError:
    """The product of a row, or why there is none; `seen` tells in which row an id already stands."""
    if row.image is None:
        return RowError(row.where, row.problem)
    try:
        product = to_product(row.values, row.fields, row.image, fallback=row.fallback, more_images=row.more_images)
    except InputError as error:
        return RowError(row.where, error.problem)
    if product.id in seen:
        return RowError(row.where, f"The id {product.id!r} already stands in {seen[product.id]}.")
    return product
