"""Opening a card."""

from __future__ import annotations

from dataclasses import replace

from search.schema import Hit, SearchResult
from search.ui import render
from search.ui.context import AppContext
from search.ui.handlers.common import problem, result_of, view_of
from search.ui.locale import Words
from search.ui.render.colours import other_colours
from search.ui.render.why import Why
from search.ui.state import State
from search.ui.thumbs import LARGE


def on_details(context: AppContext, state: State) -> str:
    """The panel of the product that `state.open` names, with its score where it was ranked."""
    words = Words(state.lang)
    try:
        product = context.engine.catalog.get(state.open or "")
        hit, reason = None, None
        if state.has_query:
            result = result_of(context, state)  # in a room, of the row whose card it is
            ranked = (*result.hits, *(hit for group in result.groups for hit in group.hits))
            hit = next((hit for hit in ranked if hit.product.id == product.id), None)
            reason = _why(context, state, result, hit) if hit else None
        picture = context.thumbnails.url(product.image, LARGE)
        several = picture and product.more_images
        angles = context.thumbnails.angles([product.image, *product.more_images]) if several else ()
        catalog = context.engine.catalog
        colours = other_colours(words, catalog, product)
        return render.details(
            words, product, picture, state.link(), hit, reason, angles, catalog.facet_values(), colours
        )
    except Exception as error:
        return render.failure(view_of(context, replace(state, open=None)), problem(words, error))


def _why(context: AppContext, state: State, result: SearchResult, hit: Hit) -> Why | str:
    """Why the hit was found; a sentence where that cannot be told, because the rest of the card can."""
    try:
        explanation = context.engine.explain(result, hit)
    except Exception as error:
        return problem(Words(state.lang), error)
    photo = None
    if state.has_photo:
        # An uploaded photo is in the browser that sent it, and nowhere else that a browser could ask.
        photo = view_of(context, state).photo or ""
    return Why(explanation, photo, result.total, like=state.like is not None)
