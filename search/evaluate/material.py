"""What a task needs besides a model: catalogs and splits, Chinese names, scenes, the histogram baseline."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from search import images, report
from search.catalog import Catalog
from search.errors import CatalogError, InputError
from search.finetune.glossary import glossary

if TYPE_CHECKING:
    from search.schema import ImageInput


def locate(source: str, split: str | None = None) -> str:
    """A source for Catalog.load: of a folder of splits, the split.

    Raises:
        CatalogError: the folder has no such split, or has several and none was chosen.
    """
    folder = Path(source)
    splits = sorted(path.stem for path in folder.glob("*.parquet")) if folder.is_dir() else []
    if split is None and len(splits) < 2:
        return source
    if split in splits:
        return str(folder / f"{split}.parquet")
    raise CatalogError(
        f"{source} has no split {split!r}." if split else f"{source} holds several splits.",
        f"Choose --split {' or '.join(splits)}." if splits else "Leave out --split.",
        code="split",
    )


def same(one: str, other: str) -> bool:
    """Whether two sources are one place."""
    return Path(one).resolve() == Path(other).resolve()


def describe(source: str, catalog: Catalog) -> dict[str, Any]:
    """A data set as results name it: folder and split, size, hash; and how many rows were unusable."""
    path = Path(source)
    name = f"{path.resolve().parent.name}/{path.stem}" if path.is_file() else catalog.name
    return {
        "name": name,
        "products": len(catalog),
        "skipped_rows": len(catalog.report.issues),
        "sha256": report.sha256(path) if path.exists() else catalog.digest()[:16],
    }


def in_english(colour: str, kind: str) -> str:
    """The catalog's own words as people type them: "red shirts"; without a colour, "shirts"."""
    return f"{colour} {kind}".strip().lower()


def in_chinese(colour: str, kind: str) -> str:
    """The usual Chinese names of colour and kind, 红色衬衫; "" where the glossary lacks one of them."""
    kinds, colours = _chinese_names()
    one, many = kind.lower().removesuffix("s"), kind.lower()
    words = [kinds.get(many) or kinds.get(one, ""), *([colours.get(colour.lower(), "")] if colour else [])]
    return "".join(reversed(words)) if all(words) else ""


@cache
def _chinese_names() -> tuple[dict[str, str], dict[str, str]]:
    """(of kinds, of colours) by the data's word or an English name, in lower case, from the glossary we train with."""
    sections = glossary()
    # What is said later wins: a kind means what it does in the largest data set, and a data set's own word goes
    # before another entry's English name.
    kinds = [
        entry
        for section in ("other kinds", "grocery kinds", "clothing kinds", "fashion kinds")
        for entry in sections[section].values()
    ]
    by_name = {name.lower(): entry.zh[0] for entry in kinds for name in entry.en}
    by_key = {entry.key.lower(): entry.zh[0] for entry in kinds}
    return by_name | by_key, {key.lower(): entry.zh[0] for key, entry in sections["colours"].items()}


def read_scenes(folder: Path) -> tuple[list[Path], list[list[str]]]:
    """Pictures of scenes.csv (id, image, product_ids with "|" between them), and the ids in each.

    Raises:
        InputError: there is no scenes.csv.
    """
    table = folder / "scenes.csv"
    if not table.exists():
        raise InputError(f"There is no {table}.", "Render the scenes (assets/studio), or leave out --scenes.")
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [folder / row["image"] for row in rows], [row["product_ids"].split("|") for row in rows]


class Histogram:
    """The colours of the small picture as a vector: the baseline that knows no shapes.

    A joint RGB histogram of 8 x 8 x 8 bins (Swain and Ballard 1991). The square roots of its shares
    make a unit vector, and the dot product of two is the Bhattacharyya coefficient.
    """

    name = "colour-histogram"
    fingerprint = "rgb-8x8x8-sqrt"
    dim = 512

    def encode_images(self, pictures: Sequence[ImageInput]) -> NDArray[np.float32]:
        """(n, 512) unit rows."""
        return np.stack([self._encode(picture) for picture in pictures])

    def _encode(self, picture: ImageInput) -> NDArray[np.float32]:
        pixels = np.asarray(images.load(picture).resize((64, 64))).reshape(-1, 3) // 32
        bins = np.bincount(pixels @ np.array([64, 8, 1]), minlength=self.dim)
        return np.sqrt(bins / bins.sum()).astype(np.float32)
