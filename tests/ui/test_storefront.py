"""Which products stand for a department: worked out by hand on a few, and the same every time."""

from __future__ import annotations

import itertools

import pytest

from search import Product
from search.ui.storefront import LONGEST, PICTURES, ROWS, SHORTEST, arrange, diversify, length


def product(id: str, category: str | None = None, colour: str | None = None, department: str | None = None) -> Product:
    return Product(
        id, id, "p.jpg", category, colour=colour, attributes={"department": department} if department else {}
    )


def ids(products) -> list[str]:
    return [product.id for product in products]


def test_a_row_has_every_colour_once_before_it_has_one_twice():
    reds = [product(f"red-{at}", colour="Red") for at in range(6)]
    others = [product("blue", colour="blue"), product("green", colour="green")]
    chosen = diversify([*reds, *others], 5)
    assert [p.colour for p in chosen] == ["Red", "blue", "green", "Red", "Red"]
    assert len(set(ids(chosen))) == 5


def test_within_a_colour_neighbours_are_not_picked_one_after_the_other():
    chosen = ids(diversify([product(str(at), colour="red") for at in range(100)], 4))
    places = sorted(int(id) for id in chosen)
    assert min(b - a for a, b in itertools.pairwise(places)) > 5


def test_a_department_is_shown_by_one_of_every_kind_in_different_colours():
    products = [
        product(f"{kind}-{colour}", kind, colour, "Home")
        for kind in ("mugs", "vases", "lamps")
        for colour in ("red", "blue", "green")
    ]
    department = arrange([*products, product("boot", "boots", "red", "Shoes")]).departments[0]
    assert (department.name, department.count) == ("Home", 9)
    assert [p.category for p in department.products[:3]] == ["lamps", "mugs", "vases"]
    assert len({p.colour for p in department.products[:3]}) == 3
    assert sorted(ids(department.products)) == sorted(ids(products))
    assert [(kind.name, kind.count) for kind in department.categories] == [("lamps", 3), ("mugs", 3), ("vases", 3)]


def test_departments_stand_largest_first_and_what_has_none_last():
    products = [product(str(at), "k", department="small") for at in range(2)]
    products += [product(f"x{at}", "k", department="LARGE" if at else "Large") for at in range(4)]
    products += [product(f"y{at}", "k") for at in range(3)]
    front = arrange(products)
    assert [(each.name, each.count) for each in front.departments] == [("Large", 4), ("small", 2), ("", 3)]
    assert front.department("lARGE").count == 4
    assert front.department("") is None


@pytest.mark.parametrize(
    ("products", "field", "names"),
    [
        ([product("a", "Mugs"), product("b", "Mugs"), product("c", "Hats")], "category", ["Mugs", "Hats"]),
        ([product("a", "Mugs", None, "One"), product("b", "Hats", None, "One")], "category", ["Hats", "Mugs"]),
        ([product("a", None, None, "A"), product("b", None, None, "B"), *map(product, "cdefg")], "", [""]),
        ([product("a", "Mugs"), product("b", "Mugs")], "", [""]),
        ([product("a")], "", [""]),
        ([], "", [""]),
    ],
)
def test_a_catalog_without_departments_is_shown_by_category_and_without_those_as_one(products, field, names):
    front = arrange(products)
    assert (front.field, [each.name for each in front.departments], front.count) == (field, names, len(products))


def test_the_same_catalog_always_has_the_same_storefront():
    products = [product(str(at), f"kind {at % 7}", f"c{at % 5}", f"d{at % 3}") for at in range(200)]
    assert arrange(products) == arrange(list(products))


def test_more_rows_are_shorter_ones():
    assert length(1) == length(6) == LONGEST
    assert length(100) == SHORTEST
    assert ROWS * length(ROWS) <= PICTURES
