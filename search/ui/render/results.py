"""The right side of the page: ranked products, the storefront, and what is said when there is neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from search.query.parse import ParsedQuery
from search.schema import Aspect, Hit, Product, SearchResult
from search.ui.locale import Words
from search.ui.render import groups
from search.ui.render.aspects import AspectWords
from search.ui.render.notices import OFFERED, knows_nothing, nothing_called, notices
from search.ui.render.sentence import Part, filter_parts, narrowing_parts, parts
from search.ui.render.templates import draw, with_first
from search.ui.render.things import Thing, said_photo
from search.ui.state import MORE_RESULTS, MOST_RESULTS, State

#: Cards in a row of a photo's object: what a projector shows side by side.
ROOM_CARDS = 12

#: A product, the address of its picture (None where it is broken), and its hit where it was ranked.
Card = tuple[Product, str | None, Hit | None]


@dataclass(frozen=True)
class View:
    """What every state of the right side knows: the reader's words, the state of the page, and the product or sample
    that stands in for the photo (with the address of its picture).

    `shown` names the header and rail that belong to this answer; the browser sends it back, see handlers.page.
    `values` are the catalog's own values by facet; `parsed` says how the words were read, and `aspects` are all that was
    asked for, the photo's too. `things` are the photo's objects, the one that a shopper would mean first.
    """

    words: Words
    state: State
    like: Product | None = None
    photo: str | None = None
    photo_label: str = ""
    currency: str | None = None
    shown: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parsed: ParsedQuery | None = None
    aspects: Sequence[Aspect] = ()
    things: Sequence[Thing] = ()

    @property
    def speech(self) -> AspectWords:
        """How aspects are said in this view."""
        return AspectWords(self.words, self.values)


@dataclass(frozen=True)
class Section:
    """A row of the storefront: a group of products by its name in a field ("department" or "category"), how many it
    has, and some of them. Without a name there is nothing to ask for, and no "see all"."""

    field: str
    name: str
    count: int
    products: Sequence[tuple[Product, str | None]]


@dataclass(frozen=True)
class Choice:
    """What the bar of chips offers: values of a field with their counts, of `total` products; the chosen one, or ""
    for all of them."""

    field: str
    values: Sequence[tuple[str, int]]
    total: int
    chosen: str = ""


@dataclass(frozen=True)
class RoomRow:
    """What was found for one object of a photo, with the addresses of the products' pictures by id."""

    thing: Thing
    result: SearchResult
    pictures: Mapping[str, str | None]


@dataclass(frozen=True)
class _Shelf:
    """Hits as cards under a heading (see search.ui.render.groups); `first` cards come before them."""

    heading: str
    count: int | None
    blurb: str
    more: dict[str, Any] | None
    cards: Sequence[Card]
    first: int


@dataclass(frozen=True)
class _Row:
    """A row of the storefront as it is drawn; `alone` where it is all there is."""

    field: str
    name: str
    heading: str
    count: int
    cards: Sequence[Card]
    first: int
    alone: bool


def ranked(view: View, result: SearchResult, pictures: Mapping[str, str | None]) -> str:
    """Hits by what they meet of the query, or in their bands; what has to be said of the words stands before them.

    Args:
        pictures: product id -> the address of its picture; None, or missing, where it is broken.
    """
    words, speech = view.words, view.speech

    def cards(hits: Sequence[Hit]) -> list[Card]:
        return [(hit.product, pictures.get(hit.product.id), hit) for hit in hits]

    view = replace(view, parsed=result.parsed, aspects=result.aspects)
    shelves, weaker = groups.shelves(speech, result, view.currency)
    missing = groups.absent(speech, result, view.currency)
    if missing and result.in_catalog:
        shelves = [groups.Shelf(missing + words("group_nearest"), result.hits)]
    unknown = _unknown(view, result, missing)
    if unknown:  # what is found only looks near
        shelves, weaker = [], list(result.hits)
    placed = with_first([*(cards(shelf.hits) for shelf in shelves), cards(weaker)])
    return _frame(
        "ranked.html",
        view,
        result=result,
        shelves=[
            _Shelf(shelf.heading, shelf.count, shelf.blurb, shelf.more, *place)
            for shelf, place in zip(shelves, placed, strict=False)
        ],
        weaker=placed[-1],
        numbered=not result.groups,
        unknown=unknown,
        offered=list(_offered(view)) if unknown else [],
        only_weak=not (unknown or missing or result.groups) and all(hit.band == "weak" for hit in result.hits),
        more=_more(view.state, result.total - len(result.hits)),
        count_tip=words("count_tip", shown=len(result.hits), total=f"{result.total:,}", size=f"{result.size:,}"),
        steps=", ".join(f"{name} {value:.0f}" for name, value in result.timings.items()),
    )


