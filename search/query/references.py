"""What the thing that is asked for goes with, and is not asked for itself: "a tie to go with a blue shirt"."""

from __future__ import annotations

from collections.abc import Sequence

from search.lexicon.tokens import Token, text_at
from search.query.pieces import Piece

_ARTICLES = frozenset(("a", "an", "the", "my", "your", "his", "her", "this", "these"))
_UNDER = frozenset(("under", "underneath", "beneath"))
#: Before "with", what makes the thing after it another one.
_GOING = frozenset(("go", "goes", "going", "wear", "pair", "match", "matches", "matching"))
#: Before a Chinese thing and 用 after it, what is done to it: 系裤子用的.
_DONE = frozenset("系配搭挂擦洗装")


def references(tokens: Sequence[Token], pieces: Sequence[Piece]) -> set[int]:
    """Where the pieces begin that name what the thing goes with: a kind, and its own details before it."""
    found: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.readings[0].name != "kind":
            continue
        low = at
        while low and pieces[low - 1].last == pieces[low].first and pieces[low - 1].readings[0].name != "kind":
            low -= 1
        if _goes_with(tokens, pieces[low].first, piece.last):
            found.update(each.first for each in pieces[low : at + 1])
    return found


def _goes_with(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what stands at tokens first to last (exclusive) is only what another thing goes with."""
    after = text_at(tokens, last)
    if after == "用":
        return text_at(tokens, first - 1) in _DONE
    if after == "的" and last + 1 < len(tokens):
        return text_at(tokens, first - 1) in ("配", "搭")
    at = first - 1
    while text_at(tokens, at) in _ARTICLES:
        at -= 1
    before = text_at(tokens, at)
    return before in _UNDER or (before == "with" and text_at(tokens, at - 1) in _GOING)
