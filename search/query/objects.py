"""The objects of a photo: what each is, and which of them a shopper means.

Where there is a locator its instances are the objects (`search.query.looks`); else the window that comes nearest to a
product is the only one (`search.query.windows`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from search import images
from search.cache import Cache
from search.images import Region
from search.lexicon import lexicon
from search.query import windows
from search.query.looks import Looker, Looks, area
from search.query.photo import SURE

if TYPE_CHECKING:
    from search.schema import ImageInput

#: Photos whose objects are remembered.
_PHOTOS = 64
#: A photo is of one thing where the first of its objects has this share of it.
_ONE_THING = 0.7


@dataclass(frozen=True)
class Object:
    """A thing in a photo that can be searched with: `Query(image=photo, region=object.box)`.

    Args:
        box: (left, top, right, bottom) in fractions of the upright photo, of at most four decimals.
        mask: (g, g) float32 in [0, 1] over the whole upright photo, how far each place shows this object; None where
            there is no locator.
        name: what it is, as the photo is read in this catalog: the id of a lexicon concept, or the catalog's own word
            for a kind that the lexicon lacks; "" where that is not sure, or the catalog has nothing like it.
        certainty: the probability that it is a product and of the most likely kind, the locator's times the reading's, 0 to
            1; also where it is too low for a name.
    """

    box: Region
    mask: np.ndarray | None = field(default=None, repr=False, compare=False)
    name: str = ""
    certainty: float = 0.0

    def label(self, lang: str = "en") -> str:
        """What it is called in "en" or "zh"; "" where that is not sure."""
        return lexicon().label(self.name, lang) if self.name in lexicon().concepts else self.name

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON holds it, without its mask."""
        return {"box": list(self.box), "name": self.name, "certainty": round(self.certainty, 4)}


class Seen(NamedTuple):
    """What a catalog says of one vector of a photo: the cosine of its nearest product (-1 = there is none), whether it has
    anything like it, the name of the kind that is read in it ("" = nothing known), and the certainty of that."""

    nearest: float
    known: bool
    name: str
    certainty: float


#: (n, d) unit rows -> what the catalog says of each.
See = Callable[[np.ndarray], Sequence[Seen]]


class Found(NamedTuple):
    """Objects, the one that a shopper means first; and the region to search with, None for the whole photo."""

    objects: tuple[Object, ...]
    focus: Region | None


class ObjectFinder:
    """Finds objects of photos, in the same photo once for each revision of a catalog."""

    def __init__(self, looker: Looker):
        self._looker = looker
        self._found: Cache[Found] = Cache(_PHOTOS)

    def find(self, image: ImageInput, revision: int, see: See) -> Found:
        """The objects of a photo.

        Args:
            revision: the catalog's.

        Raises:
            ImageError: the photo cannot be used.
        """

        key = images.content_hash(image), revision
        return self._found.get_or_make(key, lambda: find_objects(self._looker, image, see))


def find_objects(looker: Looker, image: ImageInput, see: See) -> Found:
    """See ObjectFinder.find; nothing is remembered but what a photo looks like."""
    if not looker.locates:
        return _window(looker, image, see)
    looks = looker.look(image)
    whole, *seen = see(np.concatenate([looks.whole[None], looks.vectors]))
    order = by_meaning(looks, seen)
    objects = tuple(_named(looks.boxes[at], looks.masks[at], seen[at], float(looks.certainties[at])) for at in order)
    return Found(objects, looks.boxes[order[0]] if is_part(looks, whole, seen, order) else None)


def _window(looker: Looker, image: ImageInput, see: See) -> Found:
    """The window that comes nearest to a product, if it comes clearly nearer than the whole."""
    seen = see(windows.encode_regions(looker.encoder, image))
    at = windows.choose_region(np.array([each.nearest for each in seen])) if seen[0].known else 0
    if not at:
        return Found((), None)
    box = windows.WINDOWS[at]
    return Found((_named(box, None, seen[at], 1.0),), box)


def _named(box: Region, mask: np.ndarray | None, seen: Seen, located: float) -> Object:
    """The object of a box, named where it is surer than even odds that it is one, and of the kind.

    Args:
        located: how sure the locator is that there is a product.
    """
    certainty = located * seen.certainty
    return Object(box, mask, seen.name if certainty >= SURE else "", certainty)


def by_meaning(looks: Looks, seen: Sequence[Seen]) -> list[int]:
    """The objects in the order in which a shopper means them: the largest, the most central, the nearest to a product.

    By sqrt(area) (1 - off / 2) cosine^4, with off how far the box's middle is from the photo's, 1 at its edge.
    """
    scores = [_meaning(box, each.nearest) for box, each in zip(looks.boxes, seen, strict=True)]
    return sorted(range(len(scores)), key=lambda at: -scores[at])


def is_part(looks: Looks, whole: Seen, seen: Sequence[Seen], order: Sequence[int]) -> bool:
    """Whether the first object is searched with instead of the whole photo: the catalog has something like it, no less
    than like the whole, and it does not fill the photo."""
    if not order:
        return False
    first = seen[order[0]]
    return first.known and first.nearest >= whole.nearest and area(looks.boxes[order[0]]) < _ONE_THING


def _meaning(box: Region, nearest: float) -> float:
    off = max(abs(box[0] + box[2] - 1), abs(box[1] + box[3] - 1))  # 0 in the middle, up to 1 at the edge
    return area(box) ** 0.5 * (1 - off / 2) * max(nearest, 0.0) ** 4
