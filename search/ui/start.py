"""The page first, then the engine behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from search.progress import progress_bar
from search.schema import Query
from search.settings import Settings
from search.ui.layout import build, serve
from search.ui.pending import PendingEngine

if TYPE_CHECKING:
    from search.engine import SearchEngine


def start(settings: Settings) -> None:
    """Serve until the server is stopped. The page opens before the engine, whose model takes seconds to import: until
    then it shows its skeleton, and what is asked waits.

    Raises:
        VitrineError: the engine cannot be opened.
    """
    pending = PendingEngine()
    page = build(pending, settings)
    address = serve(page, settings)
    print(f"Opening {settings.index or settings.catalog} at {address}", flush=True)
    try:
        engine = open_engine(settings, pending.report)
    except BaseException as error:
        pending.failed(error)
        raise
    pending.ready(engine)
    warm_up(engine)
    print(f"Vitrine is ready: {address}", flush=True)
    page.block_thread()


def warm_up(engine: SearchEngine) -> None:
    """A search, so that the first visitor does not wait for what is made once: the names of the catalog's kinds and
    colours as vectors (a second for 58 kinds in two languages). Words and suggestions the engine has made itself."""
    product = next(iter(engine.catalog), None)
    if product is not None:
        engine.search(Query(image=product.image, text=product.title), k=1)


def open_engine(settings: Settings, report: Callable[[int, int], None]) -> SearchEngine:
    """The engine that the settings ask for; its progress goes to the terminal and to `report`."""
    from search.engine import SearchEngine  # late, with all that it imports: the page is open by now

    bar = progress_bar()

    def progress(done: int, total: int) -> None:
        bar(done, total)
        report(done, total)

    engine = SearchEngine.open(settings, progress=progress)
    found = engine.catalog.report
    if found.errors or found.missing_images:
        print(found, flush=True)
    return engine
