"""Asking the public engine, with all that the catalog says of its products or less, and judging what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from search.calibration import DEPTH
from search.catalog import Catalog
from search.engine import SearchEngine
from search.errors import VitrineError
from search.lab.benchmark.base import Bools, Floats
from search.lab.benchmark.shopping.forms import FORMS, ShopperQuery
from search.lab.benchmark.shopping.queries import LARGE
from search.schema import Product

#: What of each product the engine is told. Queries are always judged by all that is known.
LEVELS = {
    "whole": "everything known",
    "titles": "titles and pictures alone",
    "pictures": "pictures alone",
}


@dataclass(frozen=True)
class Answer:
    """The first hits of one search, judged; all arrays (k,), k at most DEPTH.

    right: whether it is what is to be found; met: whether it has everything that was said (see ShopperQuery.meeting).
    size: products in the catalog.
    """

    asked: ShopperQuery
    right: Bools
    met: Bools
    probabilities: np.ndarray
    bands: tuple[str, ...]
    in_catalog: bool
    size: int

    @property
    def chance(self) -> float:
        """The share of the catalog that is right."""
        return len(self.asked.right) / self.size

    @property
    def chance_met(self) -> float:
        """The share of the catalog that has everything that was said."""
        return len(self.asked.met) / self.size


def level(catalog: Catalog, name: str) -> Catalog:
    """The catalog with only so much known of its products: one of LEVELS."""
    if name == "whole":
        return catalog
    titles = {product.id: product.title for product in catalog} if name == "titles" else {}
    return Catalog(
        (
            Product(product.id, titles.get(product.id, f"Product {number}"), product.image)
            for number, product in enumerate(catalog, start=1)
        ),
        name=f"{catalog.name}, {LEVELS[name]}",
    )


def levels_of(size: int) -> dict[str, str]:
    """The levels that a catalog of `size` products is asked at: a large one not with pictures alone, to save minutes."""
    return {name: label for name, label in LEVELS.items() if size <= LARGE or name != "pictures"}


def answerable(queries: Sequence[ShopperQuery], name: str) -> list[ShopperQuery]:
    """The queries that can be asked at one of LEVELS: a price only where prices are known."""
    return [asked for asked in queries if name == "whole" or not FORMS[asked.form].needs_prices]


def ask(engine: SearchEngine, queries: Sequence[ShopperQuery], k: int = DEPTH) -> list[Answer]:
    """An answer to each query; one that the engine refuses has no hits and counts as denied."""
    return [_answer(engine, asked, k) for asked in queries]


def _answer(engine: SearchEngine, asked: ShopperQuery, k: int) -> Answer:
    try:
        result = engine.search(asked.query, k)
    except VitrineError:
        return Answer(asked, np.zeros(0, bool), np.zeros(0, bool), np.zeros(0), (), False, len(engine.catalog))
    return Answer(
        asked,
        np.array([hit.product.id in asked.right for hit in result.hits], bool),
        np.array([hit.product.id in asked.met for hit in result.hits], bool),
        np.array([hit.probability for hit in result.hits], np.float64),
        tuple(hit.band for hit in result.hits),
        result.in_catalog,
        len(engine.catalog),
    )


class Remembering:
    """An encoder that encodes each text and photo once, however many engines ask; the rest is the encoder's own."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self._known: dict[str, Floats] = {}
        self._photos: dict[bytes, Floats] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """(n, d) unit rows."""
        if fresh := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(fresh, self._encoder.encode_texts(fresh), strict=True))
        return np.stack([self._known[text] for text in texts])

    def encode_images(self, pictures: Sequence[Any]) -> Floats:
        """(n, d) unit rows."""
        keys = [sha256(picture.tobytes()).digest() for picture in pictures]
        fresh = {key: picture for key, picture in zip(keys, pictures, strict=True) if key not in self._photos}
        if fresh:
            self._photos.update(zip(fresh, self._encoder.encode_images(list(fresh.values())), strict=True))
        return np.stack([self._photos[key] for key in keys])
