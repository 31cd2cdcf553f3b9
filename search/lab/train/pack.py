"""The training data made small enough to travel to a lent machine: the same parquet files, pictures as WebP.

python -m search.lab.train.pack --data ../shared/data --renders renders --out packed
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from search import images
from search.lab.train.readers import rendered_views, scene_crops

SIDE = 192  # no model here looks closer
SMALL = 80  # fashion/ has pictures of 60 x 80; those are not made smaller, and lose less
RENDERED = 80  # WebP quality of renders
# file -> WebP quality
FILES = {
    "fashion/train": 80,
    "fashion/validation": 90,
    "clothing/train": 76,
    "clothing/validation": 85,
    "grocery/train": 74,
    "grocery/validation": 82,
    "grocery/packshots": 85,
    "home/train": 78,
    "home/validation": 85,
}


def shrunk(picture: Image.Image, quality: int) -> bytes:
    """WebP of a picture, its longest side at most SIDE px, as `readers.canvas` scales it."""
    picture = picture.convert("RGB")
    ratio = max(picture.size) / SIDE
    if ratio > 1:
        size = (max(1, round(picture.width / ratio)), max(1, round(picture.height / ratio)))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    elif max(picture.size) <= SMALL:
        quality += 6
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=min(quality, 95), method=4)
    return stream.getvalue()


def repack(source: Path, target: Path, quality: int) -> None:
    """Copy a parquet file with every picture shrunk; the other columns stay."""
    table = pq.read_table(source)

    def one(cell: dict) -> dict:
        with images.open_picture(cell["bytes"]) as picture:
            return {"bytes": shrunk(picture, quality), "path": None}

    with ThreadPoolExecutor(2) as pool:
        cells = list(pool.map(one, table.column("image").to_pylist()))
    _write(table.drop_columns(["image"]).append_column("image", pa.array(cells)), target)


def rendered_rows(renders: Path, px: int = SIDE) -> Iterator[dict]:
    """A row per picture of a rendered product: its line of products.csv, the catalog, whether a scene, the WebP.

    Packshots, second angles and crops of scenes, whose products may lie in the same folder's catalog. Raises ValueError
    for products of the shipped catalog, whose ids carry no seed.
    """
    for file in sorted(renders.glob("*/catalog/products.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = {row["id"]: row for row in csv.DictReader(stream)}
        if any(key.count("-") < 2 for key in rows):
            raise ValueError(f"{file} holds products of the shipped catalog; render with --seed 2 or higher")
        for row in rows.values():
            for name in rendered_views(row):
                if (file.parent / name).is_file():
                    with images.open_picture(file.parent / name) as picture:
                        yield _row(row, file.parent.parent.name, False, picture)
    for table in sorted(renders.glob("*/scenes")):
        products = _planned(table.parent)
        for product, canvas in scene_crops(table, px):
            if product in products:
                yield _row(products[product], table.parent.name, True, Image.fromarray(canvas))


def _planned(folder: Path) -> dict[str, dict]:
    """id -> line of every product that a seed gives, rendered or not: `plan.csv`, or else the catalog's products.csv."""
    files = (folder / "plan.csv", folder / "catalog" / "products.csv")
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        return {}
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def _row(row: dict, catalog: str, scene: bool, picture: Image.Image) -> dict:
    kept = ("id", "title", "title_zh", "colour", "material", "pattern", "gender")
    return {name: row.get(name) or "" for name in kept} | {
        "catalog": catalog,
        "scene": scene,
        "image": {"bytes": shrunk(picture, RENDERED), "path": None},
    }


def _write(table: pa.Table, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target, compression="zstd")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the packed files; returns the exit status."""
    parser = argparse.ArgumentParser(prog="pack", description="Make the training data small enough to travel.")
    parser.add_argument("--data", type=Path, required=True, help="folder with fashion/, clothing/, grocery/ and home/")
    parser.add_argument("--renders", type=Path, help="folder of SEED/catalog and SEED/scenes from assets/studio")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    for name, quality in FILES.items():
        target = args.out / f"{name}.parquet"
        if not target.exists():
            repack(args.data / f"{name}.parquet", target, quality)
            print(name, f"{target.stat().st_size / 1e6:.1f} MB", flush=True)
    if args.renders:
        rows = list(rendered_rows(args.renders))
        if rows:
            _write(pa.Table.from_pylist(rows), args.out / "renders/train.parquet")
            print("renders", len(rows), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
