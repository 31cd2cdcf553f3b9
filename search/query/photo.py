"""What a photo shows: its kind, colour and pattern, from the products it resembles and from the model itself.

Two witnesses, multiplied: the kinds of the 20 nearest products, each with the weight softmax(cosine / 0.05), and the
model's zero-shot reading over the catalog's kinds (search.query.choices). With N the former and Z the latter,

    p(value) ~ (N + 0.02)^c Z

c is 1/2 for a photo that no product comes near, and grows to 3 as the nearest product comes to a cosine of 1: what is
nearly a picture of the catalog is of that picture's kind. Of 151 pictures of products of the embedded catalog from another
angle the kind is right .980 (.947 with c = 1/2), of the very pictures 1.000 (.960). On photographs, with c = 1/2 (58 of
home/validation, 228 of clothing/validation, against the embedded catalog; 229 against fashion/validation), the most likely
kind is right .707, .917, .917; N alone .466, .868, .891; Z alone .724, .908, .860; their mean .707, .912, .917 with a worse
log-loss; the first product's kind .483, .846, .742.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from search.query.choices import Choices, Encode
from search.schema import Aspect

if TYPE_CHECKING:
    from search.index import Index

#: What is read in a photo.
READ = ("kind", "colour", "pattern")
NEIGHBOURS = 20
_TEMPERATURE = 0.05
#: No product of a kind among the nearest does not rule it out.
_FLOOR = 0.02
#: How much the nearest products count beside the model: up to this cosine of the nearest one, and at 1. Photographs of
#: other things of the catalog's kinds stay below 0.84 (median 0.7 to 0.78), other angles of its products above.
_FAR, _COUNT_FAR, _COUNT_SAME = 0.8, 0.5, 3.0
#: Two vectors nearer than this are of one picture: encoding it again changes a cosine by less.
SAME_PICTURE = 0.9999
#: A photo asks for the kind that it is read as from this probability on.
SURE = 0.5


@dataclass(frozen=True)
class Reading:
    """(n,) probabilities of the n options of one aspect."""

    choices: Choices
    probabilities: np.ndarray

    @property
    def best(self) -> Aspect:
        """The most likely value as an aspect that the photo asks for, with its certainty."""
        at = int(self.probabilities.argmax())
        return replace(self.choices.options[at], source="photo", certainty=float(self.probabilities[at]))


@dataclass(frozen=True)
class PhotoReading:
    """Aspect -> what was read of it; the cosine of the nearest product of the catalog (-1 = there is none); and the rows
    of products whose picture the photo is."""

    readings: Mapping[str, Reading]
    nearest: float = -1.0
    same: tuple[int, ...] = ()

    def aspects(self, stated: Collection[str] = ()) -> tuple[Aspect, ...]:
        """What the photo asks for: its kind, where that is certain enough.

        Its colour and pattern are not asked for: who shows a photo wants more of the kind, and says so in words if the
        colour matters.

        Args:
            stated: names of aspects that the words ask for; they override the photo.
        """
        kind = self.readings.get("kind")
        if kind is None or "kind" in stated or kind.best.certainty < SURE:
            return ()
        return (kind.best,)

    def agreement(self, name: str, rows: np.ndarray) -> np.ndarray:
        """(n,) in [0, 1]: the probability that the photo shows the value which each product has of an aspect; 0 where
        the catalog does not say what the product has. The ranking signal."""
        reading = self.readings.get(name)
        if reading is None:
            return np.zeros(len(rows))
        own = reading.choices.own[rows]
        return np.where(own >= 0, reading.probabilities[own], 0.0)


#: Of a query without a photo.
NOTHING = PhotoReading(MappingProxyType({}))


def read_photo(
    vector: np.ndarray,
    index: Index,
    choices: Mapping[str, Choices],
    encode: Encode,
) -> PhotoReading:
    """What a photo shows.

    Args:
        vector: (d,) unit vector of the photo.
        index: the whole catalog, whatever the filters.
        choices: aspect -> the values it may have here, for the aspects to be read.
        encode: texts -> (n, d) unit rows.
    """
    rows, cosines = index.search(np.asarray(vector, np.float32), NEIGHBOURS)
    nearest = float(cosines[0]) if len(rows) else -1.0
    weights = np.exp((cosines - nearest) / _TEMPERATURE)
    readings = {}
    for name, values in choices.items():
        if len(values) < 2:
            continue
        likely = values.read(vector[None], encode)[0]
        own = values.own[rows]
        near = np.bincount(own[own >= 0], weights[own >= 0], len(values)) / max(float(weights.sum()), 1e-9)
        if near.any():
            likely = likely * (near + _FLOOR) ** _count(nearest)
        readings[name] = Reading(values, likely / likely.sum())
    return PhotoReading(MappingProxyType(readings), nearest, tuple(rows[cosines >= SAME_PICTURE].tolist()))


def _count(nearest: float) -> float:
    """The exponent of the nearest products' share, by the cosine of the nearest one."""
    near = min(max((nearest - _FAR) / (1 - _FAR), 0.0), 1.0)
    return _COUNT_FAR + near * (_COUNT_SAME - _COUNT_FAR)
