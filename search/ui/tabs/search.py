"""The search: what a state asks for, ranked, or the storefront where it asks for nothing."""

from __future__ import annotations

from dataclasses import replace

from search.errors import EmptyQueryError
from search.ui import render
from search.ui.context import AppContext, PageFragments
from search.ui.handlers.common import currency, image_of, parsed_of, problem, result_of, view_of, words_query
from search.ui.handlers.details import on_details
from search.ui.handlers.room import prepare_others, room
from search.ui.handlers.storefront import browse
from search.ui.locale import Words
from search.ui.state import State, on_page
from search.ui.tabs import tab


@tab("search", order=10)
def search(context: AppContext, state: State) -> PageFragments:
    """Filters, results and the open card for a state; an error becomes a sentence."""
    details = ""
    try:
        state = _with_region(context, _with_departments(context, state))
        results = _results(context, state)
        if state.open:
            details = on_details(context, state)
    except Exception as error:
        # The state stays as it was sent, so nothing that was typed or ticked is lost.
        results = render.failure(view_of(context, state), problem(Words(state.lang), error))
    return PageFragments(None, None, _refine(context, state), results, details)


def _results(context: AppContext, state: State) -> str:
    if state.room:
        return room(context, state)
    results = _ranked(context, state) if state.has_query else browse(context, state)
    prepare_others(context, state)
    return results


def _ranked(context: AppContext, state: State) -> str:
    """The hits as HTML.

    Words that only say what to leave out, what it may cost or in which order leave nothing to rank by: the catalog is
    shown under them.
    """
    try:
        result = result_of(context, state)
    except EmptyQueryError:
        parsed = parsed_of(context, state)
        if not (parsed.spans or state.exclude):
            raise
        return browse(context, state, parsed)
    if not (state.has_photo or result.query.text):
        return browse(context, state, result.parsed)
    # A photo takes longer to look at than a product: it is begun while the results are read.
    context.engine.prefetch_explanation(result)
    view = replace(view_of(context, state), parsed=result.parsed, aspects=result.aspects)
    if not result.hits:
        return render.nothing(view)
    products = {
        hit.product.id: hit.product for hit in (*result.hits, *(each for g in result.groups for each in g.hits))
    }
    urls = context.thumbnails.urls(product.image for product in products.values())
    return render.ranked(view, result, dict(zip(products, urls, strict=True)))


def _with_region(context: AppContext, state: State) -> State:
    """With the part of a new photo that is searched with; a row for each object needs at least two of them."""
    image = image_of(context, state)
    if image is None:
        return state
    if state.room and len(context.engine.objects(image)) > 1:
        return state if state.open else replace(state, region=None)
    region = state.region or context.engine.focus(image)
    return replace(state, room=False, region=on_page(region) if region else None)


def _with_departments(context: AppContext, state: State) -> State:
    """Without the department that a link asks for, where the catalog has none."""
    if "department" not in state.filters or context.storefront().field == "department":
        return state
    return replace(state, filters={name: values for name, values in state.filters.items() if name != "department"})


def _refine(context: AppContext, state: State) -> str:
    """The filters with their counts; without counts if even those cannot be had."""
    words = Words(state.lang)
    try:
        facets = context.engine.facets(query=words_query(context, state))
        span = context.engine.price_span()
    except Exception as error:
        problem(words, error)
        facets, span = {}, None
    return render.refine(words, state, facets, span, currency(context))
