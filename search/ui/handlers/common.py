"""What several handlers need: what a state asks of the engine, what its answer is drawn with, and what errors say."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from search.errors import ImageError, QueryError, VitrineError
from search.images import WHOLE, Region
from search.query.parse import ParsedQuery, parse
from search.query.vocabulary import Vocabulary
from search.schema import Query, SearchResult
from search.ui.context import AppContext
from search.ui.locale import Words
from search.ui.render.results import View
from search.ui.render.things import Thing, things
from search.ui.state import State, on_page
from search.ui.thumbs import LARGE

log = logging.getLogger(__name__)


def result_of(context: AppContext, state: State) -> SearchResult:
    """The ranked products for a state, from the cache where it has them.

    Raises:
        VitrineError: the query cannot be used.
    """

    def search() -> SearchResult:
        return context.engine.search(query_of(context, state), k=state.k)

    return context.results.get_or_search(state, context.revision, search)


def query_of(context: AppContext, state: State) -> Query:
    """What the state asks of the engine.

    Raises:
        QueryError: a sample that does not exist.
        ImageError: an upload that is not, or no longer, in the upload folder.
    """
    image = image_of(context, state)
    return Query(
        image=image,
        like=state.like,
        region=_region_of(context, state, image),
        text=state.text,
        exclude=state.exclude,
        filters=state.filters,
        balance=state.balance,
        correct=state.correct,
        read_photo=state.read_photo,
    )


def image_of(context: AppContext, state: State) -> Path | None:
    """The sample's or the visitor's photo.

    Raises:
        QueryError: a sample that does not exist.
        ImageError: an upload that is not, or no longer, in the upload folder.
    """
    if state.sample:
        if state.sample not in context.samples:
            raise QueryError(
                f"There is no sample photo {state.sample!r}.", "Choose another.", code="no_sample", id=state.sample
            )
        return context.samples[state.sample].path
    return _uploaded(context, state.upload) if state.upload else None


def _region_of(context: AppContext, state: State, image: Path | None) -> Region | None:
    """The part to search with: of an object its box as the engine gave it, which it has encoded already."""
    if image is None or state.region in (None, WHOLE):
        return None
    boxes = (found.box for found in context.engine.objects(image))
    return next((box for box in boxes if on_page(box) == state.region), state.region)


def things_of(context: AppContext, state: State) -> tuple[Thing, ...]:
    """The objects of the state's photo; none where there is no photo, or it cannot be used. Never raises: an error is
    drawn with it too."""
    try:
        image = image_of(context, state)
        return things(Words(state.lang), context.engine.objects(image)) if image is not None else ()
    except Exception:
        return ()  # whoever searches with the photo says why


def words_query(context: AppContext, state: State) -> Query:
    """What the state asks of the engine but for its photo: what narrows the catalog."""
    return query_of(context, replace(state, like=None, sample=None, upload=None))


def parsed_of(context: AppContext, state: State) -> ParsedQuery:
    """How the words are read by what the catalog knows."""
    engine = context.engine
    prices = engine.price_span() is not None
    return parse(state.text, Vocabulary.of(engine.catalog), prices=prices, correct=state.correct)


def view_of(context: AppContext, state: State) -> View:
    """What the right side says about the photo: a product or a sample has a picture of its own."""
    words = Words(state.lang)
    like, photo, label = None, None, ""
    if state.like and state.like in context.engine.catalog:
        like = context.engine.catalog.get(state.like)
        photo, label = context.thumbnails.url(like.image), words.title(like)
    elif state.sample and state.sample in context.samples:
        sample = context.samples[state.sample]
        photo, label = context.thumbnails.url(sample.path, LARGE), sample.words(state.lang)
    values = context.engine.catalog.facet_values()
    shown = shell_key(context, state)
    return View(words, state, like, photo, label, currency(context), shown, values, things=things_of(context, state))


def shell_key(context: AppContext, state: State) -> str:
    """What the header and the rail depend on; the browser sends it back, and what it has is not sent again."""
    return f"{state.lang} {state.tab} {context.revision}"


def currency(context: AppContext) -> str | None:
    """The currency of the catalog's prices, where its first priced product names one."""
    if context.engine.price_span() is None:
        return None
    priced = (product for product in context.engine.catalog if product.price is not None)
    return next((product.attributes.get("currency") for product in priced), None)


def problem(words: Words, error: Exception) -> str:
    """What to tell the reader; the log gets what a developer needs."""
    if isinstance(error, VitrineError):
        log.info("refused: %s", error)
        return words.error(error)
    log.error("unexpected error", exc_info=error)
    return words("error_unexpected")


def _uploaded(context: AppContext, name: str) -> Path:
    """The visitor's photo. The name comes from the browser: it must not lead out of the folder."""
    root = context.uploads.resolve()
    try:
        path = (root / name).resolve()
        there = path.is_relative_to(root) and path.is_file()
    except (OSError, ValueError):  # no name that a file can have
        there = False
    if not there:
        raise ImageError("That photo is no longer on the server.", "Send it once more.", code="upload_gone")
    return path
