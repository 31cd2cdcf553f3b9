"""A state, its link and its message say the same."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from search.ui.state import State


def opened(link: str) -> State:
    return State.from_link(parse_qsl(link.removeprefix("?"), keep_blank_values=True))


FULL = State(
    text="red & blue",
    correct=False,
    exclude=("stripes", "皮革"),
    sample="scene-1",
    read_photo=False,
    region=(0.1, 0.2, 0.75, 1.0),
    balance=0.7,
    k=48,
    filters={"category": ("Mugs", "Vases"), "colour": ("red",), "price": (None, 60.0)},
    lang="zh",
    open="mug-001",
)


def test_a_link_opens_the_state_it_was_made_from():
    assert opened(FULL.link()) == FULL


def test_a_message_brings_back_the_state_it_was_made_from():
    assert State.from_message(FULL.message()) == FULL


def test_a_link_says_only_what_is_not_usual():
    assert State(text="mug").link() == "?q=mug&lang=en"
    assert State().link() == "?lang=en"


def test_an_uploaded_photo_is_never_in_the_link():
    state = State(upload="/tmp/gradio/secret/me.jpg", region=(0, 0, 0.5, 0.5), text="in red")
    assert state.link() == "?q=in%20red&lang=en"
    assert opened("?upload=/etc/passwd").upload is None


@pytest.mark.parametrize(
    "link",
    [
        "?k=1000000&balance=nan&region=1,2,3&price=abc&lang=xx",
        "?k=-1&balance=&region=0.9,0,0.1,1&price=-&sample=",
        "?k=inf&region=a,b,c,d&sample=x&price=--&category=",
    ],
)
def test_what_makes_no_sense_becomes_the_default(link):
    state = opened(link)
    assert (state.k, state.balance, state.region, state.lang) == (24, 0.5, None, "en")
    assert dict(state.filters) == {}


@pytest.mark.parametrize(
    "message", [{"filters": 5}, {"exclude": {}, "region": "ab"}, {"text": 7, "filters": {"price": "x"}}]
)
def test_a_message_of_the_wrong_shape_is_an_empty_state(message):
    assert State.from_message(message) == State()


def test_a_price_range_typed_the_wrong_way_round_is_turned():
    assert State.from_message({"filters": {"price": [60, 10]}}).filters["price"] == (10, 60)


def test_only_one_thing_stands_in_for_the_photo():
    state = State.from_message({"upload": "a", "sample": "b", "like": "c"})
    assert (state.upload, state.sample, state.like) == ("a", None, None)


def test_filters_alone_are_not_a_query():
    assert not State(filters={"category": ("Mugs",)}).has_query
    assert State(text="mug").has_query
    assert State(like="mug-001").has_query


def test_the_wish_for_the_words_as_typed_is_in_the_link_only_with_words():
    assert State(text="haedphones", correct=False).link() == "?q=haedphones&correct=no&lang=en"
    assert State(correct=False).link() == "?lang=en"


def test_more_results_than_the_rail_offers_stay_in_the_link():
    assert opened("?k=72").k == 72
    assert opened("?k=481").k == opened("?k=11").k == 24


def test_halves_of_characters_are_replaced_so_that_every_state_has_a_link():
    state = State.from_message({"text": "red \ud800", "exclude": ["\udfff"], "open": "\ud800"})
    assert (state.text, state.exclude, state.open) == ("red \ufffd", ("\ufffd",), "\ufffd")
    assert "q=red%20%EF%BF%BD" in state.link()
