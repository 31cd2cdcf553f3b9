"""One hit explained: maps, words, parts, attributes and a sentence, all from measured values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from search import images
from search.encoder import Encoder
from search.explain import sentence, traits
from search.explain.places import Places, Region, method_for, places
from search.explain.prefetch import Ahead
from search.explain.words import split, word_vectors
from search.query.fusion import FusedQuery
from search.schema import Contrast, Explanation, Heatmap, Hit, Product, Query, Trait, View, WordShare

if TYPE_CHECKING:
    from search.schema import ImageInput

#: Pictures whose places are kept: a page of results and the photo. A ViT-L's take 2 MB each.
_PICTURES = 32
#: Lists of label texts whose vectors are kept: one for each field and kind.
_LABELS = 128
#: A map laid over a picture has this many cells a side for each place, so that padding can be cut off.
_FINE = 8

T = TypeVar("T")


@dataclass(frozen=True)
class Neighbour:
    """The hit that stands next, with its (d,) unit vector."""

    hit: Hit
    vector: np.ndarray


@dataclass(frozen=True)
class Question:
    """Everything about one hit that an explanation starts from.

    `photo` is the query's picture, or None; `known` is the catalog product that stands in for it.
    `product` is the hit's (d,) unit vector. `values` are the catalog's values by field, from which
    the photo is read. `lexicon` are Chinese words that must not be taken apart. `centre` is the mean
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
    lexicon: Collection[str] = ()
    centre: np.ndarray | float = 0.0
    rank_without_words: int | None = None


