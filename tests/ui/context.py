"""A context over the toy engine of tests/conftest.py, for handlers without Gradio and without a model."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from search.ui.context import AppContext
from search.ui.samples import Sample
from search.ui.thumbs import Thumbnails


def make_context(engine, folder: Path) -> AppContext:
    """A context with one sample photo ("one", red) and one uploaded photo (green.png)."""
    sample = folder / "one.png"
    Image.new("RGB", (32, 32), (255, 0, 0)).save(sample)
    uploads = folder / "uploads"
    uploads.mkdir()
    Image.new("RGB", (32, 32), (0, 255, 0)).save(uploads / "green.png")
    return AppContext(
        engine=engine,
        thumbnails=Thumbnails(folder / "thumbs"),
        samples={"one": Sample("one", sample, "A red thing", "红色的东西")},
        uploads=uploads,
        name="toy",
    )
