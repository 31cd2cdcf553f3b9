"""Photos that look for products, judged on a handful of products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search.catalog import Catalog
from search.errors import InputError
from search.lab.benchmark import datasets
from search.lab.benchmark.base import Benchmark, TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.tasks import photos
from tests.lab.benchmark.toy import EVEN, Toy, benchmark, product, shop, values


def test_a_photo_does_not_find_itself():
    figures = photos.photo(benchmark(min_relevant=1))
    # the one other picture of its kind and colour comes first
    assert figures["same_kind_colour"]["value"] == 1
    assert figures["same_kind_colour"]["n"] == 8
    assert figures["same_kind"]["chance"] == pytest.approx(3 / 7)


def test_a_scene_finds_one_of_its_products(tmp_path: Path):
    product(1, "blue", "shirts").image.save(tmp_path / "room.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\n1,room.png,4|5\n")

    class FromFile(Toy):
        def encode_images(self, images: Sequence[Path | Image.Image]) -> np.ndarray:
            return super().encode_images([Image.open(i) if isinstance(i, Path) else i for i in images])

    # rows 4 and 5 are the blue shirts
    figures = photos.scene(make_benchmark(FromFile(), [shop(EVEN)], min_relevant=2, scenes=tmp_path))
    assert figures["recall@1"]["value"] == 1
    assert figures["recall@1"]["chance"] == pytest.approx(2 / 8)


def test_a_scene_of_a_product_that_is_gone_is_refused(tmp_path: Path):
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\n1,room.png,nothing\n")
    with pytest.raises(datasets.InputError, match=r"room\.png"):
        photos.scene(benchmark(scenes=tmp_path))


def test_photos_are_asked_for_their_kind_where_no_colour_is_known():
    catalog = Catalog(replace(item, colour=None) for item in shop(EVEN))
    assert list(photos.photo(make_benchmark(Toy(), [catalog], min_relevant=1))) == ["same_kind"]


def packed(shots: Catalog, **more: Any) -> Benchmark:
    """A red and a blue shirt, and blue shoes; each title is an article, each kind a group."""
    asked = Catalog([product(1, "red", "shirts"), product(2, "blue", "shirts"), product(3, "blue", "shoes")])
    return make_benchmark(Toy(), [asked], packshots=shots, **more)


def test_a_photo_finds_the_packshot_of_its_article():
    clean = [
        product(1, "red", "shirts"),
        product(2, "red", "shoes", title="blue shirts"),
        product(3, "blue", "shirts", title="blue shoes"),
    ]
    # the packshot titled "blue shirts" is put among the shirts
    shots = Catalog([clean[0], replace(clean[1], category="Shirts"), replace(clean[2], category="Shoes")])
    figures = photos.packshot(packed(shots))
    # the red shirt finds itself; the blue shirt finds the one called "blue shoes" first; the blue shoes score 1/2
    # with both others, and of equal scores the wrong come first
    assert values(figures, "recall@1", "recall@5") == [1 / 3, 1]
    # of its group: the red shirt a shirt; the others as before
    assert values(figures, "recall@1_group", "recall@5_group") == [1 / 3, 1]
    assert figures["recall@1"]["chance"] == pytest.approx(1 / 3)
    # two of the three packshots are shirts, which two photos ask for
    assert figures["recall@1_group"]["chance"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_photos_without_their_packshot_are_refused():
    with pytest.raises(TooSmall, match=r"packshots\.parquet"):
        photos.packshot(benchmark())
    with pytest.raises(InputError, match=r"no packshots of blue shirts, blue shoes.*--packshots"):
        photos.packshot(packed(Catalog([product(1, "red", "shirts")])))
