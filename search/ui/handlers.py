"""What happens when somebody does something: plain functions, state in, HTML out.

Each takes a Desk (the engine and what the page needs around it), so that a test passes a toy. None
of them raises: an error becomes a sentence in the page, and what was asked stays as it was.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from search.errors import ImageError, QueryError, VitrineError
from search.images import WHOLE
from search.query.parse import parse
from search.schema import Hit, Query, SearchResult
from search.ui import render
from search.ui import shop as shops
from search.ui.render.results import Choice, Section, View
from search.ui.render.why import Why
from search.ui.samples import Sample
from search.ui.shop import Shelf, Shop
from search.ui.state import State
from search.ui.thumbs import LARGE, Thumbnails
from search.ui.words import Words, chinese_words

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.engine import SearchEngine
    from search.schema import ImageInput

log = logging.getLogger(__name__)

#: Photos in the rail's strip: the first of scenes.csv, in its order.
SAMPLES = 12
#: Example sentences under the headline.
TRIES = 4
#: Answers kept, so that opening a card or changing the language does not search again.
_KEPT = 32


@dataclass(frozen=True)
class Desk:
    """The engine and what the page needs around it.

    `uploads` is the folder in which Gradio puts visitors' photos: no other file may be named as one.
    """

    engine: SearchEngine
    thumbnails: Thumbnails
    samples: Mapping[str, Sample]
    uploads: Path
    name: str
    lang: str = "en"
    kept: Kept = field(default_factory=lambda: Kept())


@dataclass(frozen=True)
class Page:
    """The HTML of the page's five parts; `details` is empty while no card is open."""

    header: str
    rail: str
    refine: str
    results: str
    details: str = ""


class Kept:
    """The last answers by what was asked, and the shop for as long as its products stay."""

    def __init__(self) -> None:
        self._answers: OrderedDict[State, SearchResult] = OrderedDict()
        self._shop: tuple[int, Shop] | None = None
        self._lock = Lock()

    def shop(self, catalog: Catalog) -> Shop:
        """The catalog's departments and what stands for them; a second for 100,000 products, once."""
        with self._lock:
            revision = catalog.revision
            if self._shop is None or self._shop[0] != revision:
                self._shop = revision, shops.arrange(catalog)
            return self._shop[1]

    def get(self, state: State) -> SearchResult | None:
        with self._lock:
            answer = self._answers.get(_asked(state))
            if answer is not None:
                self._answers.move_to_end(_asked(state))
            return answer

    def put(self, state: State, answer: SearchResult) -> None:
        with self._lock:
            self._answers[_asked(state)] = answer
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)


def on_open(desk: Desk, params: Iterable[tuple[str, str]]) -> Page:
    """The page as a link describes it."""
    return on_search(desk, State.from_link(params, desk.lang))


def on_search(desk: Desk, state: State) -> Page:
    """The page for a state: ranked products, the shop, or a sentence that says what went wrong."""
    words = Words(state.lang)
    details = ""
    try:
        state = _focused(desk, _only_price(desk, _with_departments(desk, state)))
        if state.has_query:
            state, results = _ranked(desk, state)
        else:
            results = _browsed(desk, state)
        if state.open:
            details = on_details(desk, state)
    except Exception as error:
        # The state stays as it was sent, so nothing that was typed or ticked is lost.
        results = render.failure(_view(desk, state), _sentence(words, error))
    return Page(
        header=render.header(words, _catalog_name(desk, words), len(desk.engine.catalog), _issues(desk)),
        rail=render.rail(words, _strip(desk, state.lang)),
        refine=_refine(desk, state),
        results=results,
        details=details,
    )


def on_details(desk: Desk, state: State) -> str:
    """The panel of the product that `state.open` names, with its score where it was ranked."""
    words = Words(state.lang)
    try:
        product = desk.engine.catalog.get(state.open or "")
        hit, reason = None, None
        if state.has_query:
            result = _search(desk, state)
            hit = next((hit for hit in result.hits if hit.product.id == product.id), None)
            reason = _why(desk, state, result, hit) if hit else None
        picture = desk.thumbnails.url(product.image, LARGE)
        angles = (
            desk.thumbnails.angles([product.image, *product.more_images]) if picture and product.more_images else ()
        )
        return render.details(words, product, picture, state.link(), hit, reason, angles)
    except Exception as error:
        return render.failure(_view(desk, replace(state, open=None)), _sentence(words, error))


def _why(desk: Desk, state: State, result: SearchResult, hit: Hit) -> Why | str:
    """Why the hit was found; a sentence where that cannot be told, because the rest of the card can."""
    try:
        explanation = desk.engine.explain(result, hit, lexicon=chinese_words())
    except Exception as error:
        return _sentence(Words(state.lang), error)
    photo = None
    if state.has_photo:
        # An uploaded photo is in the browser that sent it, and nowhere else that a browser could ask.
        photo = _view(desk, state).photo or ""
    return Why(explanation, photo, result.total)


