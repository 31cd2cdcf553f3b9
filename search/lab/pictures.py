"""The animated search of the README, taken from the real page in Debian's chromium.

python app.py &
python -m search pictures --url http://127.0.0.1:7860/ --out assets/screenshots/search.webp
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from search import images
from search.errors import StartError
from search.settings import ASSETS

#: No sandbox inside a container, no graphics card, and nothing asked of the network.
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
#: The page's size, and the width at which it is kept: sharp enough to read, small enough for a README.
_VIEWPORT, _WIDTH = (1280, 800), 960
#: An opened card computes its maps; on two busy cores that takes a while.
_PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Step:
    """What is done on the page, how many milliseconds its outcome is shown, and what has to be there by then."""

    act: Callable[[Any], None]
    shown: int
    until: str = "#results"


def _settle(page: Any) -> None:
    page.wait_for_function("!document.documentElement.dataset.busy")
    page.wait_for_function("Array.from(document.images).every(image => image.complete || image.loading === 'lazy')")
    page.wait_for_timeout(400)  # moving parts come to rest


def _type(words: str) -> Callable[[Any], None]:
    return lambda page: page.get_by_role("textbox", name="Words").fill(words)


def _press(key: str) -> Callable[[Any], None]:
    return lambda page: page.keyboard.press(key)


def _click(selector: str) -> Callable[[Any], None]:
    return lambda page: page.locator(selector).first.click()


#: A room from the strip, words beside it, the first card opened, and back.
STORY: Sequence[Step] = (
    Step(lambda page: None, 1400),
    Step(_click("[data-sample]"), 2200),
    Step(_type("in teal"), 700),
    Step(_press("Enter"), 1800),
    Step(_click("#results [data-open]"), 3600, until="dialog [data-place] canvas"),
)


def film(url: str, out: Path, story: Sequence[Step] = STORY) -> int:
    """Walk through a story on the served page and keep it as an animated WebP; its number of frames.

    Raises:
        StartError: chromium or Playwright is not installed.
    """
    browser_path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise StartError("Pictures of the page need the package playwright.", "pip install playwright") from error
    if browser_path is None:
        raise StartError("Pictures of the page need Debian's chromium.", "apt-get install chromium")
    frames: list[Image.Image] = []
    with sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=browser_path, args=_ARGUMENTS)
        page = browser.new_page(viewport={"width": _VIEWPORT[0], "height": _VIEWPORT[1]})
        page.set_default_timeout(_PATIENCE_MS)
        page.goto(url)
        page.wait_for_selector("#results[data-page]")
        for step in story:
            step.act(page)
            page.wait_for_selector(step.until)
            _settle(page)
            frames.append(_frame(page.screenshot()))
        browser.close()
    out.parent.mkdir(parents=True, exist_ok=True)
    first, *others = frames
    first.save(
        out, save_all=True, append_images=others, duration=[step.shown for step in story], loop=0, quality=80, method=6
    )
    return len(frames)


def _frame(png: bytes) -> Image.Image:
    picture = images.open_picture(png).convert("RGB")
    return picture.resize((_WIDTH, round(picture.height * _WIDTH / picture.width)), Image.Resampling.LANCZOS)


def main(argv: Sequence[str] | None = None) -> int:
    """Film the page that is served at --url."""
    parser = argparse.ArgumentParser(prog="python -m search pictures", description="Film the page for the README.")
    parser.add_argument(
        "--url", default="http://127.0.0.1:7860/", help="where the app is served (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, default=ASSETS / "screenshots" / "search.webp", metavar="FILE")
    options = parser.parse_args(argv)
    print(f"{film(options.url, options.out)} pictures in {options.out}")
    return 0