def _unknown(view: View, result: SearchResult, missing: str) -> str:
    """What is said where nothing of what was asked is there, nor anything like it; "" otherwise."""
    if result.parsed and knows_nothing(view.state, result.parsed):
        return nothing_called(view.words, result.parsed)
    return missing if not (result.in_catalog or view.state.has_photo) else ""


def _more(state: State, left: int) -> int:
    """How many results "show more" asks for; 0 where there are none left, or the page holds no more."""
    return min(state.k + MORE_RESULTS, MOST_RESULTS) if left > 0 and state.k < MOST_RESULTS else 0


def _offered(view: View) -> Iterator[tuple[str, str]]:
    """(value, label) of the kinds that the catalog has most of."""
    for value in view.values.get("category", ())[:OFFERED]:
        yield value, view.words.value("category", value)


def nothing(view: View) -> str:
    """No product passes the filters, or the price in the words: each can be removed here."""
    filters = [*filter_parts(view.words, view.state, view.currency)]
    if view.parsed:
        filters += narrowing_parts(view.speech, view.state, view.parsed, view.currency)
    return _frame("nothing.html", view, filters=filters)


def failure(view: View, problem: str) -> str:
    """An error, in one sentence; what was asked stays in the rail and in the sentence above."""
    return _frame("failure.html", view, problem=problem)


def storefront(view: View, choice: Choice, sections: Sequence[Section], tries: Sequence[str]) -> str:
    """What can be asked, the departments, and a row of products for each.

    Args:
        tries: example sentences.
    """
    return _frame(
        "storefront.html", view, "results--shop", choice=choice, rows=_rows(view.words, sections), tries=tries
    )


def department(view: View, choice: Choice, sections: Sequence[Section], beyond: Sequence[tuple[str, int]]) -> str:
    """One department with a row for each of its categories.

    Args:
        beyond: (name, count) of the categories that have no row.
    """
    kind = "results--shop results--department"
    rows = _rows(view.words, sections)
    # Its chip is pressed: a sentence would only repeat it.
    return _frame("department.html", view, kind, said=False, choice=choice, rows=rows, beyond=beyond)


def listing(view: View, products: Sequence[tuple[Product, str | None]], total: int) -> str:
    """Products that pass the filters, without a query to rank them by."""
    cards = [(product, picture, None) for product, picture in products]
    plain = view.parsed is None
    return _frame(
        "listing.html",
        view,
        cards=cards,
        total=total,
        said_plainly=plain,
        more=_more(view.state, total - len(products)),
    )


def panel(view: View, name: str, label: str, html: str) -> str:
    """What a tab drew, in the frame that carries the state.

    Args:
        html: comes from a template of its own, which escaped its values.
    """
    return _frame("tab.html", view, "results--tab", said=False, name=name, label=label, panel=Markup(html))


def room(view: View, rows: Sequence[RoomRow]) -> str:
    """A row of results for each object of the photo."""
    cards = [
        [(hit.product, row.pictures.get(hit.product.id), hit) for hit in row.result.hits[:ROOM_CARDS]] for row in rows
    ]
    return _frame("room.html", view, "results--room", rows=list(zip(rows, with_first(cards), strict=True)))


def _rows(words: Words, sections: Sequence[Section]) -> list[_Row]:
    alone = len(sections) == 1 and not sections[0].name
    unnamed = words("shop_all" if alone else "shop_rest")
    placed = with_first([[(product, picture, None) for product, picture in section.products] for section in sections])
    return [
        _Row(
            section.field,
            section.name,
            words.value(section.field, section.name) if section.name else unnamed,
            section.count,
            cards,
            first,
            alone,
        )
        for section, (cards, first) in zip(sections, placed, strict=True)
    ]


def _said(view: View) -> Iterator[Part]:
    """The query as parts of a sentence."""
    photo = said_photo(view.words, view.state, view.things) if view.state.has_photo else ""
    return parts(view.speech, view.state, view.like, view.currency, view.parsed, view.aspects, photo)


def _frame(
    template: str,
    view: View,
    kind: str = "",
    *,
    said: bool = True,
    **values: Any,
) -> str:
    """A template that extends results.html, with what its bar and the browser need.

    Args:
        kind: further classes of the frame.
        said: whether the bar says the query as a sentence.
    """
    words, state = view.words, view.state
    memory: Mapping[str, object] = {
        "state": {**state.message(), "shown": view.shown},
        "link": replace(state, open=None).link(),
        "photo": view.photo,
        "photoLabel": view.photo_label,
        "things": [thing.to_dict() for thing in sorted(view.things, key=lambda thing: thing.at)],
        "title": words("page_title"),
    }
    return draw(
        template,
        words=words,
        speech=view.speech,
        kind=kind,
        memory=memory,
        notices=list(notices(words, state, view.parsed, view.currency)) if view.parsed else [],
        said=list(_said(view)) if said else [],
        active_filters=len(state.filters.keys() - {"department"}),  # which has no place in the rail
        **values,
    )
