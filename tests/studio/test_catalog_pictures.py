"""What the studio shipped: every product and every scene complete, exact and its own."""

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageStat

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


IDS = {row["id"] for row in PRODUCTS}
REQUIRED = (
    "title", "title_zh", "category", "department", "brand", "colour", "material", "pattern", "price", "currency",
    "season", "tags", "description", "description_zh",
)  # fmt: skip
CHINESE = "[\u4e00-\u9fff]"


def problems(rows: list[dict[str, str]], look: Callable[[dict[str, str]], Iterator[str]]) -> list[str]:
    """What is wrong with any of the rows, a sentence each."""
    return [f"{row['id']} {problem}" for row in rows for problem in look(row)]


class Seen(NamedTuple):
    """What the tests ask of a picture, so that each of the 2,262 is decoded once."""

    format: str | None
    size: tuple[int, int]
    corners: int  # the darkest of four points near the corners, 0 to 255
    contrast: float  # the standard deviation of its grey levels
    digest: str  # of its pixels


@cache
def seen(path: Path) -> Seen:
    with Image.open(path) as picture:
        rgb = picture.convert("RGB")
        width, height = rgb.size
        corners = min(min(rgb.getpixel((x, y))) for x in (2, width - 3) for y in (2, height - 3))
        contrast = ImageStat.Stat(rgb.convert("L")).stddev[0]
        return Seen(picture.format, picture.size, corners, contrast, hashlib.sha256(rgb.tobytes()).hexdigest())


def mask(path: Path, size: tuple[int, int]) -> tuple[np.ndarray, list[str]]:
    """((height, width) bool, what is wrong with the file)."""
    with Image.open(path) as picture:
        said = [] if picture.mode == "1" else [f"has a mask of mode {picture.mode}, not of 1 bit"]
        if picture.size != size:
            said.append(f"has a mask of {picture.size} to a picture of {size}")
        return np.asarray(picture, bool), said


def test_there_are_enough_products_of_enough_kinds_and_departments():
    assert len(PRODUCTS) >= MIN_PRODUCTS
    assert len({row["category"] for row in PRODUCTS}) >= MIN_KINDS
    assert len({row["department"] for row in PRODUCTS}) >= MIN_DEPARTMENTS


def test_ids_are_unique_and_name_kind_and_number():
    ids = [row["id"] for row in PRODUCTS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+-\d{3}", name) for name in ids)


def test_every_product_has_its_words_and_attributes():
    assert problems(PRODUCTS, words_and_attributes) == []


def words_and_attributes(row: dict[str, str]) -> Iterator[str]:
    yield from (f"has no {column}" for column in REQUIRED if not row[column])
    if not (row["price"] and float(row["price"]) > 0 and row["currency"] == "EUR"):
        yield f"costs {row['price']} {row['currency']}"
    if not re.search(CHINESE, row["title_zh"]) and not re.search(CHINESE, row["description_zh"]):
        yield "is not described in Chinese"
    if re.search(CHINESE, row["title"] + row["description"] + row["tags"]):
        yield "has Chinese among its English words"
    if bool(row["gender"]) != (row["department"] in ("Clothing", "Shoes & accessories")):
        yield f"is of {row['department']} and for {row['gender'] or 'nobody'}"
    if row["gender"] and row["room"]:
        yield "is worn, and stands in a room"


def test_every_packshot_is_square_on_white_and_its_mask_frames_the_product_whole():
    assert problems(PRODUCTS, packshot_and_mask) == []


def packshot_and_mask(row: dict[str, str]) -> Iterator[str]:
    packshot = seen(CATALOG / row["image"])
    if packshot.size != PACKSHOT_SIZE:
        yield f"has a packshot of {packshot.size}"
    if packshot.corners <= 235:
        yield "does not stand on white"
    inside, said = mask(CATALOG / "masks" / f"{row['id']}.png", PACKSHOT_SIZE)
    yield from said
    if not 0.05 < inside.mean() < 0.90:
        yield f"covers {inside.mean():.0%} of its picture"
    if inside[0].any() or inside[-1].any() or inside[:, 0].any() or inside[:, -1].any():
        yield "is cut off at the edge of the frame"
    longer = max(inside.any(1).mean(), inside.any(0).mean())
    if not 0.6 < longer < 0.97:
        yield f"is {longer:.0%} of the frame long"


def test_every_product_has_three_pictures_that_show_something():
    assert problems(PRODUCTS, three_pictures) == []


def three_pictures(row: dict[str, str]) -> Iterator[str]:
    name = row["id"]
    if pictures(row) != [f"images/{name}.webp", f"images/{name}-angle.webp", f"images/{name}-detail.webp"]:
        yield f"names its pictures {pictures(row)}"
    for path in pictures(row)[1:]:
        picture = seen(CATALOG / path)
        if (picture.format, picture.size) != ("WEBP", PACKSHOT_SIZE):
            yield f"has a {picture.format} of {picture.size}"
        if picture.contrast <= 2:
            yield f"shows nothing in {path}"


def test_no_two_pictures_are_the_same_and_no_two_products_share_words_and_price():
    digests = [seen(CATALOG / path).digest for row in PRODUCTS for path in pictures(row)]
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


def test_every_scene_shows_catalog_products_and_has_a_mask_for_each():
    assert problems(SHOTS, scene_and_masks) == []


def scene_and_masks(row: dict[str, str]) -> Iterator[str]:
    yield from (f"has no {column}" for column in ("caption", "caption_zh", "setting") if not row[column])
    with Image.open(SCENES / row["image"]) as picture:
        size = picture.size
        if picture.format != "JPEG" or max(size) != SCENE_SIDE:
            yield f"is a {picture.format} of {size}"
    for product in row["product_ids"].split("|"):
        if product not in IDS:
            yield f"shows {product}, which is not in the catalog"
        inside, said = mask(SCENES / "masks" / f"{row['id']}--{product}.png", size)
        yield from said
        if not 0.01 < inside.mean() < 0.90:
            yield f"is covered to {inside.mean():.0%} by {product}"


def test_catalog_and_scenes_stay_light():
    total = sum(path.stat().st_size for folder in (CATALOG, SCENES) for path in folder.rglob("*") if path.is_file())
    assert total < MAX_BYTES
