"""What a start costs: `import search`, and the app until its first page."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from search.errors import StartError
from search.lab.bench.timing import Row, Timed, compare
from search.lab.results import ROOT

#: A start takes seconds, so it is repeated less often than a search.
STARTS = 5
#: An app that has not shown its page by then never will.
START_SECONDS = 120
#: The app prints this when its page, which until then says to wait, answers searches.
READY = "Vitrine is ready"


def start(repeats: int = STARTS, app: Path = ROOT / "app.py") -> Iterator[Row]:
    """`import search` against an empty Python, and the app against its page library alone.

    The app is started on a catalog that was encoded before. It is timed until its address answers with a page, which may
    say to wait, and until it answers with the page that can be used.
    """
    yield compare(
        Timed("python -c 'import search'", _python("import search")),
        Timed("python -c pass", _python("pass")),
        repeats=4 * repeats,
    )
    if not app.exists():
        return
    for label, ready in (("until it answers with a page", _answers), ("until the first real page", _is_ready)):
        yield compare(
            Timed(f"python app.py {label}", partial(_start_and_end, app, ready)),
            Timed("python -c 'import gradio'", _python("import gradio")),
            repeats=repeats,
            warmup=1,
        )


def _python(code: str) -> Callable[[int], object]:
    return lambda number: subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def _answers(port: int, printed: Path) -> bool:
    """Whether the app's address answers with a page."""
    return b"<html" in _page(port)[:1000].lower()


def _is_ready(port: int, printed: Path) -> bool:
    """Whether that page is more than one that says to wait."""
    return READY in printed.read_text(encoding="utf-8") and _answers(port, printed)


def _start_and_end(app: Path, done: Callable[[int, Path], bool], number: int = 0) -> None:
    """Start the app on a free port, wait until it is `done`, end it.

    Args:
        done: is given the port and a file of what the app has printed.

    Raises:
        StartError: it ended by itself, or took longer than START_SECONDS.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(app), "--port", str(port)]
    with (
        TemporaryDirectory() as folder,
        (Path(folder) / "printed").open("w") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=app.parent) as process,
    ):
        try:
            end = monotonic() + START_SECONDS
            while not done(port, Path(out.name)):
                if process.poll() is not None:
                    raise StartError(f"{app.name} ended with {process.returncode}.", f"Run it: {' '.join(command)}")
                if monotonic() > end:
                    raise StartError(f"{app.name} showed no page in {START_SECONDS} s.", f"Run it: {' '.join(command)}")
                sleep(0.01)
        finally:
            process.terminate()


def _page(port: int) -> bytes:
    """What the app answers at its address; empty while it answers nothing, or an error."""
    connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        return response.read() if response.status == 200 else b""
    except (OSError, HTTPException):
        return b""
    finally:
        connection.close()
