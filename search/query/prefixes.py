"""Words and titles by how they begin: sorted lists that are looked up by bisection."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from search.lexicon.tokens import HAN

#: After every text that begins with a prefix.
_LAST = "\uffff"
_PIECES = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NONE = np.zeros(0, np.int64)


def pieces(text: str) -> list[str]:
    """Words without case, and single Chinese characters."""
    return _PIECES.findall(text.casefold())


class Prefixes:
    """Sorted texts. `texts` holds each once."""

    def __init__(self, texts: Iterable[str]):
        self.texts = sorted(set(texts))

    def span(self, prefix: str) -> tuple[int, int]:
        """(first, last exclusive) of the texts that begin with `prefix`."""
        first = bisect_left(self.texts, prefix)
        return first, bisect_left(self.texts, prefix + _LAST, first)

    def __contains__(self, text: object) -> bool:
        at = bisect_left(self.texts, str(text))
        return at < len(self.texts) and self.texts[at] == text

    def begins(self, prefix: str) -> bool:
        """Whether a text begins so."""
        first, last = self.span(prefix)
        return last > first


class Titles:
    """The titles of a catalog, each once, found by the beginning of a title or by words of it, the last one begun.

    `counts` says how many products are called so.
    """

    def __init__(self, titles: Sequence[str]):
        self.counts = Counter(titles)
        self.texts = list(self.counts)
        self._order = sorted(range(len(self.texts)), key=lambda at: self.texts[at].casefold())
        self._sorted = [self.texts[at].casefold() for at in self._order]
        postings: dict[str, list[int]] = {}
        for at, text in enumerate(self.texts):
            for piece in set(pieces(text)):
                postings.setdefault(piece, []).append(at)
        self.words = Prefixes(postings)
        self._postings = {piece: np.array(rows, np.int64) for piece, rows in postings.items()}

    def frequency(self, word: str) -> int:
        """How many titles have a word."""
        return len(self._postings.get(word, _NONE))

    def starting(self, typed: str, most: int) -> Iterator[str]:
        """Titles that begin with what was typed, then titles with all its words, the last of which may be begun."""
        folded = " ".join(typed.casefold().split())
        first = bisect_left(self._sorted, folded)
        last = bisect_left(self._sorted, folded + _LAST, first)
        begun = self._order[first : min(last, first + most)]
        yield from (self.texts[at] for at in begun)
        yield from islice((self.texts[at] for at in self._having(pieces(typed)) if at not in begun), most)

    def _having(self, words: Sequence[str]) -> Sequence[int]:
        """Numbers of the titles with these words, the last of which may be begun."""
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return ()
        found: np.ndarray | None = None
        for word in words[:-1]:
            having = self._postings.get(word, _NONE)
            found = having if found is None else np.intersect1d(found, having, assume_unique=True)
        first, last = self.words.span(words[-1])
        begun = [self._postings[word] for word in self.words.texts[first:last]]
        ends = np.unique(np.concatenate([*begun, _NONE]))
        kept = ends if found is None else np.intersect1d(found, ends, assume_unique=True)
        return kept[:50].tolist()


def one_edit_away(word: str) -> Iterator[str]:
    """A word with two letters swapped, one letter replaced, one put in, or one left out (Damerau, CACM 7(3), 1964)."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1)
    yield from (head + letter + tail[1:] for head, tail in splits if tail for letter in _LETTERS)
    yield from (head + letter + tail for head, tail in splits for letter in _LETTERS)
    yield from (head + tail[1:] for head, tail in splits if tail)
