"""A picture's embedding as a sum over places.

For an embedding e and places j of a picture,

    e / |e| = sum_j z_j + residual

so every explanation is a dot product, <z_j, u> for whatever u is asked about, and what is shown adds
up. Two things can be meant by "what place j adds", and both are offered:

contributions   what the tower itself adds up (contributions.py): exact, one forward pass
occlusion       what is lost when the place is covered (occlusion.py): any tower, many passes

They differ where a place of the last layer has seen more than itself. A cell of the embedded model's
4 x 4 grid has seen the whole picture, so its exact contribution says little about where something
is; a transformer's patch mostly speaks for itself. Hence `METHOD_OF`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from search import images
from search.encoder import Encoder
from search.errors import QueryError
from search.explain import contributions, occlusion
from search.explain.pieces import Pieces, pieces_of
from search.explain.schema import Heatmap
from search.explain.things import SMALLEST, sampled
from search.explain.towers import Convolutional, tower_of
from search.images import WHOLE, Region

if TYPE_CHECKING:
    from PIL import Image

#: What `patch_attribution` can be asked for.
ADDITIVE = ("contributions", "occlusion")
#: Places along a side of a map of a tower's contributions where it is known what shows a thing.
_LONG = 32


@dataclass(frozen=True)
class PatchAttribution:
    """What each place adds to a picture's embedding, which is scaled to length 1.

    `z` is (h, w, d) and `residual` (d,); z.sum over places + residual = `embedding`, (d,).
    `window` is the part of the upright picture that the grid covers, as fractions (left, top,
    right, bottom): it reaches beyond the picture where the preprocessing pads, and leaves some of
    it out where the preprocessing crops. `pieces` are those of the things in it; None where none are known.
    """

    z: np.ndarray
    residual: np.ndarray
    embedding: np.ndarray
    window: Region
    pieces: Pieces | None = None

    @property
    def error(self) -> float:
        """|sum of all places + residual - embedding|, relative to the embedding's length of 1."""
        return float(np.linalg.norm(self.z.sum(axis=(0, 1)) + self.residual - self.embedding))

    def heatmap(self, target: np.ndarray) -> Heatmap:
        """Shares of <embedding, target>, a (d,) vector; grid and residual sum to it but for `error`."""
        target = np.asarray(target, np.float64)
        grid = self.z @ target
        return Heatmap(grid.astype(np.float32), float(self.residual @ target), self.window)

    def similarity(self, other: PatchAttribution) -> np.ndarray:
        """(places here, places there) float32: <z_i, z'_j>. With the residuals it sums to the cosine."""
        here, there = (each.z.reshape(-1, each.z.shape[-1]) for each in (self, other))
        return (here @ there.T).astype(np.float32)


def method_for(encoder: Encoder) -> str:
    """How this tower's pictures are explained when nobody says.

    A transformer's exact contributions take one pass; covering places of a ViT-B/16 would take
    seconds. Whatever else there is can at least be covered.
    """
    tower = tower_of(encoder)
    return "occlusion" if tower is None or isinstance(tower, Convolutional) else "contributions"


def patch_attribution(
    encoder: Encoder,
    picture: Image.Image,
    *,
    region: Region | None = None,
    method: str | None = None,
    masks: np.ndarray | None = None,
) -> PatchAttribution | None:
    """The places of one upright RGB picture; None where the tower has no contributions to read.

    Args:
        region: the part that was encoded, as fractions; the window then lies inside it.
        method: one of ADDITIVE; what suits the tower when not given.
        masks: (n, g, g) over the whole picture, the things in it (search.explain.things); then only their places have a
            share. Without any, all places have.

    Raises:
        QueryError: there is no such method.
    """
    method = method or method_for(encoder)
    part = images.crop(picture, region) if region else picture
    shown = None if masks is None else shown_in(masks, region or WHOLE)
    if method == "occlusion":
        z, residual, embedding = occlusion.occlusion(encoder, part, shown)
        return _attribution(part, (z, residual, embedding), WHOLE, region, shown)
    if method != "contributions":
        raise QueryError(f"There is no way {method!r} to add up places.", f"Use one of {', '.join(ADDITIVE)}.")
    tower = tower_of(encoder)
    if tower is None:
        return None
    z, residual, embedding = contributions.contributions(encoder, tower, part)
    window = seen(encoder, part)
    if shown is not None and len(shown):
        whole = z.sum(axis=(0, 1))
        z = restricted(z, sampled(shown, window, _fine(z.shape)))
        residual = residual + whole - z.sum(axis=(0, 1))
    return _attribution(part, (z, residual, embedding), window, region, shown)


