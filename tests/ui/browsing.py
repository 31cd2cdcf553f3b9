"""The app in a process of its own, and what tests of the page in a browser have in common."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from search import SearchEngine
from search.settings import ASSETS, Settings

CHROMIUM = shutil.which("chromium")
#: No sandbox inside a container, no graphics card, and nothing asked of the network.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: The catalog is encoded first; on two busy cores that takes a while.
START_SECONDS = 180


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    """The address of the app, started as a user starts it, with its cache and its log in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--port", str(port), "--cache-dir", str(folder / "cache"), *arguments]
    log = folder / "app.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ASSETS.parent, stdout=output, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}/"
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.5)
        # The page opens before its engine: tests of what is found wait for both.
        while "is ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def mounted(engine: SearchEngine, settings: Settings, prefix: str = "/") -> Iterator[str]:
    """The address of the page over an engine of this process, under a prefix of a server of its own."""
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

    from search.ui import build, theme

    page = build(engine, settings)
    looks = {"theme": theme.theme(), "head": theme.head(theme.publish(settings.cache_dir))}
    outer = FastAPI()
    for path in ("/favicon.ico", "/manifest.json"):  # which a browser asks of the host itself
        outer.get(path)(lambda: {})
    app = gr.mount_gradio_app(outer, page, prefix.rstrip("/"), footer_links=[], run_history=False, **looks)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}{prefix}"
    server.should_exit = True
    thread.join(20)


def titles(page) -> list[str]:
    return page.locator("#results .card__title").all_text_contents()


def settled(page) -> None:
    """The answer to the last wish is there."""
    page.wait_for_function("!document.documentElement.dataset.busy")


def in_address(page, text: str, *, there: bool = True) -> None:
    """Waits until the address bar has the text, or no longer has it: it follows the page, a moment later."""
    page.wait_for_function("([text, there]) => location.search.includes(text) === there", arg=[text, there])


def save(page, name: str) -> None:
    """Keep what was seen; VITRINE_SCREENSHOTS names another folder than the repository's."""
    folder = Path(os.environ.get("VITRINE_SCREENSHOTS") or ASSETS / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_function("Array.from(document.images).every(image => image.complete || image.loading === 'lazy')")
    page.wait_for_timeout(300)  # moving parts come to rest
    raw = folder / f".{name}.png"
    page.screenshot(path=raw)
    with Image.open(raw) as picture:
        picture.save(folder / f"{name}.webp", quality=88, method=6)
    raw.unlink()
