"""A filter is a row mask here and an expression elsewhere, and both say the same."""

import ast
import math
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from search import Catalog, Product
from search.catalog import Filter
from search.catalog.filter import Between, OneOf
from search.errors import FilterError, QueryError
from tests.conftest import swatch, toy_products

ROWS = [
    Product("a", "Red cup", b"", colour="Red", price=10.0, tags=("New", "gift"), attributes={"season": "Summer"}),
    Product("b", "Blue cup", b"", colour="blue", price=60.0, tags=("gift",)),
    Product("c", "Red hat", b"", colour="red", price=None, attributes={"season": "Winter", "heel height": "high"}),
    Product("d", "Grey hat", b"", colour='say "grey"'),
]


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(ROWS)


CASES = [
    ({}, "", "abcd"),
    ({"colour": ["RED", "blue"]}, 'colour in ["blue", "red"]', "abc"),
    ({"colour": "red"}, 'colour in ["red"]', "ac"),
    ({"price": (None, 60)}, "price <= 60", "ab"),
    ({"price": (10.5, 60)}, "price >= 10.5 and price <= 60", "b"),
    ({"price": (None, None)}, "", "abcd"),
    ({"tags": ["new", "sale"]}, 'array_contains_any(tags, ["new", "sale"])', "a"),
    ({"season": ["summer"], "colour": ["red"]}, 'season in ["summer"] and colour in ["red"]', "a"),
    ({"heel height": ["high"]}, '"heel height" in ["high"]', "c"),
    ({"colour": ['say "grey"']}, r'colour in ["say \"grey\""]', "d"),
    ({"colour": [], "season": None}, "", "abcd"),
]


@pytest.mark.parametrize(("filters", "expression", "passing"), CASES)
def test_a_filter_says_the_same_as_a_mask_and_as_an_expression(catalog, filters, expression, passing):
    found = catalog.where(filters)
    assert found.expression() == expression
    assert "".join(catalog.at(row).id for row in np.flatnonzero(found.mask)) == passing
    assert bool(found) is bool(expression)
    assert [answers(expression, catalog, row) for row in range(4)] == found.mask.tolist()


def answers(expression: str, catalog: Catalog, row: int) -> bool:
    """What a server would answer for one row: the expression read as the small grammar that it is."""
    if not expression:
        return True
    columns = {name: catalog.column(name)[row] for name in ("colour", "season", "heel height", "price", "tags")}
    python = re.sub(r"array_contains_any\(tags, (\[.*?\])\)", r"bool(set(\1) & tags)", expression)
    python = python.replace('"heel height" in', "heel_height in")
    names = {name.replace(" ", "_"): value for name, value in columns.items()} | {"row": row}
    ast.parse(python, mode="eval")
    return bool(eval(python, {"__builtins__": {"set": set, "bool": bool}}, names))


def test_single_products_are_left_out_by_their_row(catalog):
    found = catalog.where({"colour": ["red"]}, without=["a"])
    assert found.expression() == 'colour in ["red"] and row not in [0]'
    assert np.flatnonzero(found.mask).tolist() == [2]
    assert Filter(without=(0, 3)).expression() == "row not in [0, 3]"
    with pytest.raises(QueryError):
        catalog.where({}, without=["nobody"])


def test_a_removed_product_passes_nothing(catalog):
    catalog.remove(["b"])
    assert np.flatnonzero(catalog.where({}).mask).tolist() == [0, 2, 3]


def test_filters_that_ask_for_the_same_are_equal_and_can_be_keys(catalog):
    one, other = catalog.where({"colour": ["Red", "blue"]}), Filter.of({"colour": {"blue", "RED", "red"}})
    assert one == other
    assert {one: 1}[other] == 1
    assert one != catalog.where({"colour": ["red"]})
    assert one != catalog.where({"colour": ["Red", "blue"]}, without=["a"])


def test_conditions_are_plain_values():
    found = Filter.of({"price": (None, 5), "floors": 3})
    assert found.conditions == (Between("price", -math.inf, 5.0), OneOf("floors", ("3",)))


def test_a_filter_without_columns_has_no_rows_and_an_unknown_field_is_refused(catalog):
    with pytest.raises(ValueError, match="without columns"):
        _ = Filter.of({"colour": ["red"]}).mask
    with pytest.raises(FilterError, match="no field 'size'"):
        catalog.where({"size": ["L"]})


def test_a_filter_leaves_the_catalogs_own_rows_as_they_are():
    catalog = Catalog(toy_products())
    assert catalog.where({"category": "Hats"}).mask.sum() == 2
    assert catalog.alive().all()
    assert catalog.mask({}).sum() == 4


@pytest.mark.parametrize("wanted", [{"a": 1}, b"red", 5j, [["red"]], [None]])
def test_a_filter_that_is_neither_a_value_nor_several_is_refused(wanted):
    with pytest.raises(FilterError, match="Give a value, or a list of values"):
        Catalog(toy_products()).where({"colour": wanted})


def test_columns_of_one_filter_are_those_of_one_revision_while_others_add_and_remove():
    catalog, stop = Catalog(toy_products()), Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            catalog.add([Product(f"new-{number}", "New cup", swatch("red"), "Cups", colour="Red", price=5.0)])
            catalog.remove([f"new-{number}"])

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        for _ in range(300):
            assert catalog.mask({"category": "Cups", "colour": "Red", "price": (None, 50)}).sum() in (1, 2)
            assert catalog.facets()["category"]
        stop.set()
        changing.result(5)
