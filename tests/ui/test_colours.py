"""An opened card offers the same in the colours that there are, and in no others."""

from __future__ import annotations

import re

import pytest

from search import Catalog, Product
from search.ui import handlers, render
from search.ui.locale import Words
from search.ui.render.colours import MOST, Colour, dot, other_colours
from search.ui.state import State
from tests.ui.context import make_context

EN, ZH = Words("en"), Words("zh")


def mug(
    number: int, colour: str | None, brand: str = "Maren", category: str | None = "Mugs", **attributes: str
) -> Product:
    return Product(f"p{number}", "Mug", "p.jpg", category, brand=brand, colour=colour, attributes=attributes)


def names(catalog: list[Product], words: Words = EN) -> list[str]:
    return [colour.name for colour in other_colours(words, Catalog(catalog), catalog[0])]


def test_the_colours_are_those_of_the_same_kind_with_its_own_first():
    assert names([mug(1, "Red"), mug(2, "Blue"), mug(3, "green", category="Bowls"), mug(4, "Blue")]) == ["Red", "Blue"]


def test_the_same_model_goes_first_then_the_brand_then_what_there_is_most_of():
    others = [mug(2, "white", "Other"), mug(3, "white", "Other"), mug(4, "grey", "Other")]
    brand = [mug(5, "blue"), mug(6, "blue"), mug(7, "black")]
    model = [mug(8, "green", model="Loop")]
    first = mug(1, "red", model="Loop")
    assert names([first, *others, *brand, *model]) == ["Red", "Green", "Blue", "Black", "White", "Grey"]


def test_without_another_colour_or_a_kind_there_is_nothing_to_offer():
    assert names([mug(1, "red"), mug(2, "red"), mug(3, None)]) == []
    assert names([mug(1, "red", category=None), mug(2, "blue", category=None)]) == []


def test_a_product_without_a_colour_is_offered_in_those_of_the_others():
    found = other_colours(EN, Catalog([mug(1, None), mug(2, "blue")]), mug(1, None))
    assert found == [Colour("Blue", "blue", dot("blue"))]


def test_no_more_colours_than_can_be_seen_at_once():
    shades = ["blue", "green", "white", "black", "grey", "pink", "brown", "gold", "silver", "beige"]
    assert len(names([mug(0, "red"), *(mug(at, shade) for at, shade in enumerate(shades, 1))])) == MOST + 1


def test_a_product_that_went_away_takes_its_colour_with_it():
    catalog = Catalog([mug(1, "red"), mug(2, "blue"), mug(3, "green")])
    catalog.remove(["p2"])
    assert [colour.name for colour in other_colours(EN, catalog, mug(1, "red"))] == ["Red", "Green"]


@pytest.mark.parametrize(
    ("value", "like"), [("Navy Blue", "navy"), ("wine", "maroon"), ("红色", "red"), ("fluorescent green", "green")]
)
def test_a_colour_without_a_dot_of_its_own_has_its_familys(value, like):
    assert dot(value) == dot(like)


def test_a_word_that_is_no_colour_has_no_dot():
    assert dot("zorp") is None


def test_each_colour_is_a_button_with_a_name_that_asks_in_the_readers_words():
    product = mug(1, "red")
    catalog = Catalog([product, mug(2, "navy blue")])
    page = render.details(ZH, product, None, "?", colours=other_colours(ZH, catalog, product))
    assert re.search(
        r'<button type="button" class="colour" data-in="藏青色" data-of="p1" aria-label="同款藏青色">', page
    )
    assert len(re.findall("colour--own", page)) == 1
    assert "（这一件）" in page.split("colour--own")[1].split("</span></span>")[0]


@pytest.mark.parametrize("state", [State(open="hat-red"), State(text="hat", open="hat-red")])
def test_cards_of_the_shop_and_of_a_search_offer_them(engine, tmp_path, state):
    page = handlers.on_details(make_context(engine, tmp_path), state)
    offered = re.findall(r'data-in="([^"]*)"', page)
    alike = [product for product in engine.catalog if product.category == engine.catalog.get("hat-red").category]
    assert set(offered) == {product.colour.casefold() for product in alike} - {"red"}
