"""Reading photos under one encoder, in the words of a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.cache import Cache
from search.catalog.aspects import ProductAspects
from search.query.choices import Choices
from search.query.photo import NOTHING, READ, PhotoReading, read_photo

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.encoder import Encoder
    from search.index import Index

#: Lists of a catalog's values whose vectors are kept.
_KEPT = 16


class PhotoReader:
    """What photos show in a catalog; the values that are looked for are encoded once."""

    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self._texts: Cache[np.ndarray] = Cache(_KEPT)
        self._vectors: Cache[list[np.ndarray]] = Cache(_KEPT)

    def encode(self, texts: tuple[str, ...]) -> np.ndarray:
        """(n, d) unit rows of n texts; remembered."""
        return self._texts.get_or_make(texts, lambda: self.encoder.encode_texts(list(texts)))

    def choices(self, catalog: Catalog, name: str) -> Choices:
        """The values that an aspect may have in the catalog as it is now.

        The catalog keeps the values; how they look is known under one encoder only, and is kept here.
        """
        found: Choices = catalog.grown(
            f"choices {name}", lambda _before: Choices.of(catalog, ProductAspects.of(catalog), name)
        )
        return found.remembering(self._vectors.get_or_make(found.texts, list))

    def read(self, vector: np.ndarray, catalog: Catalog, index: Index) -> PhotoReading:
        """What a photo with this (d,) unit vector shows; nothing in an empty catalog, which has no words to say it in."""
        if not len(catalog):
            return NOTHING
        return read_photo(vector, index, {name: self.choices(catalog, name) for name in READ}, self.encode)
