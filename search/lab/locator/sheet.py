"""A contact sheet of photographs with what the locator finds in them.

python -m search.lab.locator.sheet --pictures assets/scenes --out docs/locator.jpg
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from search import images, load_encoder
from search.encoder.locator import Located, load_locator
from search.errors import InputError

SIDE, GAP = 176, 4
#: Of boxes in one picture, the surest first (Okabe and Ito 2008, told apart by the colour-blind).
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#cc79a7", "#d55e00")


def drawn(picture: Image.Image, located: Located) -> Image.Image:
    """The picture at most SIDE a side, darker where no product is seen, with the boxes and how sure they are."""
    small = picture.copy()
    small.thumbnail((SIDE, SIDE))
    ground = Image.fromarray((255 * located.foreground).astype(np.uint8)).resize(small.size, Image.Resampling.BILINEAR)
    small = Image.composite(small, Image.eval(small, lambda value: int(0.55 * value)), ground)
    pen = ImageDraw.Draw(small)
    for at, instance in enumerate(located.instances):
        left, top, right, bottom = (
            round(share * (side - 1)) for share, side in zip(instance.box, small.size * 2, strict=True)
        )
        colour = COLOURS[at % len(COLOURS)]
        pen.rectangle((left, top, right, bottom), outline=colour, width=2)
        pen.text((left + 4, top + 2), f"{instance.certainty:.2f}", fill=colour)
    return small


def sheet(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """The pictures in rows, each in the middle of a square."""
    step = SIDE + GAP
    page = Image.new("RGB", (columns * step + GAP, -(-len(pictures) // columns) * step + GAP), "white")
    for at, picture in enumerate(pictures):
        left, top = GAP + at % columns * step, GAP + at // columns * step
        page.paste(picture, (left + (SIDE - picture.width) // 2, top + (SIDE - picture.height) // 2))
    return page


def main(argv: Sequence[str] | None = None) -> int:
    """Write the sheet; returns the exit status.

    Raises:
        InputError: there is no locator.
    """
    parser = argparse.ArgumentParser(prog="sheet", description="A contact sheet of what the locator finds.")
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of pictures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=35)
    parser.add_argument("--columns", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    locator = load_locator(load_encoder())
    if locator is None:
        raise InputError("There is no locator beside the embedded model.", "python -m search train-locator --help")
    files = sorted(file for folder in args.pictures for file in folder.iterdir() if file.suffix in (".jpg", ".png"))
    chosen = random.Random(args.seed).sample(files, min(args.count, len(files)))
    found = []
    for file in chosen:
        picture = images.load(file, at_least=locator.configuration.side // 2)
        found.append(drawn(picture, locator.locate(picture)))
    sheet(found, args.columns).save(args.out, quality=82, optimize=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
