"""A hit beside what the query shows, attribute by attribute, and beside the hit that stands next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from search.explain.schema import AttributeComparison, PairwiseDifference, TokenAttribution
from search.explain.zeroshot import FIELDS, ZeroShotReading
from search.schema import Hit, Product

#: A reading less likely than all others together is not told as one.
SURE = 0.5
#: Fields in which two hits are compared, in the order in which they are told.
_DIFFERING = ("category", "colour", "material", "pattern", "brand")


def compare_attributes(
    product: Product, readings: Mapping[str, ZeroShotReading], known: Product | None = None
) -> tuple[AttributeComparison, ...]:
    """A product's attributes beside the photo's: read by the model, or known of a catalog product.

    Args:
        readings: field -> what the model reads in the photo.
        known: the catalog product that stands in for the photo.
    """
    compared = []
    for field in FIELDS:
        value = product.value(field)
        if not value:
            continue
        if known is not None:
            seen = known.value(field)
            if seen:
                compared.append(AttributeComparison(field, str(value), str(seen), None, _verdict(value, seen)))
        elif reading := readings.get(field):
            certainty, seen = float(reading.probabilities[reading.best]), reading.values[reading.best]
            verdict = _verdict(value, seen) if certainty >= SURE else "unsure"
            compared.append(AttributeComparison(field, str(value), seen, certainty, verdict))
    return tuple(compared)


def compare_hits(hit: Hit, other: Hit, words: Sequence[str], values: np.ndarray) -> PairwiseDifference:
    """Why a hit stands before another.

    Args:
        values: (words,), what each word adds to the hit minus what it adds to the other.
    """
    pairs = [(name, hit.product.value(name), other.product.value(name)) for name in _DIFFERING]
    return PairwiseDifference(
        other,
        MappingProxyType({name: hit.parts[name] - other.parts[name] for name in hit.parts}),
        tuple(TokenAttribution(word, float(value)) for word, value in zip(words, values, strict=True)),
        tuple((name, str(a), str(b)) for name, a, b in pairs if a and b and _verdict(a, b) == "different"),
    )


def _verdict(value: object, seen: object) -> str:
    return "shared" if str(value).casefold() == str(seen).casefold() else "different"
