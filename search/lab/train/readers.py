"""Readers of the data sets: what a row says in words (`captions.Item`), and how its picture is prepared.

A reader of another shape of table goes beside `fashion_items`, its values' names into glossary.psv.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from search import images
from search.lab.train.captions import Item, brand_of, found_in_title
from search.lab.train.glossary import glossary

WHITE = 255
# Sides of the crops around a product of a rendered scene, in sides of the product; at last the whole photograph.
SCENE_CROPS = (1.15, 1.8, 3.0, math.inf)
SHIPPED = Path(__file__).parents[3] / "assets" / "catalog" / "products.csv"

# What the studio calls a thing -> what the glossary calls it, where that is none of its English names.
RENDERED_KINDS = {
    "Backpack": "Backpacks",
    "Belt": "Belts",
    "Cap": "Caps",
    "Dress": "Dresses",
    "Handbag": "Handbags",
    "Heel": "Heels",
    "Sandal": "Sandals",
    "Scarf": "Scarves",
    "Shirt": "Shirts",
    "Skirt": "Skirts",
    "Sneaker": "Casual Shoes",
    "Sweater": "Sweaters",
    "Tshirt": "Tshirts",
    "Umbrella": "Umbrellas",
    "Wallet": "Wallets",
    "Watch": "Watches",
}
RENDERED_PATTERNS = {"houndstooth": "checked", "pinstriped": "striped", "leafy": "floral"}
RENDERED_MATERIALS = {
    **dict.fromkeys(("walnut", "beech"), "wood"),
    "terracotta": "ceramic",
    **dict.fromkeys(("aluminium", "iron", "steel", "brass", "enamel"), "metal"),
    **dict.fromkeys(("merino", "boucle"), "wool"),
    **dict.fromkeys(("seagrass", "jute"), "rattan"),
    "flannel": "cotton",
}


def canvas(picture: Image.Image, px: int) -> np.ndarray:
    """(px, px, 3) uint8: the picture whole, its longest side px, centred on white.

    The same as open_clip's preprocessing with resize_mode "longest", interpolation "bicubic", fill_color 255.
    """
    picture = picture.convert("RGB")
    ratio = max(picture.size) / px
    size = (max(1, round(picture.width / ratio)), max(1, round(picture.height / ratio)))
    sheet = Image.new("RGB", (px, px), (WHITE,) * 3)
    offset = (round((px - size[0]) / 2), round((px - size[1]) / 2))
    sheet.paste(picture.resize(size, Image.Resampling.BICUBIC), offset)
    return np.asarray(sheet)


def decode(cells: Sequence[Mapping[str, Any]], px: int, threads: int = 2) -> np.ndarray:
    """(n, px, px, 3) uint8 of the encoded pictures of a parquet column, each as `canvas` prepares it."""
    out = np.empty((len(cells), px, px, 3), np.uint8)

    def one(place: int) -> None:
        with images.open_picture(cells[place]["bytes"]) as picture:
            out[place] = canvas(picture, px)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(len(cells)), chunksize=64))
    return out


def fashion_items(rows: dict[str, list]) -> list[Item]:
    """Items of fashion/: the title, the shop's attributes, and the brand, pattern and material the title names."""
    words = glossary()
    return [
        Item(
            title.strip(),
            {
                "kind": kind,
                "colour": colour,
                "gender": gender,
                "season": season,
                "usage": usage,
                "pattern": found_in_title(title, words["patterns"]),
                "material": found_in_title(title, words["materials"]),
                "brand": brand_of(title).lower(),
            },
        )
        for title, kind, colour, gender, season, usage in zip(
            *(rows[c] for c in ("title", "article_type", "base_colour", "gender", "season", "usage")), strict=True
        )
    ]


def clothing_items(rows: dict[str, list]) -> list[Item]:
    """Items of clothing/: the kind, and that it is for children where it is. No titles."""
    return [
        Item("", {"kind": label, "gender": "Kids" if str(kids) == "True" else ""})
        for label, kids in zip(rows["label"], rows["kids"], strict=True)
    ]


