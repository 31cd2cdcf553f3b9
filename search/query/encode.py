"""A query -> the unit vectors of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search import images
from search.cache import Cache
from search.images import Region

if TYPE_CHECKING:
    from search.encoder import Encoder
    from search.query.looks import Looker
    from search.schema import ImageInput, Query

#: Photos whose embedding is kept while somebody tries other words with the same photo.
_PHOTOS = 64


class QueryEncoder:
    """Encodes queries under one encoder, and the same photo once.

    Args:
        looker: knows the objects of photos, whose vectors are not those of their boxes alone.
    """

    def __init__(self, encoder: Encoder, looker: Looker | None = None):
        self.encoder = encoder
        self.looker = looker
        self._photos: Cache[np.ndarray] = Cache(_PHOTOS)

    def encode(self, query: Query, known: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """The (d,) unit vectors of photo, text and exclude, where the query has them.

        Several exclusions become one vector: their mean, scaled to length 1.

        Args:
            known: the (d,) unit vector of the product that stands in for the photo (`query.like`).

        Raises:
            ImageError: the photo cannot be used.
        """
        vectors: dict[str, np.ndarray] = {}
        if known is not None:
            vectors["photo"] = known
        elif query.image is not None:
            vectors["photo"] = self.photo(query.image, query.region)
        texts = ([query.text] if query.text else []) + list(query.exclusions)
        if texts:
            encoded = self.encoder.encode_texts(texts)
            if query.text:
                vectors["text"] = encoded[0]
            if query.exclusions:
                mean = encoded[-len(query.exclusions) :].mean(axis=0)
                vectors["exclude"] = mean / max(float(np.linalg.norm(mean)), 1e-6)
        return vectors

    def photo(self, image: ImageInput, region: Region | None) -> np.ndarray:
        """The (d,) unit vector of a photo, of an object in it (`search.query.looks`) where the region is its box, or of
        another region; remembered by its content.

        Raises:
            ImageError: the photo cannot be used.
        """

        def encode() -> np.ndarray:
            if region is not None and self.looker is not None and self.looker.locates:
                known = self.looker.look(image).at(region)
                if known is not None:
                    return known
            picture = images.load(image, region=region, at_least=self.encoder.image_size)
            return self.encoder.encode_images([picture])[0]

        return self._photos.get_or_make((images.content_hash(image), region), encode)
