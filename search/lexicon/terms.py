"""A text as the terms that keywords are compared by.

Lower case, English plurals as singulars ("mugs" -> "mug"), hyphens and spaces alike: a hyphenated word of a product is
its parts and the whole ("t-shirt" -> "tshirt", "t", "shirt"). Chinese is cut into the lexicon's words, the longest at
each place, and what lies between them into pairs of characters (bigrams); a product has every pair, so that a query
meets it wherever the cuts fall.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

from search.lexicon.table import lexicon
from search.lexicon.tokens import HAN, listed

_PIECE = re.compile(rf"[{HAN}]+|\d+(?:[.,]\d+)*|[^\W\d_{HAN}]+(?:['’-][^\W\d_{HAN}]+)*")
_HAN = re.compile(f"[{HAN}]")
#: Words that say nothing of a product.
FUNCTION_WORDS = frozenset(
    listed(
        """a an and any are at be but by for from have i in is it me my of on or our some something that the their them
        these this to want we which with you your 一个 一件 一双 一条 个 也 了 件 你 和 我 想要 的 给 跟 要 还 适合 与 是 在 有"""
    )
)
_IRREGULAR = {
    "women": "woman", "men": "man", "children": "child", "feet": "foot", "teeth": "tooth", "knives": "knife",
    "scarves": "scarf", "shelves": "shelf", "leaves": "leaf", "halves": "half", "wolves": "wolf", "tomatoes": "tomato",
    "potatoes": "potato", "kids": "kid",
}  # fmt: skip


@lru_cache(65_536)
def singular(word: str) -> str:
    """An English word in lower case without the ending of its plural; what is no plural may lose its "s" too, alike in
    products and queries."""
    word = word.removesuffix("'s")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zzes")) else word[:-1]


def product_terms(text: str) -> list[str]:
    """The terms of a product's text, as often as they stand in it."""
    found: list[str] = []
    for piece in _pieces(text):
        if _HAN.match(piece):
            cut = _chinese(piece)
            found += cut
            known = set(cut)
            found += [pair for pair in _bigrams(piece) if pair not in known]
        else:
            parts = piece.split("-")
            found += [singular(part) for part in parts]
            if len(parts) > 1:
                found.append(singular("".join(parts)))
    return found


def query_terms(text: str, known: Container[str] = ()) -> list[str]:
    """The terms of a query, each once, without function words.

    A hyphenated word is one term, or its parts where that term is not `known`.
    """
    found: list[str] = []
    for piece in _pieces(text):
        if _HAN.match(piece):
            found += _chinese(piece)
        else:
            whole = singular(piece.replace("-", ""))
            found += [whole] if "-" not in piece or whole in known else map(singular, piece.split("-"))
    return [term for term in dict.fromkeys(found) if term not in FUNCTION_WORDS]


def plain(text: str) -> str:
    """A text as an exact title, id or phrase is compared: lower case, one space between words, none beside Chinese."""
    spaced = " ".join(text.casefold().replace("’", "'").split())
    return re.sub(rf"(?<=[{HAN}]) | (?=[{HAN}])", "", spaced)


def _pieces(text: str) -> Iterator[str]:
    """Runs of Chinese characters, numbers and words, in lower case."""
    return (match[0].casefold().replace("’", "'") for match in _PIECE.finditer(text))


@lru_cache(65_536)
def _chinese(run: str) -> tuple[str, ...]:
    """A run of Chinese characters as the lexicon's words and the bigrams of what lies between them."""
    found: list[str] = []
    at = 0
    for match in lexicon().scan(run):
        found += _between(run[at : match.start])
        found.append(run[match.start : match.end])
        at = match.end
    return (*found, *_between(run[at:]))


def _between(run: str) -> list[str]:
    """The bigrams of what the lexicon does not know, without the function words around it."""
    kept = "".join(" " if character in FUNCTION_WORDS else character for character in run)
    return [term for part in kept.split() for term in (_bigrams(part) or [part])]


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
