"""Folder, CSV, Parquet, ZIP or datasets source -> rows of text with a picture each."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from search import hub, images
from search.catalog.columns import COLUMNS, MORE_IMAGES, clean, normalise, picture_list, resolve
from search.errors import CatalogError, ImageError

TABLES = (".csv", ".tsv", ".txt", ".parquet")
ACCEPTED = "Vitrine reads a folder of pictures, a .csv, .tsv or .parquet file, a .zip of these, or hf:owner/dataset."

#: An unpacked catalog beyond this is more likely a bomb than a shop (200,000 pictures of 100 kB).
MAX_UNPACKED = 20 * 2**30

#: Further pictures of one product: as many as Google's feed allows.
MOST_MORE_IMAGES = 10

#: Where ZIPs are unpacked to; safe to delete.
UNPACKED = Path.home() / ".cache" / "vitrine" / "unpacked"


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


Fetch = Callable[[str], bytes]


def read(source: str, mapping: Mapping[str, str] | None, fetch: Fetch, limit: int | None) -> Iterator[Row]:
    """The rows of any source that Catalog.load takes.

    Raises:
        CatalogError: it is missing, empty, or of a kind nobody reads.
    """
    if source.startswith("hf:"):
        rows = _from_hub(source[3:], mapping, fetch)
    else:
        path = Path(source).expanduser()
        if not path.exists():
            raise CatalogError(f"There is no catalog at {source}.", ACCEPTED, code="catalog_missing", source=source)
        if path.is_dir():
            rows = _from_folder(path, mapping, fetch)
        elif path.suffix.lower() == ".zip":
            rows = _from_folder(_unpack(path), mapping, fetch)
        elif path.suffix.lower() in TABLES:
            rows = _from_table(path, mapping, fetch)
        else:
            raise CatalogError(f"{path.name} is not a catalog.", ACCEPTED, code="catalog_kind", source=source)
    return islice(rows, limit) if limit is not None else rows


def _from_folder(folder: Path, mapping: Mapping[str, str] | None, fetch: Fetch) -> Iterator[Row]:
    """The table in the folder if there is just one, else its pictures; sub-folders become categories."""
    visible = [entry for entry in sorted(folder.iterdir()) if not entry.name.startswith((".", "__MACOSX"))]
    tables = [entry for entry in visible if entry.is_file() and entry.suffix.lower() in TABLES[:2] + TABLES[3:]]
    named = [table for table in tables if table.stem.lower() in ("products", "catalog", "catalogue")]
    if len(named or tables) == 1:
        return _from_table((named or tables)[0], mapping, fetch)
    if len(tables) > 1:
        names = ", ".join(table.name for table in tables)
        raise CatalogError(f"{folder} holds several tables ({names}).", "Name the one to read.", code="catalog_tables")
    if len(visible) == 1 and visible[0].is_dir():
        # A ZIP usually wraps everything in one folder, which is no category.
        return _from_folder(visible[0], mapping, fetch)
    return _from_pictures(folder)


def _from_pictures(folder: Path) -> Iterator[Row]:
    pictures = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in images.SUFFIXES
        and not any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
    )
    stems = [path.relative_to(folder).with_suffix("") for path in pictures]
    many = Counter(stems)
    for path, stem in zip(pictures, stems, strict=True):
        relative = PurePosixPath(path.relative_to(folder))
        values = {"title": _words(path.stem)}
        if stem.parent.parts:
            values["category"] = _words(stem.parent.parts[-1])
        if len(stem.parent.parts) > 1:
            values["department"] = _words(stem.parent.parts[0])
        fields: dict[str, str] = {field: field for field in ("title", "category") if field in values}
        # a.jpg and a.png in one folder are two products.
        unique = PurePosixPath(stem) if many[stem] == 1 else relative
        problem = ""
        try:
            images.check(path)
        except ImageError as error:
            problem = error.problem
        yield Row(str(relative), values, fields, None if problem else path, str(unique), problem)


def _words(name: str) -> str:
    text = " ".join(name.replace("_", " ").replace("-", " ").split())
    return text[:1].upper() + text[1:] or name


def _from_table(path: Path, mapping: Mapping[str, str] | None, fetch: Fetch) -> Iterator[Row]:
    if path.suffix.lower() == ".parquet":
        numbered = _parquet_rows(path)
    else:
        numbered = _csv_rows(path)
    return _rows(numbered, path.parent, mapping, fetch, path.name)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line on which the row starts, column -> value); Shopify's extra rows are folded into the first."""
    text = _decode(path.read_bytes())
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max("\t;,|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [column.strip() for column in next(reader)]
    except (StopIteration, csv.Error):
        raise CatalogError(
            f"{path.name} is empty.", "The first line names the columns.", code="catalog_empty"
        ) from None
    # Excel repeats column names; the first one counts.
    first = {column: at for at, column in reversed(list(enumerate(header))) if column}
    start, rows = reader.line_num + 1, []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((start, {column: cells[at] if at < len(cells) else "" for column, at in first.items()}))
            start = reader.line_num + 1
    except csv.Error as error:
        raise CatalogError(
            f"{path.name} cannot be read from line {start} ({error}).", "Save it as CSV in UTF-8.", code="catalog_file"
        ) from None
    names = {normalise(column): column for column in first}
    handle = names.get("handle") or names.get("urlhandle")
    yield from _one_row_a_handle(rows, handle, names) if handle and "title" in names else rows


def _one_row_a_handle(
    rows: Iterable[tuple[int, dict[str, Any]]], handle: str, names: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Shopify writes a product's further variants and pictures as rows with its handle and no title.

    Their pictures are gathered in the column MORE_IMAGES, unless the table has one for that.

    Args:
        names: normalised column name -> column.
    """
    title = names["title"]
    picture = next((names[name] for name in COLUMNS["image"] if name in names), None)
    gathers = picture and not any(name in names for name in COLUMNS["more_images"])
    current: tuple[int, dict[str, Any]] | None = None
    for line, row in rows:
        if current and row[handle] == current[1][handle] and not row[title].strip():
            for column, value in row.items():
                if not current[1][column].strip():
                    current[1][column] = value
                elif gathers and column == picture and value.strip():
                    current[1][MORE_IMAGES].append(value)
            continue
        if current:
            yield current
        if gathers:
            row[MORE_IMAGES] = []
        current = (line, row)
    if current:
        yield current


def _decode(data: bytes) -> str:
    """Text of a CSV, whatever the spreadsheet saved it as: UTF-8, UTF-16, Chinese GB 18030, Windows."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace")


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        number = 0
        for batch in file.iter_batches(1024):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (pa.ArrowException, OSError) as error:
        raise CatalogError(
            f"{path.name} is not a sound Parquet file ({str(error).splitlines()[0]}).",
            "Write it again.",
            code="catalog_file",
        ) from error


def _from_hub(name: str, mapping: Mapping[str, str] | None, fetch: Fetch) -> Iterator[Row]:
    """hf:owner/dataset, optionally with a split: hf:owner/dataset@test (else "train", else the first)."""
    name, _, split = name.partition("@")
    try:
        import datasets

        with hub.quiet():
            parts = datasets.load_dataset(name)
        chosen = split or ("train" if "train" in parts else next(iter(parts)))
        if chosen not in parts:
            raise CatalogError(f"{name} has no split {chosen!r}.", f"It has: {', '.join(parts)}.")
        data = parts[chosen]
        for column, feature in data.features.items():
            if isinstance(feature, datasets.Image):
                data = data.cast_column(column, datasets.Image(decode=False))
    except CatalogError:
        raise
    except Exception as error:
        raise CatalogError(
            f"The dataset {name} cannot be had ({type(error).__name__}).",
            "Check its name and the network, or load a local folder, .csv, .parquet or .zip.",
            code="catalog_hub",
            source=name,
        ) from error
    yield from _rows(enumerate(data, start=1), Path(), mapping, fetch, name)


def _rows(
    numbered: Iterable[tuple[int, dict[str, Any]]],
    base: Path,
    mapping: Mapping[str, str] | None,
    fetch: Fetch,
    name: str,
) -> Iterator[Row]:
    """Rows with their pictures found: inside the row, beside the table, or on the web (8 at a time).

    Only a product's first picture is read or fetched here. What the column of pictures names beyond
    one, and what the column of further pictures names, is looked for and left alone until it is shown.
    """
    numbered = iter(numbered)
    first = next(numbered, None)
    if first is None:
        raise CatalogError(f"{name} has no rows.", "A catalog needs at least one product.", code="catalog_empty")
    fields = resolve(list(first[1]), mapping)
    columns = [fields[field] for field in ("image", "more_images") if field in fields]
    if not columns:
        raise CatalogError(
            f"{name} has no column with pictures; its columns are {', '.join(map(str, first[1]))}.",
            'Call it "image", or give a mapping: {"image": "your column"}.',
            code="catalog_no_image",
        )
    plain = {field: column for field, column in fields.items() if column not in columns}

    def find(item: tuple[int, dict[str, Any]]) -> Row:
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

    def items() -> Iterator[tuple[int, dict[str, Any]]]:
        yield first
        yield from numbered

    with ThreadPoolExecutor(8) as pool:
        source = items()
        while batch := list(islice(source, 256)):
            yield from pool.map(find, batch)


def _find_picture(cell: Any, base: Path, fetch: Fetch) -> Path | bytes:
    """The picture a cell means: bytes, {"bytes", "path"} of the datasets format, a path or an address."""
    if isinstance(cell, Mapping):
        if cell.get("bytes"):
            return bytes(cell["bytes"])
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
        if name == first or len(more) == MOST_MORE_IMAGES:
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


def _unpack(path: Path) -> Path:
    """The folder a ZIP was unpacked to, under the user's cache and named by the ZIP's content.

    Raises:
        CatalogError: damaged, locked with a password, or beyond MAX_UNPACKED.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target = UNPACKED / digest[:24]
    if target.is_dir():
        return target
    part = target.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            size = sum(entry.file_size for entry in entries)
            if size > MAX_UNPACKED:
                raise CatalogError(
                    f"{path.name} unpacks to {size / 2**30:.0f} GB; the limit is {MAX_UNPACKED // 2**30} GB.",
                    "Split it.",
                    code="catalog_file",
                )
            part.mkdir(parents=True, mode=0o700)
            for entry in entries:
                archive.extract(entry, part)  # zipfile itself keeps names inside the folder
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise CatalogError(
            f"{path.name} cannot be unpacked ({error}).",
            "Make the ZIP again, without a password.",
            code="catalog_file",
        ) from error
    part.rename(target)
    return target
