"""What is found in a picture, and how the predictions of its places are grouped to products.

Every place predicts whether it shows a product, whether it is the middle of one, and the box of its product. Some of these
boxes are proposals. A proposal is as certain as a middle is predicted in its middle, and as the places inside that show a
product predict the same box (IoU); non-maximum suppression leaves one proposal for each product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.images import Region

#: A place shows a product at this probability; of those, one of every STRIDE along a side proposes its box.
PRODUCT, STRIDE = 0.5, 2
#: A place that is the surest middle of its neighbours proposes its box as well, from this probability on.
MIDDLE = 0.05
#: Boxes whose IoU is more than this are the same; of two proposals that are, the less certain one is suppressed.
SAME = 0.5
#: A place belongs to the proposal that its box overlaps most, if their IoU is more than this.
OWN = 0.4
#: The weight of the middle beside the agreement, in a geometric mean.
MIDDLE_WEIGHT = 0.3
#: What is less certain is no product.
CERTAIN = 0.55
#: What fills less than this share of the picture is not a thing to search for.
SMALLEST = 0.0015
#: The weight of what the places predict beside where the mask ends, in the sides of a box.
PREDICTED = 0.5
#: Nobody taps on more.
MOST = 20


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
    """The products in the predictions of the places.

    Args:
        outputs: (6, g, g): probabilities of product and middle, then distances of the sides, see loading.Locator.outputs.
    """
    product, middle = outputs[0], outputs[1]
    boxes = boxes_of(outputs[2:])
    proposals = boxes[:, proposing(product, middle)]
    certainty = certainties(proposals, boxes, product, middle)
    kept = non_maximum_suppression(proposals, certainty)
    while kept:
        masks = assigned(product, boxes, proposals[:, kept])
        large = [at for at, mask in enumerate(masks) if (mask >= PRODUCT).sum() >= SMALLEST * mask.size]
        found = [Instance(box_from(boxes, masks[at]), masks[at], float(certainty[kept[at]])) for at in large]
        # Two that divided the places of one product between them may say the same of it now.
        apart = non_maximum_suppression(
            np.array([one.box for one in found]).reshape(-1, 4).T, np.array([one.certainty for one in found])
        )
        if len(apart) == len(kept):
            return Located(product, tuple(found))
        kept = [kept[large[at]] for at in apart]
    return Located(product, ())


def assigned(product: np.ndarray, boxes: np.ndarray, proposals: np.ndarray) -> list[np.ndarray]:
    """(g, g) of each of the boxes (4, n): the probability of a product at the places that belong to it."""
    overlaps = iou(proposals[:, :, None, None], boxes[:, None])
    owner, owned = overlaps.argmax(0), overlaps.max(0) > OWN
    return [np.where((owner == at) & owned, product, 0).astype(np.float32) for at in range(proposals.shape[1])]


def boxes_of(sides: np.ndarray) -> np.ndarray:
    """(4, g, g) left, top, right, bottom in fractions, of every place's distances (4, g, g)."""
    at = (np.arange(sides.shape[-1], dtype=np.float32) + 0.5) / sides.shape[-1]
    x, y = at[None, :], at[:, None]
    return np.stack([x - sides[0], y - sides[1], x + sides[2], y + sides[3]]).clip(0, 1)


def proposing(product: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """(g, g) bool: the places whose boxes are proposals."""
    found = np.zeros(product.shape, bool)
    found[::STRIDE, ::STRIDE] = product[::STRIDE, ::STRIDE] >= PRODUCT
    return found | ((middle == highest_around(middle)) & (middle >= MIDDLE))


def highest_around(values: np.ndarray) -> np.ndarray:
    """(g, g) the highest of every place and the eight around it."""
    wide, size = np.pad(values, 1), range(3)
    return np.max([wide[y : y + len(values), x : x + len(values)] for y in size for x in size], axis=0)


def certainties(proposals: np.ndarray, boxes: np.ndarray, product: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """(n,) in [0, 1] how certain it is that proposals (4, n) are products'.

    The share of what shows a product inside the box that predicts the same box, and the surest middle in the box's middle.
    """
    grid = len(product)
    shows = product >= 0.15  # the rest of a thousand places would be counted for nothing
    same = iou(proposals[:, :, None], boxes[:, shows][:, None, :]) > SAME
    sums = np.pad(product.cumsum(0, dtype=np.float64).cumsum(1), ((1, 0), (1, 0)))
    left, top, right, bottom = (proposals * grid).round().astype(int)
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    agreement = ((same * product[shows]).sum(1) / inside.clip(1e-3)).clip(0, 1)
    x, y = (((proposals[low] + proposals[low + 2]) / 2 * grid).astype(int).clip(0, grid - 1) for low in (0, 1))
    return highest_around(middle)[y, x] ** MIDDLE_WEIGHT * agreement ** (1 - MIDDLE_WEIGHT)


def non_maximum_suppression(proposals: np.ndarray, certainty: np.ndarray) -> list[int]:
    """Which of the boxes (4, n) are certain enough and not a surer one's, the surest first."""
    kept: list[int] = []
    for at in np.argsort(-certainty, kind="stable").tolist():
        if certainty[at] < CERTAIN or len(kept) == MOST:
            break
        if not kept or iou(proposals[:, at], proposals[:, kept]).max() <= SAME:
            kept.append(at)
    return kept


def iou(box: Sequence[float] | np.ndarray, others: np.ndarray) -> np.ndarray:
    """(...) intersection over union of a box (4, ...) with others (4, ...)."""
    wide = np.minimum(box[2], others[2]) - np.maximum(box[0], others[0])
    high = np.minimum(box[3], others[3]) - np.maximum(box[1], others[1])
    inner = wide.clip(0) * high.clip(0)
    union = (box[2] - box[0]) * (box[3] - box[1]) + (others[2] - others[0]) * (others[3] - others[1]) - inner
    return inner / np.maximum(union, 1e-9)


def box_from(boxes: np.ndarray, mask: np.ndarray) -> Region:
    """A product's box from its mask (g, g): between the weighted medians of what its places predict and where they end."""
    sure = mask >= PRODUCT
    predicted = [weighted_median(side, mask[sure]) for side in boxes[:, sure]]
    left, top, right, bottom = (PREDICTED * np.array(predicted) + (1 - PREDICTED) * np.array(box_of(sure))).tolist()
    return left, top, right, bottom


def box_of(mask: np.ndarray) -> Region:
    """(left, top, right, bottom) in fractions of a mask (h, w) bool that is not empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value of (n,) up to which half of the weights lie."""
    order = np.argsort(values)
    reached = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(values[order][min(reached, len(order) - 1)])
