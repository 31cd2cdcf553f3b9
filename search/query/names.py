"""Words that the lexicon has for one thing and the catalog's own texts for another: names, and what stands in titles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.catalog.aspects import ProductAspects
from search.catalog.texts import texts_of
from search.lexicon import above, lexicon
from search.lexicon.terms import product_terms, query_terms
from search.lexicon.tokens import glued
from search.query.pieces import Piece, Reading, Words
from search.query.vocabulary import Vocabulary
from search.schema import Aspect

#: A name stands in so many texts at least, and nearly always with both its words, or at the beginning of titles.
_NAMED, _ALWAYS = 3, 0.9
#: Tokens of a name of several words, signs included: "U.S. Polo Assn.".
_LONGEST = 7
#: What names are made of beside words of their own.
_OF_NAMES = frozenset(("colour", "material", "pattern", "season"))
#: So many words that all stand in one product's texts are taken from there.
_ALL_OF = 3


def with_names(words: Words, pieces: Sequence[Piece], first: int, last: int, vocabulary: Vocabulary) -> list[Piece]:
    """The pieces, without those that are rather words of the texts, and with brands that only titles say."""
    covered = {at for piece in pieces for at in range(piece.first, piece.last)}
    kept = [piece for piece in pieces if not _is_name(words, piece, covered, vocabulary)]
    kept = _without_absent(words, kept, first, last, vocabulary)
    found: list[Piece] = []
    for piece in kept:
        end = found[-1].last if found else first
        brand = _brand(words, piece, end, last, vocabulary) if _only_kinds(piece) and piece.first >= end else None
        if brand:
            found = [each for each in found if each.last <= brand.first]
        if brand or piece.first >= end:
            found.append(brand or piece)
    return found


def offered(reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether the catalog has what a reading means."""
    return bool(reading.values) or any(concept in vocabulary.concepts for concept in reading.concepts)


def near(reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether the catalog has what a reading means, or a broader kind."""
    broader = (up for id in reading.concepts for up in above(id))
    return offered(reading, vocabulary) or any(id in vocabulary.concepts for id in broader if id.startswith("kinds:"))


def rather_first(words: Words, one: Piece, other: Piece, vocabulary: Vocabulary) -> bool:
    """Whether of two kinds beside each other the first is meant: products are of it and have the words of the second, and
    none is the other way round."""
    if vocabulary.texts is None:
        return False
    says = ProductAspects.of(vocabulary.texts.catalog)

    def both(kind: Piece, rest: Piece) -> bool:
        having = _having(words, range(rest.first, rest.last), vocabulary)
        reading = kind.readings[0]
        aspect = Aspect("kind", words.said(kind.first, kind.last), reading.concepts, reading.values)
        return bool((says.agreement(aspect, having) == 1).any())

    return both(one, other) and not both(other, one)


def _only_kinds(piece: Piece) -> bool:
    return all(reading.name == "kind" for reading in piece.readings)


def _is_name(words: Words, piece: Piece, covered: set[int], vocabulary: Vocabulary) -> bool:
    """Whether a piece is rather a name, or the first word of one, that only the texts have: "jockey", "red" of Red Tape."""
    if piece.last - piece.first > 1 or words.tokens[piece.first].kind != "word":
        return False
    text = words.tokens[piece.first].text
    if _only_kinds(piece):
        if all(each.strength == 1 for each in piece.readings):
            return not any(offered(each, vocabulary) for each in piece.readings) and vocabulary.has(text)
        # Where products are of no such kind, nor of a broader one, but many titles begin with it: a brand, "Locomotive".
        return not any(near(each, vocabulary) for each in piece.readings) and vocabulary.opening(text) >= _NAMED
    at = piece.last
    if at >= len(words.tokens) or words.silent[at] or at in covered:
        return False
    if vocabulary.texts is None or any(each.name not in _OF_NAMES for each in piece.readings):
        return False
    other = words.tokens[at].text
    having = vocabulary.count(other)
    return having >= _NAMED and len(vocabulary.texts.rows_with_phrase(f"{text} {other}")) >= _ALWAYS * having


def _without_absent(words: Words, pieces: list[Piece], first: int, last: int, vocabulary: Vocabulary) -> list[Piece]:
    """Without kinds of which the catalog has nothing, where a title has every word: "women chargers blue" finds the shirt of
    the Deccan Chargers, and 洗碗机 no plate whose description says that it is safe in one."""
    absent = [each for each in pieces if _only_kinds(each) and not any(near(r, vocabulary) for r in each.readings)]
    kinds = {at for each in absent for at in range(each.first, each.last)}
    asked = [at for at in range(first, last) if not words.silent[at]]
    if not absent or len(asked) < _ALL_OF or kinds.issuperset(asked) or not _in_a_title(words, asked, vocabulary):
        return pieces
    gone = {each.first for each in absent}
    return [each for each in pieces if each.first not in gone]


def _in_a_title(words: Words, places: Sequence[int], vocabulary: Vocabulary) -> bool:
    """Whether the title of a product has the words at these places, all of them."""
    if vocabulary.texts is None:
        return False
    terms = set(query_terms(_together(words, places), vocabulary.texts.vocabulary))
    products = (vocabulary.texts.catalog.find(int(row)) for row in _having(words, places, vocabulary))
    titles = (title for product in products if product for title in texts_of(product, "title"))
    return any(terms.issubset(product_terms(title)) for title in titles)


def _brand(words: Words, piece: Piece, first: int, last: int, vocabulary: Vocabulary) -> Piece | None:
    """The brand of several words, one of them a kind, as titles begin with it: "Classic Polo", "U.S. Polo Assn."; None in a
    catalog that says the brands itself."""
    if vocabulary.texts is None or vocabulary.names_brands:
        return None
    for size in range(_LONGEST, 1, -1):
        for start in range(max(first, piece.last - size), min(piece.first, last - size) + 1):
            end = start + size
            text = _typed(words, start, end)
            if words.tokens[start].kind != "sign" and _opens_titles(text, vocabulary):
                return Piece(start, end, (Reading("brand", (), (text,), 3),))
    return None


def _typed(words: Words, first: int, last: int) -> str:
    return words.text[words.tokens[first].start : words.tokens[last - 1].end].casefold()


def _opens_titles(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is no more than the name at the beginning of titles: what they are of stands behind it."""
    if vocabulary.texts is None or " " not in text:
        return False
    rows = vocabulary.texts.rows_with_phrase(text)
    if len(rows) < _NAMED:
        return False
    titles = [vocabulary.texts.catalog.at(int(row)).title for row in rows]
    named = [
        title
        for title in titles
        if title.casefold().startswith(f"{text} ") and lexicon().scan(title[len(text) :], ("kinds", "departments"))
    ]
    return len(named) >= max(_NAMED, _ALWAYS * len(titles))


def _having(words: Words, places: Sequence[int], vocabulary: Vocabulary) -> np.ndarray:
    """(m,) sorted rows of products whose texts have the words at these places, all of them."""
    texts = vocabulary.texts
    terms = query_terms(_together(words, places), texts.vocabulary) if texts else []
    if texts is None or not terms:
        return np.zeros(0, np.int64)
    rows = texts.rows(terms[0])
    for term in terms[1:]:
        rows = np.intersect1d(rows, texts.rows(term), assume_unique=True)
    return rows


def _together(words: Words, places: Sequence[int]) -> str:
    """The words at some places as a text."""
    also, texts = set(places), ((at, words.tokens[at].text) for at in places)
    return "".join(text if glued(words.tokens, at) and at - 1 in also else f" {text}" for at, text in texts)
