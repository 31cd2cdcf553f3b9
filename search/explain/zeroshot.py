"""Attributes as words: what the model reads in a photo.

Zero-shot classification (Radford et al. 2021): every value that the catalog knows becomes a short
text, and a softmax over the cosines, at the temperature the model was trained with, gives each its
probability. The kind is read first; colour, material and pattern are then read of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.encoder import Encoder

#: In this order: the kind comes first, because the others are read of a thing of that kind.
FIELDS = ("category", "colour", "material", "pattern")
#: CLIP's own temperature, which it was clipped at (Radford et al. 2021), for models that keep none.
_SCALE = 100.0

Encode = Callable[[tuple[str, ...]], np.ndarray]


@dataclass(frozen=True)
class ZeroShotReading:
    """What was read of one field: (n,) probabilities over `values`, and (n, d) vectors of their texts."""

    values: tuple[str, ...]
    probabilities: np.ndarray
    texts: np.ndarray

    @property
    def best(self) -> int:
        return int(self.probabilities.argmax())

    def direction(self, value: str) -> np.ndarray:
        """(d,): the value's text against the average of the others; it points to what tells it apart."""
        at = self.values.index(value)
        return self.texts[at] - np.delete(self.texts, at, axis=0).mean(axis=0)


def read(
    encoder: Encoder, photo: np.ndarray, values: Mapping[str, Sequence[str]], encode: Encode
) -> dict[str, ZeroShotReading]:
    """Field -> what the model reads in a photo.

    Args:
        photo: (d,) unit vector.
        values: field -> every value that the catalog has; a field with fewer than two is left out.
        encode: texts -> (n, d) unit rows; the caller may remember them.
    """
    scale, kind = _scale(encoder), ""
    readings: dict[str, ZeroShotReading] = {}
    for field in FIELDS:
        choices = tuple(values.get(field, ()))
        if len(choices) < 2:
            continue
        texts = encode(tuple(f"{choice} {kind}".strip().lower() for choice in choices))
        logits = scale * (texts @ photo)
        likely = np.exp(logits - logits.max())
        readings[field] = ZeroShotReading(choices, likely / likely.sum(), texts)
        if field == "category":
            kind = choices[readings[field].best]
    return readings


def _scale(encoder: Encoder) -> float:
    logged = getattr(getattr(encoder, "model", None), "logit_scale", None)
    return float(logged.detach().exp()) if logged is not None else _SCALE
