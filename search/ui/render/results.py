"""The right side of the page: ranked products, the shop, and what is said when there is neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from search.schema import Product, SearchResult
from search.ui.render import cards
from search.ui.render.markup import esc, esc_json, icon
from search.ui.render.sentence import chip, filter_parts, sentence
from search.ui.state import State
from search.ui.words import Words

#: Skeleton cards: what a laptop shows without scrolling.
_SKELETONS = 8


@dataclass(frozen=True)
class View:
    """What every state of the right side knows: the reader's words, the state of the page, and the
    product or sample that stands in for the photo (with the address of its picture)."""

    words: Words
    state: State
    like: Product | None = None
    photo: str | None = None
    photo_label: str = ""
    currency: str | None = None


@dataclass(frozen=True)
class Section:
    """A row of the shop: a group of products by its name in a field ("department" or "category"), how
    many it has, and some of them. Without a name there is nothing to ask for, and no "see all"."""

    field: str
    name: str
    count: int
    products: Sequence[tuple[Product, str | None]]


@dataclass(frozen=True)
class Choice:
    """What the bar of chips offers: values of a field with their counts, of `total` products; the
    chosen one, or "" for all of them."""

    field: str
    values: Sequence[tuple[str, int]]
    total: int
    chosen: str = ""


def ranked(view: View, result: SearchResult, pictures: Sequence[str | None]) -> str:
    """Hits in their bands, best band first."""
    words = view.words
    body, shown = "", 0
    for name, run in groupby(zip(result.hits, pictures, strict=True), key=lambda pair: pair[0].band):
        rows = [(hit.product, picture, hit) for hit, picture in run]
        body += (
            f'<section class="section"><header class="section__head"><h2>{esc(words(f"band_{name}"))}</h2>'
            f'<p class="section__blurb">{esc(words(f"band_{name}_blurb"))}</p></header>'
            f"{cards.grid(words, rows, shown)}</section>"
        )
        shown += len(rows)
    said = "no_close" if result.in_catalog else "no_good"
    if all(hit.band == "weak" for hit in result.hits):
        body = (
            f'<p class="notice">{icon("info")}<span><strong>{esc(words(f"{said}_title"))}</strong> '
            f"{esc(words(f'{said}_body'))}</span></p>{body}"
        )
    return _frame(view, _counts(words, result), body)


def nothing(view: View) -> str:
    """No product passes the filters: each can be removed here."""
    words = view.words
    crosses = "".join(chip(words, part) for part in filter_parts(words, view.state, view.currency))
    body = (
        f'<div class="message">{icon("filter")}<h2>{esc(words("no_match_title"))}</h2>'
        f'<p>{esc(words("no_match_body"))}</p><div class="message__parts">{crosses}</div>'
        f'<button type="button" class="button button--primary" data-clear-filters>'
        f"{esc(words('no_match_clear'))}</button></div>"
    )
    return _frame(view, "", body)


def failure(view: View, problem: str) -> str:
    """An error, in one sentence; what was asked stays in the rail and in the sentence above."""
    words = view.words
    body = (
        f'<div class="message" role="alert">{icon("info")}<h2>{esc(words("error_title"))}</h2>'
        f"<p>{esc(problem)}</p>"
        f'<div class="message__parts"><button type="button" class="button" data-again>{esc(words("error_retry"))}</button>'
        f'<button type="button" class="button" data-reset>{esc(words("say_reset"))}</button></div></div>'
    )
    return _frame(view, "", body)


def shop(view: View, choice: Choice, sections: Sequence[Section], tries: Sequence[str]) -> str:
    """The shop itself: what can be asked, the departments, and a row of products for each."""
    words = view.words
    examples = "".join(
        f'<button type="button" class="chip" data-try="{esc(text)}">{esc(text)}</button>' for text in tries
    )
    body = (
        f'<section class="lead"><h1>{esc(words("shop_title"))}</h1><p>{esc(words("shop_lead"))}</p>'
        f'<div class="lead__tries"><span>{esc(words("shop_try"))}</span>{examples}</div></section>'
        f"{_choice(words, choice)}{_sections(words, sections)}"
    )
    return _frame(view, "", body, "results--shop")


def department(view: View, choice: Choice, sections: Sequence[Section], beyond: Sequence[tuple[str, int]]) -> str:
    """One department with a row for each of its kinds.

    Args:
        beyond: (name, count) of the kinds that have no row.
    """
    words = view.words
    names = "".join(
        f'<button type="button" class="chip" data-category="{esc(name)}">{esc(words.value("category", name))}'
        f"{_count(words, count)}</button>"
        for name, count in beyond
    )
    more = (
        f'<section class="section"><header class="section__head"><h2>{esc(words("shop_more_kinds"))}</h2></header>'
        f'<div class="chip-line">{names}</div></section>'
        if names
        else ""
    )
    heading = f'<h1 class="visually-hidden">{esc(words.value(choice.field, choice.chosen))}</h1>'
    body = f"{_choice(words, choice)}{heading}{_sections(words, sections)}{more}"
    return _frame(view, "", body, "results--shop results--department", said=False)


def _choice(words: Words, choice: Choice) -> str:
    """Chips of which one is pressed; nothing where there is nothing to choose."""
    if not choice.values:
        return ""

    def one(name: str, label: str, count: int) -> str:
        pressed = "true" if name.casefold() == choice.chosen.casefold() else "false"
        return (
            f'<button type="button" class="chip" data-{choice.field}="{esc(name)}" aria-pressed="{pressed}">'
            f"{esc(label)}{_count(words, count)}</button>"
        )

    chips = one("", words("shop_everything"), choice.total) + "".join(
        one(name, words.value(choice.field, name), count) for name, count in choice.values
    )
    return f'<nav class="chip-line chip-line--bar" aria-label="{esc(words(f"shop_by_{choice.field}"))}">{chips}</nav>'


def _sections(words: Words, sections: Sequence[Section]) -> str:
    """Rows of the shop. How many products of a row fit is known to the browser alone, hence "see all"."""
    body, shown = "", 0
    for section in sections:
        rows = [(product, picture, None) for product, picture in section.products]
        see_all = (
            f'<button type="button" class="link-button" data-{section.field}="{esc(section.name)}">'
            f"{esc(words('shop_see_all', count=f'{section.count:,}'))}</button>"
            if section.name
            else ""
        )
        alone = len(sections) == 1 and not section.name
        heading = (
            words.value(section.field, section.name) if section.name else words("shop_all" if alone else "shop_rest")
        )
        body += (
            f'<section class="section{"" if alone else " section--row"}"><header class="section__head">'
            f"<h2>{esc(heading)}{_count(words, section.count)}</h2>{see_all}</header>"
            f"{cards.grid(words, rows, shown)}</section>"
        )
        shown += len(rows)
    return body


def _count(words: Words, count: int) -> str:
    tip = esc(words("shop_count", count=f"{count:,}"))
    return f'<span class="tally" title="{tip}"><span aria-hidden="true">{count:,}</span><span class="visually-hidden">, {tip}</span></span>'


def listing(view: View, products: Sequence[tuple[Product, str | None]], total: int) -> str:
    """Products that pass the filters, without a query to rank them by."""
    words = view.words
    more = total - len(products)
    tail = f'<p class="section__blurb">{esc(words("shop_more", count=f"{more:,}"))}</p>' if more > 0 else ""
    body = (
        f'<section class="section"><header class="section__head">'
        f"<h2>{esc(words('shop_filtered', count=f'{total:,}'))}</h2></header>"
        f"{cards.grid(words, [(product, picture, None) for product, picture in products])}{tail}</section>"
    )
    return _frame(view, "", body)


def skeleton(words: Words) -> str:
    """What stands there until the first answer."""
    card = (
        '<div class="card card--skeleton"><div class="card__open"></div>'
        '<div class="card__text"><i></i><i></i></div></div>'
    )
    return (
        f'<div class="results" aria-busy="true"><p class="visually-hidden" role="status">{esc(words("loading"))}</p>'
        f'<section class="section"><div class="grid">{card * _SKELETONS}</div></section></div>'
    )


def _counts(words: Words, result: SearchResult) -> str:
    steps = ", ".join(f"{name} {value:.0f}" for name, value in result.timings.items())
    shown = len(result.hits)
    count_tip = words("count_tip", shown=shown, total=f"{result.total:,}", size=f"{result.size:,}")
    return (
        f'<span title="{esc(count_tip)}">{esc(words("count", shown=shown, total=f"{result.total:,}"))}</span>'
        f'<span class="dot" aria-hidden="true">·</span>'
        f'<span title="{esc(words("time_tip", steps=steps))}">{esc(words("time", ms=f"{result.elapsed_ms:.0f}"))}</span>'
    )


def _frame(view: View, counts: str, body: str, kind: str = "", *, said: bool = True) -> str:
    """The bar with the sentence, and the body; carries the state that the browser takes over.

    Without `said` the body itself shows what is asked, and the sentence would only repeat it.
    """
    words, state = view.words, view.state
    active = len(state.filters.keys() - {"department"})  # which has no place in the rail
    filters = words("filters_count", count=active) if active else words("filters")
    spoken = sentence(words, state, view.like, view.currency) if said else ""
    memory: Mapping[str, object] = {
        "state": state.message(),
        "link": replace(state, open=None).link(),
        "photo": view.photo,
        "photoLabel": view.photo_label,
        "title": words("page_title"),
    }
    heading = "" if "<h1>" in body else f'<h1 class="visually-hidden">{esc(words("results"))}</h1>'
    return (
        f'<div class="results {kind}" id="results" tabindex="-1" data-page="{esc_json(memory)}">'
        f'<div class="bar"><div class="bar__said" aria-live="polite">{spoken}</div><div class="bar__meta">'
        f'<span class="bar__counts" role="status">{counts}</span>'
        f'<button type="button" class="button button--small bar__filters" data-sheet>{icon("filter")}{esc(filters)}</button>'
        f'<button type="button" class="button button--small" data-copy>{icon("link")}{esc(words("copy_link"))}</button>'
        f"</div></div>{heading}{body}</div>"
    )
