"""What each phrase of a query stands for, as a vector, so that it can be valued and mapped.

A phrase is what the parser reads as one: "running shoes", 杯子, "red or blue". Words that only join others ("in", "for",
的) are not valued by themselves: they go with a phrase beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from search.encoder import Encoder
from search.explain.shapley import shapley
from search.lexicon.tokens import Token, glued, tokenize
from search.query.aspects import find_aspects
from search.query.fillers import OPINIONS
from search.query.pieces import Words
from search.query.vocabulary import Vocabulary

#: Exact Shapley values of six phrases take 63 short texts; seven would take twice that.
EXACT = 6
#: Phrases that are valued apart; in a longer text the last one takes all that follows. Nobody reads more chips.
MOST = 24


@dataclass(frozen=True)
class Phrase:
    """A part of a text: what it is called, and the characters (end exclusive) that go with it, joining words included."""

    label: str
    start: int
    end: int


def phrases(text: str, vocabulary: Vocabulary | None = None) -> list[Phrase]:
    """The phrases of a text, which cover all of it; none where it has no word.

    Args:
        vocabulary: what the catalog knows; without it the lexicon alone says what belongs together.
    """
    words = Words.of(text, tokenize(text))
    found = _ranges(words, vocabulary)[:MOST]
    starts = [
        0,
        *(_begin(words, before, first) for (_, before, _), (first, _, _) in pairwise(found)),
    ]
    ends = [*starts[1:], len(text)]
    return [
        Phrase(_label(words, each, start), start, end) for each, start, end in zip(found, starts, ends, strict=False)
    ]


#: Tokens first to last (exclusive), and whether they ask for something by name.
_Range = tuple[int, int, bool]


def _ranges(words: Words, vocabulary: Vocabulary | None) -> list[_Range]:
    """What is valued as one, in order: what is asked for by name, runs that nothing knows, and every other word."""
    tokens = words.tokens
    read = find_aspects(words, 0, len(tokens), vocabulary)
    at_start = {token.start: at for at, token in enumerate(tokens)}
    at_end = {token.end: at + 1 for at, token in enumerate(tokens)}
    spans = [aspect.span for aspect in read.aspects if aspect.span]
    named = {at_start[start]: (at_start[start], at_end[end], True) for start, end in spans}
    named |= {first: (first, last, True) for first, last in read.unknown}
    found: list[_Range] = []
    at = 0
    while at < len(tokens):
        if at in named:
            found.append(named[at])
        elif not words.silent[at] or tokens[at].text in OPINIONS:
            # Chinese characters that nothing parts are one word.
            joins = (
                bool(found) and found[-1][1] == at and not found[-1][2] and _han(tokens, at - 1) and _han(tokens, at)
            )
            if joins and glued(tokens, at):
                found[-1] = (found[-1][0], at + 1, False)
            else:
                found.append((at, at + 1, False))
        at = max(at + 1, found[-1][1] if found else 0)
    return found or ([(0, len(tokens), True)] if any(token.kind != "sign" for token in tokens) else [])


def _begin(words: Words, after: int, first: int) -> int:
    """The character at which the phrase at token `first` begins, the one before it ending before token `after`: joining
    words go with what follows, as in English ("in red"), but Chinese ones and signs with what they follow (红色的)."""
    while after < first and (_han(words.tokens, after) or words.tokens[after].kind == "sign"):
        after += 1
    return words.tokens[after].start


def _label(words: Words, found: _Range, start: int) -> str:
    """What a phrase is called; what nothing asks for by name keeps its joining words ("under the bed")."""
    first, last, named = found
    tokens = words.tokens
    if last - first > 1 and tokens[last - 1].text == "的":
        last -= 1
    begin = tokens[first].start
    joined = tokens[first].kind != "han" and tokens[first].text not in OPINIONS and first > 0
    return words.text[start if joined and not named else begin : tokens[last - 1].end].strip()


def _han(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].kind == "han"


def token_vectors(encoder: Encoder, text: str, parts: Sequence[Phrase]) -> np.ndarray:
    """(phrases, d) float64: what each phrase adds to the text's unit vector; the rows sum to it.

    Up to EXACT phrases: Shapley values (Shapley 1953, over all subsets; no words at all are the zero vector). Beyond: the
    mean of what a phrase adds in the order of the text and in its reverse, two of the orders of a Shapley value.
    """
    n = len(parts)
    if not n:
        return np.zeros((0, encoder.dim))
    if n > EXACT:
        subsets = [tuple(range(at)) for at in range(1, n + 1)] + [tuple(range(at, n)) for at in range(1, n)]
    else:
        subsets = [subset for size in range(1, n + 1) for subset in combinations(range(n), size)]
    texts = [_said(text, [parts[at] for at in subset]) for subset in subsets]
    vectors = dict(zip(subsets, encoder.encode_texts(texts).astype(np.float64), strict=True))
    vectors[()] = np.zeros(encoder.dim)
    return _halves(vectors, n) if n > EXACT else shapley(vectors, n)


def _said(text: str, parts: Sequence[Phrase]) -> str:
    """The text with nothing but some of its phrases."""
    return "".join(text[part.start : part.end] for part in parts).strip()


def _halves(vectors: dict[tuple[int, ...], np.ndarray], n: int) -> np.ndarray:
    """(n, d) from the vectors of all beginnings and of all ends."""
    begun = np.stack([vectors[tuple(range(at))] for at in range(n + 1)])
    ended = np.stack([vectors[tuple(range(at, n))] for at in range(n + 1)])
    return (np.diff(begun, axis=0) - np.diff(ended, axis=0)) / 2
