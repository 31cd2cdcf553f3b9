"""The page without a query: the storefront, one department, or what passes the filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.query.parse import ParsedQuery
from search.schema import Product
from search.searching import Understanding
from search.ui import render
from search.ui import storefront as fronts
from search.ui.context import AppContext
from search.ui.handlers.common import view_of, words_query
from search.ui.locale import Words
from search.ui.render.results import Choice, Section, View
from search.ui.state import State
from search.ui.storefront import Department, Storefront

#: Example sentences under the headline.
TRIES = 4


def browse(context: AppContext, state: State, parsed: ParsedQuery | None = None) -> str:
    """All of the storefront by department, one department by category, or what passes the filters.

    Args:
        parsed: words that only say what to leave out, what it may cost or in which order.
    """
    view = replace(view_of(context, state), parsed=parsed)
    front = context.storefront()
    if parsed is None and not state.exclude:
        chosen = state.filters.get("department", ())
        department = front.department(str(chosen[0])) if len(chosen) == 1 else None
        if department and len(state.filters) == 1:
            return _department(context, view, front, department)
        if not state.filters:
            return _storefront(context, view, front)
    rows = _passing(context, state, parsed)
    if not rows.size:
        return render.nothing(view)
    shown = [context.engine.catalog.at(int(row)) for row in rows[: state.k]]
    pictures = context.thumbnails.urls(product.image for product in shown)
    return render.listing(view, list(zip(shown, pictures, strict=True)), len(rows))


def _passing(context: AppContext, state: State, parsed: ParsedQuery | None) -> np.ndarray:
    """The rows that pass the filters and have nothing of what the words exclude, by price where they ask for that."""
    catalog = context.engine.catalog
    filters, unwanted = Understanding.narrowing(words_query(context, state), catalog)
    passing = catalog.mask(filters)
    passing[unwanted] = False
    rows = np.flatnonzero(passing)
    if parsed and parsed.sort:
        prices = catalog.column("price")[rows]
        rows = rows[np.argsort(-prices if parsed.sort == "-price" else prices, kind="stable")]  # without a price: last
    return rows


def _storefront(context: AppContext, view: View, front: Storefront) -> str:
    shown = front.departments[: fronts.ROWS]
    each = fronts.length(len(shown)) if front.field else None
    groups = [(front.field, row.name, row.count, row.products[:each]) for row in shown]
    return render.storefront(view, _choice(front), _pictured(context, groups), _tries(view.words, front))


def _department(context: AppContext, view: View, front: Storefront, department: Department) -> str:
    shown = department.categories[: fronts.ROWS]
    each = fronts.length(len(shown))
    groups = [("category", row.name, row.count, row.products[:each]) for row in shown]
    beyond = [(row.name, row.count) for row in department.categories[fronts.ROWS :] if row.name]
    return render.department(view, _choice(front, department.name), _pictured(context, groups), beyond)


def _choice(front: Storefront, chosen: str = "") -> Choice:
    """The chips: departments by name; of hundreds of categories only those that are shown."""
    offered = front.departments if front.field == "department" else front.departments[: fronts.ROWS]
    return Choice(front.field, [(each.name, each.count) for each in offered if each.name], front.count, chosen)


def _pictured(context: AppContext, groups: Sequence[tuple[str, str, int, Sequence[Product]]]) -> list[Section]:
    """(field, name, count, products) each, with the addresses of the pictures; the missing ones are made at the
    same time."""
    urls = iter(context.thumbnails.urls(product.image for *_, products in groups for product in products))
    return [
        Section(field, name, count, [(product, next(urls)) for product in products])
        for field, name, count, products in groups
    ]


def _tries(words: Words, front: Storefront) -> list[str]:
    """Example sentences that the catalog can answer: a colour and a category that exist together."""
    tries: list[str] = []
    used: set[str] = set()
    for pair in front.pairs:
        colour, category = words.value("colour", pair[0]), words.value("category", pair[1])
        if colour in used or category in used:
            continue
        used |= {colour, category}
        tries.append(f"{colour}{category}" if words.lang == "zh" else f"{colour} {category}".lower())
        if len(tries) == TRIES:
            break
    return tries
