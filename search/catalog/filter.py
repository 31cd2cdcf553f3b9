"""Filters as conditions on columns: a row mask for an index in this process, an expression for a server.

Filter.of({"colour": ["Red", "blue"], "price": (None, 60)}).expression()
== 'colour in ["blue", "red"] and price <= 60'
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from search.errors import FilterError
from search.schema import price_range

#: The column of row numbers, by which single products are left out.
ROW = "row"


class Columns(Protocol):
    """What a filter is answered from; a Catalog is one."""

    def alive(self) -> np.ndarray:
        """(height,) bool: the rows that hold a product."""
        ...

    def column(self, name: str) -> np.ndarray:
        """(height,) values: float64 for the price (nan = none), sets of folded text for tags, else folded text."""
        ...


@dataclass(frozen=True)
class OneOf:
    """The field has one of the `values` (folded, sorted); of a field that holds several (tags), at least one."""

    field: str
    values: tuple[str, ...]

    def mask(self, columns: Columns) -> np.ndarray:
        """(height,) bool."""
        column = columns.column(self.field)
        if self.field == "tags":
            wanted = frozenset(self.values)
            return np.array([not wanted.isdisjoint(tags) for tags in column], bool)
        return np.isin(column, list(self.values))

    def expression(self) -> str:
        values = json.dumps(self.values, ensure_ascii=False)
        return f"array_contains_any(tags, {values})" if self.field == "tags" else f"{_name(self.field)} in {values}"


@dataclass(frozen=True)
class Between:
    """The number lies in [low, high]; a product without the number never passes."""

    field: str
    low: float
    high: float

    def mask(self, columns: Columns) -> np.ndarray:
        """(height,) bool."""
        column = columns.column(self.field)
        return (column >= self.low) & (column <= self.high)

    def expression(self) -> str:
        name = _name(self.field)
        ends = [f"{name} >= {self.low:.12g}"] if self.low > -math.inf else []
        ends += [f"{name} <= {self.high:.12g}"] if self.high < math.inf else []
        return " and ".join(ends)


@dataclass(frozen=True)
class Filter:
    """Products that pass every condition, but for the rows in `without`.

    `columns` is what the rows are numbered by. Two filters are equal that ask for the same.
    """

    conditions: tuple[OneOf | Between, ...] = ()
    without: tuple[int, ...] = ()
    columns: Columns | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, filters: Mapping[str, Any], columns: Columns | None = None, without: tuple[int, ...] = ()) -> Filter:
        """From a Query's filters: field -> accepted values, or for "price" a pair. What asks for nothing is dropped.

        Raises:
            FilterError: a price range is malformed, or a filter is neither a value nor several.
        """
        conditions: list[OneOf | Between] = []
        for name, wanted in filters.items():
            if wanted is None or (hasattr(wanted, "__len__") and len(wanted) == 0 and not isinstance(wanted, str)):
                continue
            if name == "price":
                low, high = price_range(wanted)
                if low > -math.inf or high < math.inf:
                    conditions.append(Between(name, low, high))
            else:
                values = _values(name, wanted)
                conditions.append(OneOf(name, tuple(sorted({str(value).casefold() for value in values}))))
        return cls(tuple(conditions), without, columns)

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.conditions or self.without)

    @cached_property
    def mask(self) -> np.ndarray:
        """(height,) bool: the rows that pass, as of when it is first asked for.

        Raises:
            ValueError: the filter has no columns.
        """
        if self.columns is None:
            raise ValueError("a filter without columns has no rows; make it with Catalog.where")
        passing = self.columns.alive().copy()
        for condition in self.conditions:
            passing &= condition.mask(self.columns)
        passing[list(self.without)] = False
        return passing

    def excluding(self, rows: np.ndarray) -> Filter:
        """This filter without further rows, (m,)."""
        narrowed = replace(self, without=(*self.without, *rows.tolist()))
        mask = self.mask.copy()
        mask[rows] = False
        narrowed.__dict__["mask"] = mask  # the columns need not be asked again
        return narrowed

    def expression(self) -> str:
        """For a server that keeps the columns itself, in the boolean grammar that Milvus and SQL share as far as this
        goes; "" where nothing is left out."""
        said = [condition.expression() for condition in self.conditions]
        said += [f"{ROW} not in {json.dumps(self.without)}"] if self.without else []
        return " and ".join(each for each in said if each)


def _name(field: str) -> str:
    """A field's name as it stands in an expression; an attribute with an unusual name is quoted."""
    return field if field.isidentifier() else json.dumps(field, ensure_ascii=False)


def _values(name: str, wanted: Any) -> list[Any]:
    """The accepted values of a field.

    Raises:
        FilterError: it is neither a value nor several.
    """
    plain = (str, int, float, bool)
    if isinstance(wanted, plain):
        return [wanted]
    several = isinstance(wanted, Iterable) and not isinstance(wanted, (bytes, Mapping))
    values = list(wanted) if several else [wanted]
    if not all(isinstance(value, plain) for value in values):
        raise FilterError(
            f"The filter on {name!r} is {wanted!r}.", "Give a value, or a list of values.", code="bad_filter"
        )
    return values