def search_api(
    desk: Desk,
    text: str | None = None,
    image: ImageInput | None = None,
    exclude: str | Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    k: int | float | None = None,
) -> dict[str, Any]:
    """The HTTP API: the same search as JSON.

    Raises:
        VitrineError: the query cannot be used; the message says why.
    """
    query = Query(image=image or None, text=text or "", exclude=exclude or (), filters=filters or {})
    # More than there is would only make the index reserve room for it.
    result = desk.engine.search(query, k=min(int(k or State.k), len(desk.engine.catalog)))
    return result.to_dict()


def _only_price(desk: Desk, state: State) -> State:
    """Nothing but "under 60" is a filter: there is nothing in it to rank by."""
    parsed = parse(state.text, prices=desk.engine.price_span() is not None)
    if state.has_photo or parsed.text or parsed.exclusions or not parsed.price or "price" in state.filters:
        return state
    return replace(state, text="", filters={**state.filters, "price": parsed.price})


def _focused(desk: Desk, state: State) -> State:
    """With the part of a new photo that is searched with."""
    if state.region is not None or not (state.sample or state.upload):
        return state
    image = _query(desk, state).image
    return replace(state, region=desk.engine.focus(image)) if image is not None else state


def _with_departments(desk: Desk, state: State) -> State:
    """Without the department that a link asks for, where the catalog has none."""
    if "department" not in state.filters or desk.kept.shop(desk.engine.catalog).field == "department":
        return state
    return replace(state, filters={name: values for name, values in state.filters.items() if name != "department"})


def _ranked(desk: Desk, state: State) -> tuple[State, str]:
    """The state as the engine understood it, and the hits as HTML."""
    result = _search(desk, state)
    understood = state.understood(result.query)
    if understood != state:
        # "without stripes" has become a chip: the answer is the same, and is known under both names.
        desk.kept.put(understood, result)
    view = _view(desk, understood)
    if not result.hits:
        return understood, render.nothing(view)
    pictures = desk.thumbnails.urls(hit.product.image for hit in result.hits)
    return understood, render.ranked(view, result, pictures)


def _search(desk: Desk, state: State) -> SearchResult:
    result = desk.kept.get(state)
    if result is None:
        result = desk.engine.search(_query(desk, state), k=state.k)
        desk.kept.put(state, result)
        # A photo takes longer to look at than a product: it is begun while the results are read.
        desk.engine.prepare(result)
    return result


def _query(desk: Desk, state: State) -> Query:
    """What the state asks of the engine.

    Raises:
        QueryError: a sample that does not exist.
        ImageError: an upload that is not, or no longer, in the upload folder.
    """
    image: Path | None = None
    if state.sample:
        if state.sample not in desk.samples:
            raise QueryError(
                f"There is no sample photo {state.sample!r}.", "Choose another.", code="no_sample", id=state.sample
            )
        image = desk.samples[state.sample].path
    elif state.upload:
        image = _uploaded(desk, state.upload)
    return Query(
        image=image,
        like=state.like,
        region=None if state.region == WHOLE else state.region,
        text=state.text,
        exclude=state.exclude,
        filters=state.filters,
        balance=state.balance,
    )


def _uploaded(desk: Desk, name: str) -> Path:
    """The visitor's photo. The name comes from the browser: it must not lead out of the folder."""
    root = desk.uploads.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise ImageError("That photo is no longer on the server.", "Send it once more.", code="upload_gone")
    return path


def _browsed(desk: Desk, state: State) -> str:
    """The shop: all of it by department, one department by kind, or what passes the filters."""
    view = _view(desk, state)
    shop = desk.kept.shop(desk.engine.catalog)
    departments = state.filters.get("department", ())
    shelf = shop.shelf(str(departments[0])) if len(departments) == 1 else None
    if shelf and len(state.filters) == 1:
        return _department(desk, view, shop, shelf)
    if not state.filters:
        return _shop(desk, view, shop)
    rows = np.flatnonzero(desk.engine.catalog.mask(state.filters))
    if not rows.size:
        return render.nothing(view)
    shown = [desk.engine.catalog.at(int(row)) for row in rows[: state.k]]
    pictures = desk.thumbnails.urls(product.image for product in shown)
    return render.listing(view, list(zip(shown, pictures, strict=True)), len(rows))


def _shop(desk: Desk, view: View, shop: Shop) -> str:
    shelves = shop.shelves[: shops.ROWS]
    each = shops.length(len(shelves)) if shop.field else None
    sections = _pictured(
        desk, [Section(shop.field, s.name, s.count, [(p, None) for p in s.products[:each]]) for s in shelves]
    )
    return render.shop(view, _choice(shop), sections, _tries(view.words, shop))


