"""CSV, TSV and Parquet -> numbered rows of values by column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from search.catalog.columns import COLUMNS, MORE_IMAGES, normalise
from search.catalog.rows import Numbered
from search.errors import CatalogError

#: What a file with a table in it may be called. A .txt beside pictures is more often a note than a table.
SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
IN_A_FOLDER = (".csv", ".tsv", ".parquet")


def table_rows(path: Path) -> Iterator[Numbered]:
    """The rows of a table file: with the line on which each starts, or its number in a Parquet file.

    Raises:
        CatalogError: empty or damaged.
    """
    return _parquet_rows(path) if path.suffix.lower() == ".parquet" else _csv_rows(path)


def _csv_rows(path: Path) -> Iterator[Numbered]:
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


def _one_row_a_handle(rows: Iterable[Numbered], handle: str, names: Mapping[str, str]) -> Iterator[Numbered]:
    """Shopify writes a product's further variants and pictures as rows with its handle and no title.

    Their pictures are gathered in the column MORE_IMAGES, unless the table has one for that.

    Args:
        names: normalised column name -> column.
    """
    title = names["title"]
    picture = next((names[name] for name in COLUMNS["image"] if name in names), None)
    gathers = picture and not any(name in names for name in COLUMNS["more_images"])
    current: Numbered | None = None
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


def _parquet_rows(path: Path) -> Iterator[Numbered]:
    import pyarrow.parquet as pq

    try:
        number = 0
        for batch in pq.ParquetFile(path).iter_batches(1024):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    # Beside Arrow's own errors and OSError: OverflowError from a date beyond the year 9999,
    # UnicodeDecodeError from text that is none, and what else values of a damaged file cannot become.
    except Exception as error:
        said = str(error).splitlines() or [type(error).__name__]
        raise CatalogError(
            f"{path.name} is not a sound Parquet file ({said[0]}).", "Write it again.", code="catalog_file"
        ) from error
