"""The storefront before anything is asked: departments, their categories, and which products stand for them.

Pure and deterministic: the same catalog always has the same storefront.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.schema import Product

#: Departments of the storefront, and rows of a department; what is beyond them is reached by name.
ROWS = 12
#: Products on one row, more than a laptop shows side by side.
LONGEST = 12
#: Where there are many rows they are shorter, but still fill a laptop's width.
SHORTEST = 6
#: Pictures in one answer: those of the storefront have to be made when somebody first looks.
PICTURES = 84
#: How far apart the picks of neighbouring colours lie: the golden section never comes back to where it was.
_STEP = 0.6180339887


@dataclass(frozen=True)
class CategoryRow:
    """A category as the catalog spells it ("" for products without one), how many products it has, and
    those that stand for it, as different as they can be."""

    name: str
    count: int
    products: tuple[Product, ...]


@dataclass(frozen=True)
class Department:
    """A department (or a category, where the catalog has no departments; or all products, called "").

    `products` stand for it: one of every category, then a second of each, in different colours.
    `categories` are the largest first; a department that is itself a category has none.
    """

    name: str
    count: int
    products: tuple[Product, ...]
    categories: tuple[CategoryRow, ...] = ()


@dataclass(frozen=True)
class Storefront:
    """All departments, the largest first, what has none (called "") last.

    `field` is what they are told apart by: "department", "category" or "" (one of all products).
    `pairs` are the (colour, category) that the catalog has most of.
    """

    field: str
    count: int
    departments: tuple[Department, ...]
    pairs: tuple[tuple[str, str], ...]

    def department(self, name: str) -> Department | None:
        """The department of that name, compared without case."""
        folded = name.casefold()
        return next((each for each in self.departments if each.name and each.name.casefold() == folded), None)


def arrange(products: Iterable[Product]) -> Storefront:
    """The storefront of a catalog: by department, else by category, else as one.

    A field counts only where it tells at least two groups apart and most products have it.
    """
    products = list(products)
    pairs = Counter((p.colour, p.category) for p in products if p.colour and p.category)
    for field in ("department", "category"):
        groups = _grouped(products, field)
        if len(groups) - ("" in groups) >= 2 and len(groups.get("", ())) * 2 <= len(products):
            departments = tuple(_department(name, group, field) for name, group in groups.items())
            break
    else:
        field, departments = "", (Department("", len(products), tuple(diversify(products, 2 * LONGEST))),)
    return Storefront(field, len(products), departments, tuple(pair for pair, _ in pairs.most_common(50)))


def length(rows: int) -> int:
    """How many products each of so many rows shows."""
    return max(SHORTEST, min(LONGEST, PICTURES // max(rows, 1)))


def diversify(products: Sequence[Product], count: int) -> list[Product]:
    """`count` of the products, one of every colour in turn, the most frequent colour first.

    Within a colour they come from all over the catalog: neighbours there are often one model in many
    colours, and would make a row of twins.
    """
    by_colour = [list(group) for group in _grouped(products, "colour").values()]
    chosen: list[Product] = []
    at = 0
    while len(chosen) < min(count, len(products)):
        for group in by_colour:
            if group and len(chosen) < count:
                chosen.append(group.pop(int(at * _STEP % 1 * len(group))))
            at += 1
    return chosen


def _grouped(products: Iterable[Product], field: str) -> Mapping[str, list[Product]]:
    """Value as it is first spelt -> products, the largest group first; those without a value ("") last."""
    groups: dict[str, list[Product]] = {}
    spelt: dict[str, str] = {}
    for product in products:
        value = str(product.value(field) or "").strip()
        folded = value.casefold()
        spelt.setdefault(folded, value)
        groups.setdefault(folded, []).append(product)
    order = sorted(groups, key=lambda folded: (not folded, -len(groups[folded]), folded))
    return {spelt[folded]: groups[folded] for folded in order}


def _department(name: str, products: Sequence[Product], field: str) -> Department:
    if field == "category":
        return Department(name, len(products), tuple(diversify(products, LONGEST)))
    categories = tuple(
        CategoryRow(category, len(group), tuple(diversify(group, LONGEST)))
        for category, group in _grouped(products, "category").items()
    )
    return Department(name, len(products), tuple(_one_of_each(categories, LONGEST)), categories)


def _one_of_each(categories: Sequence[CategoryRow], count: int) -> list[Product]:
    """A product of every category, then a second of each: every time one in a colour that is rare so far."""
    left = [list(category.products) for category in categories]
    colours: Counter[str] = Counter()
    chosen: list[Product] = []
    while any(left) and len(chosen) < count:
        for products in left:
            if products and len(chosen) < count:
                best = min(products, key=lambda product: colours[str(product.colour).casefold()])
                products.remove(best)
                colours[str(best.colour).casefold()] += 1
                chosen.append(best)
    return chosen
