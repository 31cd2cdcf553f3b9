"""A photo and the objects in it as unit vectors: located once, encoded in one batch, remembered by content.

An object is looked at twice, in its box with some of what stands round it, and apart:

    v = (c + 0.5 o) / |c + 0.5 o|

with c the unit vector of the widened box and o, of a small object, that of the same crop with all but the object's mask
painted white; of a large one, that of the whole photo. v is one unit vector, so a score stays a sum. A crop of a room is half
room; a mask that misses a part of a garment makes another garment of it, which shows where the object is large.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from search import images
from search.cache import Cache
from search.checks import is_region
from search.images import Region

if TYPE_CHECKING:
    from search.encoder import Encoder
    from search.schema import ImageInput

#: What is added to a box on each side, as a share of the box's.
_MARGIN = 0.15
#: How much the other look counts beside that at the widened box; from which share of the photo on it is the whole photo.
_OTHER, _LARGE = 0.5, 0.4
#: Objects of a photo that are encoded, the surest first.
MOST = 8
#: Photos whose vectors are kept: 17 vectors and 8 masks of 48 x 48 each, 90 kB.
_PHOTOS = 64
#: A box of this share of a photo's side still has the encoder's pixels where a JPEG is decoded smaller than it is.
_NARROW = 0.3
#: Regions are told apart by so many decimals: a link and the page's JSON keep six digits.
_DECIMALS = 4


class Instance(Protocol):
    """What a locator says of one object, see search.encoder.locator."""

    @property
    def box(self) -> Region: ...
    @property
    def mask(self) -> np.ndarray: ...
    @property
    def certainty(self) -> float: ...


class Located(Protocol):
    @property
    def foreground(self) -> np.ndarray: ...
    @property
    def instances(self) -> Sequence[Instance]: ...


class Locator(Protocol):
    def locate(self, picture: Image.Image) -> Located: ...


@dataclass(frozen=True)
class Looks:
    """What of a photo can be searched with.

    `whole` is the (d,) unit vector of all of it; `boxes` are n regions, `masks` (n, g, g) in [0, 1] over the whole photo,
    `vectors` (n, d) unit rows and `certainties` (n,) those of the locator that there is an object.
    """

    whole: np.ndarray
    boxes: tuple[Region, ...]
    masks: np.ndarray
    vectors: np.ndarray
    certainties: np.ndarray

    def at(self, region: Region) -> np.ndarray | None:
        """The (d,) vector of the object that has this box; None where none has."""
        asked = rounded(region)
        return self.vectors[self.boxes.index(asked)] if asked in self.boxes else None


def rounded(region: Region) -> Region:
    """The region as boxes of objects are written."""
    left, top, right, bottom = (round(float(edge), _DECIMALS) for edge in region)
    return left, top, right, bottom


class Looker:
    """Looks at photos under one encoder, and at the same photo once.

    Args:
        load: gives the locator, or None where there is none; called when first needed.
    """

    def __init__(self, encoder: Encoder, load: Callable[[], Locator | None]):
        self.encoder = encoder
        self._load = load
        self._loading = threading.Lock()
        self._looks: Cache[Looks] = Cache(_PHOTOS)
        self._located: Cache[Located | None] = Cache(_PHOTOS)

    @property
    def locates(self) -> bool:
        """Whether objects can be found at all."""
        return self.locator is not None

    @property
    def locator(self) -> Locator | None:
        """What finds objects, loaded when first asked for; None where there is none."""
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> Locator | None:
        return self._load()

    def located(self, image: ImageInput) -> Located | None:
        """Where a picture shows things, found once; None where there is no locator.

        Raises:
            ImageError: the picture cannot be used.
        """

        def locate() -> Located | None:
            return locator.locate(self._opened(image)) if (locator := self.locator) else None

        return self._located.get_or_make(images.content_hash(image), locate)

    def look(self, image: ImageInput) -> Looks:
        """All that a photo shows, with no object where there is no locator.

        Raises:
            ImageError: the photo cannot be used.
        """
        return self._looks.get_or_make(images.content_hash(image), lambda: self._look(image))

    def crop_of(self, image: ImageInput, region: Region | None) -> Region | None:
        """The crop of a photo that a region is encoded by: of an object's box the widened one, else the region itself.

        Raises:
            ImageError: the photo cannot be used.
        """
        if region is None or not self.locates or self.look(image).at(region) is None:
            return region
        return widened(region)

    def _look(self, image: ImageInput) -> Looks:
        located, picture = self.located(image), self._opened(image)
        found = [each for each in (located.instances if located else ()) if is_region(*rounded(each.box))][:MOST]
        looks = [looks_at(picture, each.box, each.mask) for each in found]
        # The whole as an index reads it, so that a photo of the catalog is the very picture.
        encoded = self.encoder.encode_images([image, *(look for several in looks for look in several)])
        return Looks(
            encoded[0],
            tuple(rounded(each.box) for each in found),
            np.array([each.mask for each in found], np.float32).reshape(len(found), *_grid(found)),
            combined(encoded, [len(several) for several in looks]),
            np.array([each.certainty for each in found], np.float64),
        )

    def _opened(self, image: ImageInput) -> Image.Image:
        """With the encoder's pixels for a small part of it, too."""
        return images.load(image, at_least=round(self.encoder.image_size / _NARROW))


def looks_at(picture: Image.Image, box: Region, mask: np.ndarray) -> list[Image.Image]:
    """The widened box of an object in an upright RGB picture and, of a small one, the same on white.

    Args:
        mask: (g, g) in [0, 1] over the whole picture.
    """
    pixels = images.crop_box(picture.size, widened(box))
    crop = picture.crop(pixels)
    if area(box) >= _LARGE:
        return [crop]
    across, down = mask.shape[1] / picture.width, mask.shape[0] / picture.height
    place = (pixels[0] * across, pixels[1] * down, pixels[2] * across, pixels[3] * down)
    opaque = Image.fromarray(np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8))
    opaque = opaque.resize(crop.size, Image.Resampling.BICUBIC, box=place)
    return [crop, Image.composite(crop, Image.new("RGB", crop.size, "white"), opaque)]


def combined(encoded: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """(n, d) unit rows of n objects.

    Args:
        encoded: unit rows of the whole photo and then of the looks at each object.
        counts: of these looks; where there is one, the other is the whole photo.
    """
    crops = np.cumsum([1, *counts[:-1]]) if counts else np.zeros(0, int)
    others = np.where(np.array(counts, int) > 1, crops + 1, 0)
    sums = encoded[crops] + _OTHER * encoded[others]
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)


def area(box: Region) -> float:
    """The share of the photo that a box has."""
    return (box[2] - box[0]) * (box[3] - box[1])


def widened(box: Region) -> Region:
    """A box with what stands round it, inside the picture."""
    left, top, right, bottom = box
    wide, high = _MARGIN * (right - left), _MARGIN * (bottom - top)
    return max(left - wide, 0.0), max(top - high, 0.0), min(right + wide, 1.0), min(bottom + high, 1.0)


def _grid(found: Sequence[Instance]) -> tuple[int, ...]:
    return found[0].mask.shape if found else (1, 1)
