"""A picture that is a PostScript program is not run, whatever it is called and wherever it comes in."""

from __future__ import annotations

import io
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from PIL import Image

from search import Catalog, Product, Query, images
from search.errors import ImageError
from tests.conftest import swatch
from tests.images.hostile import POSTSCRIPT_LOOP


@pytest.fixture
def started(tmp_path, monkeypatch) -> Path:
    """A file that is there as soon as anybody starts Ghostscript."""
    marker, folder = tmp_path / "started", tmp_path / "bin"
    folder.mkdir()
    (folder / "gs").write_text(f"#!/bin/sh\ntouch {marker}\n")
    (folder / "gs").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return marker


def test_the_trap_works(started):
    """Pillow on its own hands the file to Ghostscript; otherwise the tests below would show nothing."""
    with suppress(OSError):  # this one writes no picture
        Image.open(io.BytesIO(POSTSCRIPT_LOOP)).load()
    assert started.exists()


def test_bytes_in_a_query_are_refused(engine, started):
    began = time.process_time()
    with pytest.raises(ImageError, match="a drawing or a document, not a photo"):
        engine.search(Query(image=POSTSCRIPT_LOOP))
    assert time.process_time() - began < 1
    assert not started.exists()


def test_a_catalog_leaves_it_out_and_says_so(tmp_path, started):
    folder = tmp_path / "shop"
    folder.mkdir()
    swatch("red").save(folder / "sound.jpg")
    for name in ("loop.jpg", "loop.png", "loop.eps"):
        (folder / name).write_bytes(POSTSCRIPT_LOOP)
    began = time.process_time()
    catalog = Catalog.load(folder)
    assert time.process_time() - began < 1
    assert [product.id for product in catalog] == ["sound"]
    # An .eps is no picture by its name; the others are none by their bytes.
    assert [str(row) for row in catalog.report.errors] == [
        f"{name}: {name} is a drawing or a document, not a photo." for name in ("loop.jpg", "loop.png")
    ]
    assert not started.exists()


def test_a_table_that_names_it_leaves_it_out_and_says_so(tmp_path, started):
    for name in ("loop.jpg", "loop.eps", "sound.jpg"):
        (tmp_path / name).write_bytes(POSTSCRIPT_LOOP)
    swatch("red").save(tmp_path / "sound.jpg")
    (tmp_path / "shop.csv").write_text("id,image\n1,loop.jpg\n2,loop.eps\n3,sound.jpg\n")
    catalog = Catalog.load(tmp_path / "shop.csv")
    assert [row.where for row in catalog.report.errors] == ["row 2", "row 3"]
    assert not started.exists()


def test_a_product_that_comes_with_it_is_refused(engine, started):
    with pytest.raises(ImageError, match="not a photo"):
        engine.add([Product("loop", "Loop", POSTSCRIPT_LOOP)])
    assert not started.exists()


def test_every_other_function_that_takes_a_picture_refuses_it(started):
    for use in (images.load, images.check, images.thumbnail, images.open_picture):
        with pytest.raises(ImageError, match="not a photo"):
            use(POSTSCRIPT_LOOP)
    assert not started.exists()


def test_an_upload_over_http_is_answered_with_a_sentence(engine, tmp_path, started):
    """The page's own upload, then a search with what came of it; the server computes in this process."""
    from search.settings import Settings
    from search.ui import build, serve

    settings = Settings(catalog="toy", cache_dir=tmp_path / "cache", samples=None, port=_free_port())
    page = build(engine, settings)
    address = serve(page, settings).rstrip("/")
    try:
        with httpx.Client(base_url=f"{address}/gradio_api", timeout=10, trust_env=False) as client:
            (path,) = client.post("/upload", files={"files": ("loop.jpg", POSTSCRIPT_LOOP, "image/jpeg")}).json()
            photo = {"path": path, "meta": {"_type": "gradio.FileData"}}
            event = client.post("/call/search", json={"data": ["", photo, None, None, 5]}).json()["event_id"]
            answer = client.get(f"/call/search/{event}").text
            assert "event: error" in answer
            assert "a drawing or a document, not a photo" in answer
    finally:
        page.close()
        for thread in threading.enumerate():
            if thread.name == "first view":
                thread.join(30)
    assert not started.exists()


def test_nobody_opens_pictures_but_the_one_function_that_names_the_formats():
    root = Path(images.__file__).parents[1]
    calls = {
        str(path.relative_to(root)): text.count("Image.open(")
        for path in root.rglob("*.py")
        if "Image.open(" in (text := path.read_text(encoding="utf-8"))
    }
    assert calls == {"images/pictures.py": 1}
    assert images.FORMATS == ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
