"""A tab is one function and one template."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from html import unescape

import pytest

from search.ui import handlers, render, tabs
from search.ui.locale import Words
from search.ui.state import State
from search.ui.tabs import tab
from tests.ui.context import make_context


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    """Tabs that a test adds are gone after it."""
    tabs.every()
    monkeypatch.setattr(tabs, "_TABS", dict(tabs._TABS))


@pytest.fixture
def context(engine, tmp_path):
    return replace(make_context(engine, tmp_path), templates=render.environment(tmp_path))


def add_price_tab(folder):
    """The whole of a new tab; a test holds it under twenty lines."""

    @tab("prices", order=40)
    def prices(context, state):
        priced = [product for product in context.engine.catalog if product.price]
        return context.render("prices.html", words=Words(state.lang), products=priced)

    (folder / "prices.html").write_text(
        "<ul>{% for product in products %}<li>{{ words.title(product) }}: {{ words.price(product) }}</li>{% endfor %}</ul>"
    )


def test_one_tab_shows_no_bar(context):
    page = handlers.on_open(context, [])
    assert "data-tab=" not in page.header
    assert tabs.find("search").order == 10


def test_a_tab_of_under_twenty_lines_is_drawn_and_reached_by_its_link(context, tmp_path):
    assert len(inspect.getsource(add_price_tab).splitlines()) < 20
    add_price_tab(tmp_path)
    first = handlers.on_open(context, [])
    links = re.findall(r'href="([^"]*)" data-tab="([^"]*)"( aria-current="page")?>([^<]*)<', first.header)
    assert links == [
        ("?lang=en", "search", ' aria-current="page"', "Search"),
        ("?tab=prices&amp;lang=en", "prices", "", "Prices"),
    ]
    page = handlers.on_open(context, [("tab", "prices"), ("lang", "en")])
    assert "<li>Green cup: 20</li>" in page.results
    assert 'data-tab="prices" aria-current="page"' in page.header
    assert '"tab":"prices"' in unescape(page.results)
    assert page.refine == ""


def test_a_tab_that_fails_says_so_and_the_way_back_stays(context, caplog):
    @tab("broken", order=90)
    def broken(context, state):
        raise RuntimeError("secret detail")

    page = handlers.on_search(context, State(tab="broken"))
    assert "Something went wrong on our side" in page.results
    assert "secret detail" not in page.results
    assert 'data-tab="search"' in page.header


def test_a_tab_that_does_not_exist_is_the_search(context):
    page = handlers.on_open(context, [("tab", "nowhere"), ("q", "green")])
    assert 'card__title" title="Green cup"' in page.results
    assert '"tab":"search"' in unescape(page.results)


def test_two_tabs_cannot_have_one_name():
    with pytest.raises(ValueError, match="two tabs called 'search'"):
        tab("search", order=1)(lambda context, state: "")
