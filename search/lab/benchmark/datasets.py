"""What a task needs besides a model: catalogs and splits, names of kinds in two languages, unheard words, scenes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from search.catalog import Catalog
from search.errors import CatalogError, InputError
from search.lab import results
from search.lab.train.glossary import Entry, glossary
from search.schema import Product

#: In a folder of splits, the file that is no split but the gallery that photographs are compared with.
PACKSHOTS = "packshots.parquet"
#: Sections of the glossary that name the kinds of one data set each.
KIND_SECTIONS = ("fashion kinds", "clothing kinds", "grocery kinds", "other kinds")
SYNONYMS = Path(__file__).with_name("synonyms.psv")
PHOTOGRAPHED = Path(__file__).with_name("photographed.psv")
#: Sources of home/ that are photographs; its others are renders, and pictures of rubbish on a plain ground.
PHOTOGRAPH_SOURCES = frozenset({
    "amazon-berkeley-objects", "azure-sample-images", "caltech-101", "coco-2017-crop", "dreambooth",
    "wikimedia-commons-tools",
})  # fmt: skip


def locate(source: str, split: str | None = None) -> str:
    """A source for Catalog.load: of a folder of splits, the split; without a name, the only one to measure on.

    Raises:
        CatalogError: the folder has no such split, or has several and none was chosen.
    """
    folder = Path(source)
    splits = sorted(path.stem for path in folder.glob("*.parquet")) if folder.is_dir() else []
    if split is None and len(splits) < 2:
        return source
    if split is None:
        unseen = [name for name in splits if name not in ("train", Path(PACKSHOTS).stem)]
        split = unseen[0] if len(unseen) == 1 else None
    if split in splits:
        return str(folder / f"{split}.parquet")
    raise CatalogError(
        f"{source} has no split {split!r}." if split else f"{source} holds several splits.",
        f"Choose --split {' or '.join(splits)}." if splits else "Leave out --split.",
        code="split",
    )


def packshots_beside(source: str) -> str | None:
    """The packshots in the folder of a split, if there are any."""
    path = Path(source).with_name(PACKSHOTS)
    return str(path) if Path(source).is_file() and path.is_file() and not same(source, str(path)) else None


def same(one: str, other: str) -> bool:
    """Whether two sources are one place."""
    return Path(one).resolve() == Path(other).resolve()


def dataset_name(source: str) -> str:
    """Folder and split of a file, "home/validation"; "" of anything else."""
    path = Path(source)
    return f"{path.resolve().parent.name}/{path.stem}" if path.is_file() else ""


def describe(source: str, catalog: Catalog) -> dict[str, Any]:
    """A data set as results name it: folder and split, size, hash; and how many rows were unusable."""
    path = Path(source)
    return {
        "name": dataset_name(source) or catalog.name,
        "products": len(catalog),
        "skipped_rows": len(catalog.report.errors),
        "sha256": results.sha256(path) if path.exists() else catalog.digest()[:16],
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


def names_of(kinds: Iterable[str]) -> Mapping[str, Entry]:
    """Kind -> its names, for all kinds of the glossary's section that has every one of these; {} if none has."""
    wanted = set(kinds)
    return next((glossary()[name] for name in KIND_SECTIONS if wanted <= glossary()[name].keys()), {})


def is_photograph(product: Product) -> bool:
    """Whether the data say so, by the source that they name."""
    return product.attributes.get("source") in PHOTOGRAPH_SOURCES


def read_photographs(source: str) -> Catalog:
    """A data set's photographs: of one that names the sources of its pictures (home/), without its renders."""
    catalog = Catalog.load(source)
    if not any("source" in product.attributes for product in catalog):
        return catalog
    return Catalog(product for product in catalog if is_photograph(product))


@cache
def read_photographed() -> dict[str, tuple[str, ...]]:
    """Kind of a photograph -> the catalog's kinds that are right for it.

    Raises:
        InputError: a line of photographed.psv is not kind | kinds, or a kind stands there twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, line in _lines(PHOTOGRAPHED):
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 2 or columns[0] in found:
            raise InputError(
                f"{PHOTOGRAPHED.name} line {number}: {line!r}.",
                "Write 'kind | kind; kind', each kind of photographs once.",
            )
        found[columns[0]] = tuple(kind.strip() for kind in columns[1].split(";"))
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number, line) of those that are neither empty nor a comment."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


@dataclass(frozen=True)
class Synonym:
    """A word of synonyms.psv, "en" or "zh", and the kinds of fashion/ that it is right for.

    in_dictionary: the text tower has read it as a line of a dictionary, without a picture.
    """

    word: str
    language: str
    kinds: tuple[str, ...]
    in_dictionary: bool = False


@cache
def read_synonyms() -> tuple[Synonym, ...]:
    """Everyday words that stand in no training caption.

    Raises:
        InputError: a line of synonyms.psv is not word | language | kinds [| dictionary], or a word stands there twice.
    """
    found: dict[str, Synonym] = {}
    for number, line in _lines(SYNONYMS):
        columns = [column.strip() for column in line.split("|")]
        flag = columns.pop() if len(columns) == 4 else ""
        if len(columns) != 3 or columns[1] not in ("en", "zh") or columns[0] in found or flag not in ("", "dictionary"):
            raise InputError(
                f"{SYNONYMS.name} line {number}: {line!r}.",
                "Write 'word | en or zh | kind; kind [| dictionary]', each word once.",
            )
        word, language, kinds = columns
        found[word] = Synonym(word, language, tuple(kind.strip() for kind in kinds.split(";")), flag == "dictionary")
    return tuple(found.values())


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
