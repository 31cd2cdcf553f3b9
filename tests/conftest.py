"""A toy encoder and a toy catalog whose rankings can be worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search import Catalog, Product, SearchEngine
from search import images as pictures
from search.encoder import locator as locators
from search.encoder.base import unit

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*.json anew")


class ToyEncoder:
    """Three dimensions: a picture is its mean red, green and blue; words are the colours in them."""

    name = "toy"
    fingerprint = "70f"
    preprocessing = "mean colour"
    dim = 3
    image_size = 16

    def __init__(self) -> None:
        self.encoded = 0

    def encode_images(self, images: Sequence) -> np.ndarray:
        self.encoded += len(images)
        rows = [np.asarray(pictures.load(image), np.float32).mean(axis=(0, 1)) + 1e-3 for image in images]
        return unit(np.array(rows).reshape(len(rows), 3))

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        rows = [[re.findall(r"\w+", text.lower()).count(colour) for colour in COLOURS] for text in texts]
        return unit(np.array(rows, np.float32).reshape(len(rows), 3) + 1e-3)


def swatch(colour: tuple[int, int, int] | str, size: tuple[int, int] = (16, 16)) -> Image.Image:
    return Image.new("RGB", size, COLOURS[colour] if isinstance(colour, str) else colour)


def toy_products() -> list[Product]:
    """Two cups and two hats; one of each is red, the others green and blue."""
    rows = [
        ("cup-red", "Red cup", "red", "Cups", 10.0),
        ("cup-green", "Green cup", "green", "Cups", 20.0),
        ("hat-red", "Red hat", (200, 55, 0), "Hats", 30.0),
        ("hat-blue", "Blue hat", "blue", "Hats", None),
    ]
    return [
        Product(id, title, swatch(colour), category, colour=title.split()[0], price=price)
        for id, title, colour, category, price in rows
    ]


@pytest.fixture(autouse=True)
def no_locator_beside_toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A toy's vectors say nothing of what the embedded locator would find in a plain patch, and loading it takes a second."""

    def load(encoder: object) -> object:
        return locators.load_locator(encoder) if hasattr(encoder, "model") else None

    monkeypatch.setattr("search.searching.load_locator", load)


@pytest.fixture
def encoder() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def engine(encoder: ToyEncoder) -> SearchEngine:
    return SearchEngine.build(Catalog(toy_products(), name="toy"), encoder, cache_dir=None)


@pytest.fixture(scope="session")
def embedded():
    """The embedded model, loaded once."""
    from search import load_encoder

    return load_encoder()


@pytest.fixture(scope="session")
def shop(embedded, tmp_path_factory) -> SearchEngine:
    """The embedded catalog under the embedded model, built once."""
    return SearchEngine.build(Catalog.load("assets/catalog"), embedded, cache_dir=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def shared() -> Path:
    """../shared/data, which a stranger's clone does not have."""
    if not SHARED.is_dir():
        pytest.skip(f"needs {SHARED}, which is not part of the repository")
    return SHARED
