"""The page opens before the engine, and goes on by itself when the engine is there."""

from __future__ import annotations

import socket
import sys
import threading
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace

import gradio as gr
import pytest

import app
from search import ui
from search.errors import CatalogError
from search.schema import Query
from search.settings import Settings
from search.ui import PendingEngine
from search.ui.start import warm_up
from tests.conftest import swatch


@pytest.fixture
def settings(tmp_path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(catalog="toy", cache_dir=tmp_path, samples=None, port=port)


@pytest.fixture
def pending() -> Iterator[PendingEngine]:
    """Nobody waits for it any longer when the test is over."""
    engine = PendingEngine()
    yield engine
    if not engine.wait_at_most(0):
        engine.failed(CatalogError("The test is over."))


def event(page, name: str):
    """The function behind an event of the page."""
    return next(each.fn for each in page.fns.values() if each.api_name == name)


def answer_of(page, text: str) -> str:
    """What the HTTP API refuses some words with; "nothing" where it does not answer."""
    said = ["nothing"]

    def ask() -> None:
        with pytest.raises(gr.Error) as caught:
            event(page, "search")(text)
        said.append(caught.value.message)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(10)
    return said[-1]


def visitor(**params: str) -> SimpleNamespace:
    return SimpleNamespace(query_params=SimpleNamespace(multi_items=lambda: list(params.items())))


def test_the_page_is_served_with_its_skeleton_before_the_engine_is_there(pending, settings):
    page = ui.build(pending, settings)
    try:
        address = ui.serve(page, settings)
        with urllib.request.urlopen(address, timeout=20) as answer:
            shell = answer.read().decode()
    finally:
        page.close(verbose=False)
    assert "card card--skeleton" in shell
    assert "top__brand" in shell
    assert "photo__empty" in shell


def test_who_waits_hears_how_far_it_is_and_then_gets_the_page(pending, engine, settings, monkeypatch):
    monkeypatch.setattr("search.ui.layout._PATIENCE", 0.01)
    answers = event(ui.build(pending, settings), "open")(visitor(q="green"))
    assert "This page goes on by itself" in next(answers)[3]
    pending.report(120, 754)
    assert "120 of 754 pictures" in next(answers)[3]
    pending.ready(engine)
    *_, last = answers
    assert 'title="Green cup"' in last[3]
    assert "4 products" in last[0]


def test_who_waits_hears_it_in_the_language_of_the_link(pending, settings, monkeypatch):
    monkeypatch.setattr("search.ui.layout._PATIENCE", 0.01)
    answers = event(ui.build(pending, settings), "open")(visitor(lang="zh"))
    assert "页面会自动继续" in next(answers)[3]


def test_what_is_asked_before_the_engine_is_there_is_answered_when_it_is(pending, engine, settings):
    search, answers = event(ui.build(pending, settings), "search"), []
    asking = [threading.Thread(target=lambda: answers.append(search("green", k=1))) for _ in range(2)]
    for thread in asking:
        thread.start()
    asking[0].join(0.05)
    assert answers == []
    pending.ready(engine)
    for thread in asking:
        thread.join(30)
    assert [answer["hits"][0]["id"] for answer in answers] == ["cup-green"] * 2


def test_an_engine_that_cannot_be_opened_behind_the_page_is_one_sentence_and_exit_code_2(
    settings, tmp_path, monkeypatch, capsys
):
    empty = tmp_path / "empty.csv"
    empty.write_text("id,title,image\n")
    pages, build = [], ui.build
    monkeypatch.setattr(sys.modules["search.ui.start"], "build", lambda *args: pages.append(build(*args)) or pages[-1])
    arguments = ["--catalog", str(empty), "--port", str(settings.port), "--cache-dir", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["app.py", *arguments])
    try:
        assert app.main() == 2
        assert len(pages) == 1, "the page was there already"
        assert answer_of(pages[0], "red") == "empty.csv has no rows. A catalog needs at least one product."
    finally:
        for page in pages:
            page.close(verbose=False)
    said = capsys.readouterr().err.strip()
    assert said == "empty.csv has no rows. A catalog needs at least one product."


def test_who_waits_for_an_engine_that_fails_gets_the_error(pending):
    pending.failed(CatalogError("It is empty."))
    assert pending.wait_at_most(0)
    with pytest.raises(CatalogError, match="It is empty"):
        pending.wait()


def test_what_is_made_once_is_made_before_the_first_visitor_asks(engine):
    """The text tower read the catalog's kinds and colours for the first photo; for the next it reads nothing."""
    read = []
    encode = engine.encoder.encode_texts
    engine.encoder.encode_texts = lambda texts: read.append(list(texts)) or encode(texts)
    warm_up(engine)
    assert len(read) > 1
    read.clear()
    engine.search(Query(image=swatch("green")))
    assert read == []
