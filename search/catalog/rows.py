"""Rows of a table, with their pictures found: inside the row, beside the table, or on the web."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from search import images
from search.catalog.columns import clean, picture_list, resolve
from search.errors import CatalogError, ImageError

#: Further pictures of one product: as many as Google's feed allows.
MAX_MORE_IMAGES = 10
#: Pictures that are read or fetched at the same time; fetching waits for the network, not for a processor.
_WORKERS = 8
#: Rows that are read ahead of their pictures.
_BATCH = 256

#: Gets the picture at an http(s) address.
Fetch = Callable[[str], bytes]
#: A row's number for a person and its values by column.
Numbered = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One row as it was found.

    `where` names it for a person ("row 12", "shoes/a.jpg"); `values` are columns, those of pictures
    left out; `fallback` is the id where no column gives one; `problem` says why there is no picture.
    `more_images` are the further pictures: files that exist but were not opened, addresses that were
    not fetched. `missing` says, one sentence each, which of them there are not.
    """

    where: str
    values: Mapping[str, Any]
    fields: Mapping[str, str]
    image: Path | bytes | None
    fallback: str
    problem: str = ""
    more_images: tuple[Path | bytes | str, ...] = ()
    missing: tuple[str, ...] = ()


def with_pictures(
    numbered: Iterable[Numbered],
    base: Path,
    mapping: Mapping[str, str] | None,
    fetch: Fetch,
    name: str,
) -> Iterator[Row]:
    """Rows with their pictures found: inside the row, beside the table, or on the web (8 at a time).

    Only a product's first picture is read or fetched here. What the column of pictures names beyond
    one, and what the column of further pictures names, is looked for and left alone until it is shown.

    Args:
        base: the folder in which relative paths begin.
        mapping: field -> column, where the columns have unusual names.
        fetch: gets the picture at an http(s) address.
        name: what to call the table in messages.

    Raises:
        CatalogError: no row, or no column with pictures.
        InputError: the mapping names what does not exist.
    """
    numbered = iter(numbered)
    first = next(numbered, None)
    if first is None:
        raise CatalogError(f"{name} has no rows.", "A catalog needs at least one product.", code="catalog_empty")
    columns, plain = _columns(list(first[1]), mapping, name)

    def find(item: Numbered) -> Row:
        number, values = item
        rest = {key: value for key, value in values.items() if key not in columns}
        where, fallback = f"row {number}", f"row-{number}"
        first, *others = [name for column in columns for name in _named(values.get(column), base)] or [None]
        try:
            image = _find_picture(first, base, fetch)
            images.check(image)
        except ImageError as error:
            return Row(where, rest, plain, None, fallback, error.problem)
        more, missing = _find_more(first, image, others, base)
        return Row(where, rest, plain, image, fallback, more_images=more, missing=missing)

    with ThreadPoolExecutor(_WORKERS) as pool:
        source = chain([first], numbered)
        while batch := list(islice(source, _BATCH)):
            yield from pool.map(find, batch)


def _columns(names: list[str], mapping: Mapping[str, str] | None, table: str) -> tuple[list[str], dict[str, str]]:
    """(the columns of pictures, field -> column of everything else)."""
    fields = resolve(names, mapping)
    columns = [fields[field] for field in ("image", "more_images") if field in fields]
    if not columns:
        raise CatalogError(
            f"{table} has no column with pictures; its columns are {', '.join(map(str, names))}.",
            'Call it "image", or give a mapping: {"image": "your column"}.',
            code="catalog_no_image",
        )
    return columns, {field: column for field, column in fields.items() if column not in columns}


def _find_picture(cell: Any, base: Path, fetch: Fetch) -> Path | bytes:
    """The picture a cell means: bytes, {"bytes", "path"} of the datasets format, a path or an address."""
    if isinstance(cell, Mapping):
        if cell.get("bytes"):
            if not isinstance(cell["bytes"], bytes):
                raise ImageError("Its picture is not bytes.", code="image_unreadable")
            return cell["bytes"]
        cell = cell.get("path")
    if isinstance(cell, bytes):
        return cell
    text = clean(cell)
    if not text:
        raise ImageError("There is no picture.", code="image_missing")
    if text.startswith(("http://", "https://")):
        # A shop's export names addresses; a folder of downloads beside it saves fetching them again.
        name = os.path.basename(text.split("?")[0])
        beside = next((p for p in (base / name, base / "images" / name) if name and _is_file(p)), None)
        return beside or fetch(text)
    path = base / text  # an absolute path stays as it is
    if not _is_file(path):
        raise ImageError(f"There is no picture at {text}.", code="image_missing")
    return path


def _find_more(
    first: Any, image: Path | bytes, names: Iterable[Any], base: Path
) -> tuple[tuple[Path | bytes | str, ...], tuple[str, ...]]:
    """(the further pictures, what is wrong with those that are left out); the first is not among them."""
    more: list[Path | bytes | str] = []
    missing = []
    for name in names:
        if name == first or len(more) == MAX_MORE_IMAGES:
            continue
        try:
            picture = _find_picture(name, base, _as_address)
            if isinstance(picture, bytes):
                images.check(picture)
        except ImageError as error:
            missing.append(error.problem)
            continue
        if picture != image and picture not in more:
            more.append(picture)
    return tuple(more), tuple(missing)


def _as_address(address: str) -> Any:
    """Instead of fetching: whoever shows the picture does that."""
    return address


def _named(cell: Any, base: Path) -> list[Any]:
    """What a cell names; a file whose name has a comma in it is one picture."""
    if isinstance(cell, str) and cell.strip() and _is_file(base / cell.strip()):
        return [cell]
    return picture_list(cell)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or with a zero byte in it
        return False
