"""Training data: the train splits of the three sets and, if there are any, renders of our studio, as one
table of items and one array of pictures.

Only the files of `TRAIN_FILES` are ever opened here; validation and test splits belong to lab/benchmark.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import math
from collections.abc import Container, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from PIL import Image

from search import images
from search.lab.train.captions import ATTRIBUTES, Item, Writer, brand_of, found_in_title
from search.lab.train.glossary import glossary

log = logging.getLogger(__name__)

TRAIN_FILES = ("fashion/train.parquet", "clothing/train.parquet", "grocery/train.parquet", "grocery/packshots.parquet")
WHITE = 255
# The domains in the order of their numbers. Shares of the others in every batch; what is left is fashion.
DOMAINS = ("fashion", "clothing", "grocery", "renders", "packshots")
SHARES = (0.08, 0.07, 0.15, 0.04)
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


def decode(column: list[dict], px: int) -> np.ndarray:
    """(n, px, px, 3) uint8 from the encoded pictures of a parquet column."""

    def one(cell: dict) -> np.ndarray:
        with images.open_picture(cell["bytes"]) as picture:
            return canvas(picture, px)

    with ThreadPoolExecutor(2) as pool:
        return np.stack(list(pool.map(one, column, chunksize=64)))


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


def shipped_titles() -> frozenset[str]:
    """The titles of the catalog that ships, in both languages and lower case: the figures ask for them."""
    if not SHIPPED.is_file():
        return frozenset()
    with SHIPPED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return frozenset(row[column].strip().lower() for row in rows for column in ("title", "title_zh"))


@dataclass(frozen=True)
class Dataset:
    """All training items.

    items: what is known in words, one per picture.
    pictures: (n, px, px, 3) uint8, see `canvas`.
    values: (n, 8) int64, index of each attribute's value in `Names`, in the order of ATTRIBUTES.
    titles: (n,) int64, the same number for the same title; items without a title have their own.
    domains: (n,) int8, index into DOMAINS.
    twins: (n,) int64, the same number for pictures of the same product (see Item.twin).
    writer: writes captions for the items.
    """

    items: list[Item]
    pictures: np.ndarray
    values: np.ndarray
    titles: np.ndarray
    domains: np.ndarray
    twins: np.ndarray
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
    domains = np.asarray(domains, dtype=np.int8)
    known: dict[object, int] = {}
    twins = [
        known.setdefault(item.twin or (item.attributes.get("kind"), item.attributes.get("colour"), domain), len(known))
        for item, domain in zip(items, domains.tolist(), strict=True)
    ]
    return Dataset(items, pictures, np.array(values), np.array(titles), domains, np.array(twins), writer)


def load(data: Path, cache: Path, px: int, renders: Path | None = None) -> Dataset:
    """Read the train splits under `data`, the renders last, decoded once to px pixels into `cache` (about 50 kB a picture at 128).

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
        domains += [DOMAINS.index("packshots" if "packshots" in name else kind_of_set)] * len(found)
        if kind_of_set == "grocery":
            article_groups |= dict(zip(rows["article"], rows["group"], strict=True))
        pictures.append(_cached(path, cache, px, table))
    unseen = shipped_titles()
    for table in sorted(renders.rglob("products.csv")) if renders else ():
        with table.open(encoding="utf-8", newline="") as stream:
            products = [row for row in csv.DictReader(stream) if (table.parent / row["image"]).is_file()]
        if any(row["id"].count("-") < 2 for row in products):
            raise ValueError(f"{table} holds products of the shipped catalog; render with --seed 2 or higher")
        found = render_items(products, str(table.parent), unseen)
        of_id = {row["id"]: item for row, item in zip(products, found, strict=True)}
        views = [
            (row["id"], canvas(images.open_picture(table.parent / name), px))
            for row in products
            for name in rendered_views(row)
        ]
        for product, picture in (*views, *scene_crops(table.parent.parent / "scenes", px)):
            if product in of_id:
                items.append(of_id[product])
                domains.append(DOMAINS.index("renders"))
                pictures.append(picture[None])
    return build(items, np.concatenate(pictures), np.array(domains), article_groups)


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
    by the square root of their number, so the 60 kinds with under 50 pictures are seen too. Packshots and half of the
    renders are chosen to show a product that another picture of the batch shows.

    mistaken: each row of fashion/ -> (k,) rows the model mistakes for it. Where it is given, of the rest there are as many groups
    of a row and some of those as two thirds of it hold: the negatives that decide who is among the first ten of 30,000.
    """

    def __init__(
        self, dataset: Dataset, batch: int, group: int = 20, mistaken: Mapping[int, np.ndarray] | None = None
    ) -> None:
        self.batch, self.group = batch, group
        self._mistaken = mistaken or {}
        self._rows = [np.flatnonzero(dataset.domains == domain) for domain in range(len(DOMAINS))]
        kinds = dataset.values[self._rows[0], 0]
        self._kinds = [self._rows[0][kinds == kind] for kind in np.unique(kinds)]
        weights = np.sqrt([len(rows) for rows in self._kinds])
        self._weights = weights / weights.sum() if len(weights) else weights
        self._twins = dataset.twins
        self._of_twin = [
            {twin: rows[dataset.twins[rows] == twin] for twin in np.unique(dataset.twins[rows])}
            if DOMAINS[domain] in ("renders", "packshots")
            else {}
            for domain, rows in enumerate(self._rows)
        ]

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """(batch,) int64 row numbers. Deterministic by the state of `rng`."""
        present = [len(rows) > 0 for rows in self._rows]
        others = np.array(SHARES) * present[1:]
        shares = np.array([present[0] * (1 - others.sum()), *others])
        counts = np.floor(self.batch * shares / shares.sum()).astype(int)
        counts[int(np.argmax(shares))] += self.batch - counts.sum()
        fashion, clothing, grocery, renders, packshots = counts
        drawn = [rng.choice(rows, n) for rows, n in zip(self._rows[1:3], (clothing, grocery), strict=True) if n]
        if packshots:
            drawn.append(self._partners(drawn[-1][:packshots] if grocery else [], packshots, "packshots", rng))
        if renders:
            first = rng.choice(self._rows[DOMAINS.index("renders")], renders - renders // 2)
            drawn += [first, self._partners(first[: renders // 2], renders // 2, "renders", rng)]
        grouped = (fashion // 2) // self.group
        shared = rng.choice(len(self._kinds), grouped, p=self._weights) if grouped else []
        drawn += [rng.choice(self._kinds[kind], self.group) for kind in shared]
        rest = fashion - grouped * self.group
        confused = 2 * rest // 3 // self.group if self._mistaken else 0
        for anchor in rng.choice(self._rows[0], confused) if confused else ():
            others = self._mistaken[int(anchor)]
            drawn.append(np.array([anchor, *rng.choice(others, min(self.group - 1, len(others)), replace=False)]))
            rest -= len(drawn[-1])
        if rest:
            drawn.append(rng.choice(self._rows[0], rest))
        return np.concatenate(drawn)

    def _partners(self, rows, count: int, domain: str, rng: np.random.Generator) -> np.ndarray:
        """`count` rows of `domain`, each of the product of one of `rows` where there is one, else any."""
        number = DOMAINS.index(domain)
        of_twin, every = self._of_twin[number], self._rows[number]
        chosen = [rng.choice(of_twin.get(self._twins[row], every)) for row in rows]
        return np.array([*chosen, *rng.choice(every, count - len(chosen))], dtype=np.int64)


def chunks(total: int, size: int) -> Iterator[slice]:
    """Slices of at most `size` that cover range(total) in order."""
    return (slice(start, min(start + size, total)) for start in range(0, total, size))
