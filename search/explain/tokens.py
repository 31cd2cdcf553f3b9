"""What each word of a query stands for, as a vector, so that it can be valued and mapped."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import combinations
from math import factorial

import numpy as np

from search.encoder import Encoder

#: Exact Shapley values of six words take 63 short texts; seven would take twice that.
EXACT = 6


def split(text: str, lexicon: Collection[str] = ()) -> list[str]:
    """The words of a text. Chinese has no spaces: what the lexicon knows stays together, the longest
    first, the rest is taken character by character."""
    return _pattern(frozenset(lexicon)).findall(text)


@lru_cache(maxsize=4)
def _pattern(lexicon: frozenset[str]) -> re.Pattern[str]:
    """See `split`; made once for each lexicon, which has some thousand words."""
    known = sorted((word for word in lexicon if re.search(r"[\u3400-\u9fff]", word)), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, known), r"[\u3400-\u9fff]", r"[^\s\u3400-\u9fff]+"]))


def token_vectors(encoder: Encoder, text: str, words: list[str]) -> np.ndarray:
    """(words, d) float64: what each word adds to the text's unit vector.

    Up to EXACT words: Shapley values (Shapley 1953, over all subsets; no words at all are the zero
    vector), so the rows sum to the text's vector. Beyond: what is lost when the word is left out,
    and the rows sum to nothing in particular.
    """
    n = len(words)
    if n > EXACT:
        texts = [text, *(" ".join(words[:at] + words[at + 1 :]) for at in range(n))]
        whole, *without = encoder.encode_texts(texts).astype(np.float64)
        return whole - np.stack(without)
    subsets = [subset for size in range(1, n + 1) for subset in combinations(range(n), size)]
    texts = [text if len(subset) == n else " ".join(words[at] for at in subset) for subset in subsets]
    vectors = dict(zip(subsets, encoder.encode_texts(texts).astype(np.float64), strict=True))
    vectors[()] = np.zeros(encoder.dim)
    shares = np.zeros((n, encoder.dim))
    for subset, vector in vectors.items():
        for at in subset:
            weight = factorial(len(subset) - 1) * factorial(n - len(subset)) / factorial(n)
            shares[at] += weight * (vector - vectors[tuple(other for other in subset if other != at)])
    return shares
