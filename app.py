"""Starts Vitrine: python app.py [--catalog PATH] [--model NAME] [--port 7860] (--help for the rest)."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from search.errors import StartError, VitrineError
from search.progress import progress_bar
from search.settings import Settings

if TYPE_CHECKING:
    from search.engine import SearchEngine


def main() -> int:
    """Read the settings, serve the page, open the engine behind it; the exit code, 2 where it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Read by Gradio and by the Hugging Face libraries when they are imported: nothing is reported.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        settings = Settings.read(sys.argv[1:], os.environ)
        require_free(settings.host, settings.port)
        require_source(settings)
        start(settings)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def start(settings: Settings) -> None:
    """Serve until the server is stopped. The page opens before the engine, whose model takes seconds to import: until
    then it shows its skeleton, and what is asked waits.

    Raises:
        VitrineError: the engine cannot be opened.
    """
    from search import ui

    pending = ui.PendingEngine()
    page = ui.build(pending, settings)
    address = ui.serve(page, settings)
    print(f"Opening {settings.index or settings.catalog} at {address}", flush=True)
    try:
        engine = open_engine(settings, pending.report)
    except BaseException as error:
        pending.failed(error)
        raise
    pending.ready(engine)
    print(f"Vitrine is ready: {address}", flush=True)
    page.block_thread()


def open_engine(settings: Settings, report: Callable[[int, int], None]) -> SearchEngine:
    """The engine that the settings ask for; its progress goes to the terminal and to `report`."""
    from search.engine import SearchEngine

    bar = progress_bar()

    def progress(done: int, total: int) -> None:
        bar(done, total)
        report(done, total)

    engine = SearchEngine.open(settings, progress=progress)
    found = engine.catalog.report
    if found.errors or found.missing_images:
        print(found, flush=True)
    return engine


def require_free(host: str, port: int) -> None:
    """Before the seconds that a model takes to load.

    Raises:
        StartError: the port is taken, or this machine has no such address.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As the server will: a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Port {port} on {host} cannot be used ({error.strerror}).", f"Try --port {port + 1}.", port=port
            ) from None


def require_source(settings: Settings) -> None:
    """Before the page opens: a path that does not exist is refused in the sentence that opening it ends with.

    Raises:
        VitrineError: there is no such catalog or index.
    """
    source = settings.index or settings.catalog
    if not str(source).startswith("hf:") and not Path(source).expanduser().exists():
        from search.engine import SearchEngine

        SearchEngine.open(settings)


if __name__ == "__main__":
    sys.exit(main())