class Explainer:
    """Explains hits under one encoder; remembers the places of pictures it has looked at."""

    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self.method = method_for(encoder)
        self._lock = Lock()
        self._places: OrderedDict[Any, Places | None] = OrderedDict()
        self._labels: OrderedDict[Any, np.ndarray] = OrderedDict()
        self._making: dict[Any, Future[Any]] = {}
        self._ahead = Ahead()

    def prepare(
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
            values: gives those of a Question; called in the background.
        """
        self._ahead.wish(
            [
                lambda: self._looked_at(image, region),
                lambda: traits.read(self.encoder, photo, values(), self._texts),
            ]
        )

    def explain(self, question: Question) -> Explanation:
        """Where and why.

        Raises:
            ImageError: one of the pictures cannot be read any more.
        """
        query, hit, fused = question.query, question.hit, question.fused
        product = np.asarray(question.product, np.float64)
        pictured = self._looked_at(hit.product.image)
        photographed = None
        if question.photo is not None and "photo" in fused.components:
            photographed = self._looked_at(question.photo, query.region)
        words = split(query.text, question.lexicon) if query.text and "text" in fused.components else []
        meaning = word_vectors(self.encoder, query.text, words) if words else np.zeros((0, len(product)))
        # Components are unit vectors scaled, so scaling a target scales its map.
        meaning = meaning * (np.linalg.norm(fused.components["text"]) if words else 0.0)
        shares = tuple(
            WordShare(word, float(v)) for word, v in zip(words, meaning @ (product - question.centre), strict=True)
        )
        photo = fused.components.get("photo")
        readings, found = self._traits(question, photo)

        views = {"score": _view(hit.score, product=(pictured, fused.vector))}
        for name, component in fused.components.items():
            views[name] = _view(hit.parts[name], product=(pictured, component))
        if photo is not None:
            weighted = (photographed, float(np.linalg.norm(photo)) * product)
            views["score"] = _view(hit.score, weighted, (pictured, fused.vector), hit.parts["photo"])
            views["photo"] = _view(hit.parts["photo"], weighted, (pictured, photo), hit.parts["photo"])
        for at, (share, vector) in enumerate(zip(shares, meaning, strict=True)):
            views[f"word {at}"] = _view(share.value, product=(pictured, vector))
        contrast = None
        if question.next is not None:
            apart = product - np.asarray(question.next.vector, np.float64)
            here = None if photo is None else (photographed, float(np.linalg.norm(photo)) * apart)
            views["next"] = _view(hit.score - question.next.hit.score, here, (pictured, apart), unit="next")
            contrast = _contrast(hit, question.next.hit, words, meaning @ apart)
        for trait in found:
            if trait.verdict != "unsure" and trait.field in readings and trait.value in readings[trait.field].values:
                direction = readings[trait.field].direction(trait.value)
                views[f"trait {trait.field}"] = _view(
                    float(product @ direction), (photographed, direction), (pictured, direction), unit="trait"
                )

        said = sentence.clauses(hit, shares, found, views)
        photo_map, photo_rest = _laid(views["score"].photo, hit.parts["photo"])
        product_map, product_rest = _laid(views["score"].product, hit.score)
        return Explanation(
            parts=hit.parts,
            words=shares,
            photo_map=photo_map,
            photo_rest=photo_rest,
            product_map=product_map,
            product_rest=product_rest,
            sentence=sentence.say(said),
            words_rest=hit.parts["text"] - sum(share.value for share in shares),
            views=MappingProxyType(views),
            pairs=photographed.pairs(pictured) if photographed and pictured else None,
            method=self.method if pictured else None,
            traits=found,
            contrast=contrast,
            rank_without_words=question.rank_without_words,
            clauses=tuple(said),
        )

    def wait(self, seconds: float | None = None) -> None:
        """Until what was prepared is there."""
        self._ahead.wait(seconds)

    def _traits(self, question: Question, photo: np.ndarray | None) -> tuple[dict[str, Any], tuple[Trait, ...]]:
        if photo is None:
            return {}, ()
        unit = photo / max(float(np.linalg.norm(photo)), 1e-12)
        readings = traits.read(self.encoder, unit, question.values, self._texts)
        return readings, traits.compare(question.hit.product, readings, question.known)

    def _looked_at(self, image: ImageInput, region: Region | None = None) -> Places | None:
        def look() -> Places | None:
            # As the engine reads it, so that the embedding is the one that was scored.
            picture = images.load(image, at_least=None if region else self.encoder.image_size)
            return places(self.encoder, picture, region=region, method=self.method)

        return self._kept(self._places, (images.content_hash(image), region), look, _PICTURES)

    def _texts(self, texts: tuple[str, ...]) -> np.ndarray:
        """(n, d) float64 unit rows."""
        return self._kept(self._labels, texts, lambda: self.encoder.encode_texts(texts).astype(np.float64), _LABELS)

    def _kept(self, kept: OrderedDict[Any, T], key: Any, make: Callable[[], T], most: int) -> T:
        """What `make` makes for a key, made once: who asks while it is being made waits for it.

        Raises:
            whatever `make` raises, for all who wait.
        """
        with self._lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
            name = (id(kept), key)
            mine = name not in self._making
            coming = self._making.setdefault(name, Future())
        if not mine:
            return coming.result()
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._making[name]
            coming.set_exception(error)
            raise
        with self._lock:
            kept[key] = value
            while len(kept) > most:
                kept.popitem(last=False)
            del self._making[name]
        coming.set_result(value)
        return value


def _view(
    value: float,
    photo: tuple[Places | None, np.ndarray] | None = None,
    product: tuple[Places | None, np.ndarray] | None = None,
    of_photo: float | None = None,
    unit: str = "score",
) -> View:
    """A number with its maps; `of_photo` is the number that the photo's map adds up to, where it is known.

    The rests take up what was rounded between the index and the tower, so that what is shown adds up.
    """
    maps = [None if asked is None or asked[0] is None else asked[0].heatmap(asked[1]) for asked in (photo, product)]
    numbers = (of_photo, value) if unit == "score" else (None, None)
    exact = [
        heat if heat is None or number is None else Heatmap(heat.grid, number - float(heat.grid.sum()), heat.window)
        for heat, number in zip(maps, numbers, strict=True)
    ]
    return View(value, unit, *exact)


def _contrast(hit: Hit, other: Hit, words: Sequence[str], values: np.ndarray) -> Contrast:
    fields = ("category", "colour", "material", "pattern", "brand")
    pairs = [(name, hit.product.value(name), other.product.value(name)) for name in fields]
    return Contrast(
        other,
        MappingProxyType({name: hit.parts[name] - other.parts[name] for name in hit.parts}),
        tuple(WordShare(word, float(value)) for word, value in zip(words, values, strict=True)),
        tuple((name, str(a), str(b)) for name, a, b in pairs if a and b and str(a).casefold() != str(b).casefold()),
    )


def _laid(heat: Heatmap | None, value: float) -> tuple[np.ndarray | None, float]:
    """A map as cells over the whole upright picture, and what no cell accounts for; they sum to `value`."""
    if heat is None:
        return None, value
    left, top, right, bottom = heat.window
    if heat.window == (0.0, 0.0, 1.0, 1.0):
        return heat.grid, value - float(heat.grid.sum())
    fine = np.kron(heat.grid, np.ones((_FINE, _FINE))) / _FINE**2
    down, across = fine.shape
    height, width = max(round(down / (bottom - top)), 1), max(round(across / (right - left)), 1)
    whole = np.zeros((height, width), np.float32)
    at_y, at_x = round(top * height), round(left * width)
    end_y, end_x = min(at_y + down, height), min(at_x + across, width)
    inside = fine[max(-at_y, 0) : end_y - at_y, max(-at_x, 0) : end_x - at_x]
    whole[max(at_y, 0) : end_y, max(at_x, 0) : end_x] = inside
    return whole, value - float(whole.sum())
