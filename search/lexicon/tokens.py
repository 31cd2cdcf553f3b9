"""A text as tokens that know where they stood, and fixed phrases that are looked up among them.

Everything here takes time proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

HAN = "\u3400-\u9fff"
#: A number, one Chinese character, a word (with inner hyphens and apostrophes), or one sign. Every alternative begins
#: with its own characters and repeats only what cannot end it, so that no input makes the pattern backtrack.
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<han>[{HAN}])|(?P<word>[^\W\d_{HAN}]+(?:['’-][^\W\d_{HAN}]+)*)|(?P<sign>\S)"
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: `text` in lower case; `start` and `end` (exclusive) count characters of the original.

    kind: "number", "han" (one Chinese character), "word" or "sign".
    """

    text: str
    start: int
    end: int
    kind: str


def tokenize(text: str) -> list[Token]:
    """The tokens of a text in order; white space belongs to none."""
    return [
        Token(match[0].casefold().replace("’", "'"), match.start(), match.end(), match.lastgroup or "sign")
        for match in _TOKEN.finditer(text)
    ]


def glued(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing stands between token `at` and the one before it."""
    return 0 < at < len(tokens) and tokens[at - 1].end == tokens[at].start


def text_at(tokens: Sequence[Token], at: int) -> str:
    """The text of token `at`, or "" outside the text."""
    return tokens[at].text if 0 <= at < len(tokens) else ""


def listed(words: str) -> tuple[str, ...]:
    """The words of a list that is written as one text."""
    return tuple(words.split())


class Phrases(Generic[T]):
    """Fixed phrases, each with its meaning; of those that begin at a token, the longest counts."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in meanings.items():
            parts = tuple(token.text for token in tokenize(phrase))
            self._by_first.setdefault(parts[0], []).append((parts, meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: len(entry[0]), reverse=True)

    def at(self, tokens: Sequence[Token], at: int) -> tuple[int, T] | None:
        """(the token after the phrase, its meaning) for the longest phrase that begins at token `at`."""
        for parts, meaning in self._by_first.get(text_at(tokens, at), ()):
            if all(text_at(tokens, at + step) == part for step, part in enumerate(parts)):
                return at + len(parts), meaning
        return None
