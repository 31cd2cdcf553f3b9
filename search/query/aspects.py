"""Words -> aspects: what a text asks for by name, and the words left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.lexicon.nouns import plural
from search.lexicon.table import language
from search.lexicon.terms import singular
from search.lexicon.tokens import Token, glued, text_at
from search.query.fillers import OPINIONS
from search.query.pieces import Piece, Words
from search.query.references import references
from search.query.senses import pieces_of
from search.query.vocabulary import Vocabulary
from search.schema import Aspect

#: Between two pieces of one aspect: either will do.
_OR = frozenset(("or", "/", "或", "者", "是"))
#: Between two kinds, brands or people: nobody means a thing that is both.
_AND = frozenset(("and", "&", ",", "和", "与", "及", "、", "，", "+"))
#: What may stand inside a name: "Marks & Spencer", "United Colors of Benetton".
_BRIDGES = frozenset(("of", "and", "&", "de", "la", "'", ".", "-", "+"))
_AND_IS_OR = frozenset(("kind", "brand", "audience"))


@dataclass(frozen=True)
class Found:
    """The aspects of some tokens in order, and the words that nothing knows, as token ranges."""

    aspects: tuple[Aspect, ...]
    unknown: tuple[tuple[int, int], ...]


def find_aspects(
    words: Words, first: int, last: int, vocabulary: Vocabulary | None, *, excluded: bool = False
) -> Found:
    """What tokens first to last (exclusive) ask for.

    Args:
        vocabulary: what the catalog knows; without it no word is left over and none unknown.
        excluded: they name what must not be there.
    """
    pieces = pieces_of(words, first, last, vocabulary or Vocabulary(), excluded=excluded)
    others = references(words.tokens, pieces)
    asked = [piece for piece in pieces if piece.first not in others]
    aspects = _merged(words, _once(words, [(piece, _aspect(words, piece, excluded)) for piece in asked]))
    unknown: list[tuple[int, int]] = []
    if vocabulary is not None:
        left, unknown = _left_over(words, pieces, first, last, vocabulary, excluded)
        aspects += left
    aspects.sort(key=lambda aspect: aspect.span or (0, 0))
    return Found(tuple(aspects), tuple(unknown))


def narrowed(unwanted: Sequence[Aspect], wanted: Sequence[Aspect]) -> list[Aspect]:
    """What one exclusion leaves out, where it names a kind with details: "shirt, not striped shirt" leaves out stripes,
    "shoes but not black boots" boots. Both together would leave out more than was said."""
    kinds = [aspect for aspect in unwanted if aspect.name == "kind"]
    asked = {id for aspect in wanted if aspect.name == "kind" for id in (*aspect.concepts, *aspect.values)}
    same = any(not asked.isdisjoint((*kind.concepts, *kind.values)) for kind in kinds)
    if not kinds or len(kinds) == len(unwanted):
        return list(unwanted)
    return [aspect for aspect in unwanted if (aspect.name == "kind") != same]


def together(aspects: Sequence[Aspect]) -> list[Aspect]:
    """With the colours that are wanted of one thing knowing each other: "black and white sneakers"."""
    wanted = [aspect for aspect in aspects if not aspect.excluded]
    colours = [aspect for aspect in wanted if aspect.name == "colour"]
    if len(colours) < 2 or sum(aspect.name == "kind" for aspect in wanted) > 1:
        return list(aspects)

    def others(one: Aspect) -> tuple[str, ...]:
        return tuple(dict.fromkeys(id for other in colours if other is not one for id in other.concepts))

    return [replace(one, beside=others(one)) if one in colours else one for one in aspects]


def _aspect(words: Words, piece: Piece, excluded: bool) -> Aspect:
    reading = piece.readings[0]
    said, span = words.said(piece.first, piece.last), words.span(piece.first, piece.last)
    return Aspect(reading.name, said, reading.concepts, reading.values, excluded, span)


def _once(words: Words, found: list[tuple[Piece, Aspect]]) -> list[tuple[Piece, Aspect]]:
    """With a kind that is said twice said once: "red shoes or blue shoes" are red or blue shoes."""
    at = [number for number, (_, aspect) in enumerate(found) if aspect.name == "kind"]
    if len(at) != 2 or at[1] != len(found) - 1 or len(found) != 2 * (at[0] + 1):
        return found
    one, other = found[: at[0] + 1], found[at[0] + 1 :]
    between = {token.text for token in words.tokens[one[-1][0].last : other[0][0].first]}
    same = one[-1][1].concepts == other[-1][1].concepts and one[-1][1].values == other[-1][1].values
    if not (between and between <= _OR and same and [a.name for _, a in one] == [a.name for _, a in other]):
        return found
    details = zip(one[:-1], other[:-1], strict=True)
    return [(piece, replace(_either(words, a, b), span=a.span)) for (piece, a), (_, b) in details] + [one[-1]]


def _merged(words: Words, found: Sequence[tuple[Piece, Aspect]]) -> list[Aspect]:
    """Alternatives as one aspect: "red or blue", "mugs and cups"."""
    merged: list[Aspect] = []
    ends = 0
    for piece, aspect in found:
        between = {token.text for token in words.tokens[ends : piece.first]}
        joins = _OR | _AND if aspect.name in _AND_IS_OR else _OR
        if merged and merged[-1].name == aspect.name and not aspect.excluded and between and between <= joins:
            merged[-1] = _either(words, merged[-1], aspect)
        else:
            merged.append(aspect)
        ends = piece.last
    return merged


def _either(words: Words, one: Aspect, other: Aspect) -> Aspect:
    """Two alternatives of an aspect as one."""
    span = (one.span or (0, 0))[0], (other.span or (0, 0))[1]
    joined = " / " if language(one.text) == "en" else "/"
    return replace(
        one,
        text=f"{one.text}{joined}{other.text}",
        concepts=tuple(dict.fromkeys(one.concepts + other.concepts)),
        values=tuple(dict.fromkeys(one.values + other.values)),
        span=span,
    )


def _left_over(
    words: Words, pieces: Sequence[Piece], first: int, last: int, vocabulary: Vocabulary, excluded: bool
) -> tuple[list[Aspect], list[tuple[int, int]]]:
    """(words that only texts have, as aspects; ranges of tokens that nothing knows)."""
    covered = {at for piece in pieces for at in range(piece.first, piece.last)}
    words = _with_whole_words(words, covered, first, last, vocabulary)
    aspects: list[Aspect] = []
    unknown: list[tuple[int, int]] = []
    for start, end in _runs(words, covered, first, last):
        for known, low, high in _split(words.tokens, start, end, vocabulary):
            if known:
                values = _values(words.tokens, low, high)
                aspects.append(Aspect("words", words.said(low, high), (), values, excluded, words.span(low, high)))
            elif not excluded and any(token.kind != "number" for token in words.tokens[low:high]):
                unknown.append((low, high))
    return aspects, unknown


def _with_whole_words(words: Words, covered: set[int], first: int, last: int, vocabulary: Vocabulary) -> Words:
    """With what asks for nothing by itself, but does with what follows, where the catalog's texts have both: 薄 of 超薄,
    "long" of "long sleeves"."""
    silent = list(words.silent)

    def asks(at: int, kind: str = "han") -> bool:
        return first <= at < last and at not in covered and words.tokens[at].kind == kind and not words.silent[at]

    for at in range(first, last - 1):
        if at in covered or words.tokens[at].text not in OPINIONS or not asks(at + 1, "word"):
            continue
        one = singular(words.tokens[at + 1].text)
        both = [f"{words.tokens[at].text} {word}" for word in (one, plural(one))]
        silent[at] = vocabulary.texts is None or not any(map(len, map(vocabulary.texts.rows_with_phrase, both)))

    for at in range(first, last):
        if at in covered or not words.silent[at] or words.tokens[at].kind != "han":
            continue
        for low in (at - 1, at):
            pair = text_at(words.tokens, low) + text_at(words.tokens, low + 1)
            if asks(2 * low + 1 - at) and glued(words.tokens, low + 1) and vocabulary.count(pair) > 0:
                silent[at] = False
    return replace(words, silent=silent)


def _runs(words: Words, covered: set[int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Ranges of words left over that follow each other and ask for something; "of" and the like may stand between."""

    def open_at(at: int) -> bool:
        return first <= at < last and at not in covered and not words.silent[at]

    at = first
    while at < last:
        end = at
        while open_at(end) and (end == at or _continues(words, end)):
            end += 1
            if not open_at(end) and open_at(end + 1) and end not in covered and words.tokens[end].text in _BRIDGES:
                end += 1
        if end > at:
            yield at, end
        at = max(end, at + 1)


