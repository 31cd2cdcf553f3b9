"""What the words say and what was set before become one query."""

from __future__ import annotations

import pytest

from search.errors import EmptyQueryError
from search.lexicon.tokens import listed
from search.query.parse import MOST_ASPECTS
from search.query.resolve import resolve
from search.schema import MAX_EXCLUSIONS, Query
from tests.query.shop import vocabulary


@pytest.mark.parametrize(
    ("words", "before", "price"),
    [
        ("mug under 20", None, (None, 20.0)),
        ("mug under 20", (10, 40), (10.0, 20.0)),  # both can be met
        ("mug under 20", (20, 40), (20.0, 20.0)),  # at one price
        ("watch over 100", (10, 20), (100.0, None)),  # they cannot: what was typed is the newer wish
        ("mug", (10, 20), (10, 20)),
    ],
)
def test_a_price_in_the_words_and_one_that_was_set(words, before, price):
    query, _ = resolve(Query(text=words, filters={"price": before} if before else {}), prices=True)
    assert query.filters["price"] == price


@pytest.mark.parametrize(
    ("words", "exclude", "price", "sort"),
    [
        ("不要条纹", ("条纹",), None, ""),
        ("not leather", ("leather",), None, ""),
        ("something without leather please", ("leather",), None, ""),
        ("under 60", (), (None, 60.0), "price"),
        ("I want something under 60", (), (None, 60.0), "price"),
        ("cheap things", (), None, "price"),
        ("not leather under 60", ("leather",), (None, 60.0), ""),
    ],
)
def test_words_that_only_say_what_to_leave_out_or_what_it_may_cost_leave_a_query_without_text(
    words, exclude, price, sort
):
    query, parsed = resolve(Query(text=words))
    assert (query.text, query.exclusions, query.filters.get("price"), parsed.sort) == ("", exclude, price, sort)
    assert parsed.original == words


@pytest.mark.parametrize("words", ["", "  "])
def test_a_query_that_says_nothing_at_all_is_refused(words):
    with pytest.raises(EmptyQueryError) as refused:
        resolve(Query(text=words))
    assert refused.value.code == "empty_query"


def test_a_price_in_another_currency_is_said_and_not_applied():
    query, parsed = resolve(Query(text="100元以下的马克杯"), vocabulary())
    assert (query.text, dict(query.filters)) == ("马克杯", {})
    assert (parsed.foreign_price, parsed.currency, parsed.price) == ((None, 100), "CNY", None)
    assert resolve(Query(text="mugs under €40"), vocabulary())[0].filters["price"] == (None, 40.0)


def test_what_was_typed_is_searched_for_where_somebody_asks_for_that():
    query, parsed = resolve(Query(text="red mgu"), vocabulary())
    assert (query.text, [(c.typed, c.meant, c.span) for c in parsed.corrections]) == (
        "red mug",
        [("mgu", "mug", (4, 7))],
    )
    query, parsed = resolve(Query(text="red mgu", correct=False), vocabulary())
    assert (query.text, parsed.corrections, parsed.unknown) == ("red mgu", (), ("mgu",))


def test_what_is_asked_for_twice_counts_once_and_no_more_is_read_than_anybody_asks():
    _, parsed = resolve(Query(text="red " * 400 + "mug", exclude=["blue", "blue "]), vocabulary())
    assert [(each.name, each.excluded) for each in parsed.aspects] == [
        ("colour", False), ("kind", False), ("colour", True),
    ]  # fmt: skip
    colours = listed("red not blue green black white navy pink orange yellow grey brown purple beige gold")
    _, parsed = resolve(Query(text=" ".join(colours)), vocabulary())
    assert len(parsed.aspects) == MOST_ASPECTS
    _, parsed = resolve(Query(text='"?" "red" "→" ' + " ".join(f'"w{n}"' for n in range(9))), vocabulary())
    assert parsed.phrases == ("red", "w0", "w1", "w2", "w3")


def test_exclusions_in_the_words_and_beside_them_together_are_no_error():
    said = " ".join(f"not w{n}" for n in range(60))
    query, _ = resolve(Query(text=f"mug {said}", exclude=[f"v{n}" for n in range(45)]), vocabulary())
    assert len(query.exclusions) == MAX_EXCLUSIONS
    assert query.exclusions[:2] == ("v0", "v1")


def test_what_is_left_out_in_words_and_beside_them_is_left_out_once():
    query, parsed = resolve(Query(text="mug without stripes", exclude=("stripes", "red")), vocabulary())
    assert query.exclusions == ("stripes", "red")
    assert [aspect.text for aspect in parsed.aspects if aspect.excluded] == ["stripes", "red"]
