"""The objects of a photo as the page shows them: where their dots stand, what they are called, which one is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from search.images import WHOLE, Region
from search.lexicon import lexicon
from search.lexicon.nouns import singular
from search.query.looks import area
from search.ui.locale import Words
from search.ui.state import State, on_page

if TYPE_CHECKING:
    from search.query.objects import Object

#: Places along a side among which a dot may stand, where an object has no mask of its own.
_GRID = 24
#: Dots keep so far from each other, as a share of the photo's sides, where their objects allow it: two finger tips in the
#: rail's 272 px would overlap anyway, two visible dots do not.
_APART = 0.13


@dataclass(frozen=True)
class Thing:
    """An object of the photo.

    `box` is the region that searching with it means, as the browser sends it back; `at` where its dot stands, (x, y) in
    fractions of the photo's sides. `name` stands in a sentence ("armchair"), `title` alone ("Armchair"); `label` is for
    who does not see the dot ("2 of 3: armchair").
    """

    box: Region
    at: tuple[float, float]
    name: str
    title: str
    label: str

    def to_dict(self) -> dict[str, Any]:
        """What the browser needs of it; Thing of assets/ui/js/parts.js."""
        return {"box": list(self.box), "at": list(self.at), "title": self.title, "label": self.label}


def things(words: Words, objects: Sequence[Object]) -> tuple[Thing, ...]:
    """The objects in their own order, the one that a shopper would mean first; numbered from left to right."""
    dots = places(objects)
    order = sorted(range(len(objects)), key=lambda at: dots[at])
    number = {at: place for place, at in enumerate(order, start=1)}
    shown = []
    for at, found in enumerate(objects):
        name = called(words, found.name)
        said = name or words("thing_unnamed")
        label = words("thing_label", number=number[at], count=len(objects), name=said)
        title = said[:1].upper() + said[1:] if name else words("thing_numbered", number=number[at])
        shown.append(Thing(on_page(found.box), dots[at], name, title, label))
    return tuple(shown)


def chosen(shown: Iterable[Thing], state: State) -> Thing | None:
    """The object that a state searches with; None for the whole photo, all objects, or a part of one's own."""
    return None if state.room else next((thing for thing in shown if thing.box == state.region), None)


def said_photo(words: Words, state: State, shown: Sequence[Thing]) -> str:
    """What of the photo is searched with: "like the armchair in this photo"."""
    if state.room:
        return words("say_photo_room", count=len(shown))
    if state.region in (None, WHOLE):
        return words("say_photo")
    thing = chosen(shown, state)
    if thing is None:
        return words("say_photo_part")
    return words("say_photo_thing", thing=thing.name) if thing.name else words("say_photo_unnamed")


def called(words: Words, name: str) -> str:
    """What an object is called: by a concept's id, or by one of the catalog's categories; "" stays ""."""
    concept = lexicon().concepts.get(name)
    if concept is not None:
        return concept.label(words.lang)
    value = words.value("category", name)
    return singular(value) if words.lang == "en" else value


def places(objects: Sequence[Object]) -> list[tuple[float, float]]:
    """Where the dots stand, (x, y) each: as deep inside of their objects as there is room beside the other dots.

    A sofa's middle may be the cushion on it. So the smallest object, which has the least choice, takes its place first.
    """
    placed: dict[int, tuple[float, float]] = {}
    for at in sorted(range(len(objects)), key=lambda at: area(objects[at].box)):
        depth = _depths(objects[at])
        rows, columns = np.nonzero(depth)
        spots = np.stack([(columns + 0.5) / depth.shape[1], (rows + 0.5) / depth.shape[0]], axis=1)
        others = np.array(list(placed.values())).reshape(-1, 2)
        nearest = np.sqrt(((spots[:, None] - others[None]) ** 2).sum(-1)).min(1) if placed else np.ones(len(spots))
        left, top, right, bottom = objects[at].box
        off = np.hypot(spots[:, 0] - (left + right) / 2, spots[:, 1] - (top + bottom) / 2)
        # Apart first, then deep inside, then near the middle.
        best = np.lexsort((off, -depth[rows, columns], -np.minimum(nearest, _APART)))[0]
        placed[at] = (round(float(spots[best, 0]), 3), round(float(spots[best, 1]), 3))
    return [placed[at] for at in range(len(objects))]


def _depths(found: Object) -> np.ndarray:
    """(g, g) steps from each place of the object to the nearest one outside of it; 0 outside."""
    inside = None if found.mask is None else np.asarray(found.mask) > 0.5
    if inside is None or not inside.any():
        centres = (np.arange(_GRID) + 0.5) / _GRID
        left, top, right, bottom = found.box
        inside = ((top <= centres) & (centres <= bottom))[:, None] & ((left <= centres) & (centres <= right))[None]
        if not inside.any():  # thinner than the grid
            inside[int((top + bottom) / 2 * (_GRID - 1)), int((left + right) / 2 * (_GRID - 1))] = True
    depth = np.zeros(inside.shape, int)
    while inside.any():
        depth += inside
        around = np.pad(inside, 1)
        inside = inside & around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    return depth
