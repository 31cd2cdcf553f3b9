"""What is trained on: pictures on the device as uint8, and what is known of each in numbers.

Only train splits (`FILES`) are opened here. Domains: where a picture comes from, and so which borders between kinds its
labels draw; `kinds.comparable_kinds` says which names a picture's labels can deny.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from search.lab.benchmark.datasets import PHOTOGRAPH_SOURCES
from search.lab.train import pack, readers
from search.lab.train.captions import ATTRIBUTES, Item, Writer

log = logging.getLogger(__name__)

DOMAINS = ("fashion", "clothing", "grocery", "packshots", "home", "renders")
FILES = {
    "fashion": "fashion/train.parquet",
    "clothing": "clothing/train.parquet",
    "grocery": "grocery/train.parquet",
    "packshots": "grocery/packshots.parquet",
    "home": "home/train.parquet",
    "renders": "renders/train.parquet",
}
OPTIONAL = ("renders",)
# Sources of home/ whose pictures were taken with a camera; the others are renders of scans and models.
PHOTOGRAPHED = PHOTOGRAPH_SOURCES | {"trashnet"}


@dataclass(frozen=True)
class Data:
    """n pictures and what is known of them.

    items: in words. pictures: (n, px, px, 3) uint8. values: (n, 8) int64, by ATTRIBUTES, see `Names.value`.
    titles: (n,) the same number for the same title, own numbers without one. twins: (n,) the same number for pictures of
    the same product. objects: (n,) the same number for pictures that are drawn as one, so that many views of one thing
    weigh no more than one photograph. domains: (n,) into DOMAINS. photos: (n,) bool, taken with a camera.
    writer: writes captions.
    """

    items: list[Item]
    pictures: np.ndarray
    values: np.ndarray
    titles: np.ndarray
    twins: np.ndarray
    objects: np.ndarray
    domains: np.ndarray
    photos: np.ndarray
    writer: Writer

    def rows(self, *names: str) -> np.ndarray:
        """Row numbers of the domains called `names`."""
        return np.flatnonzero(np.isin(self.domains, [DOMAINS.index(name) for name in names]))


READERS = {
    "fashion": readers.fashion_items,
    "clothing": readers.clothing_items,
    "grocery": readers.grocery_items,
    "packshots": readers.grocery_items,
    "home": readers.home_items,
    "renders": readers.rendered_items,
}


def load(folder: Path, px: int, threads: int = 2, limit: int | None = None, renders: Path | None = None) -> Data:
    """Read the train splits under `folder`.

    Args:
        px: side of the pictures; threads: that decode them.
        limit: only so many of each file, for trials.
        renders: a folder of rendered catalogs (see `pack.rendered_rows`), instead of renders/train.parquet.

    Raises:
        FileNotFoundError: a file that is not OPTIONAL is missing.
        ValueError: there are renders of products that the shipped catalog has.
    """
    items: list[Item] = []
    domains, pictures, objects, photos = [], [], [], []
    groups: dict[str, str] = {}
    for domain in FILES:
        table = _table(folder, domain, renders)
        if table is None:
            continue
        if limit and len(table) > limit:
            table = table.take(np.linspace(0, len(table) - 1, limit).astype(int))
        rows = {c: table.column(c).to_pylist() for c in table.column_names if c != "image"}
        found = READERS[domain](rows)
        if domain == "grocery":
            groups |= dict(zip(rows["article"], rows["group"], strict=True))
        objects += [f"{domain}/{thing}" for thing in _objects(domain, rows, found)]
        sources = rows.get("source", [""] * len(found))
        photos += [domain in ("clothing", "grocery") or source in PHOTOGRAPHED for source in sources]
        items += found
        domains += [DOMAINS.index(domain)] * len(found)
        pictures.append(readers.decode(table.column("image").to_pylist(), px, threads))
        log.info("%s: %d pictures", domain, len(found))
    return build(items, np.concatenate(pictures), np.array(domains), np.array(photos), objects, groups)


def _table(folder: Path, domain: str, renders: Path | None) -> pa.Table | None:
    """The rows of a domain; None where an optional one is not there."""
    if domain == "renders" and renders:
        rows = list(pack.rendered_rows(renders))
        return pa.Table.from_pylist(rows) if rows else None
    file = folder / FILES[domain]
    if file.is_file():
        return pq.read_table(file)
    if domain in OPTIONAL:
        return None
    raise FileNotFoundError(f"training data {file} is missing; pass --data the folder that holds {FILES[domain]}")


def _objects(domain: str, rows: dict[str, list], items: Sequence[Item]) -> list:
    """What each picture shows: home/ numbers its things, renders show products, elsewhere each is its own."""
    if domain == "renders":
        return [item.twin for item in items]
    return rows.get("object_id") or list(range(len(items)))


def build(
    items: list[Item],
    pictures: np.ndarray,
    domains: np.ndarray,
    photos: np.ndarray,
    objects: Sequence[str],
    groups: dict[str, str],
) -> Data:
    """Data of items and pictures in the same order. Raises ValueError when their numbers differ."""
    sizes = {len(part) for part in (items, pictures, domains, photos, objects)}
    if len(sizes) != 1 or 0 in sizes:
        raise ValueError(f"data need one picture and one row for each item, have sizes {sorted(sizes)}")
    writer = Writer((item.title for item in items if item.title), groups)
    values = [[writer.names[name].value(item.attributes.get(name)) for name in ATTRIBUTES] for item in items]
    titles = numbered([item.title.lower() or f"\0{row}" for row, item in enumerate(items)])
    twins = numbered(
        [
            item.twin or f"{item.attributes.get('kind')}|{item.attributes.get('colour')}|{domain}"
            for item, domain in zip(items, domains.tolist(), strict=True)
        ]
    )
    return Data(items, pictures, np.array(values), titles, twins, numbered(objects), domains, photos, writer)


def numbered(keys: Sequence[str]) -> np.ndarray:
    """(n,) int64: the same number for the same key, by first appearance."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
