"""What is kept between answers, and when it is not used any more."""

from __future__ import annotations

import builtins
import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from search import Catalog, Product, SearchEngine
from search.ui import handlers
from search.ui.context import KEPT_RESULTS, ResultCache
from search.ui.state import State
from search.ui.thumbs import Thumbnails
from tests.conftest import swatch
from tests.ui.context import make_context


@pytest.fixture
def context(engine, tmp_path):
    return make_context(engine, tmp_path)


def titles(page: str) -> list[str]:
    return re.findall(r'card__title" title="([^"]*)"', page)


def test_a_removed_product_is_not_in_the_answer_that_was_given_before(context):
    assert "Red cup" in titles(handlers.on_search(context, State(text="red")).results)
    context.engine.remove(["cup-red"])
    assert "Red cup" not in titles(handlers.on_search(context, State(text="red")).results)


def test_an_added_product_is_in_the_answer_that_was_given_before(context):
    handlers.on_search(context, State(text="red"))
    context.engine.add([Product("bag-red", "Red bag", swatch("red"), "Bags")])
    assert "Red bag" in titles(handlers.on_search(context, State(text="red")).results)


def test_results_are_kept_by_what_was_asked_and_not_by_how_it_is_shown():
    cache, searched = ResultCache(), []

    def ask(state: State, revision: int = 1) -> int:
        cache.get_or_search(state, revision, lambda: searched.append(state))
        return len(searched)

    assert ask(State(text="a")) == 1
    assert ask(State(text="a", lang="zh", open="p")) == 1
    assert ask(State(text="a", k=12)) == 2
    assert ask(State(text="a"), revision=2) == 3


def test_the_result_that_was_unused_for_longest_goes_first():
    cache, searched = ResultCache(), []

    def ask(at: int) -> None:
        cache.get_or_search(State(text=str(at)), 1, lambda: searched.append(at))

    for at in range(KEPT_RESULTS):
        ask(at)
    ask(0)  # used again: 1 is now the oldest
    ask(KEPT_RESULTS)  # one too many
    assert searched == list(range(KEPT_RESULTS + 1))
    ask(0)
    assert len(searched) == KEPT_RESULTS + 1
    ask(1)
    assert searched[-1] == 1


def test_what_explaining_will_need_is_begun_once_per_search(context, monkeypatch):
    prepared = []
    monkeypatch.setattr(context.engine, "prefetch_explanation", prepared.append)
    handlers.on_search(context, State(sample="one", text="red"))
    handlers.on_details(context, State(sample="one", text="red", open="hat-red"))
    assert [result.query.text for result in prepared] == ["red"]


def on_disk(folder: Path) -> list[Product]:
    folder.mkdir()
    products = []
    for at, colour in enumerate(("red", "green", "blue")):
        path = folder / f"{colour}.png"
        swatch(colour, (40 + at, 40)).save(path)
        products.append(Product(colour, f"{colour} cup", path, "Cups", colour=colour))
    return products


def test_a_second_answer_reads_no_picture(encoder, tmp_path, monkeypatch):
    products = on_disk(tmp_path / "catalog")
    context = make_context(SearchEngine.build(Catalog(products), encoder, cache_dir=None), tmp_path)
    first = handlers.on_search(context, State(text="red"))

    def refuse(file, *args, **kwargs):
        raise AssertionError(f"{file} was read again")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    again = handlers.on_search(context, State(text="red", k=48))
    assert titles(again.results) == titles(first.results)
    assert re.findall(r'src="([^"]*)"', again.results) == re.findall(r'src="([^"]*)"', first.results)
    assert again.rail == first.rail


def test_a_picture_that_changed_gets_another_address(tmp_path):
    thumbnails, path = Thumbnails(tmp_path / "thumbs"), tmp_path / "a.bmp"
    Image.new("RGB", (30, 30), "red").save(path)
    before = thumbnails.url(path)
    assert thumbnails.url(path) == before
    Image.new("RGB", (30, 30), "blue").save(path)  # as many bytes, at another time
    assert thumbnails.url(path) not in (before, None)
    path.unlink()
    assert thumbnails.url(path) is None


def shown(page) -> str:
    return json.loads(unescape(re.search(r'data-page="([^"]*)"', page.results)[1]))["state"]["shown"]


def test_header_and_rail_are_sent_only_when_the_language_or_the_catalog_changed(context):
    first = handlers.on_open(context, [("q", "red")])
    assert first.header is not None
    assert first.rail is not None
    second = handlers.on_search(context, State(text="green"), shown(first))
    assert (second.header, second.rail) == (None, None)
    assert "Green cup" in titles(second.results)
    chinese = handlers.on_search(context, State(text="green", lang="zh"), shown(second))
    assert "产品" in chinese.header or "商品" in chinese.header
    context.engine.remove(["cup-red"])
    fewer = handlers.on_search(context, State(text="green", lang="zh"), shown(chinese))
    assert "3 " in fewer.header
    assert fewer.rail is not None


def test_header_and_rail_are_not_even_drawn_for_a_browser_that_has_them(context, monkeypatch):
    page = handlers.on_open(context, [])
    monkeypatch.setattr("search.ui.render.header", None)
    monkeypatch.setattr("search.ui.render.rail", None)
    assert handlers.on_search(context, State(text="red"), shown(page)).refine


def test_an_answer_that_failed_says_which_header_it_belongs_to(context):
    page = handlers.on_search(context, State(like="nobody"))
    again = handlers.on_search(replace(context), State(text="red"), shown(page))
    assert again.header is None
