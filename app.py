"""Starts Vitrine: python app.py [--catalog PATH] [--model NAME] [--port 7860] (--help for the rest)."""

from __future__ import annotations

import logging
import os
import socket
import sys

from search.errors import StartError, VitrineError
from search.progress import progress_bar
from search.settings import Settings


def main() -> int:
    """Read the settings, load the engine, serve the page; the exit code, 2 where it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Read by Gradio and by the Hugging Face libraries when they are imported: nothing is reported.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        settings = Settings.read(sys.argv[1:], os.environ)
        require_free(settings.host, settings.port)
        from search.engine import SearchEngine

        print(f"Opening {settings.index or settings.catalog}", flush=True)
        engine = SearchEngine.open(settings, progress=progress_bar())
        report = engine.catalog.report
        if report.issues or report.missing:
            print(report, flush=True)

        from search import ui

        ui.serve(ui.build(engine, settings), settings)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