def _attribution(
    part: Image.Image, parts: occlusion.Parts, window: Region, region: Region | None, shown: np.ndarray | None
) -> PatchAttribution:
    """Of the places of a part of the picture, over a window of it."""
    z, residual, embedding = parts
    if shown is None or not len(shown):
        return PatchAttribution(z, residual, embedding, inside(window, region))
    pieces = pieces_of(part, window, sampled(shown, window, z.shape[:2]))  # type: ignore[arg-type]
    # A fine map has many places: half the memory, and still seven digits.
    return PatchAttribution(z.astype(np.float32), residual, embedding, inside(window, region), pieces)


def restricted(z: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(h, w, d): of what each coarser place adds, (h', w', d), the part that lies on a thing.

    Args:
        masks: (n, h, w), h and w multiples of h' and w'.
    """
    step = masks.shape[1] // z.shape[0]
    shown = masks.sum(axis=0).clip(0, 1)
    return np.repeat(np.repeat(z, step, 0), step, 1) / step**2 * shown[..., None]


def shown_in(masks: np.ndarray, region: Region) -> np.ndarray:
    """The masks of the things of which a region shows enough, over the region."""
    within = sampled(masks, region, masks.shape[1:])  # type: ignore[arg-type]
    return within[within.mean(axis=(1, 2)) >= SMALLEST]


def _fine(shape: tuple[int, ...]) -> tuple[int, int]:
    """(h, w) of a map with about _LONG places along a side, a whole number of them for each of a tower's."""
    step = max(round(_LONG / shape[0]), 1)
    return shape[0] * step, shape[1] * step


def inside(window: Region, region: Region | None) -> Region:
    """A window of a region, as a window of the whole picture."""
    left, top, right, bottom = region or WHOLE
    wide, high = right - left, bottom - top
    return left + window[0] * wide, top + window[1] * high, left + window[2] * wide, top + window[3] * high


def seen(encoder: Encoder, picture: Image.Image) -> Region:
    """The part of a picture that the tower's square shows: the preprocessing, undone.

    open_clip says "resize_mode"; transformers says whether it crops the centre out.
    """
    width, height = picture.size
    said: Any = encoder.preprocessing
    if not isinstance(said, dict):
        return _centred(min(width, height), min(width, height), picture) if "CenterCrop" in str(said) else WHOLE
    mode = said.get("resize_mode")
    if mode == "longest":
        return _centred(max(width, height), max(width, height), picture)
    if mode == "shortest":
        return _centred(min(width, height), min(width, height), picture)
    crop, size = said.get("crop_size"), said.get("size") or {}
    if said.get("do_center_crop") and isinstance(crop, dict) and "shortest_edge" in size:
        scale = min(width, height) / size["shortest_edge"]
        return _centred(crop["width"] * scale, crop["height"] * scale, picture)
    return WHOLE


def _centred(wide: float, high: float, picture: Image.Image) -> Region:
    """A rectangle of so many of the picture's pixels round its middle, as fractions of the picture."""
    x, y = wide / picture.width / 2, high / picture.height / 2
    return 0.5 - x, 0.5 - y, 0.5 + x, 0.5 + y
