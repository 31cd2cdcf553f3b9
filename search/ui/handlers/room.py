"""The photo's objects one by one: a row of results for each, and results prepared before they are asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from search.ui import render
from search.ui.context import AppContext
from search.ui.handlers.common import result_of, things_of, view_of
from search.ui.render.results import ROOM_CARDS, RoomRow
from search.ui.state import State


def room(context: AppContext, state: State) -> str:
    """A row of results for each object of the photo, under the words and filters of the state.

    Raises:
        VitrineError: the query cannot be used.
    """
    view = view_of(context, state)
    found = [(thing, result_of(context, replace(state, region=thing.box))) for thing in view.things]
    if not any(result.hits for _, result in found):
        return render.nothing(view)
    products = {hit.product.id: hit.product for _, result in found for hit in result.hits[:ROOM_CARDS]}
    urls = context.thumbnails.urls(product.image for product in products.values())
    pictures = dict(zip(products, urls, strict=True))
    rows = [RoomRow(thing, result, pictures) for thing, result in found]
    return render.room(replace(view, parsed=found[0][1].parsed), rows)


def prepare_others(context: AppContext, state: State) -> None:
    """Search with the photo's other objects in the background, so that a tap on one is answered at once."""
    others = [replace(state, region=thing.box) for thing in things_of(context, state) if thing.box != state.region]
    context.prefetcher.submit([partial(_prepare, context, other) for other in others])


def _prepare(context: AppContext, state: State) -> None:
    """All that an answer waits for: the results and their pictures."""
    context.thumbnails.urls(hit.product.image for hit in result_of(context, state).hits)
