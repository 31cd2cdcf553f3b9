"""Photographs to search with, alone and with another colour asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from search.catalog import Catalog
from search.lab.benchmark.datasets import read_photographed, read_scenes
from search.lab.benchmark.shopping.forms import ShopperQuery
from search.lab.benchmark.shopping.goods import Goods, folded
from search.lab.benchmark.shopping.phrases import ENGLISH, phrase
from search.lab.benchmark.shopping.queries import LARGE
from search.schema import Product, Query

#: Photographs at most in a gallery of more than queries.LARGE products, where a search takes longer.
MOST_PHOTOS_OF_LARGE = 60
#: Photographs at most, and the share of a catalog that is held out as photographs where there are no others.
MOST_PHOTOS, HELD_OUT = 300, 1 / 8


@dataclass(frozen=True)
class Photo:
    """A picture to search with; kinds are the folded kinds that are right for it, colour is "" where it is not known."""

    image: Any
    kinds: tuple[str, ...]
    colour: str = ""


def photo_queries(
    goods: Goods, photos: Sequence[Photo], seed: int = 0, *, most: int | None = None
) -> list[ShopperQuery]:
    """Each photo alone; and beside "in red", where the catalog has its kind in another colour, judged by both and by kind.

    Args:
        most: photos at most, drawn by seed; 300 when not given, 60 in a large gallery.
    """
    rng = Random(f"{seed} photos")
    most = most or (MOST_PHOTOS_OF_LARGE if len(goods) > LARGE else MOST_PHOTOS)
    known = set(goods.kinds.tolist()) - {""}
    usable = [photo for photo in photos if known.intersection(photo.kinds)]
    asked = []
    for photo in rng.sample(usable, min(most, len(usable))):
        right, target = np.isin(goods.kinds, photo.kinds), "; ".join(photo.kinds)
        asked.append(ShopperQuery("photo", Query(image=photo.image), goods.those(right), target))
        others = sorted(set(goods.colours[right].tolist()) - {"", photo.colour})
        if others:
            other = rng.choice(others)
            query = Query(image=photo.image, text=phrase(ENGLISH["photo_colour"], rng, colour=other))
            both = goods.those(right & (goods.colours == other))
            asked.append(ShopperQuery("photo_colour", query, both, f"{target}|{other}"))
            asked.append(ShopperQuery("photo_colour_kind", query, goods.those(right), f"{target}|{other}"))
    return asked


def of_products(products: Iterable[Product], goods: Goods) -> list[Photo]:
    """Pictures of other products, of the catalog's own kinds or of kinds that photographed.psv gives for it."""
    known, table = set(goods.kinds.tolist()), read_photographed()
    found = []
    for product in products:
        kind = product.category or ""
        kinds = (folded(kind),) if folded(kind) in known else tuple(map(folded, table.get(kind, ())))
        found.append(Photo(product.image, kinds, folded(product.colour or "")))
    return found


def of_scenes(folder: Any, goods: Goods) -> list[Photo]:
    """Photographs of a single product of the catalog in a room."""
    rows = {name: row for row, name in enumerate(goods.ids.tolist())}
    found = []
    for picture, names in zip(*read_scenes(folder), strict=True):
        if len(names) == 1 and names[0] in rows:
            row = rows[names[0]]
            found.append(Photo(picture, (str(goods.kinds[row]),), str(goods.colours[row])))
    return found


def hold_out(catalog: Catalog, tested: int, seed: int = 0) -> tuple[Catalog, list[Product]]:
    """The catalog without a share of the products asked for, and those products, whose pictures are then new to it."""
    products = list(catalog)
    out = set(Random(f"{seed} held out").sample(range(tested), min(MOST_PHOTOS, int(tested * HELD_OUT))))
    kept = Catalog((product for at, product in enumerate(products) if at not in out), name=catalog.name)
    return kept, [products[at] for at in sorted(out)]