def _department(desk: Desk, view: View, shop: Shop, shelf: Shelf) -> str:
    kinds = shelf.kinds[: shops.ROWS]
    each = shops.length(len(kinds))
    sections = _pictured(
        desk, [Section("category", k.name, k.count, [(p, None) for p in k.products[:each]]) for k in kinds]
    )
    beyond = [(kind.name, kind.count) for kind in shelf.kinds[shops.ROWS :] if kind.name]
    return render.department(view, _choice(shop, shelf.name), sections, beyond)


def _choice(shop: Shop, chosen: str = "") -> Choice:
    """The chips of the shop: its shelves by name; of hundreds of categories only those that are shown."""
    shelves = shop.shelves if shop.field == "department" else shop.shelves[: shops.ROWS]
    return Choice(shop.field, [(shelf.name, shelf.count) for shelf in shelves if shelf.name], shop.count, chosen)


def _pictured(desk: Desk, sections: Sequence[Section]) -> list[Section]:
    """The sections with the addresses of their pictures; the missing ones are made at the same time."""
    urls = iter(desk.thumbnails.urls(product.image for section in sections for product, _ in section.products))
    return [
        replace(section, products=[(product, next(urls)) for product, _ in section.products]) for section in sections
    ]


def _tries(words: Words, shop: Shop) -> list[str]:
    """Example sentences that the catalog can answer: a colour and a kind that exist together."""
    tries: list[str] = []
    used: set[str] = set()
    for pair in shop.pairs:
        colour, kind = words.value("colour", pair[0]), words.value("category", pair[1])
        if colour in used or kind in used:
            continue
        used |= {colour, kind}
        tries.append(f"{colour}{kind}" if words.lang == "zh" else f"{colour} {kind}".lower())
        if len(tries) == TRIES:
            break
    return tries


def _strip(desk: Desk, lang: str) -> list[tuple[str, str, str, str]]:
    """(kind, id, picture, caption) for the rail: sample photos, or products where there are none."""
    if desk.samples:
        samples = list(desk.samples.values())[:SAMPLES]
        urls = desk.thumbnails.urls(sample.path for sample in samples)
        return [
            ("sample", sample.id, url, sample.words(lang)) for sample, url in zip(samples, urls, strict=True) if url
        ]
    words = Words(lang)
    rows = desk.engine.catalog.rows()
    # Evenly from first to last: neighbours in a catalog are often twins.
    spread = rows[np.arange(min(SAMPLES, len(rows))) * len(rows) // max(min(SAMPLES, len(rows)), 1)]
    products = [desk.engine.catalog.at(int(row)) for row in spread]
    urls = desk.thumbnails.urls(product.image for product in products)
    return [("like", product.id, url, words.title(product)) for product, url in zip(products, urls, strict=True) if url]


def _refine(desk: Desk, state: State) -> str:
    """The filters with their counts; without counts if even those cannot be had."""
    words = Words(state.lang)
    try:
        facets = desk.engine.facets(state.filters)
        span = desk.engine.price_span()
    except Exception as error:
        _sentence(words, error)
        facets, span = {}, None
    return render.refine(words, state, facets, span, _currency(desk))


def _view(desk: Desk, state: State) -> View:
    """What the right side says about the photo: a product or a sample has a picture of its own."""
    words = Words(state.lang)
    like, photo, label = None, None, ""
    if state.like and state.like in desk.engine.catalog:
        like = desk.engine.catalog.get(state.like)
        photo, label = desk.thumbnails.url(like.image), words.title(like)
    elif state.sample and state.sample in desk.samples:
        sample = desk.samples[state.sample]
        photo, label = desk.thumbnails.url(sample.path, LARGE), sample.words(state.lang)
    return View(words, state, like, photo, label, _currency(desk))


def _currency(desk: Desk) -> str | None:
    """The currency of the catalog's prices, where its first priced product names one."""
    if desk.engine.price_span() is None:
        return None
    priced = (product for product in desk.engine.catalog if product.price is not None)
    return next((product.attributes.get("currency") for product in priced), None)


def _catalog_name(desk: Desk, words: Words) -> str:
    return desk.name or words("catalog_embedded")


def _issues(desk: Desk) -> Sequence[Any]:
    return desk.engine.catalog.report.issues


def _asked(state: State) -> State:
    """The state without what does not change the answer."""
    return replace(state, lang="en", open=None)


def _sentence(words: Words, error: Exception) -> str:
    """What to tell the reader; the log gets what a developer needs."""
    if isinstance(error, VitrineError):
        log.info("refused: %s", error)
        return words.error(error)
    log.error("unexpected error", exc_info=error)
    return words("error_unexpected")
