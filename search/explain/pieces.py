"""Pieces of things: neighbouring places of one colour, and which piece of another picture is the partner of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from search.images import WHOLE, Region

if TYPE_CHECKING:
    from search.explain.patches import PatchAttribution

#: Pieces of a thing that fills the picture, and of one that is small in it; together not more than MOST.
_FULL, _SMALL, MOST = 24, 4, 32
_ROUNDS = 8
#: Cells over which a colour is taken, and how much the way through the whole picture counts beside black against white.
_COARSE, _NEAR = 4, 2.0
#: How much a step from black to white counts against what the model finds in two pieces. Of 192 pieces of 24 products pasted
#: on other grounds, half mirrored, 58 % of the partners lay within .15 of the side of where they should: 40 % by the inner
#: product of places, 31 % by colour alone, less than 1 % by chance.
_COLOUR = 2.0


@dataclass(frozen=True)
class Pieces:
    """`labels` is (h, w) int16, the number of the piece that a place belongs to, without a gap from 0, -1 for none;
    `colours` (n, 3), the mean red, green and blue of each, 0 to 1."""

    labels: np.ndarray
    colours: np.ndarray


@dataclass(frozen=True)
class Partners:
    """Which pieces of two pictures have most in common.

    `photo` and `product` are (h, w) int16 over `windows` of the pictures, as Pieces has them; `alike` is (pieces of the
    photo, pieces of the product) float32, more for more in common.
    """

    photo: np.ndarray
    product: np.ndarray
    alike: np.ndarray
    windows: tuple[Region, Region] = (WHOLE, WHOLE)


def partners(photo: PatchAttribution, product: PatchAttribution) -> Partners:
    """By what tells the pieces of each picture apart in the model's space, and by their colour.

    Where the things of a picture are not known its places are its pieces, told by the inner product alone.
    """
    here, there = _labels(photo), _labels(product)
    windows = photo.window, product.window
    if photo.pieces is None or product.pieces is None:
        alike = _means(photo, here) @ _means(product, there).T
        return Partners(here, there, alike.astype(np.float32), windows)
    apart = [_unit(means - means.mean(axis=0)) for means in (_means(photo, here), _means(product, there))]
    colours = np.linalg.norm(photo.pieces.colours[:, None] - product.pieces.colours, axis=2)
    return Partners(here, there, (apart[0] @ apart[1].T - _COLOUR * colours).astype(np.float32), windows)


def pieces_of(picture: Image.Image, window: Region, masks: np.ndarray) -> Pieces:
    """The pieces of the things in a picture.

    k-means over colour and place (as SLIC, Achanta et al. 2012, without its search window: places are few), in every thing
    for itself, begun at the places that lie farthest apart.

    Args:
        masks: (n, h, w) in [0, 1] over the window of the picture.
    """
    labels = np.full(masks.shape[1:], -1, np.int16)
    points = _points(picture, window, masks.shape[1:])
    owner = np.where(masks.max(axis=0) >= 0.5, masks.argmax(axis=0), -1)
    if not (owner >= 0).any():
        owner = np.where(masks.max(axis=0) == masks.max(), masks.argmax(axis=0), -1)
    for thing in range(len(masks)):
        here = owner == thing
        if here.any():
            count = round(np.clip(_FULL * float(here.mean()), _SMALL, MOST // len(masks)))
            labels[here] = labels.max() + 1 + _clusters(points[here], count)
    colours = np.stack([points[labels == each, :3].mean(axis=0) for each in range(labels.max() + 1)])
    return Pieces(labels, colours)


def _points(picture: Image.Image, window: Region, shape: tuple[int, int]) -> np.ndarray:
    """(h, w, 5): mean red, green and blue round every place, 0 to 1, and where it lies."""
    left, top, right, bottom = (round(edge * side) for edge, side in zip(window, picture.size * 2, strict=True))
    seen = picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    # Coarse, so that a check or a stripe is no piece, but the sleeve that has it.
    coarse = seen.resize([max(side // _COARSE, 1) for side in shape[::-1]], Image.Resampling.BOX)
    colours = np.asarray(coarse.resize(shape[::-1], Image.Resampling.BILINEAR), np.float64) / 255
    down, across = _NEAR * np.indices(shape) / max(shape)
    return np.dstack([colours, down, across])


def _clusters(points: np.ndarray, count: int) -> np.ndarray:
    """(n,) which of at most `count` clusters each of (n, c) points belongs to, numbered from 0 without a gap."""
    middles = [points[np.linalg.norm(points - points.mean(axis=0), axis=1).argmin()]]
    while len(middles) < count:
        nearest = np.min([np.linalg.norm(points - middle, axis=1) for middle in middles], axis=0)
        middles.append(points[nearest.argmax()])
    for _ in range(_ROUNDS):
        which = np.linalg.norm(points[:, None] - np.array(middles), axis=2).argmin(axis=1)
        middles = [points[which == each].mean(axis=0) for each in np.unique(which)]
    return np.unique(which, return_inverse=True)[1]


def _labels(picture: PatchAttribution) -> np.ndarray:
    if picture.pieces is not None:
        return picture.pieces.labels
    h, w = picture.z.shape[:2]
    return np.arange(h * w, dtype=np.int16).reshape(h, w)


def _means(picture: PatchAttribution, labels: np.ndarray) -> np.ndarray:
    """(n, d): what a place of each piece adds."""
    return np.stack([picture.z[labels == each].mean(axis=0) for each in range(int(labels.max()) + 1)])


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
