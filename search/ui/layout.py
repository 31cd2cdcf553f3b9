"""Where things stand in Gradio, and which event calls which handler.

The page is drawn by render/ into five gr.HTML components; assets/ui/js holds the state in the
browser and triggers two events, "ask" (a new state) and "show" (open a card). One event brings
everything that changes, so a search is one round trip. Values go through gr.HTML's default template
only, which never reads them as template code.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder

from search import images
from search.cache import Cache
from search.errors import VitrineError
from search.ui import handlers, render, samples, theme
from search.ui.context import AppContext, PageFragments
from search.ui.locale import Words
from search.ui.pending import PendingEngine
from search.ui.state import State
from search.ui.thumbs import Thumbnails

if TYPE_CHECKING:
    from search.engine import SearchEngine
    from search.settings import Settings

log = logging.getLogger(__name__)

#: Every event that runs the model waits in the same line: two at once on two cores are no faster.
_MODEL: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 1}
#: Photos are deleted from the server a day after they came; looked for every hour.
_DELETE = (3600, 86400)
#: Requests that may wait; the next one is told that the page is busy.
_QUEUE = 64
#: Seconds after which a visitor who waits for the engine hears how far it is.
_PATIENCE = 1.0

#: Hands the component to assets/ui/js/main.js, with what it may ask of the server: Gradio lets a component
#: trigger the events whose names it finds in quotes in its script.
_MOUNT = 'window.vitrine.then(({{ mount }}) => mount("{part}", {{ trigger, upload, watch, asks: {asks} }}));'
#: Tells it that there will be no answer: the queue is full, say.
_FAILED = '() => window.vitrine.then(({{ failed }}) => failed("{part}"))'

#: Values of the five components, in the order header, rail, refine, results, details.
Parts = tuple[Any, Any, Any, Any, Any]


def build(engine: SearchEngine | PendingEngine, settings: Settings) -> gr.Blocks:
    """The page; `serve` starts it.

    Args:
        engine: may still be pending: the page shows its skeleton, and everything that is asked waits for it.
    """
    pending = engine if isinstance(engine, PendingEngine) else _ready(engine)
    thumbnails = Thumbnails(settings.cache_dir / "thumbs")
    gr.set_static_paths([thumbnails.folder, theme.publish(settings.cache_dir)])

    contexts: Cache[AppContext] = Cache(1)

    def context() -> AppContext:
        return contexts.get_or_make("of this page", lambda: _context(pending.wait(), settings, thumbnails))

    words = Words(settings.lang)
    with gr.Blocks(title=words("page_title"), fill_width=True, analytics_enabled=False, delete_cache=_DELETE) as page:
        header = _part("header", render.header(words, "", None))
        with gr.Row(elem_id="v-body"):
            with gr.Column(elem_id="v-side"):
                rail = _part("rail", render.rail(words, []))
                refine = _part("refine", "")
            with gr.Column(elem_id="v-main"):
                results = _part("results", render.skeleton(words), "ask")
        details = _part("details", "", "show")
        parts = [header, rail, refine, results, details]
        on_open, on_ask, on_show = _events(pending, context, settings.lang)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", **_MODEL}
        page.load(on_open, None, parts, api_name="open", **quiet)
        # Of what is asked while an answer is on its way, the browser sends the last (js/requests.js): Gradio's
        # "always_last" would send the data of the first a second time.
        asked = results.ask(on_ask, None, parts, api_name="ask", trigger_mode="multiple", **quiet)
        shown = details.show(on_show, None, details, api_name="show", trigger_mode="multiple", **quiet)
        for part, event in (("results", asked), ("details", shown)):
            event.failure(js=_FAILED.format(part=part), api_name=f"{part}_failed", api_visibility="private")
        _http_api(context)
        _suggestions(pending, context)
    page.queue(max_size=_QUEUE)
    # While the server starts: the first visitor should not wait for the pictures of the first view.
    Thread(target=_first_view, args=(context,), name="first view", daemon=True).start()
    return page


def serve(page: gr.Blocks, settings: Settings) -> str:
    """Start serving and return at once; the address."""
    _, address, _ = page.launch(
        server_name=settings.host,
        server_port=settings.port,
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        max_file_size=images.MAX_BYTES,
        ssr_mode=False,
        favicon_path=theme.ASSETS / "favicon.png",
        theme=theme.theme(),
        head=theme.head(theme.publish(settings.cache_dir)),
    )
    return address


def _ready(engine: SearchEngine) -> PendingEngine:
    pending = PendingEngine()
    pending.ready(engine)
    return pending


def _context(engine: SearchEngine, settings: Settings, thumbnails: Thumbnails) -> AppContext:
    """The engine with thumbnails, sample photos and the upload folder around it."""
    return AppContext(
        engine=engine,
        thumbnails=thumbnails,
        samples=samples.load(settings.samples),
        uploads=Path(get_upload_folder()),
        name="" if settings.embedded else engine.catalog.name,
        lang=settings.lang,
    )


def _first_view(context: Callable[[], AppContext]) -> None:
    try:
        at = context()
    except Exception:
        return  # whoever opens the engine says why it cannot be opened
    handlers.on_open(at, ())


def _events(
    pending: PendingEngine, context: Callable[[], AppContext], lang: str
) -> tuple[Callable[..., Iterator[Parts]], Callable[..., Parts], Callable[..., str]]:
    """What Gradio calls: when the page opens, when something is asked, when a card is opened."""

    def on_open(request: gr.Request) -> Iterator[Parts]:
        params = request.query_params.multi_items()
        words = Words(State.from_link(params, lang).lang)
        while not pending.wait_at_most(_PATIENCE):
            waiting = render.skeleton(words, starting=True, progress=pending.progress)
            yield gr.skip(), gr.skip(), gr.skip(), waiting, gr.skip()
        yield _parts(handlers.on_open(context(), params), 0)

    def on_ask(event: gr.EventData) -> Parts:
        message, number = _request(event)
        page = handlers.on_search(context(), State.from_message(message), str(message.get("shown")))
        return _parts(page, number)

    def on_show(event: gr.EventData) -> str:
        message, number = _request(event)
        return _numbered(handlers.on_details(context(), State.from_message(message)), number)

    return on_open, on_ask, on_show


def _part(name: str, value: str, *asks: str) -> gr.HTML:
    """A piece of the page, filled by render/ and brought to life by main.js; `asks` are its events."""
    return gr.HTML(
        value,
        elem_id=f"v-{name}",
        js_on_load=_MOUNT.format(part=name, asks=json.dumps(asks)),
        apply_default_css=False,
    )


def _request(event: gr.EventData) -> tuple[Mapping[str, Any], int]:
    """(the state that the browser asks for, the number of its request); both come from outside."""
    message, number = getattr(event, "state", None), getattr(event, "request", None)
    return message if isinstance(message, Mapping) else {}, number if isinstance(number, int) else 0


def _parts(page: PageFragments, number: int) -> Parts:
    """The values of the five components; what the browser has already is not sent again."""
    header, rail = (gr.skip() if html is None else html for html in (page.header, page.rail))
    refine, results, details = (_numbered(html, number) for html in (page.refine, page.results, page.details))
    return header, rail, refine, results, details


def _numbered(html: str, number: int) -> str:
    """With the number of the request that it answers, so that the browser can tell it from a late answer to
    an earlier one. Gradio does not pass on a value that is the same as before; the number makes it another."""
    return f'{html}<template data-request="{number}"></template>'


def _suggestions(pending: PendingEngine, context: Callable[[], AppContext]) -> None:
    """What the field of the words asks for while somebody types (js/suggestions.js): one POST, past the queue, because
    a search that is being made must not delay it."""

    def suggest(typed: str, lang: str) -> list:
        """Words that begin as the typed ones do."""
        return handlers.on_suggest(context(), typed, lang) if pending.wait_at_most(0) else []

    gr.api(suggest, api_name="suggest", queue=False, concurrency_limit=None, api_visibility="private")


def _http_api(context: Callable[[], AppContext]) -> None:
    """The one public endpoint, for scripts; invisible components say what it takes and returns.

    The photo is a plain file: gr.Image would decode it before the limits of search.images apply.
    """

    def search(
        text: str | None = None,
        image: str | None = None,
        exclude: str | None = None,
        filters: dict[str, Any] | None = None,
        k: float | None = State.k,
    ) -> dict[str, Any]:
        """Search by words, a photo, or both; returns ranked products with scores that add up."""
        try:
            return handlers.search_api(context(), text, image, exclude, filters, k)
        except VitrineError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            log.exception("unexpected error in the HTTP API")
            raise gr.Error("The search failed; the server's log says why.", print_exception=False) from error

    inputs = [
        gr.Textbox(label="text", visible=False),
        gr.File(label="image", type="filepath", visible=False),
        gr.Textbox(label="exclude", visible=False),
        gr.JSON(label="filters", visible=False),
        gr.Number(value=State.k, label="k", visible=False),
    ]
    gr.Button(visible=False).click(
        search,
        inputs,
        gr.JSON(label="result", visible=False),
        api_name="search",
        api_visibility="public",
        api_description="Search by words, a photo, or both; ranked products with scores that add up.",
        **_MODEL,
    )
