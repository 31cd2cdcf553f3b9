"""Pictures the locator learns from: products cut out of plain grounds, photographs to lay them on, scenes with masks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from PIL import Image
from scipy import ndimage

from search import images
from search.explain.things import border

#: A pixel belongs to the ground if no channel differs more from the border's colour (of 255).
TOLERANCE = 22
#: What a cut-out may cover of its picture; less is a speck, more is a ground that was not plain.
LEAST, MOST = 0.03, 0.85
#: How much of the picture's border a cut-out may touch.
BORDER = 0.3
#: Pictures of fashion/ under this side are thumbnails, too blurred to stand in a photograph.
SMALLEST = 120


@dataclass(frozen=True)
class Labelled:
    """A picture and where its products are: `masks` (h, w) bool each, in the picture's own size."""

    picture: Image.Image
    masks: tuple[np.ndarray, ...]


def plain_ground(picture: Image.Image, tolerance: int = TOLERANCE) -> np.ndarray | None:
    """(h, w) bool of what does not belong to the plain ground that touches the border; None where there is none."""
    pixels = np.asarray(picture, np.int16)
    near = (np.abs(pixels - np.median(border(pixels), 0)) <= tolerance).all(2)
    parts, _ = ndimage.label(near)
    outer = np.unique(border(parts))
    mask = ~np.isin(parts, outer[outer > 0])
    mask = largest(ndimage.binary_fill_holes(ndimage.binary_opening(mask, np.ones((2, 2)))))
    return mask if LEAST <= mask.mean() <= MOST and border(mask).mean() <= BORDER else None


def largest(mask: np.ndarray) -> np.ndarray:
    """The mask without parts under a twentieth of its largest connected part."""
    parts, count = ndimage.label(mask)
    if count < 2:
        return mask
    sizes = ndimage.sum_labels(mask, parts, range(1, count + 1))
    return np.isin(parts, 1 + np.flatnonzero(sizes >= sizes.max() / 20))


def scenes(folder: Path) -> Iterator[Labelled]:
    """Rendered scenes: `folder`/ID.jpg with masks/ID--PRODUCT.png."""
    for path in sorted(folder.glob("*.jpg")):
        masks = sorted((folder / "masks").glob(f"{path.stem}--*.png"))
        with images.open_picture(path) as opened:
            picture = opened.convert("RGB")
        found = [_mask(mask, picture.size) for mask in masks]
        if found:
            yield Labelled(picture, tuple(mask for mask in found if mask.any()))


def rendered_packshots(folder: Path) -> Iterator[Labelled]:
    """Packshots of the studio: `folder`/images/ID.webp with masks/ID.png."""
    for mask in sorted((folder / "masks").glob("*.png")):
        path = folder / "images" / f"{mask.stem}.webp"
        if path.is_file():
            with images.open_picture(path) as opened:
                picture = opened.convert("RGB")
            yield Labelled(picture, (_mask(mask, picture.size),))


def _mask(path: Path, size: tuple[int, int]) -> np.ndarray:
    with images.open_picture(path) as mask:
        return np.asarray(mask.convert("L").resize(size, Image.Resampling.BOX)) > 127


def photographs(file: Path, count: int, rng: random.Random) -> list[Image.Image]:
    """`count` pictures of a parquet file, drawn at random, thumbnails left out."""
    cells = pq.read_table(file, columns=["image"]).column("image")
    found: list[Image.Image] = []
    for row in rng.sample(range(len(cells)), len(cells)):
        if len(found) == count:
            break
        with images.open_picture(cells[row].as_py()["bytes"]) as opened:
            if max(opened.size) >= SMALLEST:
                found.append(opened.convert("RGB"))
    return found


def cut_outs(pictures: list[Image.Image]) -> list[Labelled]:
    """Those of the pictures that stand on a plain ground, with the mask of what stands there."""
    masks = [plain_ground(picture) for picture in pictures]
    return [Labelled(picture, (mask,)) for picture, mask in zip(pictures, masks, strict=True) if mask is not None]
