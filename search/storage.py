"""A built catalog on disk: a folder that is either whole and fitting, or refused.

    manifest.json     format, model, catalog, spread, and the SHA-256 of the other files
    products.parquet  the products, in the datasets format (pictures that came as bytes included)
    vectors.index     the index

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

import numpy as np

from search import images
from search.calibration import CURVES, KINDS, Background, Curve
from search.catalog import Catalog
from search.errors import DamagedIndexError, IndexFileError, StaleIndexError
from search.index import FaissIndex, Index
from search.schema import Product

if TYPE_CHECKING:
    from search.schema import ImageInput

FORMAT = 3
_PRODUCTS, _VECTORS, _MANIFEST = "products.parquet", "vectors.index", "manifest.json"
_TEXTS = ("category", "brand", "colour", "material", "pattern", "gender", "description")


@dataclass(frozen=True)
class Stored:
    """What a folder holds. `manifest` has model {name, fingerprint, dim, preprocessing} and catalog {name, source, digest}."""

    manifest: dict[str, Any]
    catalog: Catalog
    index: Index
    background: Background


def save(path: Path, catalog: Catalog, index: Index, background: Background, model: dict[str, Any]) -> None:
    """Write everything, or leave what was there.

    Rows are numbered anew without gaps.

    Raises:
        IndexFileError: the target holds something that is not an index, or cannot be written.
    """
    if path.exists() and not (path / _MANIFEST).is_file() and (not path.is_dir() or any(path.iterdir())):
        raise IndexFileError(f"{path} holds something that is not an index.", "Choose another folder.")
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _write_products(part / _PRODUCTS, catalog)
        compact = FaissIndex(index.dim)
        compact.add(range(len(catalog)), index.vectors(catalog.rows().tolist()))
        compact.save(part / _VECTORS)
        manifest = {
            "format": FORMAT,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "model": model,
            "catalog": {
                "name": catalog.name,
                "source": catalog.source,
                "digest": catalog.digest(),
                "products": len(catalog),
            },
            "spread": dict(background.spread),
            "curves": {made: list(curve) for made, curve in background.curves.items()},
            "spoken": background.spoken,
            "files": {name: _sha256(part / name) for name in (_PRODUCTS, _VECTORS)},
        }
        (part / _MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False, default=str), encoding="utf-8")
        for file in part.iterdir():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
        old = path.with_name(f".{path.name}.old-{os.getpid()}")
        if path.exists():
            path.rename(old)
        part.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise IndexFileError(f"The index cannot be written to {path} ({error}).", "Check space and rights.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def load(path: Path) -> Stored:
    """Read a folder that `save` wrote.

    Raises:
        IndexFileError: there is no index.
        DamagedIndexError: a file is missing or is not what the manifest says.
        StaleIndexError: another format, or pictures it refers to are gone or changed.
    """
    if not (path / _MANIFEST).is_file():
        raise IndexFileError(
            f"There is no index in {path}.", f"Build one: {rebuild_command(path)}", code="index_missing", path=str(path)
        )
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        command = rebuild_command(path, manifest)
        if manifest["format"] != FORMAT:
            raise StaleIndexError(
                f"The index in {path} has format {manifest['format']}; this version reads {FORMAT}.",
                f"Build it again: {command}",
                path=str(path),
                command=command,
            )
        files = dict(manifest["files"])
        spread = {kind: float(manifest["spread"][kind]) for kind in KINDS}
        curves = {made: Curve(*map(float, manifest["curves"][made])) for made in CURVES}
        spoken = float(manifest["spoken"])
    except (ValueError, KeyError, TypeError) as error:
        command = rebuild_command(path)
        raise DamagedIndexError(
            f"The manifest of the index in {path} is damaged.",
            f"Build it again: {command}",
            path=str(path),
            command=command,
        ) from error
    for name, expected in files.items():
        file = path / name
        if not file.is_file() or _sha256(file) != expected:
            raise DamagedIndexError(
                f"The file {name} of the index in {path} is {'damaged' if file.is_file() else 'missing'}.",
                f"Build it again: {command}",
                path=str(path),
                command=command,
            )
    products = _read_products(path / _PRODUCTS)
    gone = [
        product
        for product, size in products
        if isinstance(product.image, str)
        and (not os.path.isfile(product.image) or os.path.getsize(product.image) != size)
    ]
    if gone:
        raise StaleIndexError(
            f"{len(gone):,} pictures of the index in {path} are gone or changed (the first: {gone[0].image!s}).",
            f"Build it again: {command}",
            path=str(path),
            command=command,
        )
    about = manifest["catalog"]
    catalog = Catalog((product for product, _ in products), name=about["name"], source=about["source"])
    index = FaissIndex.load(path / _VECTORS)
    centre = index.vectors(catalog.rows().tolist()).mean(axis=0, dtype=np.float64)
    return Stored(manifest, catalog, index, Background(centre, len(catalog), spread, curves, spoken))


def rebuild_command(path: Path, manifest: dict[str, Any] | None = None) -> str:
    """The command that builds the index anew."""
    source = manifest["catalog"]["source"] if manifest else "CATALOG"
    model = manifest["model"]["name"] if manifest else None
    chosen = f" --model {model}" if model and model != "embedded" else ""
    return f"python -m search index --catalog {source}{chosen} --out {path}"


def _write_products(file: Path, catalog: Catalog) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def picture(image: ImageInput) -> dict[str, Any]:
        if isinstance(image, (str, Path)):
            absolute = Path(image).resolve()
            return {"bytes": None, "path": str(absolute), "size": absolute.stat().st_size}
        return {"bytes": images.encoded(image), "path": None, "size": None}

    def further(image: ImageInput) -> dict[str, Any]:
        if isinstance(image, str) and image.startswith(("http://", "https://")):
            return {"bytes": None, "path": image}
        if isinstance(image, (str, Path)):
            return {"bytes": None, "path": str(Path(image).resolve())}
        return {"bytes": images.encoded(image), "path": None}

    rows = [
        {
            "id": product.id,
            "title": product.title,
            "image": picture(product.image),
            "more_images": [further(image) for image in product.more_images],
            **{name: getattr(product, name) for name in _TEXTS},
            "price": product.price,
            "tags": list(product.tags),
            "attributes": json.dumps(dict(product.attributes), ensure_ascii=False, default=str),
        }
        for product in catalog
    ]
    text = pa.string()
    schema = pa.schema(
        [("id", text), ("title", text)]
        + [("image", pa.struct([("bytes", pa.binary()), ("path", text), ("size", pa.int64())]))]
        + [("more_images", pa.list_(pa.struct([("bytes", pa.binary()), ("path", text)])))]
        + [(name, text) for name in _TEXTS]
        + [("price", pa.float64()), ("tags", pa.list_(text)), ("attributes", text)]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)


def _read_products(file: Path) -> list[tuple[Product, int | None]]:
    """Products with the size that their picture's file had."""
    import pyarrow.parquet as pq

    products = []
    for row in pq.read_table(file).to_pylist():
        picture = row["image"]
        products.append(
            (
                Product(
                    id=row["id"],
                    title=row["title"],
                    image=_either(picture),
                    price=row["price"],
                    tags=tuple(row["tags"]),
                    attributes=json.loads(row["attributes"]),
                    # An index of before there were further pictures has no such column.
                    more_images=tuple(_either(more) for more in row.get("more_images") or ()),
                    **{name: row[name] for name in _TEXTS},
                ),
                picture["size"],
            )
        )
    return products


def _either(picture: dict[str, Any]) -> str | bytes:
    """A stored picture: its bytes, or where it lies."""
    return picture["path"] if picture["bytes"] is None else picture["bytes"]


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
