"""Folder, CSV, Parquet, ZIP or a data set of the hub -> rows with a picture each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from search.catalog.archives import unpack
from search.catalog.datasets import dataset_rows
from search.catalog.folders import picture_rows
from search.catalog.rows import Fetch, Row, with_pictures
from search.catalog.tables import IN_A_FOLDER, SUFFIXES, table_rows
from search.errors import CatalogError

ACCEPTED = "Vitrine reads a folder of pictures, a .csv, .tsv or .parquet file, a .zip of these, or hf:owner/dataset."


def read(source: str, mapping: Mapping[str, str] | None, fetch: Fetch, limit: int | None) -> Iterator[Row]:
    """The rows of any source that Catalog.load takes.

    Raises:
        CatalogError: it is missing, empty, or of a kind nobody reads.
    """
    rows = _opened(source, mapping, fetch)
    return islice(rows, limit) if limit is not None else rows


def _opened(source: str, mapping: Mapping[str, str] | None, fetch: Fetch) -> Iterator[Row]:
    if source.startswith("hf:"):
        name = source.removeprefix("hf:")
        return with_pictures(dataset_rows(name), Path(), mapping, fetch, name.partition("@")[0])
    path = Path(source).expanduser()
    if not path.exists():
        raise CatalogError(f"There is no catalog at {source}.", ACCEPTED, code="catalog_missing", source=source)
    if path.is_dir():
        return _from_folder(path, mapping, fetch)
    if path.suffix.lower() == ".zip":
        return _from_folder(unpack(path), mapping, fetch)
    if path.suffix.lower() in SUFFIXES:
        return _from_table(path, mapping, fetch)
    raise CatalogError(f"{path.name} is not a catalog.", ACCEPTED, code="catalog_kind", source=source)


def _from_folder(folder: Path, mapping: Mapping[str, str] | None, fetch: Fetch) -> Iterator[Row]:
    """The table in the folder if there is just one, else its pictures; sub-folders become categories."""
    visible = [entry for entry in sorted(folder.iterdir()) if not entry.name.startswith((".", "__MACOSX"))]
    tables = [entry for entry in visible if entry.is_file() and entry.suffix.lower() in IN_A_FOLDER]
    named = [table for table in tables if table.stem.lower() in ("products", "catalog", "catalogue")]
    if len(named or tables) == 1:
        return _from_table((named or tables)[0], mapping, fetch)
    if len(tables) > 1:
        names = ", ".join(table.name for table in tables)
        raise CatalogError(f"{folder} holds several tables ({names}).", "Name the one to read.", code="catalog_tables")
    if len(visible) == 1 and visible[0].is_dir():
        # A ZIP usually wraps everything in one folder, which is no category.
        return _from_folder(visible[0], mapping, fetch)
    return picture_rows(folder)


def _from_table(path: Path, mapping: Mapping[str, str] | None, fetch: Fetch) -> Iterator[Row]:
    return with_pictures(table_rows(path), path.parent, mapping, fetch, path.name)
