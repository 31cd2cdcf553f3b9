"""Whether a map points at a product whose pixels are known: pointing game, energy, two products told apart.

The scenes are rendered, so which pixels belong to a product is known. A map is laid over its picture
cell by cell; where the preprocessing pads, what lies outside the picture is cut off, where it crops,
what was not seen counts as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from search import images
from search.errors import InputError
from search.explain.schema import Heatmap
from search.images import Region
from search.lab.benchmark.base import Benchmark, Metrics, TooSmall
from search.lab.benchmark.datasets import read_scenes

#: Masks and maps are compared at this many pixels along the longer side.
RASTER = 160
#: How far from a product its map's peak may lie to touch it, in shares of the longer side: half a cell of 8 x 8.
TOLERANCE = 1 / 16

Grid = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class MaskedProduct:
    """One product in one picture; `target` is the (d,) vector it is compared with, `mask` (H, W) its pixels."""

    picture_id: str
    product_id: str
    picture: Image.Image
    mask: Mask
    target: NDArray[np.float32]
    region: Region | None = None  # the part of the picture that is asked about

    @property
    def area(self) -> float:
        return float(self.mask.mean())


def masked_products(benchmark: Benchmark) -> list[MaskedProduct]:
    """Every product of the scenes that has a mask.

    Raises:
        TooSmall: there are no scenes, or none has a mask.
        InputError: the catalog lacks a product of the scenes.
    """
    if benchmark.scenes is None:
        raise TooSmall("There are no photographs (scenes.csv) of these products.")
    row_of = {product_id: row for row, product_id in enumerate(benchmark.ids.tolist())}
    found = []
    for path, products in zip(*read_scenes(benchmark.scenes), strict=True):
        masks = {product: benchmark.scenes / "masks" / f"{path.stem}--{product}.png" for product in products}
        here = {product: mask for product, mask in masks.items() if mask.exists()}
        if not here:
            continue
        if lost := [product for product in here if product not in row_of]:
            raise InputError(f"The catalog lacks {', '.join(lost)} of {path.name}.", "Render the scenes again.")
        # As the explainer reads it, so that the embedding is the one that was scored.
        picture = images.load(path, at_least=benchmark.encoder.image_size)
        for product, mask in here.items():
            pixels = load_mask(mask, picture.size)
            if pixels.any():
                found.append(MaskedProduct(path.stem, product, picture, pixels, benchmark.vectors[row_of[product]]))
    if not found:
        raise TooSmall(f"There are no masks in {benchmark.scenes / 'masks'}.")
    return found


def load_mask(path: Path, size: tuple[int, int]) -> Mask:
    """(H, W) of a mask, with the proportions of a picture of this size and RASTER along the longer side."""
    with images.open_picture(path) as mask:
        scale = RASTER / max(size)
        small = mask.convert("L").resize((round(size[0] * scale), round(size[1] * scale)), Image.Resampling.BOX)
    return np.asarray(small) > 127


def rasterise(heat: Heatmap, shape: tuple[int, ...]) -> Grid:
    """(H, W): every pixel has the value of the place it lies in, and 0 where the tower did not look."""
    down, across = heat.grid.shape
    left, top, right, bottom = heat.window
    rows = ((np.arange(shape[0]) + 0.5) / shape[0] - top) / (bottom - top) * down
    columns = ((np.arange(shape[1]) + 0.5) / shape[1] - left) / (right - left) * across
    seen = ((rows >= 0) & (rows < down))[:, None] & ((columns >= 0) & (columns < across))
    at = np.ix_(rows.astype(int).clip(0, down - 1), columns.astype(int).clip(0, across - 1))
    return np.where(seen, heat.grid[at].astype(np.float64), 0.0)


def centre_prior(shape: tuple[int, ...]) -> Grid:
    """(H, W): what one would guess without a look, a Gaussian round the middle with a quarter of each side."""
    y, x = (np.exp(-0.5 * (((np.arange(n) + 0.5) / n - 0.5) / 0.25) ** 2) for n in shape)
    return y[:, None] * x


def pointing_game(values: Grid, mask: Mask) -> tuple[bool, bool]:
    """Whether the centre of the strongest place lies on the mask, and whether within TOLERANCE of it."""
    y, x = (round(float(at.mean())) for at in np.nonzero(values == values.max()))
    return bool(mask[y, x]), bool(dilate(mask)[y, x])


def dilate(mask: Mask) -> Mask:
    """The mask and what lies within TOLERANCE of it."""
    reach = max(round(TOLERANCE * max(mask.shape)), 1)
    grown = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * reach + 1))
    return np.asarray(grown) > 127


def energy_inside(values: Grid, mask: Mask) -> float:
    """The share on the mask of all that is above zero; the mask's share of the picture if nothing is.

    The energy-based pointing game of Wang et al. 2020 ("Score-CAM").
    """
    above = values.clip(0)
    total = above.sum()
    return float(above[mask].sum() / total) if total > 0 else float(mask.mean())


def localisation(benchmark: Benchmark, name: str, products: Sequence[MaskedProduct], maps: Sequence[Grid]) -> Metrics:
    """Pointing, touching, energy, and pictures with two products."""
    key, scenes = key_of(name), [item.picture_id for item in products]
    hits = np.array([pointing_game(values, item.mask) for values, item in zip(maps, products, strict=True)])
    shares = [energy_inside(values, item.mask) for values, item in zip(maps, products, strict=True)]
    areas = [item.area for item in products]
    figures = {
        f"points_{key}": benchmark.metric(f"{name}: points at the product", hits[:, 0], areas, scenes),
        f"touches_{key}": benchmark.metric(
            f"{name}: touches the product", hits[:, 1], [dilate(item.mask).mean() for item in products], scenes
        ),
        f"energy_{key}": benchmark.metric(f"{name}: energy on the product", shares, areas, scenes),
    }
    alone = [row for row, item in enumerate(products) if scenes.count(item.picture_id) == 1]
    if alone and len(alone) < len(products):
        figures[f"points_alone_{key}"] = benchmark.metric(
            f"{name}: points at the product, where it is alone",
            hits[alone, 0], [areas[row] for row in alone], [scenes[row] for row in alone],
        )  # fmt: skip
    if name != "centre prior":  # the prior has one map for all
        figures |= recognition(benchmark, key, name, products, maps)
    return figures


def recognition(
    benchmark: Benchmark, key: str, name: str, products: Sequence[MaskedProduct], maps: Sequence[Grid]
) -> Metrics:
    """How often the map of a product has more of its energy on it than the maps of all the others in the picture have."""
    in_picture: dict[str, list[int]] = {}
    for row, item in enumerate(products):
        in_picture.setdefault(item.picture_id, []).append(row)
    won: dict[int, list[tuple[bool, str]]] = {}
    for scene, rows in in_picture.items():
        for a in rows:
            shares = {b: energy_inside(maps[b], products[a].mask) for b in rows}
            ahead = all(shares[a] > shares[b] for b in rows if b != a)
            won.setdefault(len(rows), []).append((ahead, scene))
    names = {2: "two", 3: "three", 4: "four"}
    return {
        f"{names[count]}_{key}": benchmark.metric(
            f"{name}: {names[count]} products told apart", [ahead for ahead, _ in found],
            np.full(len(found), 1 / count), [scene for _, scene in found],
        )
        for count, found in sorted(won.items()) if count in names
    }  # fmt: skip


def key_of(name: str) -> str:
    """A method's name as a part of a metric's key."""
    return name.replace(" ", "_")
