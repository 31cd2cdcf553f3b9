"""Several objects in one photo: which one is searched with, a row for each, and results before they are asked for."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest

from search.query.objects import Object
from search.ui import handlers
from search.ui.state import State
from tests.conftest import swatch
from tests.ui.context import make_context

#: A green thing at the left, a red one at the right; the engine's boxes have a digit more than the page's.
GREEN, RED = (0.0, 0.0, 0.4996, 1.0), (0.5004, 0.0, 1.0, 1.0)
ON_PAGE = {"green": (0.0, 0.0, 0.5, 1.0), "red": (0.5, 0.0, 1.0, 1.0)}


@pytest.fixture
def context(engine, tmp_path, monkeypatch):
    """The red thing is the one that a shopper would mean; `room.png` is an upload, "one" a sample."""
    context = make_context(engine, tmp_path)
    photo = swatch("green", (100, 60))
    photo.paste(swatch("red", (50, 60)), (50, 0))
    photo.save(context.uploads / "room.png")
    photo.save(context.samples["one"].path)
    found = (Object(RED), Object(GREEN, name="Cups", certainty=0.9))
    monkeypatch.setattr(context.engine, "objects", lambda image: found)
    monkeypatch.setattr(context.engine, "focus", lambda image: RED)
    yield context
    context.prefetcher.wait()


def memory(page) -> dict:
    return json.loads(unescape(re.search(r'data-page="([^"]*)"', page.results)[1]))


def titles(html: str) -> list[str]:
    return re.findall(r'card__title" title="([^"]*)"', html)


def rows(page) -> dict[str, list[str]]:
    """Heading -> titles of the row under it."""
    found = re.findall(r'<section class="section section--row".*?</section>', page.results, re.S)
    return {re.search(r"<h2[^>]*>([^<]*)<", row)[1]: titles(row) for row in found}


def test_a_photo_is_searched_with_what_a_shopper_means_and_every_object_has_a_dot(context):
    page = handlers.on_search(context, State(upload="room.png"))
    assert memory(page)["state"]["region"] == list(ON_PAGE["red"])
    assert [(thing["box"], thing["label"]) for thing in memory(page)["things"]] == [
        (list(ON_PAGE["green"]), "1 of 2: cup"),
        (list(ON_PAGE["red"]), "2 of 2: object"),
    ]
    assert titles(page.results)[0] == "Red cup"
    assert "like one object in this photo" in page.results


def test_another_object_is_another_search_and_the_page_says_which(context):
    page = handlers.on_search(context, State(upload="room.png", region=ON_PAGE["green"]))
    assert titles(page.results)[0] == "Green cup"
    assert "like the cup in this photo" in page.results
    assert (
        "与图中的" in handlers.on_search(context, State(upload="room.png", region=ON_PAGE["green"], lang="zh")).results
    )


def test_an_object_is_searched_with_by_the_engines_own_box_which_it_has_encoded_already(context, monkeypatch):
    asked = []
    search = context.engine.search
    monkeypatch.setattr(context.engine, "search", lambda query, k: asked.append(query.region) or search(query, k))
    handlers.on_search(context, State(upload="room.png"))
    context.prefetcher.wait()
    handlers.on_search(context, State(upload="room.png", region=(0.1, 0.1, 0.4, 0.4)))
    assert asked[0] == RED
    assert asked[1] == GREEN, "prepared before it is asked for"
    assert asked[2] == (0.1, 0.1, 0.4, 0.4)


def test_a_tap_on_another_object_finds_its_results_ready(context, monkeypatch):
    handlers.on_search(context, State(upload="room.png"))
    context.prefetcher.wait()
    monkeypatch.setattr(context.engine, "search", None)
    page = handlers.on_search(context, State(upload="room.png", region=ON_PAGE["green"]))
    assert titles(page.results)[0] == "Green cup"


def test_what_cannot_be_prepared_stops_nothing(context, monkeypatch):
    search = context.engine.search

    def only_red(query, k):
        assert query.region == RED
        return search(query, k)

    monkeypatch.setattr(context.engine, "search", only_red)
    assert titles(handlers.on_search(context, State(upload="room.png")).results)[0] == "Red cup"
    context.prefetcher.wait()


def test_the_room_is_a_row_for_each_object_under_the_words_and_filters(context):
    page = handlers.on_search(context, State(upload="room.png", room=True))
    assert {heading: found[0] for heading, found in rows(page).items()} == {"Object 2": "Red cup", "Cup": "Green cup"}
    assert list(rows(page)) == ["Object 2", "Cup"], "first what a shopper would mean"
    assert memory(page)["state"]["region"] is None
    assert "like each of the 2 objects in this photo" in page.results
    hats = handlers.on_search(context, State(upload="room.png", room=True, filters={"category": ("Hats",)}))
    assert all(set(found) == {"Red hat", "Blue hat"} for found in rows(hats).values())
    nothing = State(upload="room.png", room=True, filters={"category": ("Cups",), "colour": ("Blue",)})
    assert "Nothing passes these filters" in handlers.on_search(context, nothing).results


def test_a_row_leads_to_the_search_with_its_object(context):
    page = handlers.on_search(context, State(upload="room.png", room=True))
    asked = [json.loads(unescape(part)) for part in re.findall(r'data-see-part="([^"]*)"', page.results)]
    assert [tuple(part) for part in asked] == [ON_PAGE["red"], ON_PAGE["green"]]
    assert "See all: Cup" in page.results


def test_all_of_a_row_is_there_without_another_search(context, monkeypatch):
    handlers.on_search(context, State(upload="room.png", room=True))
    monkeypatch.setattr(context.engine, "search", None)
    assert (
        titles(handlers.on_search(context, State(upload="room.png", region=ON_PAGE["green"])).results)[0] == "Green cup"
    )


def test_a_room_has_no_part_while_no_card_is_open(context):
    page = handlers.on_search(context, State(sample="one", room=True, region=ON_PAGE["green"]))
    assert (memory(page)["state"]["region"], memory(page)["link"]) == (None, "?sample=one&room=yes&lang=en")


def test_a_room_of_a_sample_is_in_the_link_and_one_of_an_upload_is_not(context):
    assert State(sample="one", room=True).link() == "?sample=one&room=yes&lang=en"
    assert State(upload="room.png", room=True).link() == "?lang=en"
    page = handlers.on_open(context, parse_qsl("sample=one&room=yes"))
    assert len(rows(page)) == 2
    assert memory(page)["link"] == "?sample=one&room=yes&lang=en"
    assert State.from_link([("room", "yes"), ("q", "red")]).room is False, "a room needs a photo"


def test_a_card_of_a_row_is_explained_with_that_row(context):
    card = State(sample="one", room=True, region=ON_PAGE["green"], open="cup-green")
    panel = handlers.on_details(context, card)
    assert "room=yes&amp;region=0,0,0.5,1&amp;open=cup-green" in panel
    page = handlers.on_open(context, parse_qsl(unescape(re.search(r'data-link="\?([^"]*)"', panel)[1])))
    assert len(rows(page)) == 2
    assert page.details == panel
    other = handlers.on_details(context, State(sample="one", room=True, region=ON_PAGE["red"], open="cup-green"))
    assert re.findall(r"0\.\d{3}", other) != re.findall(r"0\.\d{3}", panel)


def test_a_photo_of_one_thing_has_no_room(context, monkeypatch):
    monkeypatch.setattr(context.engine, "objects", lambda image: ())
    monkeypatch.setattr(context.engine, "focus", lambda image: None)
    page = handlers.on_search(context, State(upload="room.png", room=True))
    assert rows(page) == {}
    assert (memory(page)["state"]["room"], memory(page)["things"]) == (False, [])
    assert "like this photo" in page.results


def test_a_product_in_the_place_of_a_photo_has_no_dots(context):
    assert memory(handlers.on_search(context, State(like="cup-red")))["things"] == []


def test_a_photo_whose_objects_cannot_be_found_is_one_sentence(context, monkeypatch):
    def broken(image):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(context.engine, "objects", broken)
    page = handlers.on_search(context, State(upload="room.png", region=ON_PAGE["red"]))
    assert "Something went wrong on our side" in page.results
    assert memory(page)["things"] == []
