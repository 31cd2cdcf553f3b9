"""Files that are no photos, given to the page in a browser as a visitor gives them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.images.hostile import POSTSCRIPT_LOOP, jpeg_of_scans
from tests.ui.browsing import serving

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ghostscript(tmp_path_factory) -> Iterator[Path]:
    """A file that is there as soon as anybody starts Ghostscript; the app is started with this PATH."""
    folder = tmp_path_factory.mktemp("bin")
    marker = folder / "started"
    (folder / "gs").write_text(f"#!/bin/sh\ntouch {marker}\n")
    (folder / "gs").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        yield marker


@pytest.fixture(scope="module")
def address(ghostscript, tmp_path_factory) -> Iterator[str]:
    """The app with a small shop of three colours."""
    shop = tmp_path_factory.mktemp("shop")
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (64, 64), colour).save(shop / f"{colour}.png")
    with serving(tmp_path_factory.mktemp("served"), "--catalog", str(shop)) as url:
        yield url


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: POSTSCRIPT_LOOP, "is a drawing or a document, not a photo"),
        (lambda: jpeg_of_scans(1006, Image.new("L", (4000, 4000), 99)), "more than 32 scans"),
    ],
    ids=["PostScript", "a thousand scans"],
)
def test_a_hostile_upload_is_one_sentence_and_the_page_goes_on(open_page, ghostscript, tmp_path, data, said):
    hostile, sound = tmp_path / "loop.jpg", tmp_path / "sound.jpg"
    hostile.write_bytes(data())
    Image.new("RGB", (64, 64), "red").save(sound)
    page = open_page()
    page.set_input_files("[data-file]", hostile)
    playwright.expect(page.locator("#results")).to_contain_text(said)
    page.set_input_files("[data-file]", sound)
    playwright.expect(page.locator("#results .card").first).to_be_visible()
    assert not ghostscript.exists()
