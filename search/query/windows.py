"""Region proposal where there is no locator: which window of a photo to search with. Pure functions over an encoder.

A photo of a room shows many things, and an encoder that sees it whole mixes them. So it is looked at
again in windows, and the one whose nearest product is nearest is searched with, if it comes clearly
nearer than the whole: a packshot fills its picture, and a part of it would only resemble parts of
others. `python -m search evaluate --task scene` measures what that is worth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search import images
from search.images import WHOLE, Region

if TYPE_CHECKING:
    from PIL import Image

    from search.encoder import Encoder
    from search.schema import ImageInput

#: How much nearer (in cosine) a part must come than the whole. Under the embedded model a shirt on white
#: moves at 0.06 once in a hundred, the photograph of a room two times in three.
MARGIN = 0.06
#: Sides of the windows as shares of the picture's, and how many of them stand in a row: they overlap by half.
_SIZES = ((0.66, 3), (0.45, 4))

WINDOWS: tuple[Region, ...] = (
    WHOLE,
    *(
        (round(left, 3), round(top, 3), round(left + side, 3), round(top + side, 3))
        for side, count in _SIZES
        for top in np.linspace(0, 1 - side, count).tolist()
        for left in np.linspace(0, 1 - side, count).tolist()
    ),
)


#: Encoders of more pixels a side look at the large windows only: they see small things better, and take ten times as long.
FINE_PX = 160
_LARGE = 1 + _SIZES[0][1] ** 2


def encode_regions(encoder: Encoder, image: ImageInput) -> np.ndarray:
    """(n, dim) float32 unit rows: the first n of WINDOWS, all of them or only the large ones.

    Raises:
        ImageError: the photo cannot be used.
    """
    # The narrowest window must still have the encoder's pixels.
    windows = WINDOWS[1:] if encoder.image_size <= FINE_PX else WINDOWS[1:_LARGE]
    picture: Image.Image = images.load(image, at_least=round(encoder.image_size / _SIZES[-1][0]))
    return encoder.encode_images([picture, *(images.crop(picture, window) for window in windows)])


def choose_region(nearest: np.ndarray) -> int:
    """The one of WINDOWS to search with, by the cosine of the nearest product to each; 0 is the whole."""
    best = int(np.argmax(nearest))
    return best if nearest[best] > nearest[0] + MARGIN else 0
