"""Where a head sees the one product of a photograph, as a truth to go on with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from scipy import ndimage

from search.lab.locator.features import FeatureStore
from search.lab.locator.head import Head
from search.lab.locator.targets import Truth, truth_of

#: Parts of less than this share of the largest are something else.
PART = 0.15
#: The one product of a photograph fills more than this of it.
LEAST = 0.1


def found_alone(head: Head, store: FeatureStore, row: int) -> Truth:
    """The product of the picture `row`, with what the head missed inside of it; without one where too little is seen."""
    with torch.no_grad():
        seen = head(store.batch([row]))[0, 0].sigmoid().numpy() > 0.5
    mask = whole(seen)
    truth = truth_of([mask] if mask.mean() >= LEAST else [], len(mask), unlabelled=True)
    return replace(truth, alone=True)


def whole(seen: np.ndarray) -> np.ndarray:
    """(g, g) bool: the large parts of what is seen, without gaps and holes."""
    parts, count = ndimage.label(seen)
    if not count:
        return seen
    sizes = ndimage.sum_labels(seen, parts, range(1, count + 1))
    mask = np.isin(parts, 1 + np.flatnonzero(sizes >= PART * sizes.max()))
    # Closed with a margin, because a closing eats what touches the border.
    closed = ndimage.binary_closing(np.pad(mask, 4), np.ones((3, 3)), iterations=2)[4:-4, 4:-4]
    return ndimage.binary_fill_holes(closed | mask)
