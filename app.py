"""Starts Vitrine: python app.py [--catalog PATH] [--model NAME] [--port 7860] (--help for the rest)."""

from __future__ import annotations

import logging
import os
import socket
import sys
from pathlib import Path

from search.errors import StartError, VitrineError
from search.settings import Settings


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
        from search import ui

        ui.start(settings)
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
