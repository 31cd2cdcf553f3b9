"""The baselines: words compared with words alone (BM25), and vectors alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search import images
from search.catalog import Catalog
from search.lab.benchmark.base import Benchmark, Floats
from search.lab.benchmark.shopping.asking import Answer
from search.lab.benchmark.shopping.forms import ShopperQuery
from search.lexicon.tokens import HAN
from search.query import fusion
from search.schema import Product

if TYPE_CHECKING:
    from search.schema import ImageInput

#: Of BM25, as everybody sets them for short texts (Robertson and Zaragoza 2009, section 3).
K1, B = 0.9, 0.3
_TOKEN = re.compile(rf"[^\W_{HAN}]+|[{HAN}]+")


def by_words(catalog: Catalog, queries: Sequence[ShopperQuery], k: int) -> list[Answer]:
    """What BM25 finds for queries in words: title, kind, colour, brand, description and tags as one text.

    Words lose a plural s; Chinese is cut into pairs of characters. What shares no word with a query is not found.
    """
    import bm25s

    texts = [_tokens(_text(product)) for product in catalog]
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys(word for text in texts for word in text))}
    index = bm25s.BM25(k1=K1, b=B)
    index.index(([[vocabulary[word] for word in text] for text in texts], vocabulary), show_progress=False)
    rows = {product.id: row for row, product in enumerate(catalog)}
    found = []
    for asked in queries:
        said = [vocabulary[word] for word in _tokens(asked.query.text) if word in vocabulary]
        scores = index.get_scores_from_ids(said) if said else np.zeros(len(rows))
        found.append(_answer(asked, rows, np.asarray(scores, np.float64), k, least=0.0))
    return found


def by_vectors(
    benchmark: Benchmark, catalog: Catalog, queries: Sequence[ShopperQuery], vectors: Floats, k: int
) -> list[Answer]:
    """What the vectors alone find, photo and words fused as in the engine.

    Args:
        vectors: (n, d) unit rows of the catalog.
    """
    texts = benchmark.texts([asked.query.text for asked in queries])
    rows = {product.id: row for row, product in enumerate(catalog)}
    found = []
    for asked, text in zip(queries, texts, strict=True):
        parts = {"text": text} if asked.query.text else {}
        if asked.query.image is not None:
            parts["photo"] = photo_vector(benchmark, asked.query.image)
        fused = fusion.fuse(benchmark.weights, **parts).vector.astype(np.float32)
        found.append(_answer(asked, rows, (vectors @ fused).astype(np.float64), k))
    return found


def photo_vector(benchmark: Benchmark, image: ImageInput) -> Floats:
    """(d,) unit vector of a photo."""
    picture = images.load(image, at_least=benchmark.encoder.image_size)
    vector: Floats = benchmark.encoder.encode_images([picture])[0]
    return vector


def _answer(asked: ShopperQuery, rows: Mapping[str, int], scores: np.ndarray, k: int, least: float = -np.inf) -> Answer:
    """The k best of what scores more than `least`; of equal scores the wrong come first."""
    right = np.zeros(len(rows), bool)
    right[[rows[name] for name in asked.right]] = True
    order = np.lexsort((right, -scores))[:k]
    order = order[scores[order] > least]
    return Answer(asked, right[order], right[order], np.zeros(len(order)), ("weak",) * len(order), True, len(rows))


def _text(product: Product) -> str:
    attributes = [str(value) for value in product.attributes.values() if isinstance(value, str)]
    parts = (product.title, product.category, product.colour, product.brand, product.description, *product.tags)
    return " ".join(filter(None, (*parts, *attributes)))


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        if token.isascii() or len(token) == 1 or not re.match(f"[{HAN}]", token):
            found.append(token.removesuffix("s") if len(token) > 3 else token)
        else:
            found += [token[at : at + 2] for at in range(len(token) - 1)]
    return found
