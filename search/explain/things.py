"""Which places of a picture show a product: its own shape on a plain ground, or else what the locator finds.

Masks are (n, g, g) float32 in [0, 1] over the whole upright picture, one for each thing; of a picture of which nothing is
known there are none, n = 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from search.images import WHOLE, Region

if TYPE_CHECKING:
    from search.query.looks import Located

#: Places along a side of a mask.
GRID = 48
#: Things that are told apart; more would be taken for one another at the tower's size anyway, and covering them in every
#: combination takes 2^n looks.
MOST = 4
#: A place of a mask below this shows no product, whatever the locator's doubt.
LEAST = 0.3
#: A place that belongs to none of the locator's instances shows a product at this probability: something that it saw, but
#: took for no thing. On 61 scenes that raised the energy on the product from .77 to .82.
SURE = 0.5
#: A thing of less than this share of the picture is none.
SMALLEST = 0.004
#: Pixels along the longer side at which a ground is looked for.
_PIXELS = 112
#: The share of the picture's edge that must be of one colour, in its light or shade, for the ground to be plain.
_PLAIN = 0.9
#: How far a ground's hue may be off, of 255, and how dark its shade may be.
_HUE, _SHADE = 6.0, 0.5
#: Steps between neighbours, of 255, that a ground may have, the boldest first: a shadow's edge takes large ones, a white
#: product on white must not be crossed by them.
_STEPS = (10.0, 8.0, 6.0, 4.0, 3.0)
#: A bolder step that loses this much of what the most careful leaves has run into the product; and so has what goes by its
#: colour from within.
_LEAK = 0.45


def things(picture: Image.Image, locate: Callable[[Image.Image], Located | None] | None = None) -> np.ndarray:
    """The masks of the products in one upright RGB picture, the surest first, at most MOST.

    Args:
        locate: gives where it shows things, as Locator.locate does; asked only where the ground is not plain.
    """
    shape = on_plain_ground(picture)
    if shape is not None:
        return _as_masks([shape.astype(np.float32)])
    located = locate(picture) if locate else None
    if located is None:
        return _as_masks([])
    masks = [np.where(each.mask >= LEAST, each.mask, 0.0) for each in located.instances[: MOST - 1]]
    # What is left over is told apart from the ground, not from one another.
    more = [np.where(each.mask >= LEAST, each.mask, 0.0) for each in located.instances[MOST - 1 :]]
    told = np.max([np.zeros_like(located.foreground), *masks], axis=0) > 0
    masks.append(np.max([np.where((located.foreground >= SURE) & ~told, located.foreground, 0.0), *more], axis=0))
    return _as_masks([mask for mask in masks if (mask > 0).mean() >= SMALLEST])


def on_plain_ground(picture: Image.Image) -> np.ndarray | None:
    """(h, w) bool: what is not the ground that the picture's edge shows; None where that is not one plain colour.

    The ground is what the edge reaches without a step: its own colour in any light, so that soft shadows belong to it.
    """
    scale = _PIXELS / max(picture.size)
    size = [max(round(side * scale), 2) for side in picture.size]
    pixels = np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32)
    edge = border(pixels)
    ground = np.median(edge, axis=0)
    light = pixels @ ground / max(float(ground @ ground), 1.0)
    alike = np.abs(pixels - light[..., None] * ground).max(axis=-1) <= _HUE
    alike &= (light >= _SHADE) & (light <= 1.0 / _SHADE)
    if border(alike).mean() < _PLAIN or np.quantile(np.abs(edge - ground).max(axis=1), _PLAIN) > 2 * _STEPS[0]:
        return None
    across, down = (np.abs(np.diff(pixels, axis=axis)).max(axis=-1) for axis in (1, 0))
    rim = np.zeros_like(alike)
    rim[0] = rim[-1] = rim[:, 0] = rim[:, -1] = True
    *bolder, best = [~_reached(rim & alike, alike, across <= step, down <= step) for step in _STEPS]
    best = next((bold for bold in bolder if bold.sum() > (1 - _LEAK) * best.sum()), best)
    # What shows through a handle is the ground's very colour.
    through = alike & best & (np.abs(pixels - ground).max(axis=-1) <= _HUE)
    pierced = best & ~_reached(through, alike & best, across <= _STEPS[0], down <= _STEPS[0])
    best = pierced if pierced.sum() > (1 - _LEAK) * best.sum() else best
    return best if 0 < best.mean() < 1 else None


def border(values: np.ndarray) -> np.ndarray:
    """(2 h + 2 w, ...): what stands along the four edges of (h, w, ...) values."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def sampled(masks: np.ndarray, window: Region, shape: tuple[int, int]) -> np.ndarray:
    """(n, *shape): masks over the cells of a window of the picture, which may reach beyond it: nothing is there.

    A cell's value is the mean of 3 x 3 points in it.
    """
    left, top, right, bottom = window
    rows, inside_y = _points(top, bottom, shape[0], masks.shape[1])
    columns, inside_x = _points(left, right, shape[1], masks.shape[2])
    fine = masks[:, rows[:, None], columns] * (inside_y[:, None] & inside_x)
    return fine.reshape(len(masks), shape[0], 3, shape[1], 3).mean(axis=(2, 4), dtype=np.float32)


def _points(start: float, end: float, cells: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of `count` rows each of three points in every cell lies in, and whether it lies in the picture at all."""
    at = start + (np.arange(3 * cells) + 0.5) / (3 * cells) * (end - start)
    return (at * count).astype(int).clip(0, count - 1), (at >= 0) & (at < 1)


def _as_masks(found: Sequence[np.ndarray]) -> np.ndarray:
    """(n, GRID, GRID) float32 of masks of any sizes."""
    if not found:
        return np.zeros((0, GRID, GRID), np.float32)
    return np.concatenate([sampled(mask[None].astype(np.float32), WHOLE, (GRID, GRID)) for mask in found])


def _reached(start: np.ndarray, alike: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """(h, w) bool: what can be reached from a start through places that are `alike`, by the steps that are allowed.

    Args:
        across: (h, w - 1), down: (h - 1, w), whether the step to the next place is allowed.
    """
    reached, count = start.copy(), -1
    while count != (count := int(reached.sum())):
        for _ in range(8):
            reached[:, 1:] |= reached[:, :-1] & across
            reached[:, :-1] |= reached[:, 1:] & across
            reached[1:] |= reached[:-1] & down
            reached[:-1] |= reached[1:] & down
            reached &= alike
    return reached
