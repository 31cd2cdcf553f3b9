"""What the embedding loses when a place is covered.

For a window W of the picture, D_W = v(x) - v(x with W covered), a vector: what is lost for every
target at once. A place's share is the mean of D_W over the windows that cover it, divided by the
places in a window (Zeiler and Fergus 2014, with windows that overlap and vectors instead of one
class). It needs nothing but the encoder, and it points where the thing is even if every cell of the
last layer has seen the whole picture. What survives every single window is the rest.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from search import images
from search.encoder import Encoder

#: Places along the longer side, and the side of a window in places: what pointed best on the embedded
#: scenes among 6, 7 and 8 with windows of 2, and 8 with windows of 3.
SIDE, WINDOW = 8, 2
#: A window whose pixels all differ from the cover by no more than this, of 255, need not be covered.
ALIKE = 6


def occlusion(encoder: Encoder, picture: Image.Image) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(z, rest, embedding) of one upright RGB picture: (h, w, d), (d,), (d,), float64.

    The grid lies on the picture as it is, so padding and cropping need not be undone. A window is
    covered with the colour of the picture's edge; where that changes nothing, nothing is lost.
    """
    across, down = _grid(picture)
    # With the shorter side as the tower has it nothing is lost, however it crops or pads.
    scale = min(1.0, max(encoder.image_size, images.MIN_SIDE) / min(picture.size))
    small = picture.resize([round(side * scale) for side in picture.size], Image.Resampling.BOX)
    ground = _ground(small)
    edges_x, edges_y = (np.linspace(0, size, count + 1).round().astype(int) for size, count in
                        zip(small.size, (across, down), strict=True))  # fmt: skip
    corners = [(y, x) for y in range(down - WINDOW + 1) for x in range(across - WINDOW + 1)]
    count = np.zeros((down, across, 1))
    pictures, covered = [picture, small], []
    for y, x in corners:
        count[y : y + WINDOW, x : x + WINDOW] += 1
        box = (edges_x[x], edges_y[y], edges_x[x + WINDOW], edges_y[y + WINDOW])
        if np.abs(np.asarray(small.crop(box), np.int16) - ground).max() > ALIKE:
            without = small.copy()
            without.paste(ground, box)
            pictures.append(without)
            covered.append((y, x))
    # The picture itself gives the embedding that is scored; the small one is what is covered.
    embedding, whole, *without_window = encoder.encode_images(pictures).astype(np.float64)
    z = np.zeros((down, across, len(embedding)))
    for (y, x), vector in zip(covered, without_window, strict=True):
        z[y : y + WINDOW, x : x + WINDOW] += (whole - vector) / WINDOW**2
    z /= count
    return z, embedding - z.sum(axis=(0, 1)), embedding


def _ground(picture: Image.Image) -> tuple[int, ...]:
    """The colour that covers: the median of the outermost pixels, a packshot's ground."""
    pixels = np.asarray(picture)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return tuple(int(value) for value in np.median(edge, axis=0).round())


def _grid(picture: Image.Image) -> tuple[int, int]:
    """(across, down): nearly square places, SIDE along the longer side."""
    width, height = picture.size
    longer = max(width, height)
    return tuple(max(round(SIDE * side / longer), WINDOW) for side in (width, height))  # type: ignore[return-value]
