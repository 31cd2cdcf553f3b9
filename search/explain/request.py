"""What an explanation starts from: everything is there already, nothing is searched or fused again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from search.query.fusion import FusedQuery
from search.query.vocabulary import Vocabulary
from search.schema import Hit, Product, Query

if TYPE_CHECKING:
    from search.schema import ImageInput


@dataclass(frozen=True)
class Neighbour:
    """The hit that stands next, with its (d,) unit vector."""

    hit: Hit
    vector: np.ndarray


@dataclass(frozen=True)
class ExplanationRequest:
    """Everything about one hit that an explanation starts from.

    `photo` is the query's picture, or None; `known` is the catalog product that stands in for it.
    `product` is the hit's (d,) unit vector. `values` are the catalog's values by field, from which
    the photo is read. `vocabulary` says which words of the query are one phrase. `centre` is the mean
    of the catalog's vectors, (d,): words are valued by what they add beyond it, because words and
    pictures lie apart in a CLIP's space, and any word at all adds the same to every product.
    """

    query: Query
    photo: ImageInput | None
    hit: Hit
    product: np.ndarray
    fused: FusedQuery
    known: Product | None = None
    next: Neighbour | None = None
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    vocabulary: Vocabulary | None = None
    centre: np.ndarray | float = 0.0
    rank_without_words: int | None = None
