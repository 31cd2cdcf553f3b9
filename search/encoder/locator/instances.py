"""What is found in a picture, and how places that agree on the sides of a product become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.images import Region

#: A place is a middle if it is the surest of its neighbours and at least this sure.
MIDDLE = 0.25
#: A place shows a product at this probability.
PRODUCT = 0.5
#: Of two boxes that overlap more than this the less certain one is dropped; a place belongs to a box that its own overlaps more than this.
SAME, OWN = 0.55, 0.4
#: What fills less than this share of the picture is not a thing to search for.
SMALLEST = 0.0015


@dataclass(frozen=True)
class Instance:
    """One product in a picture.

    Args:
        box: (left, top, right, bottom) in fractions of the upright picture.
        mask: (g, g) float32 in [0, 1] over the whole picture, the probability that a place shows this product.
        certainty: in [0, 1].
    """

    box: Region
    mask: np.ndarray
    certainty: float


@dataclass(frozen=True)
class Located:
    """What is in a picture.

    Args:
        foreground: (g, g) float32 in [0, 1], the probability that a place shows a product.
        instances: the surest first.
    """

    foreground: np.ndarray
    instances: tuple[Instance, ...]


def group(outputs: np.ndarray) -> Located:
    """Places grouped to products: every place says where the sides of its product are, and the middles say which there are.

    Args:
        outputs: (6, g, g), see Locator.outputs.
    """
    product, middle = outputs[0], outputs[1]
    grid = product.shape[0]
    boxes = _boxes(outputs[2:])
    peaks = _peaks(middle, boxes)
    if not peaks:
        return Located(product, ())
    overlaps = np.stack([iou(boxes[:, y, x], boxes) for y, x in peaks])
    owner, owned = overlaps.argmax(0), overlaps.max(0) > OWN
    found = []
    for at, (y, x) in enumerate(peaks):
        mask = np.where((owner == at) & owned, product, 0).astype(np.float32)
        sure = mask >= PRODUCT
        if sure.sum() < SMALLEST * grid * grid:
            continue
        certainty = float(np.sqrt(middle[y, x] * mask[sure].mean()))
        found.append(Instance(_agreed(boxes[:, sure], mask[sure]), mask, certainty))
    return Located(product, tuple(sorted(found, key=lambda instance: -instance.certainty)))


def _boxes(sides: np.ndarray) -> np.ndarray:
    """(4, g, g) left, top, right, bottom in fractions, of every place's distances."""
    at = (np.arange(sides.shape[-1], dtype=np.float32) + 0.5) / sides.shape[-1]
    x, y = at[None, :], at[:, None]
    return np.stack([x - sides[0], y - sides[1], x + sides[2], y + sides[3]]).clip(0, 1)


def _peaks(middle: np.ndarray, boxes: np.ndarray) -> list[tuple[int, int]]:
    """(y, x) of the middles, the surest first, without those whose box a surer one has already."""
    around = np.pad(middle, 1, constant_values=-1)
    size = range(3)
    highest = np.max([around[y : y + len(middle), x : x + len(middle)] for y in size for x in size], axis=0)
    places = np.argwhere((middle >= MIDDLE) & (middle == highest))
    places = places[np.argsort(-middle[places[:, 0], places[:, 1]], kind="stable")]
    kept: list[tuple[int, int]] = []
    for y, x in places.tolist():
        if all(iou(boxes[:, y, x], boxes[:, b, a]) <= SAME for b, a in kept):
            kept.append((y, x))
    return kept


def iou(box: Sequence[float] | np.ndarray, others: np.ndarray) -> np.ndarray:
    """(...) intersection over union of one box with others (4, ...)."""
    wide = np.minimum(box[2], others[2]) - np.maximum(box[0], others[0])
    high = np.minimum(box[3], others[3]) - np.maximum(box[1], others[1])
    inner = wide.clip(0) * high.clip(0)
    union = (box[2] - box[0]) * (box[3] - box[1]) + (others[2] - others[0]) * (others[3] - others[1]) - inner
    return inner / np.maximum(union, 1e-9)


def _agreed(boxes: np.ndarray, weights: np.ndarray) -> Region:
    """The weighted median of each side over boxes (4, n)."""
    sides = []
    for values in boxes:
        order = np.argsort(values)
        reached = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
        sides.append(float(values[order][min(reached, len(order) - 1)]))
    return sides[0], sides[1], sides[2], sides[3]
