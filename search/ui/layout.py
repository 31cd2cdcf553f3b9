"""Where things stand in Gradio, and which event calls which handler.

The page is drawn by render/ into five gr.HTML components; assets/ui/page.js holds the state in the
browser and triggers two events, "ask" (a new state) and "show" (open a card). One event brings
everything that changes, so a search is one round trip. Values go through gr.HTML's default template
only, which never reads them as template code.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder

from search import images
from search.errors import VitrineError
from search.ui import handlers, render, samples, theme
from search.ui.context import AppContext, PageFragments
from search.ui.state import State
from search.ui.thumbs import Thumbnails
from search.ui.words import Words

if TYPE_CHECKING:
    from search.engine import SearchEngine
    from search.settings import Settings

log = logging.getLogger(__name__)

_numbers = count()

#: Every event that runs the model waits in the same line: two at once on two cores are no faster.
_MODEL: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 1}
#: Photos are deleted from the server a day after they came; looked for every hour.
_DELETE = (3600, 86400)
#: Requests that may wait; the next one is told that the page is busy.
_QUEUE = 64

#: Hands the component to page.js. The names of custom events have to stand here in quotes.
_MOUNT = 'window.vitrine.mount("{part}", element, {{ trigger, upload, watch }}); /* {events} */'


def context_of(engine: SearchEngine, settings: Settings) -> AppContext:
    """The engine with thumbnails, sample photos and the upload folder around it."""
    embedded = settings.catalog == type(settings).catalog
    return AppContext(
        engine=engine,
        thumbnails=Thumbnails(settings.cache_dir / "thumbs"),
        samples=samples.load(settings.samples),
        uploads=Path(get_upload_folder()),
        name="" if embedded else engine.catalog.name,
        lang=settings.lang,
    )


def build(engine: SearchEngine, settings: Settings) -> gr.Blocks:
    """The page, wired to an engine; `serve` starts it."""
    context = context_of(engine, settings)
    words = Words(settings.lang)
    gr.set_static_paths([context.thumbnails.folder])

    def on_open(request: gr.Request) -> tuple[Any, ...]:
        return _parts(handlers.on_open(context, request.query_params.multi_items()))

    def on_ask(event: gr.EventData) -> tuple[Any, ...]:
        message = _message(event)
        return _parts(handlers.on_search(context, State.from_message(message), str(message.get("shown"))))

    def on_show(event: gr.EventData) -> str:
        return _numbered(handlers.on_details(context, State.from_message(_message(event))))

    def search(
        text: str | None = None,
        image: str | None = None,
        exclude: str | None = None,
        filters: dict[str, Any] | None = None,
        k: float | None = State.k,
    ) -> dict[str, Any]:
        """Search by words, a photo, or both; returns ranked products with scores that add up."""
        try:
            return handlers.search_api(context, text, image, exclude, filters, k)
        except VitrineError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            log.exception("unexpected error in the HTTP API")
            raise gr.Error("The search failed; the server's log says why.", print_exception=False) from error

    with gr.Blocks(title=words("page_title"), fill_width=True, analytics_enabled=False, delete_cache=_DELETE) as page:
        header = _part("header", render.header(words, context.name, len(engine.catalog)))
        with gr.Row(elem_id="v-body"):
            with gr.Column(elem_id="v-side"):
                rail = _part("rail", render.rail(words, []))
                refine = _part("refine", "")
            with gr.Column(elem_id="v-main"):
                results = _part("results", render.skeleton(words), "'ask'")
        details = _part("details", "", "'show'")
        parts = [header, rail, refine, results, details]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", **_MODEL}
        page.load(on_open, None, parts, api_name="open", **quiet)
        # While an answer is on its way only the latest wish is worth asking for.
        results.ask(on_ask, None, parts, api_name="ask", trigger_mode="always_last", **quiet)
        details.show(on_show, None, details, api_name="show", trigger_mode="always_last", **quiet)
        _http_api(search)
    page.queue(max_size=_QUEUE)
    # While the server starts: the first visitor should not wait for the pictures of the first view.
    Thread(target=handlers.on_open, args=(context, ()), name="first view", daemon=True).start()
    return page


def serve(page: gr.Blocks, settings: Settings, *, block: bool = True) -> str:
    """Start serving; the address. With `block`, returns when the server is stopped."""
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
        head=theme.head(),
    )
    if block:
        print(f"Vitrine is ready: {address}", flush=True)
        page.block_thread()
    return address


def _part(name: str, value: str, events: str = "") -> gr.HTML:
    """A piece of the page, filled by render/ and brought to life by page.js."""
    return gr.HTML(
        value,
        elem_id=f"v-{name}",
        js_on_load=_MOUNT.format(part=name, events=events),
        apply_default_css=False,
    )


def _message(event: gr.EventData) -> Mapping[str, Any]:
    """The state that page.js sent with an event."""
    message = getattr(event, "state", None)
    return message if isinstance(message, Mapping) else {}


def _parts(page: PageFragments) -> tuple[Any, ...]:
    """The values of the five components; what the browser has already is not sent again."""
    header, rail = (gr.skip() if html is None else html for html in (page.header, page.rail))
    return header, rail, page.refine, _numbered(page.results), page.details and _numbered(page.details)


def _numbered(html: str) -> str:
    """With a number that no other answer has: Gradio does not tell the browser of a value that is
    the same as before, and the browser waits for its answer."""
    return f"{html}<!-- {next(_numbers)} -->"


def _http_api(search: Any) -> None:
    """The one public endpoint, for scripts; invisible components say what it takes and returns.

    The photo is a plain file: gr.Image would decode it before the limits of search.images apply.
    """
    text = gr.Textbox(label="text", visible=False)
    image = gr.File(label="image", type="filepath", visible=False)
    exclude = gr.Textbox(label="exclude", visible=False)
    filters = gr.JSON(label="filters", visible=False)
    k = gr.Number(value=State.k, label="k", visible=False)
    result = gr.JSON(label="result", visible=False)
    gr.Button(visible=False).click(
        search,
        [text, image, exclude, filters, k],
        result,
        api_name="search",
        api_visibility="public",
        api_description="Search by words, a photo, or both; ranked products with scores that add up.",
        **_MODEL,
    )
