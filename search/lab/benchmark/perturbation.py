"""Insertion and deletion (Petsiuk et al. 2018, "RISE"): whether what a map calls important matters to the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from search.encoder import Encoder
from search.lab.benchmark.localisation import Grid, Mask, MaskedProduct

#: Cells along the longer side that are covered or shown, and the steps in which they are.
CELLS, STEPS = 8, 8
#: The blur that covers, in shares of the longer side.
BLUR = 1 / 8


def insertion_minus_deletion(
    encoder: Encoder, products: Sequence[MaskedProduct], maps: Mapping[str, Sequence[Grid]], seed: int
) -> dict[str, NDArray[np.float64]]:
    """Order -> (n,) insertion minus deletion: areas under the cosine with the target over the share that is shown."""
    rng = np.random.default_rng(seed)
    areas: dict[str, list[float]] = {name: [] for name in maps}
    for row, item in enumerate(products):
        whole = downscale(item.picture, encoder.image_size)
        longer = max(whole.size)
        hidden = whole.filter(ImageFilter.GaussianBlur(BLUR * longer))
        across, down = (max(round(CELLS * side / longer), 1) for side in whole.size)
        noise = rng.random(across * down)
        shown: list[Image.Image] = [hidden, whole]
        for values in maps.values():
            ranks = np.lexsort((noise, -cell_means(values[row], (down, across)).ravel())).argsort()
            for step in range(1, STEPS):
                first = (ranks < round(step / STEPS * len(ranks))).reshape(down, across)
                shown += [composite(whole, hidden, first), composite(hidden, whole, first)]
        cosines = encoder.encode_images(shown).astype(np.float64) @ item.target
        nothing, everything = cosines[:2]
        for name, steps in zip(maps, cosines[2:].reshape(len(maps), -1), strict=True):
            inserted = [nothing, *steps[::2], everything]
            deleted = [everything, *steps[1::2], nothing]
            areas[name].append(float(np.trapezoid(inserted) - np.trapezoid(deleted)) / STEPS)
    return {name: np.array(values) for name, values in areas.items()}


def downscale(picture: Image.Image, side: int) -> Image.Image:
    """The picture with its shorter side as the tower has it, so that nothing is lost but time."""
    scale = min(1.0, side / min(picture.size))
    return picture.resize([round(length * scale) for length in picture.size], Image.Resampling.BOX)


def cell_means(values: Grid, shape: tuple[int, int]) -> Grid:
    """(H, W) to (h, w): the mean over each place."""
    rows, columns = (np.arange(n) * cells // n for n, cells in zip(values.shape, shape, strict=True))
    place = rows[:, None] * shape[1] + columns
    sums = np.bincount(place.ravel(), values.ravel(), minlength=shape[0] * shape[1])
    return (sums / np.bincount(place.ravel(), minlength=len(sums)).clip(1)).reshape(shape)


def composite(shown: Image.Image, hidden: Image.Image, places_shown: Mask) -> Image.Image:
    """One picture where the (h, w) places say so, the other elsewhere."""
    mask = Image.fromarray(places_shown.astype(np.uint8) * 255).resize(shown.size, Image.Resampling.NEAREST)
    return Image.composite(shown, hidden, mask)
