"""What the columns say of every product: what a shopper's query is made of and judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np
from numpy.typing import NDArray

from search.catalog import Catalog
from search.lab.benchmark.base import Bools, Strings
from search.lab.train.captions import brand_of
from search.schema import Product

#: A target with so many right products fills the first five places; rarer ones are asked for where fewer than TOO_FEW
#: targets have so many.
ENOUGH, TOO_FEW = 5, 20


@dataclass(frozen=True)
class Goods:
    """The columns of a catalog, folded (lower case, single spaces; "" = unknown), each (n,).

    The first `tested` products are asked for, the others only stand beside them. `brands` are the column's or, where
    there is none, what stands in the title before the word for people ("Puma" of "Puma Men Running Shoes"); a title
    without such a word has the brand that it begins with, if another product has that brand.
    """

    ids: Strings
    kinds: Strings
    colours: Strings
    brands: Strings
    patterns: Strings
    audiences: Strings
    titles: Strings
    titles_zh: Strings
    prices: NDArray[np.float64]  # nan = unknown
    euros: bool  # prices are in euros
    tested: int

    @classmethod
    def of(cls, catalog: Catalog, tested: int | None = None) -> Goods:
        """
        Args:
            tested: how many of the products, from the first, are asked for; all when not given.
        """
        products = list(catalog)

        def column(read: Callable[[Product], object]) -> Strings:
            return np.array([folded(str(read(product) or "")) for product in products])

        return cls(
            ids=np.array([product.id for product in products]),
            kinds=column(lambda p: p.category),
            colours=column(lambda p: p.colour),
            brands=np.array(_brands(products)),
            patterns=column(lambda p: p.pattern),
            audiences=column(lambda p: p.gender),
            titles=column(lambda p: p.title),
            titles_zh=column(lambda p: p.attributes.get("title_zh")),
            prices=np.array([np.nan if p.price is None else p.price for p in products], np.float64),
            euros=any(p.attributes.get("currency") == "EUR" for p in products),
            tested=len(products) if tested is None else tested,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def targets(self, rng: Random, *columns: Strings) -> list[tuple[str, ...]]:
        """Combinations of known values that a product asked for has, and ENOUGH products, in random order.

        Where fewer than TOO_FEW have, the rarer ones follow.
        """
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        counts = Counter(rows)
        found = sorted(key for key in set(rows[: self.tested]) if all(key))
        rng.shuffle(found)
        often = [key for key in found if counts[key] >= ENOUGH]
        return often if len(often) >= TOO_FEW else [*often, *(key for key in found if counts[key] < ENOUGH)]

    def those(self, right: Bools) -> frozenset[str]:
        """The ids of the products for which (n,) `right` holds."""
        return frozenset(self.ids[right].tolist())

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of kinds and titles."""
        return frozenset(word for text in {*self.kinds, *self.titles, *self.colours} for word in str(text).split())


def folded(text: str) -> str:
    """A value as it is compared: lower case, single spaces."""
    return " ".join(text.casefold().split())


def _brands(products: Iterable[Product]) -> list[str]:
    products = list(products)
    named = [folded(product.brand or brand_of(product.title)) for product in products]
    known = set(named) - {""}
    longest = max((len(brand.split()) for brand in known), default=0)
    return [brand or _beginning(folded(p.title), known, longest) for brand, p in zip(named, products, strict=True)]


def _beginning(title: str, known: set[str], longest: int) -> str:
    """The longest known brand that a title begins with, or ""."""
    words = title.split()
    beginnings = (" ".join(words[:count]) for count in range(min(longest, len(words)), 0, -1))
    return next((beginning for beginning in beginnings if beginning in known), "")