def grocery_items(rows: dict[str, list]) -> list[Item]:
    """Items of grocery/: the article as kind. Pictures of an article all match each other."""
    return [Item("", {"kind": article}, twin=article) for article in rows["article"]]


def home_items(rows: dict[str, list]) -> list[Item]:
    """Items of home/: the kind. Pictures of one object are of one product."""
    return [
        Item("", {"kind": kind}, twin=f"home/{thing}")
        for kind, thing in zip(rows["kind"], rows["object_id"], strict=True)
    ]


def render_items(rows: list[dict[str, str]], catalog: str = "", unseen: frozenset[str] = frozenset()) -> list[Item]:
    """Items of a catalog that assets/studio rendered, in the glossary's words. The ids begin with the kind.

    catalog: tells products of the same id in two catalogs apart.
    unseen: titles in lower case that are not to be learned, because they will be asked.
    """
    words = glossary()
    kinds = {key for section, entries in words.items() if section.endswith("kinds") for key in entries}

    def known(keys: Container[str], name: str, renamed: Mapping[str, str] | None = None) -> str:
        name = (renamed or {}).get(name, name)
        return name if name in keys else ""

    def named(section: str, name: str, renamed: Mapping[str, str]) -> str:
        return found_in_title(renamed.get(name, name), words[section])

    def title(row: Mapping[str, str], column: str) -> str:
        return text if (text := row.get(column, "").strip()).lower() not in unseen else ""

    return [
        Item(
            title(row, "title"),
            {
                "kind": known(kinds, row["id"].split("-")[0].capitalize(), RENDERED_KINDS),
                "colour": known(words["colours"], row["colour"].capitalize()),
                "gender": known(words["genders"], row.get("gender", "").capitalize()),
                "pattern": named("patterns", row["pattern"], RENDERED_PATTERNS),
                "material": named("materials", row["material"], RENDERED_MATERIALS),
            },
            twin=f"{catalog}/{row['id']}",
            title_zh=title(row, "title_zh"),
        )
        for row in rows
    ]


def rendered_items(rows: dict[str, list]) -> list[Item]:
    """Items of renders/ (see `pack.rendered_rows`), without the titles that the shipped catalog has."""
    lines = [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
    unseen = shipped_titles()
    return [render_items([line], line["catalog"], unseen)[0] for line in lines]


def shipped_titles() -> frozenset[str]:
    """The titles of the catalog that ships, in both languages and lower case: the figures ask for them."""
    if not SHIPPED.is_file():
        return frozenset()
    with SHIPPED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return frozenset(row[column].strip().lower() for row in rows for column in ("title", "title_zh"))


def rendered_views(row: dict[str, str]) -> list[str]:
    """The pictures of a rendered product that show it whole: the packshot and the second angle."""
    return [row["image"], *(name for name in row.get("images", "").split("|") if "-angle." in name)]


def scene_crops(folder: Path, px: int) -> Iterator[tuple[str, np.ndarray]]:
    """(product id, (px, px, 3) uint8) of every product in the scenes of `folder`: cut out with more and more around it.

    Nothing when there are no scenes.
    """
    if not (folder / "scenes.csv").is_file():
        return
    with (folder / "scenes.csv").open(encoding="utf-8", newline="") as stream:
        scenes = list(csv.DictReader(stream))
    for scene in scenes:
        with images.open_picture(folder / scene["image"]) as opened:
            photo = opened.convert("RGB")
        products = scene["product_ids"].split("|")
        for product in products:
            with images.open_picture(folder / "masks" / f"{scene['id']}--{product}.png") as mask:
                box = mask.convert("L").resize(photo.size).getbbox()
            if box is None:
                continue
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            # The whole photograph of two products is no picture of one of them.
            for size in SCENE_CROPS if len(products) == 1 else SCENE_CROPS[:-1]:
                half = size * max(box[2] - box[0], box[3] - box[1]) / 2
                corners = [middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half]
                limits = (photo.width, photo.height) * 2
                inside = (round(min(max(corner, 0), limit)) for corner, limit in zip(corners, limits, strict=True))
                left, top, right, bottom = inside
                yield product, canvas(photo.crop((left, top, right, bottom)), px)
