"""Rejection thresholds: the least cosine that good matches reach under a model.

Whether the catalog has anything at all like the query is another question: where nothing does, the
best of the rest still stands high above their mean. It is answered by the plain cosine of the nearest
product, against a rejection threshold: the least that good matches reach under this model, measured
for it and kept beside its weights. The more products there are, the nearer the nearest is to anything,
so the threshold rises with the catalog's size.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.errors import ModelError

if TYPE_CHECKING:
    from search.encoder import Encoder

#: What has a threshold and a spread of its own: cosines with a photo and cosines with words.
KINDS = ("photo", "words")
#: In a model's folder, beside its weights: what `python -m search evaluate --sweep --outside ...` measured for it.
THRESHOLDS_FILE = "rejection.json"


class RejectionThreshold(NamedTuple):
    """The least `cosine` of a good match in a catalog of `size` products, and its `growth` with the logarithm of that."""

    cosine: float
    size: int
    growth: float = 0.0

    def among(self, size: int) -> float:
        """The least cosine of a good match in a catalog of `size` products, 1 or more."""
        return self.cosine + self.growth * float(np.log(max(size, 1) / self.size))


Thresholds = Mapping[str, RejectionThreshold]


def rejection_thresholds(encoder: Encoder) -> Thresholds:
    """ "photo" and "words" -> what was measured for this encoder; {} where nothing was.

    Raises:
        ModelError: the file in the encoder's folder cannot be read.
    """
    folder: Path | None = getattr(encoder, "folder", None)
    file = folder / THRESHOLDS_FILE if folder else None
    if file is None or not file.is_file():
        return {}
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {kind: RejectionThreshold(**stored[kind]) for kind in KINDS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The rejection thresholds in {file} cannot be read ({type(error).__name__}: {error}).",
            'Give "photo" and "words", each with cosine, size and growth, or remove the file.',
            name=encoder.name,
        ) from error
