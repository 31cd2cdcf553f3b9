"""Training data: the train splits of the three sets and, if there are any, renders of our studio, as one
table of items and one array of pictures.

Only the files of `TRAIN_FILES` are ever opened here; validation and test splits belong to `evaluation`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from PIL import Image

from search.finetune.captions import ATTRIBUTES, Item, Writer, found_in_title
from search.finetune.glossary import glossary

log = logging.getLogger(__name__)

TRAIN_FILES = ("fashion/train.parquet", "clothing/train.parquet", "grocery/train.parquet", "grocery/packshots.parquet")
WHITE = 255
# The domains in the order of their numbers. Shares of the others in every batch; what is left is fashion.
DOMAINS = ("fashion", "clothing", "grocery", "renders")
SHARES = (0.12, 0.06, 0.1)


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


def decode(column: list[dict], px: int) -> np.ndarray:
    """(n, px, px, 3) uint8 from the encoded pictures of a parquet column."""

    def one(cell: dict) -> np.ndarray:
        with Image.open(io.BytesIO(cell["bytes"])) as picture:
            return canvas(picture, px)

    with ThreadPoolExecutor(2) as pool:
        return np.stack(list(pool.map(one, column, chunksize=64)))


def fashion_items(rows: dict[str, list]) -> list[Item]:
    """Items of fashion/: the title, the shop's attributes, and the pattern and material the title names."""
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
    return [Item("", {"kind": article}) for article in rows["article"]]


def render_items(rows: list[dict[str, str]]) -> list[Item]:
    """Items of a catalog that assets/studio rendered, by the glossary's names. The ids begin with the kind.

    No titles: the shipped catalog has titles of the same make, and must stay unseen.
    """
    words = glossary()

    def known(section: str, name: str) -> str:
        return name if name in words[section] else ""

    return [
        Item(
            "",
            {
                "kind": known("other kinds", row["id"].split("-")[0].capitalize()),
                "colour": known("colours", row["colour"].capitalize()),
                "pattern": known("patterns", {"plain": "solid"}.get(row["pattern"], row["pattern"])),
                "material": known("materials", row["material"]),
            },
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Dataset:
    """All training items.

    items: what is known in words, one per picture.
    pictures: (n, px, px, 3) uint8, see `canvas`.
    values: (n, 7) int64, index of each attribute's value in `Names`, in the order of ATTRIBUTES.
    titles: (n,) int64, the same number for the same title; items without a title have their own.
    domains: (n,) int8, index into DOMAINS.
    writer: writes captions for the items.
    """

    items: list[Item]
    pictures: np.ndarray
    values: np.ndarray
    titles: np.ndarray
    domains: np.ndarray
    writer: Writer

    def __post_init__(self) -> None:
        sizes = {len(self.items), len(self.pictures), len(self.values), len(self.titles), len(self.domains)}
        if len(sizes) != 1 or 0 in sizes:
            raise ValueError(f"a dataset needs one picture and one row per item, has sizes {sorted(sizes)}")


def build(items: list[Item], pictures: np.ndarray, domains: np.ndarray, article_groups: dict[str, str]) -> Dataset:
    """A Dataset from items and pictures in the same order. Raises ValueError when their numbers differ."""
    writer = Writer((item.title for item in items if item.title), article_groups)
    values = [[writer.names[name].value(item.attributes.get(name)) for name in ATTRIBUTES] for item in items]
    numbers: dict[str, int] = {}
    titles = [numbers.setdefault(item.title.lower() or f"\0{row}", len(numbers)) for row, item in enumerate(items)]
    return Dataset(items, pictures, np.array(values), np.array(titles), np.asarray(domains, dtype=np.int8), writer)


def load(data: Path, cache: Path, px: int, renders: Path | None = None) -> Dataset:
    """Read the train splits under `data`, decoded once to px pixels into `cache` (about 50 kB a picture at 128).

    renders: a folder in which the studio left catalogs (**/products.csv) of another seed than the shipped one.

    Raises FileNotFoundError naming the missing file, ValueError for renders of the shipped seed.
    """
    readers = {"fashion": fashion_items, "clothing": clothing_items, "grocery": grocery_items}
    items: list[Item] = []
    domains: list[int] = []
    pictures: list[np.ndarray] = []
    article_groups: dict[str, str] = {}
    for name in TRAIN_FILES:
        path = data / name
        if not path.is_file():
            raise FileNotFoundError(f"training data {path} is missing; pass --data the folder that holds {name}")
        kind_of_set = name.split("/")[0]
        table = pq.read_table(path)
        rows = {c: table.column(c).to_pylist() for c in table.column_names if c != "image"}
        found = readers[kind_of_set](rows)
        items += found
        domains += [DOMAINS.index(kind_of_set)] * len(found)
        if kind_of_set == "grocery":
            article_groups |= dict(zip(rows["article"], rows["group"], strict=True))
        pictures.append(_cached(path, cache, px, table))
    for table in sorted(renders.rglob("products.csv")) if renders else ():
        with table.open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if (table.parent / row["image"]).is_file()]
        if any(row["id"].count("-") < 2 for row in rows):
            raise ValueError(f"{table} holds products of the shipped catalog; render with --seed 2 or higher")
        items += render_items(rows)
        domains += [DOMAINS.index("renders")] * len(rows)
        pictures += [canvas(Image.open(table.parent / row["image"]), px)[None] for row in rows]
    return build(items, np.concatenate(pictures), np.array(domains), article_groups)


def _cached(path: Path, cache: Path, px: int, table) -> np.ndarray:
    stamp = hashlib.sha1(f"{path.resolve()}:{path.stat().st_size}:{px}".encode()).hexdigest()[:12]
    file = cache / f"{path.parent.name}-{path.stem}-{px}-{stamp}.npy"
    if not file.exists():
        log.info("decoding %s to %d px", path, px)
        cache.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".part.npy")
        np.save(partial, decode(table.column("image").to_pylist(), px))
        partial.rename(file)
    return np.load(file)


