"""A handful of products whose figures can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search.calibration import KINDS, ScoreCalibration
from search.catalog import Catalog
from search.lab.benchmark.base import Benchmark
from search.lab.benchmark.build import make_benchmark
from search.schema import Product

WORDS = ("red", "blue", "shirts", "shoes")


GREYS = {"shirts": 60, "shoes": 200}


HUES = {"red": (255, 0), "blue": (0, 255)}


class Toy:
    """One dimension for each of WORDS; a picture says its colour in red and blue, its kind in green."""

    name, fingerprint, dim, image_size = "toy", "0123456789abcdef", len(WORDS) + 1, 8

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._unit([word in text.lower().split() for word in WORDS]) for text in texts])

    def encode_images(self, images: Sequence[Image.Image]) -> np.ndarray:
        pixels = (image.getpixel((0, 0)) for image in images)
        return np.stack([self._unit([r > b, b > r, g < 100, g >= 100]) for r, g, b in pixels])

    def _unit(self, told: Sequence[bool]) -> np.ndarray:
        # The last dimension is what a text without a known word points at: nothing in the catalog.
        row = np.array([*told, not any(told)], np.float32)
        return row / np.linalg.norm(row)


def product(number: int, colour: str, kind: str, title: str | None = None, category: str | None = None) -> Product:
    red, blue = HUES[colour]
    picture = Image.new("RGB", (8, 8), (red, GREYS[kind], blue))
    return Product(
        str(number), title or f"{colour} {kind}", picture, category=category or kind.title(), colour=colour.title()
    )


def shop(counts: dict[tuple[str, str], int]) -> Catalog:
    kinds = [pair for pair, n in counts.items() for _ in range(n)]
    return Catalog(product(number, *pair) for number, pair in enumerate(kinds))


#: A score of 1 is then 5 spreads above 0 and very close, 1/2 is 2.5 and related, by these curves.
SPREAD = dict.fromkeys(KINDS, 0.2)


CURVES = dict.fromkeys(("photo", "words", "both"), (1.0, -2.0, 0.0))


#: 8 products; 2 of each colour and kind.
EVEN = {(colour, kind): 2 for colour in HUES for kind in GREYS}


def benchmark(
    counts: dict[tuple[str, str], int] = EVEN, calibration: ScoreCalibration | None = None, **more: Any
) -> Benchmark:
    made = make_benchmark(Toy(), [shop(counts)], **{"min_relevant": 2, **more})
    return replace(made, calibration=calibration) if calibration else made


def values(figures: dict[str, dict], *names: str) -> list[float]:
    return [pytest.approx(figures[name]["value"]) for name in names]
