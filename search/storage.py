"""A built catalog on disk: a folder that is either whole and fitting, or refused.

    manifest.json     format, model, catalog, index, calibration, and the SHA-256 of the other files
    products.parquet  the products (search.catalog.table; pictures that came as bytes included)
    vectors.index     the index, written by the kind that the manifest names

FAISS reads most damaged files without noticing and answers differently (notes/index-and-speed.md),
hence the SHA-256 of every file. Writing goes to a folder beside the target, which takes the
target's place only when everything is on disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.calibration import ScoreCalibration
from search.catalog import Catalog
from search.catalog.table import changed_pictures, from_table, to_table
from search.errors import DamagedIndexError, IndexFileError, StaleIndexError
from search.index import Index, index_class
from search.schema import Product

if TYPE_CHECKING:
    from search.encoder import Encoder

FORMAT = 5
_PRODUCTS, _VECTORS, _MANIFEST = "products.parquet", "vectors.index", "manifest.json"


@dataclass(frozen=True)
class Stored:
    """What a folder holds. `manifest` has model {name, fingerprint, dim, preprocessing}, catalog {name, source, digest}
    and index (the name it is registered under)."""

    manifest: dict[str, Any]
    catalog: Catalog
    index: Index
    calibration: ScoreCalibration


def save(path: Path, catalog: Catalog, index: Index, calibration: ScoreCalibration, encoder: Encoder) -> None:
    """Write everything, or leave what was there.

    Rows are numbered anew without gaps.

    Raises:
        IndexFileError: the target holds something that is not an index, or cannot be written.
    """
    if path.exists() and not (path / _MANIFEST).is_file() and (not path.is_dir() or any(path.iterdir())):
        raise IndexFileError(f"{path} holds something that is not an index.", "Choose another folder.")
    from pyarrow.lib import ArrowException

    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _write(part, catalog, index, calibration, encoder)
        old = path.with_name(f".{path.name}.old-{os.getpid()}")
        if path.exists():
            path.rename(old)
        part.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except (OSError, UnicodeError, ArrowException) as error:
        raise IndexFileError(f"The index cannot be written to {path} ({error}).", "Check space and rights.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def load(path: Path) -> Stored:
    """Read a folder that `save` wrote.

    Raises:
        IndexFileError: there is no index, or one of a kind that is not registered.
        DamagedIndexError: a file is missing or is not what the manifest says.
        StaleIndexError: another format, or pictures it refers to are gone or changed.
    """
    manifest = _read_manifest(path)
    command = rebuild_command(path, manifest)
    _check_files(path, manifest["files"], command)
    products = _read_products(path, command)
    about = manifest["catalog"]
    catalog = Catalog(products, name=about["name"], source=about["source"])
    index = index_class(manifest["index"]).load(path / _VECTORS)
    try:
        calibration = ScoreCalibration.from_dict(manifest["calibration"], index.vectors(catalog.rows().tolist()))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "the manifest", command) from error
    return Stored(manifest, catalog, index, calibration)


def check_encoder(path: Path, manifest: dict[str, Any], encoder: Encoder) -> None:
    """
    Raises:
        StaleIndexError: the index in `path` was built with other weights or another preprocessing.
    """
    model = manifest["model"]
    if encoder.fingerprint != model["fingerprint"]:
        raise _stale(
            path,
            f"The index in {path} was built with {model['name']} ({model['fingerprint']}), "
            f"not with {encoder.name} ({encoder.fingerprint}).",
            rebuild_command(path, manifest),
        )


def rebuild_command(path: Path, manifest: dict[str, Any] | None = None) -> str:
    """The command that builds the index anew."""
    source = manifest["catalog"]["source"] if manifest else "CATALOG"
    model = manifest["model"]["name"] if manifest else None
    chosen = f" --model {model}" if model and model != "embedded" else ""
    return f"python -m search index --catalog {source}{chosen} --out {path}"


def _write(folder: Path, catalog: Catalog, index: Index, calibration: ScoreCalibration, encoder: Encoder) -> None:
    """All files, on disk when it returns."""
    import pyarrow.parquet as pq

    pq.write_table(to_table(catalog), folder / _PRODUCTS)
    compact = type(index)(index.dim)
    compact.add(range(len(catalog)), index.vectors(catalog.rows().tolist()))
    compact.save(folder / _VECTORS)
    manifest = {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": {name: getattr(encoder, name) for name in ("name", "fingerprint", "dim", "preprocessing")},
        "catalog": {
            "name": catalog.name,
            "source": catalog.source,
            "digest": catalog.digest(),
            "products": len(catalog),
        },
        "index": index.name,
        "calibration": calibration.to_dict(),
        "files": {name: _sha256(folder / name) for name in (_PRODUCTS, _VECTORS)},
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False, default=str), encoding="utf-8")
    for file in folder.iterdir():
        with file.open("rb") as handle:
            os.fsync(handle.fileno())


def _read_manifest(path: Path) -> dict[str, Any]:
    if not (path / _MANIFEST).is_file():
        raise IndexFileError(
            f"There is no index in {path}.", f"Build one: {rebuild_command(path)}", code="index_missing", path=str(path)
        )
    try:
        manifest: dict[str, Any] = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        command = rebuild_command(path, manifest)
        if manifest["format"] == FORMAT:
            files = {name: str(manifest["files"][name]) for name in (_PRODUCTS, _VECTORS)}
            return manifest | {"files": files, "index": str(manifest["index"])}
        found = manifest["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "the manifest", rebuild_command(path)) from error
    raise _stale(path, f"The index in {path} has format {found}; this version reads {FORMAT}.", command)


def _check_files(path: Path, files: dict[str, str], command: str) -> None:
    for name, expected in files.items():
        file = path / name
        if not file.is_file():
            raise _damaged(path, f"the file {name}", command, "missing")
        if _sha256(file) != expected:
            raise _damaged(path, f"the file {name}", command)


def _read_products(path: Path, command: str) -> list[Product]:
    import pyarrow.parquet as pq

    products = from_table(pq.read_table(path / _PRODUCTS))
    if changed := changed_pictures(products):
        raise _stale(
            path,
            f"{len(changed):,} pictures of the index in {path} are gone or changed (the first: {changed[0].image!s}).",
            command,
        )
    return [product for product, _ in products]


def _damaged(path: Path, what: str, command: str, how: str = "damaged") -> DamagedIndexError:
    problem = f"{what[0].upper()}{what[1:]} of the index in {path} is {how}."
    return DamagedIndexError(problem, f"Build it again: {command}", path=str(path), command=command)


def _stale(path: Path, problem: str, command: str) -> StaleIndexError:
    return StaleIndexError(problem, f"Build it again: {command}", path=str(path), command=command)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
