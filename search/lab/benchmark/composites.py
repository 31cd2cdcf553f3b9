"""Pictures of several products, made on the spot: packshots of the catalog laid by their masks on the grounds of scenes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from search import images
from search.explain.occlusion import without_things
from search.lab.benchmark.base import Benchmark
from search.lab.benchmark.localisation import RASTER, MaskedProduct

#: Pictures of each count, and how many products they have: scenes have one or two.
PICTURES, COUNTS = 16, (3, 4)
#: Pixels along a side, and the side of a product in them.
_SIDE, _SMALLEST, _LARGEST = 480, 180, 230


def composites(benchmark: Benchmark, scenes: list[MaskedProduct]) -> list[MaskedProduct]:
    """Products of PICTURES pictures of each of COUNTS, drawn by seed; none where the catalog has no masks.

    Every product lies in a quarter of its own. The ground is a scene without its products.
    """
    rng = np.random.default_rng(benchmark.seed)
    rows = [row for row in range(benchmark.tested) if mask_of(benchmark, row) is not None]
    if len(rows) < max(COUNTS):
        return []
    found = []
    for count in COUNTS:
        for number in range(PICTURES):
            ground = scenes[int(rng.integers(len(scenes)))]
            hidden = np.any([item.mask for item in scenes if item.picture_id == ground.picture_id], axis=0)
            picture = _without(ground.picture, hidden).resize((_SIDE, _SIDE))
            chosen = rng.choice(rows, count, replace=False).tolist()
            masks = _laid(benchmark, picture, chosen, rng)
            name = f"{count} products, {number}"
            found += [
                MaskedProduct(name, str(benchmark.ids[row]), picture, mask, benchmark.vectors[row])
                for row, mask in zip(chosen, masks, strict=True)
            ]
    return found


def mask_of(benchmark: Benchmark, row: int) -> Path | None:
    """The file of the mask beside a product's picture, where there is one."""
    image = benchmark.images[row] if row < len(benchmark.images) else None
    if not isinstance(image, (str, Path)):
        return None
    mask = Path(image).parents[1] / "masks" / f"{Path(image).stem}.png"
    return mask if mask.exists() else None


def _without(picture: Image.Image, mask: np.ndarray) -> Image.Image:
    small = picture.resize(mask.shape[::-1], Image.Resampling.BOX)
    behind = without_things(small, mask).resize(picture.size, Image.Resampling.BICUBIC)
    opaque = Image.fromarray(mask.astype(np.uint8) * 255).resize(picture.size)
    return Image.composite(behind, picture, opaque)


def _laid(benchmark: Benchmark, picture: Image.Image, rows: list[int], rng: np.random.Generator) -> list[np.ndarray]:
    """Lay products on a picture; (RASTER, RASTER) bool each, their pixels."""
    masks = []
    for row, quarter in zip(rows, rng.permutation(4).tolist(), strict=False):
        path = mask_of(benchmark, row)
        assert path is not None
        side = int(rng.integers(_SMALLEST, _LARGEST + 1))
        free = _SIDE // 2 - side
        x, y = (int(half * _SIDE // 2 + rng.integers(0, free + 1)) for half in (quarter % 2, quarter // 2))
        product = images.load(benchmark.images[row], at_least=side).resize((side, side))
        with images.open_picture(path) as opened:
            alpha = opened.convert("L").resize((side, side))
        place = Image.new("L", picture.size)
        place.paste(alpha, (x, y))
        picture.paste(product, (x, y), alpha)
        masks.append(np.asarray(place.resize((RASTER, RASTER), Image.Resampling.BOX)) > 127)
    return masks
