"""All pictures of a folder on one sheet, to look at: contact_sheet.py FOLDER OUT [--width N]."""

import argparse
import csv
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps


def pictures(folder: Path) -> list[tuple[str, Path]]:
    """(id, picture) of a catalog or scenes folder, in the order of its table."""
    table = next(folder.glob("*.csv"))
    with table.open(encoding="utf-8", newline="") as stream:
        rows = [(row["id"], folder / row["image"]) for row in csv.DictReader(stream)]
    return [(name, path) for name, path in rows if path.exists()]


def sheet(items: list[tuple[str, Path]], columns: int, cell: tuple[int, int]) -> Image.Image:
    (width, height), label = cell, 16
    rows = -(-len(items) // columns)
    page = Image.new("RGB", (columns * (width + 6) + 6, rows * (height + label + 6) + 6), "white")
    draw = ImageDraw.Draw(page)
    for number, (name, path) in enumerate(items):
        x, y = 6 + number % columns * (width + 6), 6 + number // columns * (height + label + 6)
        with Image.open(path) as picture:
            page.paste(ImageOps.pad(picture.convert("RGB"), cell, Image.LANCZOS, "white"), (x, y))
        draw.text((x + 4, y + height + 1), name, fill=(90, 90, 90))
    return page


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--columns", type=int, default=12)
    parser.add_argument("--cell", type=int, nargs=2, default=(132, 132))
    parser.add_argument("--only", default="", help="ids starting with one of these, comma-separated")
    args = parser.parse_args()
    chosen = [item for item in pictures(args.folder) if item[0].startswith(tuple(args.only.split(",")))]
    sheet(chosen, args.columns, tuple(args.cell)).save(args.out, quality=80)