class Sampler:
    """Draws the rows of a batch: photographs have a fixed share; half of the rest share their kinds.

    Batches of distinct kinds teach kinds, batches of one kind teach what tells its products apart. Kinds are drawn
    by the square root of their number, so the 60 kinds with under 50 pictures are seen too.
    """

    def __init__(self, dataset: Dataset, batch: int, group: int = 20) -> None:
        self.batch, self.group = batch, group
        self._rows = [np.flatnonzero(dataset.domains == domain) for domain in range(len(DOMAINS))]
        kinds = dataset.values[self._rows[0], 0]
        self._kinds = [self._rows[0][kinds == kind] for kind in np.unique(kinds)]
        weights = np.sqrt([len(rows) for rows in self._kinds])
        self._weights = weights / weights.sum() if len(weights) else weights

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """(batch,) int64 row numbers. Deterministic by the state of `rng`."""
        present = [len(rows) > 0 for rows in self._rows]
        others = np.array(SHARES) * present[1:]
        shares = np.array([present[0] * (1 - others.sum()), *others])
        counts = np.floor(self.batch * shares / shares.sum()).astype(int)
        counts[int(np.argmax(shares))] += self.batch - counts.sum()
        drawn = [rng.choice(rows, n) for rows, n in zip(self._rows[1:], counts[1:], strict=True) if n]
        grouped = (counts[0] // 2) // self.group
        shared = rng.choice(len(self._kinds), grouped, p=self._weights) if grouped else []
        drawn += [rng.choice(self._kinds[kind], self.group) for kind in shared]
        rest = counts[0] - grouped * self.group
        if rest:
            drawn.append(rng.choice(self._rows[0], rest))
        return np.concatenate(drawn)


def chunks(total: int, size: int) -> Iterator[slice]:
    """Slices of at most `size` that cover range(total) in order."""
    return (slice(start, min(start + size, total)) for start in range(0, total, size))
