"""What the head is to say at every place of its grid, from the masks of the products in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

#: The middle of a product is a Gaussian of this share of its box, but never narrower than MIDDLE_CELLS.
MIDDLE, MIDDLE_CELLS = 0.1, 0.7
#: A place speaks for a product's box where it shows at least so much of it, or where it is its middle by that much.
SPEAKS, NEAR_MIDDLE = 0.35, 0.6


@dataclass(frozen=True)
class Truth:
    """Products of a picture: `masks` (k, grid, grid) uint8, the share of a place times 255; `boxes` (k, 4) in shares.

    `unlabelled` and `alone` as in composites.Sample.
    """

    masks: np.ndarray
    boxes: np.ndarray
    unlabelled: bool
    alone: bool = False


def truth_of(masks: Sequence[np.ndarray], grid: int, unlabelled: bool) -> Truth:
    """Masks (h, w) bool of one picture brought to the grid. Empty ones are left out."""
    masks = [mask for mask in masks if mask.any()]
    small = [
        np.asarray(Image.fromarray(mask).convert("L").resize((grid, grid), Image.Resampling.BOX)) for mask in masks
    ]
    return Truth(
        np.stack(small) if small else np.zeros((0, grid, grid), np.uint8),
        np.array([box_of(mask) for mask in masks], np.float32).reshape(-1, 4),
        unlabelled,
    )


def box_of(mask: np.ndarray) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of a mask in shares of its sides."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


@dataclass(frozen=True)
class Target:
    """Arrays over the grid: product and middle (g, g) in [0, 1], sides (4, g, g) and how much each place's count (g, g)."""

    product: np.ndarray
    middle: np.ndarray
    sides: np.ndarray
    weight: np.ndarray


def target_of(truth: Truth) -> Target:
    """What the head is to say of a picture; sides are left, top, right and bottom in shares of the picture."""
    grid = truth.masks.shape[-1]
    centres = (np.arange(grid, dtype=np.float32) + 0.5) / grid
    shares = truth.masks.astype(np.float32) / 255
    middle, weight = np.zeros((grid, grid), np.float32), np.zeros((grid, grid), np.float32)
    sides, claimed = np.zeros((4, grid, grid), np.float32), np.zeros((grid, grid), np.float32)
    for share, box in zip(shares, truth.boxes, strict=True):
        near = gaussian(box, centres)
        middle = np.maximum(middle, near)
        claim = np.maximum(np.where(share >= SPEAKS, share, 0), np.where(near >= NEAR_MIDDLE, 1 + near, 0))
        own = claim > claimed
        claimed[own] = claim[own]
        sides[:, own] = box[:, None]
        # A large product may not speak a hundred times as loud as a small one.
        weight[own] = 1 / np.sqrt(max(own.sum(), 1))
    product = shares.sum(0).clip(0, 1) if len(shares) else np.zeros((grid, grid), np.float32)
    return Target(product, middle, sides, weight)


def gaussian(box: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(g, g): 1 in the place of the box's middle, falling off along each side by the box's size."""
    step = centres[1] - centres[0]
    bells = []
    for low, high in ((box[0], box[2]), (box[1], box[3])):
        width = max(MIDDLE * (high - low), MIDDLE_CELLS * step)
        # The middle of the nearest place counts as the middle, so that every product has a place of exactly 1.
        middle = centres[np.abs(centres - (low + high) / 2).argmin()]
        bells.append(np.exp(-0.5 * ((centres - middle) / width) ** 2))
    return bells[1][:, None] * bells[0][None, :]
