"""What the embedding loses when a place is covered.

For a window W of the picture, D_W = v(x) - v(x with W covered), a vector: what is lost for every
target at once. A place's share is the mean of D_W over the windows that cover it, divided by the
places in a window (Zeiler and Fergus 2014, with windows that overlap and vectors instead of one
class). It needs nothing but the encoder, and it points where the thing is even if every cell of the
last layer has seen the whole picture. What survives every single window is the rest.

Where it is known which places show a thing (search.explain.things), the things themselves are covered
too, in every combination: what a thing adds, phi_o, is its Shapley value among them
(search.explain.shapley), so that sum_o phi_o = v(x) - v(all covered), exactly. A thing's own places share phi_o: each has what
the windows say of it, and an equal part of what they leave, which is what only the whole thing shows.
A place that shows no thing has nothing, and what the ground adds is in the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from PIL import Image

from search import images
from search.encoder import Encoder
from search.explain.shapley import shapley
from search.explain.things import border, sampled
from search.images import WHOLE

#: Places along the longer side, and the side of a window in places: what pointed best on the embedded
#: scenes among 6, 7 and 8 with windows of 2, and 8 with windows of 3.
SIDE, WINDOW = 8, 2
#: Places of a map for each of those, each way, where it is known what shows a thing.
FINE = 4
#: A window whose pixels all differ from the cover by no more than this, of 255, need not be covered.
ALIKE = 6

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]
#: (y, x) of a window's first place.
Corner = tuple[int, int]


def occlusion(encoder: Encoder, picture: Image.Image, masks: np.ndarray | None = None) -> Parts:
    """(z, rest, embedding) of one upright RGB picture: (h, w, d), (d,), (d,), float64.

    The grid lies on the picture as it is, so padding and cropping need not be undone. A window is
    covered with the colour of the picture's edge; where that changes nothing, nothing is lost.

    Args:
        masks: (n, g, g) in [0, 1] over the picture, its things, none of them empty; where there is none, every place
            of a grid SIDE along has its share.
    """
    shape = _grid(picture)
    # With the shorter side as the tower has it nothing is lost, however it crops or pads.
    scale = min(1.0, max(encoder.image_size, images.MIN_SIDE) / min(picture.size))
    small = picture.resize([round(side * scale) for side in picture.size], Image.Resampling.BOX)
    masks = np.zeros((0, 1, 1)) if masks is None else masks
    fine = sampled(masks, WHOLE, (shape[0] * FINE, shape[1] * FINE))
    where = sampled(masks, WHOLE, shape).max(axis=0) if len(masks) else np.ones(shape)
    corners = _corners(shape, every=not len(masks))
    windows = _windows(small, where, corners)
    hidden = [which for size in range(1, len(masks) + 1) for which in combinations(range(len(masks)), size)]
    # The picture itself gives the embedding that is scored; the small one is what is covered.
    pictures = [picture, small, *windows.values()]
    pictures += [without_things(small, sampled(masks[list(which)], WHOLE, small.size[::-1]).max(0)) for which in hidden]
    embedding, whole, *covered = encoder.encode_images(pictures).astype(np.float64)
    z = _shares(whole, dict(zip(windows, covered, strict=False)), shape, corners)
    if len(masks):
        left = {(): whole, **dict(zip(hidden, covered[len(windows) :], strict=True))}
        # To cover a thing takes away what it adds.
        z = shared_out(z, fine, -shapley(left, len(masks)))
    return z, embedding - z.sum(axis=(0, 1)), embedding


def shared_out(z: np.ndarray, masks: np.ndarray, things: np.ndarray) -> np.ndarray:
    """(h, w, d): what things add, over their own places; it sums to `things`.

    Args:
        z: (h', w', d), what windows say of coarser places.
        masks: (n, h, w), each with some place, h and w multiples of h' and w'.
        things: (n, d), what each thing adds.
    """
    step = masks.shape[1] // z.shape[0]
    # Squared, so that a place on the rim, which shows less of a thing, has less than its part.
    own = masks**2 / np.maximum(masks.sum(axis=0), 1.0)
    share = own / own.sum(axis=(1, 2), keepdims=True)
    fine = smooth(z, step) / step**2
    said = np.einsum("nhw,hwd->nd", own, fine)
    return own.sum(axis=0)[..., None] * fine + np.einsum("nhw,nd->hwd", share, things - said)


def smooth(z: np.ndarray, step: int) -> np.ndarray:
    """(h step, w step, d): values between the middles of (h, w, d) places, bilinear; at the edge those of the edge."""
    for axis in (0, 1):
        at = (np.arange(z.shape[axis] * step) + 0.5) / step - 0.5
        low = np.floor(at).astype(int)
        mix = (at - low).reshape([-1 if each == axis else 1 for each in range(3)])
        last = z.shape[axis] - 1
        z = z.take(low.clip(0, last), axis) * (1 - mix) + z.take((low + 1).clip(0, last), axis) * mix
    return z


def without_things(picture: Image.Image, mask: np.ndarray) -> Image.Image:
    """A picture in which its surroundings grow over a thing: pull-push (Gortler et al. 1996, "The Lumigraph", 3.5).

    Args:
        mask: (height, width) of the picture; wherever it is above 0 is covered.
    """
    pixels, known = np.asarray(picture, np.float32), (mask <= 0).astype(np.float32)
    if not known.any():
        return Image.new("RGB", picture.size, _ground(picture))
    return Image.fromarray(_grown(pixels, known).round().clip(0, 255).astype(np.uint8))


def _grown(pixels: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(h, w, 3) with the means of what is known round them where the weight `known`, (h, w) in [0, 1], is below 1."""
    if (known > 0).all():
        return pixels
    size = [max(side // 2, 1) for side in known.shape[::-1]]
    halved = _resized(np.dstack([pixels * known[..., None], known]), size, Image.Resampling.BOX)
    weight = halved[..., 3]
    small = halved[..., :3] / np.maximum(weight, 1e-6)[..., None]
    behind = _resized(_grown(small, weight), known.shape[::-1], Image.Resampling.BILINEAR)
    return np.where(known[..., None] > 0, pixels, behind)


def _resized(values: np.ndarray, size: Sequence[int], how: Image.Resampling) -> np.ndarray:
    """(h, w, c) float32 -> (*size[::-1], c)."""
    return np.dstack(
        [np.asarray(Image.fromarray(channel).resize(list(size), how)) for channel in np.moveaxis(values, -1, 0)]
    )


def _corners(shape: tuple[int, int], every: bool) -> list[Corner]:
    """Of all windows, or of every second one, as the black squares of a chessboard, with those in the corners.

    Where things are covered as well, half of the windows found the same: on 61 scenes no figure changed by more than .001.
    """
    last = shape[0] - WINDOW, shape[1] - WINDOW
    found = [(y, x) for y in range(last[0] + 1) for x in range(last[1] + 1)]
    return [(y, x) for y, x in found if every or (y + x) % 2 == 0 or (y in (0, last[0]) and x in (0, last[1]))]


def _windows(small: Image.Image, where: np.ndarray, corners: Sequence[Corner]) -> dict[Corner, Image.Image]:
    """The picture with each window covered that lies on a thing and has something to cover.

    Args:
        where: (h, w), above 0 at places that show a thing.
    """
    ground, (down, across) = _ground(small), where.shape
    edges_x, edges_y = (np.linspace(0, size, count + 1).round().astype(int) for size, count in
                        zip(small.size, (across, down), strict=True))  # fmt: skip
    covered = {}
    for y, x in corners:
        box = (edges_x[x], edges_y[y], edges_x[x + WINDOW], edges_y[y + WINDOW])
        shows = (where[y : y + WINDOW, x : x + WINDOW] > 0).any()
        if shows and np.abs(np.asarray(small.crop(box), np.int16) - ground).max() > ALIKE:
            without = small.copy()
            without.paste(ground, box)
            covered[y, x] = without
    return covered


def _shares(
    whole: np.ndarray, without: dict[Corner, np.ndarray], shape: tuple[int, int], corners: Sequence[Corner]
) -> np.ndarray:
    """(h, w, d): the mean of what is lost with each window that covers a place, by place."""
    z, count = np.zeros((*shape, len(whole))), np.zeros((*shape, 1))
    for y, x in corners:
        window = np.s_[y : y + WINDOW, x : x + WINDOW]
        count[window] += 1
        if (y, x) in without:
            z[window] += (whole - without[y, x]) / WINDOW**2
    return z / count


def _ground(picture: Image.Image) -> tuple[int, ...]:
    """The colour that covers: the median of the outermost pixels, a packshot's ground."""
    return tuple(int(value) for value in np.median(border(np.asarray(picture)), axis=0).round())


def _grid(picture: Image.Image) -> tuple[int, int]:
    """(down, across): nearly square places, SIDE along the longer side."""
    longer = max(picture.size)
    return tuple(max(round(SIDE * side / longer), WINDOW) for side in picture.size[::-1])  # type: ignore[return-value]
