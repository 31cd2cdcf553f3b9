"""One hit explained: maps, words, parts and a sentence, all from measured values."""

from __future__ import annotations

import re
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from search import images
from search.encoder import Encoder
from search.explain.places import places
from search.fusion import Fused
from search.schema import Explanation, Hit, Query, WordShare

#: Exact Shapley values of six words take 63 short texts, 0.1 s in the embedded text tower.
_EXACT = 6
#: A share of the score below this is not worth a clause.
_WORTH_SAYING = 0.05


def explain_hit(
    encoder: Encoder,
    query: Query,
    photo: Any,
    hit: Hit,
    product: np.ndarray,
    fused: Fused,
) -> Explanation:
    """Explain one hit.

    Args:
        photo: the query's picture, or None.
        product: the hit's (d,) unit vector.
        fused: the query as it was fused.

    Raises:
        ImageError: one of the pictures cannot be read any more.
    """
    product = np.asarray(product, np.float64)
    product_map, product_rest = _map(encoder, images.load(hit.product.image), fused.vector)
    photo_map, photo_rest = None, 0.0
    if photo is not None and "photo" in fused.components:
        # The photo's component is its unit vector scaled, so scaling the target scales the map.
        factor = float(np.linalg.norm(fused.components["photo"]))
        picture = images.load(photo)
        part = images.crop(picture, query.region) if query.region else picture
        photo_map, photo_rest = _map(encoder, part, factor * product)
        if photo_map is not None and query.region:
            photo_map = _within(photo_map, query.region)
    if product_map is None:
        product_rest = hit.score
    if photo_map is None:
        photo_rest = hit.parts["photo"]
    words: tuple[WordShare, ...] = ()
    if query.text and "text" in fused.components:
        scale = float(np.linalg.norm(fused.components["text"]))
        words = _words(encoder, query.text, scale * product)
    return Explanation(
        parts=hit.parts,
        words=words,
        photo_map=photo_map,
        photo_rest=photo_rest,
        product_map=product_map,
        product_rest=product_rest,
        sentence=_sentence(hit, words),
    )


def _map(encoder: Encoder, picture: Any, target: np.ndarray) -> tuple[np.ndarray | None, float]:
    found = places(encoder, picture)
    return found.map(target) if found else (None, 0.0)


def _within(part: np.ndarray, region: tuple[float, float, float, float]) -> np.ndarray:
    """A map of a region, laid into a map of the whole photo that is zero elsewhere."""
    left, top, right, bottom = region
    height = max(round(part.shape[0] / (bottom - top)), part.shape[0])
    width = max(round(part.shape[1] / (right - left)), part.shape[1])
    whole = np.zeros((height, width), np.float32)
    at_y = min(round(top * height), height - part.shape[0])
    at_x = min(round(left * width), width - part.shape[1])
    whole[at_y : at_y + part.shape[0], at_x : at_x + part.shape[1]] = part
    return whole


def _words(encoder: Encoder, text: str, target: np.ndarray) -> tuple[WordShare, ...]:
    """What each word adds to <text vector, target>.

    Up to six words: Shapley values (Shapley 1953, exact over all subsets; an empty text is worth
    0), which add up to the whole. Beyond: what is lost when the word is left out, which does not.
    """
    words = re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+", text)
    n = len(words)
    if n > _EXACT:
        texts = [text, *(" ".join(words[:at] + words[at + 1 :]) for at in range(n))]
        values = encoder.encode_texts(texts).astype(np.float64) @ target
        return tuple(WordShare(word, float(values[0] - values[at + 1])) for at, word in enumerate(words))
    subsets = [subset for size in range(1, n + 1) for subset in combinations(range(n), size)]
    texts = [text if len(subset) == n else " ".join(words[at] for at in subset) for subset in subsets]
    values = dict(zip(subsets, encoder.encode_texts(texts).astype(np.float64) @ target, strict=True))
    values[()] = 0.0
    shares = []
    for at, word in enumerate(words):
        share = 0.0
        for subset, value in values.items():
            if at in subset:
                weight = factorial(len(subset) - 1) * factorial(n - len(subset)) / factorial(n)
                share += weight * (value - values[tuple(other for other in subset if other != at)])
        shares.append(WordShare(word, float(share)))
    return tuple(shares)


def _sentence(hit: Hit, words: tuple[WordShare, ...]) -> str:
    """One or two sentences; every number in them is a share of the hit's score."""
    if hit.score <= 0:
        return "Nothing in the query speaks for this product; it is only the best of what is left."
    share = {name: value / hit.score for name, value in hit.parts.items()}
    clauses = []
    if share["photo"] and share["text"]:
        first, second = ("photo", "text") if share["photo"] >= share["text"] else ("text", "photo")
        names = {"photo": "your photo", "text": "your words"}
        clauses.append(
            f"Mostly like {names[first]} ({share[first]:.0%} of the score); {names[second]} "
            f"{'add' if share[second] >= 0 else 'take'} {abs(share[second]):.0%}."
        )
    elif share["photo"]:
        clauses.append("It matches your photo.")
    else:
        clauses.append("It matches your words.")
    strongest = max(words, key=lambda word: word.value, default=None)
    if strongest and len(words) > 1 and strongest.value / hit.score > _WORTH_SAYING:
        clauses.append(f"The word “{strongest.word}” counts most ({strongest.value / hit.score:.0%}).")
    if share["exclude"] < -_WORTH_SAYING:
        clauses.append(f"It loses {-share['exclude']:.0%} for what you excluded.")
    return " ".join(clauses)