def _continues(words: Words, at: int) -> bool:
    """Whether a token goes on with what the one before it began: Chinese characters do where nothing parts them."""
    han = words.tokens[at].kind == "han", words.tokens[at - 1].kind == "han"
    return glued(words.tokens, at) if all(han) else not any(han)


def _split(tokens: Sequence[Token], start: int, end: int, vocabulary: Vocabulary) -> Iterator[tuple[bool, int, int]]:
    """The parts of a run that the catalog's texts know, and those that they do not: (known, first, last)."""
    known: list[bool | None] = [_known(tokens, at, start, end, vocabulary) for at in range(start, end)]
    for at in range(start + 1, end - 1):
        if tokens[at].text in _BRIDGES:
            before, after = known[at - start - 1], known[at - start + 1]
            known[at - start] = before if before == after else None
    at = start
    while at < end:
        stop = at
        while stop < end and known[stop - start] == known[at - start]:
            stop += 1
        if (same := known[at - start]) is not None:
            yield same, at, stop
        at = stop


def _known(tokens: Sequence[Token], at: int, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the catalog's texts have a token; a Chinese character where they have it with one of its neighbours."""
    token = tokens[at]
    if token.kind != "han":
        return vocabulary.count(token.text) > 0
    if end - start == 1:
        return vocabulary.count(token.text) > 0
    pairs = [tokens[low].text + tokens[low + 1].text for low in (at - 1, at) if start <= low and low + 1 < end]
    return any(vocabulary.count(pair) for pair in pairs)


def _values(tokens: Sequence[Token], first: int, last: int) -> tuple[str, ...]:
    """The words of a range, folded; Chinese characters that follow each other are one."""
    values: list[str] = []
    for at in range(first, last):
        if tokens[at].text in _BRIDGES:
            continue
        if tokens[at].kind == "han" and at > first and tokens[at - 1].kind == "han" and glued(tokens, at):
            values[-1] += tokens[at].text
        else:
            values.append(tokens[at].text)
    return tuple(values)
