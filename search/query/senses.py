"""What the pieces of a text mean, where they may mean several things: by the words around them, then by the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.lexicon import above, lexicon
from search.lexicon.tokens import Token, glued, text_at
from search.query.fillers import CHINESE_HEADS, HEADS
from search.query.names import offered, rather_first, with_names
from search.query.pieces import Piece, Reading, Words, cut
from search.query.vocabulary import Vocabulary

#: Before what a thing is made of, or coloured in: a kind is not meant.
_INSIDE = frozenset(("in", "of", "from"))


def pieces_of(words: Words, first: int, last: int, vocabulary: Vocabulary, *, excluded: bool = False) -> list[Piece]:
    """The pieces of tokens first to last (exclusive), in order, each with the one reading that is meant.

    Args:
        excluded: they name what must not be there, which is rather a detail than a kind.
    """
    pieces = _without_strays(words, cut(words, first, last, vocabulary), first, last)
    pieces = [kept for piece in pieces if (kept := _without_gift(words, piece, last, vocabulary))]
    pieces = with_names(words, pieces, first, last, vocabulary)
    return _with_clothes(
        words, _without_modifiers(words, _chosen(words, pieces, vocabulary, excluded), last, vocabulary)
    )


def _with_clothes(words: Words, pieces: list[Piece]) -> list[Piece]:
    """With the clothes of 男装 and 女装, where no other kind is named."""
    if any(piece.readings[0].name == "kind" for piece in pieces):
        return pieces
    found: list[Piece] = []
    for piece in pieces:
        whose = piece.readings[0]
        if whose.name == "audience" and not whose.values and words.tokens[piece.last - 1].text == "装":
            found.append(replace(piece, last=piece.last - 1))
            found.append(Piece(piece.last - 1, piece.last, (Reading("kind", ("departments:clothing",)),)))
        else:
            found.append(piece)
    return found


def _without_strays(words: Words, pieces: list[Piece], first: int, last: int) -> list[Piece]:
    """Without single Chinese characters that are only a part of a longer word which nothing knows: 木 of 木马."""
    covered = {at for piece in pieces for at in range(piece.first, piece.last)}
    tokens = words.tokens

    def unknown(at: int) -> bool:
        inside = first <= at < last and at not in covered
        return inside and tokens[at].kind == "han" and not words.silent[at]

    def stray(piece: Piece) -> bool:
        if piece.last - piece.first > 1 or tokens[piece.first].kind != "han":
            return False
        before = unknown(piece.first - 1) and glued(tokens, piece.first)
        return before or (unknown(piece.last) and glued(tokens, piece.last))

    return [piece for piece in pieces if not stray(piece)]


def _without_gift(words: Words, piece: Piece, last: int, vocabulary: Vocabulary) -> Piece | None:
    """A piece, of a gift only for whom it is: "gift for her"."""
    if not _is_gift(piece, vocabulary):
        return piece
    for first in range(piece.first + 1, piece.last):
        for end in (piece.last, piece.last + 1):
            people = lexicon().find(words.said(first, end), "audiences") if end <= last else ()
            if people:
                return Piece(first, end, (Reading("audience", tuple(concept.id for concept in people)),))
    return None


def _is_gift(piece: Piece, vocabulary: Vocabulary) -> bool:
    """Whether a piece only says that a thing is to be given away, in a catalog that does not tell what could be."""
    first = piece.readings[0]
    return first.concepts[:1] == ("usages:gift",) and "usages:gift" not in vocabulary.concepts and not first.values


def _chosen(words: Words, pieces: Sequence[Piece], vocabulary: Vocabulary, excluded: bool) -> list[Piece]:
    """The pieces, each with the one reading that is meant."""
    only_kinds = [at for at, piece in enumerate(pieces) if {reading.name for reading in piece.readings} == {"kind"}]
    chosen: list[Piece] = []
    for at, piece in enumerate(pieces):
        # A kind stands elsewhere, or is about to: "orange dress", "dress in orange".
        inside = (
            excluded or text_at(words.tokens, piece.first - 1) in _INSIDE or any(other != at for other in only_kinds)
        )
        following = at + 1 < len(pieces) and any(reading.name == "kind" for reading in pieces[at + 1].readings)

        def worth(reading: Reading, inside: bool = inside or following) -> tuple[bool, bool, bool, bool, int]:
            return (reading.name == "kind") != inside, *_worth(reading, vocabulary)

        readings = piece.readings
        if len(readings) > 1:
            # What the catalog has goes before what it has not, unless the words around it say otherwise.
            readings = (max(readings, key=worth),) if inside or following else (_likeliest(readings, vocabulary),)
        chosen.append(replace(piece, readings=readings))
    return chosen


def _likeliest(readings: Sequence[Reading], vocabulary: Vocabulary) -> Reading:
    """The reading of a piece that nothing else decides."""
    return max(readings, key=lambda reading: _worth(reading, vocabulary))


def _worth(reading: Reading, vocabulary: Vocabulary) -> tuple[bool, bool, bool, int]:
    """What a reading is preferred by: what the catalog has, in a column first; walnut is rather a wood than a colour."""
    wood = reading.name == "material" and any(
        up.id == "materials:wood" for id in reading.concepts for up in lexicon().broader(id)
    )
    return offered(reading, vocabulary), bool(reading.values), wood, reading.strength


def _without_modifiers(words: Words, pieces: Sequence[Piece], last: int, vocabulary: Vocabulary) -> list[Piece]:
    """Without kinds that only say what another thing is for: "shoe rack" is a rack, "mug holder" no mug; nor is
    "speaker bookshelf" a bookshelf in a catalog of bookshelf speakers."""
    kept: list[Piece] = []
    second: Piece | None = None
    for at, piece in enumerate(pieces):
        if piece is second:
            continue
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.readings[0].name != "kind":
            kept.append(piece)
        elif following and following.readings[0].name == "kind" and following.first == piece.last:
            if _within(following.readings[0], piece.readings[0]):
                kept.append(piece)  # "leather shoes sneakers": the narrower one follows by itself
            elif _within(piece.readings[0], following.readings[0]):
                kept.append(piece)
            elif rather_first(words, piece, following, vocabulary):
                kept.append(piece)
                second = following
        elif not _is_modifier(words.tokens, piece, following, last):
            kept.append(piece)
    return _narrowest(kept)


def _narrowest(pieces: Sequence[Piece]) -> list[Piece]:
    """Of neighbouring kinds one of which is a kind of the other, only the narrower, for both: "handbag bag"."""
    kept: list[Piece] = []
    for piece in pieces:
        before = kept[-1] if kept else None
        if before and before.last == piece.first and before.readings[0].name == piece.readings[0].name == "kind":
            narrower = before if _within(before.readings[0], piece.readings[0]) else piece
            kept[-1] = Piece(before.first, piece.last, narrower.readings)
        else:
            kept.append(piece)
    return kept


def _within(narrow: Reading, broad: Reading) -> bool:
    """Whether one kind is a kind of the other."""
    return not {up for id in narrow.concepts for up in (id, *above(id))}.isdisjoint(broad.concepts)


def _is_modifier(tokens: Sequence[Token], piece: Piece, following: Piece | None, last: int) -> bool:
    """Whether the word after a kind is what is asked for: "holder" after "mug", 架 after 杯子."""
    at = piece.last
    if at >= last or (following and following.first == at):
        return False
    if tokens[at].kind == "han":
        return tokens[at].text in CHINESE_HEADS and glued(tokens, at)
    return tokens[at].text.removesuffix("s") in HEADS or tokens[at].text in HEADS
