"""Which place adds what to which number: the views of an explanation.

A score is q.p with q the query's vector and p the product's, and q is the sum of its components
(search.query.fusion). A picture's vector is the sum of its places and a residual
(search.explain.patches), so any <picture, target> is a sum over places:

    number                          on the photo, v = sum_j z_j + r     on the product, p = sum_j z'_j + r'
    score                           a <z_j, p>                          <z'_j, q>
    part c of the score             the photo's only, as above          <z'_j, c>
    value of a word t               -                                   <z'_j, t>
    difference to the next hit n    a <z_j, p - n>                      <z'_j, p - n>
    attribute, direction u          <z_j, u>                            <z'_j, u>

with a the coefficient of the photo in q, and c a component of q.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.explain.patches import PatchAttribution
from search.explain.request import ExplanationRequest
from search.explain.schema import AttributeComparison, AttributionView, Heatmap, TokenAttribution, ViewKey
from search.explain.zeroshot import ZeroShotReading

#: A map laid over a picture has this many cells a side for each place, so that padding can be cut off.
_CELLS = 8
#: Cells along a side of a whole picture: 4 MB. A photo's part of a thousandth of its side would otherwise take 260 GB.
_LONGEST = 1024

Views = dict[ViewKey, AttributionView]


@dataclass(frozen=True)
class PicturePair:
    """The places of the query's photo and of the product's picture; None where there are none to read."""

    photo: PatchAttribution | None
    product: PatchAttribution | None

    def view(
        self,
        value: float,
        *,
        photo: np.ndarray | None = None,
        product: np.ndarray | None = None,
        unit: str = "score",
    ) -> AttributionView:
        """A number with the maps of the (d,) target that each picture is compared with, where there is one."""
        maps = (
            None if patches is None or target is None else patches.heatmap(target)
            for patches, target in ((self.photo, photo), (self.product, product))
        )
        return AttributionView(value, unit, *maps)


def score_views(request: ExplanationRequest, pictures: PicturePair) -> Views:
    """Of the whole score, and of each part that the query's vector is made of.

    The residuals take up what was rounded between the index and the tower, and, of the whole score, what the
    query's vector does not account for, so that what is shown adds up.
    """
    hit, fused = request.hit, request.fused
    on_photo = _on_photo(request, np.asarray(request.product, np.float64))
    whole = pictures.view(hit.score, photo=on_photo, product=fused.vector)
    views = {ViewKey("score"): _closed(whole, hit.parts["photo"])}
    for name, component in fused.components.items():
        view = pictures.view(hit.parts[name], photo=on_photo if name == "photo" else None, product=component)
        views[ViewKey.part(name)] = _closed(view, hit.parts[name])
    return views


def token_views(words: Sequence[TokenAttribution], vectors: np.ndarray, pictures: PicturePair) -> Views:
    """Of each word's value.

    Args:
        vectors: (words, d), what each word adds to the query's vector.
    """
    return {
        ViewKey.token(at): _closed(pictures.view(word.value, product=vector), None)
        for at, (word, vector) in enumerate(zip(words, vectors, strict=True))
    }


def next_views(request: ExplanationRequest, pictures: PicturePair) -> Views:
    """Of the difference to the next hit, where there is one."""
    if request.next is None:
        return {}
    apart = np.asarray(request.product, np.float64) - np.asarray(request.next.vector, np.float64)
    value = request.hit.score - request.next.hit.score
    return {ViewKey("next"): pictures.view(value, photo=_on_photo(request, apart), product=apart, unit="next")}


def attribute_views(
    product: np.ndarray,
    compared: Sequence[AttributeComparison],
    readings: Mapping[str, ZeroShotReading],
    pictures: PicturePair,
) -> Views:
    """Of every attribute that is certain and of which the model knows the product's value.

    Args:
        product: (d,) unit vector.
    """
    views: Views = {}
    for each in compared:
        reading = readings.get(each.field)
        if each.verdict != "unsure" and reading is not None and each.value in reading.values:
            direction = reading.direction(each.value)
            views[ViewKey.attribute(each.field)] = pictures.view(
                float(product @ direction), photo=direction, product=direction, unit="attribute"
            )
    return views


def to_image_grid(heat: Heatmap) -> np.ndarray:
    """(h, w) float32: a map as cells over the whole upright picture.

    What lies outside the picture (padding) is cut off, what the window leaves out is zero. Every cell
    inside keeps its share, so the sum is that of the places inside the picture. The cells are as fine as the window's, but
    for a window so small that the picture would have more than _LONGEST of them along a side.
    """
    left, top, right, bottom = heat.window
    if heat.window == (0.0, 0.0, 1.0, 1.0):
        return heat.grid
    fine = np.kron(heat.grid, np.ones((_CELLS, _CELLS))) / _CELLS**2
    rows, height = _placed(top, bottom, fine.shape[0])
    columns, width = _placed(left, right, fine.shape[1])
    inside_y, inside_x = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    whole = np.zeros((height, width), np.float32)
    np.add.at(whole, np.ix_(rows[inside_y], columns[inside_x]), fine[np.ix_(inside_y, inside_x)])
    return whole


def _placed(start: float, end: float, count: int) -> tuple[np.ndarray, int]:
    """(count,) the cell of the picture's side that each place between two edges lies in, and how many cells the side has."""
    share = max(end - start, 1e-9)
    size = max(round(count / share), 1)
    if size <= _LONGEST:
        return round(start * size) + np.arange(count), size
    middles = start + (np.arange(count) + 0.5) / count * share
    return np.floor(middles * _LONGEST).astype(int), _LONGEST


def _on_photo(request: ExplanationRequest, target: np.ndarray) -> np.ndarray | None:
    """What the photo is compared with, weighed as the photo is in the query; None where the query has no photo."""
    weight = request.fused.coefficients.get("photo")
    return None if weight is None else weight * target


def _closed(view: AttributionView, photo_value: float | None) -> AttributionView:
    """The view with residuals that make the product's map sum to its value, and the photo's to `photo_value`."""
    return AttributionView(view.value, view.unit, _close(view.photo, photo_value), _close(view.product, view.value))


def _close(heat: Heatmap | None, value: float | None) -> Heatmap | None:
    if heat is None or value is None:
        return heat
    return Heatmap(heat.grid, value - float(heat.grid.sum()), heat.window)
