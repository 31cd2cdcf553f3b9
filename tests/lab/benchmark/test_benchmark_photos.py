"""Photos that look for products, judged on a handful of products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
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


class Halves:
    """A locator that takes each half of a photograph for an object, the left one first."""

    def locate(self, _picture: Image.Image) -> SimpleNamespace:
        boxes = [(0.0, 0.0, 0.4, 1.0), (0.6, 0.0, 1.0, 1.0)]
        instances = [SimpleNamespace(box=box, mask=np.ones((4, 4), np.float32), certainty=0.9) for box in boxes]
        return SimpleNamespace(instances=instances)


class Corner(Toy):
    """A toy that reads the top left of a picture in pixels, whatever it is given."""

    def encode_images(self, images: Sequence[Path | Image.Image]) -> np.ndarray:
        return super().encode_images([Image.open(i) if isinstance(i, Path) else i for i in images])


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One photograph of the only blue shirt, left, and red shoes, right; and one of the blue shirt alone; with masks."""
    monkeypatch.setattr("search.lab.benchmark.choosing.load_locator", lambda _encoder: Halves())
    left, right = product(0, "blue", "shirts").image, product(0, "red", "shoes").image
    both = Image.new("RGB", (160, 80), (120, 60, 120))
    both.paste(left.resize((64, 80)), (0, 0))
    both.paste(right.resize((80, 80)), (80, 0))  # more than its box, which is widened
    both.save(tmp_path / "both.png")
    left.resize((160, 80)).save(tmp_path / "one.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\n1,both.png,0|1\n2,one.png,0\n")
    (tmp_path / "masks").mkdir()
    for name, box in (("both--0", (0, 0, 64, 80)), ("both--1", (96, 0, 160, 80)), ("one--0", (0, 0, 160, 80))):
        mask = Image.new("1", (160, 80))
        mask.paste(1, box)
        mask.save(tmp_path / "masks" / f"{name}.png")
    return tmp_path


def test_each_of_several_products_is_asked_by_its_own_object(rooms: Path):
    shoes = {("blue", "shirts"): 1, ("red", "shoes"): 1, ("red", "shirts"): 1}
    figures = photos.scene(make_benchmark(Corner(), [shop(shoes)], min_relevant=1, scenes=rooms))
    assert values(figures, "several_recall@1", "several_recall@5") == [1, 1]
    assert figures["several_recall@1"]["n"] == 2
    assert figures["several_recall@1"]["chance"] == pytest.approx(1 / 3)
    assert values(figures, "focused_one_recall@1") == [1]


def test_a_product_that_no_object_is_found_of_is_not_found(rooms: Path):
    mask = Image.new("1", (160, 80))
    mask.paste(1, (40, 30, 120, 60))  # between both halves: 24 x 30 pixels of each, of 80 x 30 and 64 x 80
    mask.save(rooms / "masks" / "both--1.png")
    shoes = {("blue", "shirts"): 1, ("red", "shoes"): 1, ("red", "shirts"): 1}
    figures = photos.scene(make_benchmark(Corner(), [shop(shoes)], min_relevant=1, scenes=rooms))
    assert values(figures, "several_recall@1") == [1 / 2]


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
