"""The whole page: the tab that a state names, and the header and rail around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from search.ui import render, tabs
from search.ui.context import AppContext, PageFragments
from search.ui.handlers.common import problem, shell_key, view_of
from search.ui.locale import Words
from search.ui.render.shell import TabLink
from search.ui.state import State

#: Photos in the rail's strip: the first of scenes.csv, in its order.
SAMPLES = 12


def on_open(context: AppContext, params: Iterable[tuple[str, str]]) -> PageFragments:
    """The page as a link describes it.

    Args:
        params: (name, value) of the link's query.
    """
    return on_search(context, State.from_link(params, context.lang))


def on_search(context: AppContext, state: State, shown: str = "") -> PageFragments:
    """The page for a state: ranked products, the storefront, another tab, or a sentence that says what went wrong.

    Args:
        shown: names the header and rail that the browser has; they are drawn only if others belong to the state.
    """
    tab = tabs.find(state.tab)
    state = replace(state, tab=tab.name)
    page = _drawn(context, tab, state)
    if shown == shell_key(context, state):
        return page
    words = Words(state.lang)
    return replace(page, header=_header(context, words, state), rail=render.rail(words, _strip(context, words)))


def _drawn(context: AppContext, tab: tabs.Tab, state: State) -> PageFragments:
    """What the tab draws, without header and rail."""
    try:
        drawn = tab.draw(context, state)
        if isinstance(drawn, PageFragments):
            return drawn
        results = render.panel(view_of(context, state), tab.name, tab.label(Words(state.lang)), drawn)
    except Exception as error:
        results = render.failure(view_of(context, state), problem(Words(state.lang), error))
    return PageFragments(None, None, "", results)


def _header(context: AppContext, words: Words, state: State) -> str:
    links = [TabLink(tab.name, tab.label(words), State(tab=tab.name, lang=state.lang).link()) for tab in tabs.every()]
    catalog = context.engine.catalog
    name = context.name or words("catalog_embedded")
    return render.header(words, name, len(catalog), catalog.report.errors, links, state.tab)


def _strip(context: AppContext, words: Words) -> list[tuple[str, str, str, str]]:
    """(kind, id, picture, caption) for the rail: sample photos, or products where there are none."""
    if context.samples:
        samples = list(context.samples.values())[:SAMPLES]
        urls = context.thumbnails.urls(sample.path for sample in samples)
        return [
            ("sample", sample.id, url, sample.words(words.lang))
            for sample, url in zip(samples, urls, strict=True)
            if url
        ]
    rows = context.engine.catalog.rows()
    # Evenly from first to last: neighbours in a catalog are often twins.
    spread = rows[np.arange(min(SAMPLES, len(rows))) * len(rows) // max(min(SAMPLES, len(rows)), 1)]
    products = [context.engine.catalog.at(int(row)) for row in spread]
    urls = context.thumbnails.urls(product.image for product in products)
    return [("like", product.id, url, words.title(product)) for product, url in zip(products, urls, strict=True) if url]
