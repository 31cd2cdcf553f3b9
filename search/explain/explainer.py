"""One hit explained: maps, words, parts, attributes and a sentence, all from measured values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from search import images
from search.cache import Cache
from search.encoder import Encoder
from search.explain import narrate, zeroshot
from search.explain.attribution import (
    PicturePair,
    attribute_views,
    next_views,
    score_views,
    to_image_grid,
    token_views,
)
from search.explain.compare import compare_attributes, compare_hits
from search.explain.patches import PatchAttribution, method_for, patch_attribution
from search.explain.pieces import partners
from search.explain.prefetch import Prefetcher
from search.explain.request import ExplanationRequest
from search.explain.schema import Explanation, Heatmap, TokenAttribution, ViewKey
from search.explain.shares import match_of
from search.explain.things import things
from search.explain.tokens import phrases, token_vectors
from search.explain.zeroshot import ZeroShotReading
from search.images import Region
from search.query.looks import Looker

if TYPE_CHECKING:
    from search.schema import ImageInput

#: Pictures whose places are kept: a page of results and the photo. A ViT-L's take 2 MB each.
_PICTURES = 32
#: Lists of label texts whose vectors are kept: one for each field and kind.
_LABELS = 128


class Explainer:
    """Explains hits under one encoder; remembers the places of pictures it has looked at.

    Args:
        looker: knows the objects of photos, and what finds them in any picture.
    """

    def __init__(self, encoder: Encoder, looker: Looker | None = None):
        self.encoder = encoder
        self.looker = looker
        self.method = method_for(encoder)
        self._patches: Cache[PatchAttribution | None] = Cache(_PICTURES)
        self._labels: Cache[np.ndarray] = Cache(_LABELS)
        self._prefetcher = Prefetcher()

    def prefetch(
        self,
        image: ImageInput,
        photo: np.ndarray,
        *,
        region: Region | None = None,
        values: Callable[[], Mapping[str, Sequence[str]]],
    ) -> None:
        """Look at a query's photo in the background, so that the first card opens as fast as the second.

        Returns at once; only the newest photo is looked at.

        Args:
            photo: its (d,) unit vector.
            values: gives those of an ExplanationRequest; called in the background.
        """
        self._prefetcher.submit(
            [
                lambda: self._patches_of(image, region),
                lambda: zeroshot.read(self.encoder, photo, values(), self._encode_labels),
            ]
        )

    def wait(self, seconds: float | None = None) -> None:
        """Until what is fetched in the background is there."""
        self._prefetcher.wait(seconds)

    def explain(self, request: ExplanationRequest) -> Explanation:
        """Where and why.

        Raises:
            ImageError: one of the pictures cannot be read any more.
        """
        hit, product = request.hit, np.asarray(request.product, np.float64)
        pictures = self._pictures(request)
        words, vectors = self._tokens(request)
        values = vectors @ (product - request.centre)
        attributed = tuple(TokenAttribution(word, float(value)) for word, value in zip(words, values, strict=True))
        readings = self._readings(request)
        compared = compare_attributes(hit.product, readings, request.known) if readings is not None else ()
        views = {
            **score_views(request, pictures),
            **token_views(attributed, vectors, pictures),
            **next_views(request, pictures),
            **attribute_views(product, compared, readings or {}, pictures),
        }
        difference = None
        if request.next is not None:
            apart = product - np.asarray(request.next.vector, np.float64)
            difference = compare_hits(hit, request.next.hit, words, vectors @ apart)
        residual = hit.parts["text"] - sum(word.value for word in attributed)
        facts = narrate.facts(hit, match_of(hit.parts, [*values, residual]), like=request.known is not None)
        whole = views[ViewKey("score")]
        photo_map, photo_residual = _over_picture(whole.photo, hit.parts["photo"])
        product_map, product_residual = _over_picture(whole.product, hit.score)
        return Explanation(
            parts=hit.parts,
            words=attributed,
            photo_map=photo_map,
            photo_residual=photo_residual,
            product_map=product_map,
            product_residual=product_residual,
            sentence=narrate.Teller().sentence(facts),
            words_residual=residual,
            views=MappingProxyType(views),
            patch_similarity=(
                pictures.photo.similarity(pictures.product) if pictures.photo and pictures.product else None
            ),
            partners=partners(pictures.photo, pictures.product) if pictures.photo and pictures.product else None,
            method=self.method if pictures.product else None,
            attributes=compared,
            difference=difference,
            rank_without_words=request.rank_without_words,
            facts=tuple(facts),
        )

    def _pictures(self, request: ExplanationRequest) -> PicturePair:
        product, photo = self._patches_of(request.hit.product.image), None
        if request.photo is not None and "photo" in request.fused.components:
            photo = self._patches_of(request.photo, request.query.region)
        return PicturePair(photo, product)

    def _patches_of(self, image: ImageInput, region: Region | None = None) -> PatchAttribution | None:
        def look() -> PatchAttribution | None:
            # As the engine reads it, so that the embedding is the one that was scored.
            picture = images.load(image, at_least=None if region else self.encoder.image_size)
            looker = self.looker
            masks = things(picture, (lambda _: looker.located(image)) if looker else None)
            crop = looker.crop_of(image, region) if looker else region
            return patch_attribution(self.encoder, picture, region=crop, method=self.method, masks=masks)

        return self._patches.get_or_make((images.content_hash(image), region), look)

    def _tokens(self, request: ExplanationRequest) -> tuple[list[str], np.ndarray]:
        """What the query's phrases are called, and (phrases, d) what each adds to the query's vector."""
        weight, text = request.fused.coefficients.get("text"), request.query.text
        if weight is None or not (parts := phrases(text, request.vocabulary)):
            return [], np.zeros((0, len(request.product)))
        return [part.label for part in parts], weight * token_vectors(self.encoder, text, parts)

    def _readings(self, request: ExplanationRequest) -> dict[str, ZeroShotReading] | None:
        """Field -> what the model reads in the photo; None where there is no photo."""
        photo = request.fused.components.get("photo")
        if photo is None:
            return None
        unit = photo / request.fused.coefficients["photo"]
        return zeroshot.read(self.encoder, unit, request.values, self._encode_labels)

    def _encode_labels(self, texts: tuple[str, ...]) -> np.ndarray:
        """(n, d) float64 unit rows."""
        return self._labels.get_or_make(texts, lambda: self.encoder.encode_texts(texts).astype(np.float64))


def _over_picture(heat: Heatmap | None, value: float) -> tuple[np.ndarray | None, float]:
    """A map over the whole upright picture, and what no cell of it accounts for; they sum to `value`."""
    if heat is None:
        return None, value
    grid = to_image_grid(heat)
    return grid, value - float(grid.sum())
