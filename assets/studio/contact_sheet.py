"""All pictures of a folder on one sheet, to look at: contact_sheet.py FOLDER OUT.

With --department every department of a catalog gets a sheet of its own, OUT-clothing.webp and so on.
"""

import argparse
import csv
import re
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps


def read(folder: Path) -> list[dict[str, str]]:
    with next(folder.glob("*.csv")).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pictures(folder: Path, rows: list[dict[str, str]], every: bool = False) -> list[tuple[str, Path]]:
    """(label, picture) in the order of the table: the packshot, or every angle of a product."""
    found = []
    for row in rows:
        names = [row["image"], *filter(None, row.get("images", "").split("|"))]
        label = f"{row['id']}  {row['category']}" if "category" in row else row["id"]
        found += [(label, folder / name) for name in (names if every else names[:1])]
    return [(label, path) for label, path in found if path.exists()]


def sheet(items: list[tuple[str, Path]], columns: int, cell: tuple[int, int]) -> Image.Image:
    (width, height), strip = cell, 16
    rows = -(-len(items) // columns)
    page = Image.new("RGB", (columns * (width + 6) + 6, rows * (height + strip + 6) + 6), "white")
    draw = ImageDraw.Draw(page)
    for number, (label, path) in enumerate(items):
        x, y = 6 + number % columns * (width + 6), 6 + number // columns * (height + strip + 6)
        with Image.open(path, formats=["WEBP", "PNG", "JPEG"]) as picture:
            page.paste(ImageOps.pad(picture.convert("RGB"), cell, Image.LANCZOS, "white"), (x, y))
        draw.text((x + 4, y + height + 1), label[: width // 6], fill=(90, 90, 90))
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--columns", type=int, default=13)
    parser.add_argument("--cell", type=int, nargs=2, default=(132, 132))
    parser.add_argument("--only", default="", help="ids starting with one of these, comma-separated")
    parser.add_argument("--every", action="store_true", help="every angle, not only the packshot")
    parser.add_argument("--department", action="store_true", help="one sheet for each department")
    args = parser.parse_args()
    rows = [row for row in read(args.folder) if row["id"].startswith(tuple(args.only.split(",")))]
    sheets = {args.out: rows}
    if args.department:
        sheets = {}
        for row in rows:
            words = re.sub(r"[^a-z]+", "-", row["department"].lower())
            sheets.setdefault(args.out.with_stem(f"{args.out.stem}-{words}"), []).append(row)
    for path, chosen in sheets.items():
        sheet(pictures(args.folder, chosen, args.every), args.columns, tuple(args.cell)).save(path, quality=80)
        print(path)


if __name__ == "__main__":
    main()
