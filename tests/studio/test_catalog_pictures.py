"""What the studio shipped: every product and every scene complete, exact and its own."""

import csv
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ASSETS = Path(__file__).resolve().parents[2] / "assets"
CATALOG, SCENES = ASSETS / "catalog", ASSETS / "scenes"
MEGABYTE = 2**20

MIN_KINDS, MIN_DEPARTMENTS, MIN_PRODUCTS = 48, 6, 720
MIN_SCENES, MIN_PAIRS, MIN_SETTINGS = 150, 20, 10
MAX_BYTES = 45 * MEGABYTE
PACKSHOT_SIZE, SCENE_SIDE = (384, 384), 512


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pictures(row: dict[str, str]) -> list[str]:
    """The packshot, then the further pictures."""
    return [row["image"], *filter(None, row["images"].split("|"))]


PRODUCTS = rows(CATALOG / "products.csv")
SHOTS = rows(SCENES / "scenes.csv")


def mask_share(path: Path, size: tuple[int, int]) -> float:
    with Image.open(path) as mask:
        assert mask.mode == "1", f"{path.name} is {mask.mode}, not a 1-bit mask"
        assert mask.size == size, f"{path.name} is {mask.size}, its picture {size}"
        return float(np.asarray(mask).mean())


def test_there_are_enough_products_of_enough_kinds_and_departments():
    assert len(PRODUCTS) >= MIN_PRODUCTS
    assert len({row["category"] for row in PRODUCTS}) >= MIN_KINDS
    assert len({row["department"] for row in PRODUCTS}) >= MIN_DEPARTMENTS


def test_ids_are_unique_and_name_kind_and_number():
    ids = [row["id"] for row in PRODUCTS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+-\d{3}", name) for name in ids)


@pytest.mark.parametrize("row", PRODUCTS, ids=lambda row: row["id"])
def test_a_product_has_its_words_and_attributes(row):
    for column in (
        "title",
        "title_zh",
        "category",
        "department",
        "brand",
        "colour",
        "material",
        "pattern",
        "price",
        "currency",
        "season",
        "tags",
        "description",
        "description_zh",
    ):
        assert row[column], f"{row['id']} has no {column}"
    assert float(row["price"]) > 0
    assert row["currency"] == "EUR"
    assert re.search(r"[\u4e00-\u9fff]", row["title_zh"] + row["description_zh"])
    assert not re.search(r"[\u4e00-\u9fff]", row["title"] + row["description"] + row["tags"])
    assert bool(row["gender"]) == (row["department"] in ("Clothing", "Shoes & accessories"))
    assert not (row["gender"] and row["room"])


@pytest.mark.parametrize("row", PRODUCTS, ids=lambda row: row["id"])
def test_a_packshot_is_square_on_white_and_its_mask_matches(row):
    with Image.open(CATALOG / row["image"]) as picture:
        assert picture.size == PACKSHOT_SIZE
        pixels = np.asarray(picture.convert("RGB"))
    corners = pixels[[2, 2, -3, -3], [2, -3, 2, -3]]
    assert corners.min() > 235, "the ground is not white in the corners"
    share = mask_share(CATALOG / "masks" / f"{row['id']}.png", PACKSHOT_SIZE)
    assert 0.05 < share < 0.90


@pytest.mark.parametrize("row", PRODUCTS, ids=lambda row: row["id"])
def test_a_product_is_framed_whole(row):
    with Image.open(CATALOG / "masks" / f"{row['id']}.png") as mask:
        inside = np.asarray(mask)
    border = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    assert not border.any(), "the product is cut off at the edge of the frame"
    tall, wide = inside.any(1).sum() / 384, inside.any(0).sum() / 384
    assert 0.6 < max(tall, wide) < 0.97


@pytest.mark.parametrize("row", PRODUCTS, ids=lambda row: row["id"])
def test_a_product_has_three_pictures(row):
    name = row["id"]
    assert pictures(row) == [f"images/{name}.webp", f"images/{name}-angle.webp", f"images/{name}-detail.webp"]
    for path in pictures(row)[1:]:
        with Image.open(CATALOG / path) as picture:
            assert picture.format == "WEBP"
            assert picture.size == PACKSHOT_SIZE
            pixels = np.asarray(picture.convert("RGB"), float)
        assert pixels.std() > 2, f"{path} shows nothing"


def test_no_two_pictures_are_the_same_and_no_two_products_share_words_and_price():
    digests = [
        hashlib.sha256(Image.open(CATALOG / path).convert("RGB").tobytes()).hexdigest()
        for row in PRODUCTS
        for path in pictures(row)
    ]
    assert len(set(digests)) == len(digests)
    words = [(row["title"], row["price"], row["brand"]) for row in PRODUCTS]
    assert len(set(words)) == len(words)


def test_there_are_no_pictures_without_a_product():
    assert {f"images/{path.name}" for path in (CATALOG / "images").iterdir()} == {
        path for row in PRODUCTS for path in pictures(row)
    }
    assert {path.stem for path in (CATALOG / "masks").iterdir()} == {row["id"] for row in PRODUCTS}


def test_there_are_no_scenes_without_a_line_and_no_masks_without_a_scene():
    assert {path.stem for path in SCENES.glob("*.jpg")} == {row["id"] for row in SHOTS}
    masks = {f"{row['id']}--{name}" for row in SHOTS for name in row["product_ids"].split("|")}
    assert {path.stem for path in (SCENES / "masks").iterdir()} == masks


def test_there_are_enough_scenes_and_some_hold_two_products():
    assert len(SHOTS) >= MIN_SCENES
    assert sum("|" in row["product_ids"] for row in SHOTS) >= MIN_PAIRS
    assert len({row["setting"] for row in SHOTS}) >= MIN_SETTINGS
    ids = [row["id"] for row in SHOTS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("row", SHOTS, ids=lambda row: row["id"])
def test_a_scene_shows_catalog_products_and_has_a_mask_for_each(row):
    known = {product["id"] for product in PRODUCTS}
    assert row["caption"]
    assert row["caption_zh"]
    assert row["setting"]
    with Image.open(SCENES / row["image"]) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) == SCENE_SIDE
        size = picture.size
    for product in row["product_ids"].split("|"):
        assert product in known, f"{row['id']} shows {product}, which is not in the catalog"
        assert 0.01 < mask_share(SCENES / "masks" / f"{row['id']}--{product}.png", size) < 0.90


def test_catalog_and_scenes_stay_light():
    total = sum(path.stat().st_size for folder in (CATALOG, SCENES) for path in folder.rglob("*") if path.is_file())
    assert total < MAX_BYTES
