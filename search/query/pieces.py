"""Words -> pieces: a text cut into the labels of the lexicon and the values of the catalog, each with what it means.

The cut leaves as few words over as possible and, among such cuts, takes the fewest and first longest pieces. A piece has
readings ("orange" is a colour and a fruit); the words around it and what the catalog offers decide between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from search.lexicon import Concept, lexicon
from search.lexicon.table import language
from search.lexicon.tokens import Phrases, Token, glued, tokenize
from search.query.fillers import CHINESE, FUNCTION, OPINIONS
from search.query.vocabulary import SCHEMES, Vocabulary, key

#: What a cut costs: for a word left over, for a piece, for a piece of one Chinese character.
_LEFT_OVER, _PIECE, _CHARACTER = 100, 10, 30
#: Aspects that every catalog has words for; another column's value is only meant where none of them is.
_MAIN = frozenset((*SCHEMES.values(), "brand"))
#: How a wish begins -> how the lexicon's labels say it after "something": "(a thing) against the rain".
_WISHES = {"to": "to", "for": "for", "against": "for"}
_SIZES = frozenset(("xxs", "xs", "xl", "xxl", "xxxl"))
_SIZE_WORDS = frozenset(("size", "eu", "uk", "us"))
#: What a product has beside its kind, and a label of a kind may begin with.
_DETAILS = frozenset(("colour", "material", "pattern", "audience", "season"))
#: What it is for, which may make it another kind: casual shoes, a garden chair.
_PURPOSES = frozenset(("usage", "room"))
#: Chinese characters for whom the thing named after them is.
_PEOPLE = frozenset("男女童")
#: Strength of a preferred label.
_PREFERRED = 3
_SILENT = Phrases(dict.fromkeys(CHINESE, True))
#: What is no part of a word that is typed apart: "long sleeves" are no "longsleeves".
_NO_PART = FUNCTION | OPINIONS


@dataclass(frozen=True)
class Words:
    """A text as tokens. silent: (n,) which of them ask for nothing by themselves, signs included."""

    text: str
    tokens: Sequence[Token]
    silent: Sequence[bool]

    @classmethod
    def of(cls, text: str, tokens: Sequence[Token]) -> Words:
        """The tokens of a text, as they stand there or corrected."""
        silent = [token.text in FUNCTION or token.text in OPINIONS or _mark(token) for token in tokens]
        at = 0
        while at < len(tokens):
            phrase = _SILENT.at(tokens, at) if tokens[at].kind == "han" else None
            end = phrase[0] if phrase else at + 1
            if phrase:
                silent[at:end] = [True] * (end - at)
            at = end
        return cls(text, tokens, silent)

    def said(self, first: int, last: int) -> str:
        """Some tokens as they are understood: as they were typed, or corrected."""
        parts: list[str] = []
        for at in range(first, last):
            token = self.tokens[at]
            typed = self.text[token.start : token.end]
            word = typed if typed.casefold().replace("’", "'") == token.text else token.text
            parts += ["" if at == first or glued(self.tokens, at) else " ", word]
        return "".join(parts)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of some tokens, end exclusive."""
        return self.tokens[first].start, self.tokens[last - 1].end


def wants_anything(text: str) -> bool:
    """Whether a text has more than words that only join others: "something", "I want" and 的 want nothing."""
    tokens = tokenize(text)
    silent = Words.of(text, tokens).silent
    return any(not quiet or token.text in OPINIONS for token, quiet in zip(tokens, silent, strict=True))


def _mark(token: Token) -> bool:
    """Whether a token is punctuation; a picture, such as an emoji, is a word that nothing knows."""
    if token.kind != "sign":
        return False
    code = ord(token.text[0])
    return code < 0x2190 or 0x3000 <= code <= 0x303F or 0xFE00 <= code <= 0xFFEF


@dataclass(frozen=True)
class Reading:
    """What a piece may mean: a value of an aspect. strength: 3 for a preferred label, 2 an alternative, 1 a hidden one."""

    name: str
    concepts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    strength: int = 2


@dataclass(frozen=True)
class Piece:
    """Tokens first to last (exclusive) and what they may mean, likeliest first."""

    first: int
    last: int
    readings: tuple[Reading, ...]


def cut(words: Words, first: int, last: int, vocabulary: Vocabulary) -> list[Piece]:
    """The cheapest cut of tokens first to last, by dynamic programming from the end."""
    best: list[tuple[int, int, tuple[Reading, ...]]] = [(0, 0, ())] * (last - first + 1)
    for at in range(last - 1, first - 1, -1):
        left_over = 0 if words.silent[at] else _LEFT_OVER
        choice: tuple[int, int, tuple[Reading, ...]] = (left_over + best[at + 1 - first][0], at + 1, ())
        for end in range(at + 1, min(at + _reach(words.tokens[at], vocabulary), last) + 1):
            readings = _readings(words, at, end, vocabulary)
            if readings:
                single = end == at + 1 and words.tokens[at].kind == "han"
                cost = (_CHARACTER if single else _PIECE) + best[end - first][0]
                if end > at + 1 and _speaks(words, at, end, readings):
                    cost = best[end - first][0]
                if cost <= choice[0] or (end == at + 1 and words.silent[at]):
                    choice = (cost, end, readings)
        best[at - first] = choice
    pieces, at = [], first
    while at < last:
        _, end, readings = best[at - first]
        if readings:
            pieces.append(Piece(at, end, readings))
        at = end
    return pieces


def _speaks(words: Words, first: int, last: int, readings: tuple[Reading, ...]) -> bool:
    """Whether words that ask for nothing one by one do so together: "for her", 高跟."""
    together = readings[0].name == "audience" or (readings[0].name == "kind" and words.tokens[first].kind == "han")
    return together and all(words.silent[first:last])


def _reach(token: Token, vocabulary: Vocabulary) -> int:
    """How many tokens the longest piece may have that begins with this one."""
    if token.kind == "sign":
        return 0
    labels = lexicon().reach("something") if token.text in _WISHES else lexicon().reach(token.text)
    # Words that are typed apart, "sun glasses", and sizes, 尺码42, have up to three.
    return max(labels, vocabulary.reach(token.text), 1 if token.kind == "han" and token.text != "尺" else 3)


def _readings(words: Words, first: int, last: int, vocabulary: Vocabulary) -> tuple[Reading, ...]:
    """What tokens first to last may mean, taken together."""
    said = words.tokens[first:last]
    if size := _size(said):
        return (Reading("size", (), (size,)),)
    # Signs join the words of a name ("Kiln & Co"); at the end of one they join it to another: "red/blue".
    if "sign" in (said[0].kind, said[-1].kind) or _parted(said):
        return ()
    texts = [token.text for token in said]
    if len(said) == 1 and said[0].kind == "number":
        return ()
    if len(said) == 1 and texts[0] in FUNCTION:
        values = vocabulary.values.get(key(texts), ()) if _is_name(words, first) else ()
        return tuple(Reading("brand", (), (value.folded,), 3) for value in values if value.aspect == "brand")
    phrase = " ".join(texts)
    found = {
        reading.name: reading for reading in _labelled(words, last, phrase) if not _is_sum(reading, texts, vocabulary)
    }
    if not found and all(token.kind == "word" for token in said) and 1 < len(said) < 4 and not _NO_PART & set(texts):
        found = {reading.name: reading for reading in _named("".join(texts))}  # "sun glasses"
    values = vocabulary.values.get(key(texts), ())
    if found or any(value.aspect in _MAIN for value in values):
        values = tuple(value for value in values if value.aspect in _MAIN)
    for value in values:
        before = found.get(value.aspect)
        if before is None:
            found[value.aspect] = Reading(value.aspect, (), (value.folded,), 3)
        elif value.folded not in before.values:
            found[value.aspect] = replace(before, values=(*before.values, value.folded))
    return tuple(found.values())


def _parted(said: Sequence[Token]) -> bool:
    """Whether a sign stands between some tokens that is in no name, or a space in Chinese, which runs on without any: after
    手提包 小号 is another word."""
    signs = any(token.kind == "sign" and token.text not in "&+.'/%" for token in said)
    return signs or any(a.kind == b.kind == "han" and a.end < b.start for a, b in pairwise(said))


def _labelled(words: Words, last: int, phrase: str) -> tuple[Reading, ...]:
    """What the lexicon has for a phrase that ends before token `last`; 童 is only a word before another: 童鞋."""
    if phrase == "童" and glued(words.tokens, last) and words.tokens[last].kind == "han":
        return (Reading("audience", ("audiences:kids",)),)
    return _named(phrase)


def _size(said: Sequence[Token]) -> str:
    """The size that some tokens name, in lower case: "XL", "size 42", 42码; "" for anything else."""
    texts = [token.text for token in said]
    if len(said) == 1:
        return texts[0] if texts[0] in _SIZES else ""
    if len(said) > 3 or not any(glued(said, 1) or text in _SIZE_WORDS for text in texts[:1]):
        return ""
    if texts[0] in _SIZE_WORDS and len(said) == 2:
        return texts[1] if said[1].kind == "number" or texts[1] in _SIZES | {"s", "m", "l"} else ""
    if said[0].kind == "number" and len(said) == 2:
        return texts[0] if texts[1] == "码" else texts[0] + texts[1] if texts[1] in ("xl", "xs") else ""
    return texts[2] if texts[0] + texts[1] == "尺码" and said[2].kind in ("number", "word") else ""


def _is_name(words: Words, at: int) -> bool:
    """Whether a function word is written like a name: Only, NEXT."""
    typed = words.text[words.tokens[at].start : words.tokens[at].end]
    return len(typed) > 2 and (typed.isupper() or (at > 0 and typed.istitle()))


def _is_sum(reading: Reading, words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a label of a kind says no more than its words do one by one: "white sneakers", "wool sweater".

    "Summer dress" is a kind of its own, unless the catalog only has dresses, and summer.
    """
    if reading.name != "kind" or len(words) == 1:
        return False
    if _is_for_people(reading, words, vocabulary):
        return True
    other = bool(vocabulary.concepts) and vocabulary.concepts.isdisjoint(reading.concepts)
    same = set(reading.concepts) if reading.strength < 3 else set()
    broader: set[str] = set()
    if other:
        broader = {up.id for id in reading.concepts for up in lexicon().broader(id)}.union(reading.concepts)
    for at in range(1, len(words)):
        # The likeliest reading: in "coffee table" coffee is a drink before it is a colour.
        details = {detail.name for detail in _named(" ".join(words[:at]))[:1] if detail.strength > 1}
        rest = {id for kind in _named(" ".join(words[at:])) if kind.name == "kind" for id in kind.concepts}
        if (details & _DETAILS and rest & (same | broader)) or (details & _PURPOSES and rest & same):
            return True
        # "Women's shirts" are blouses in a shop that has them, and in another the shirts for women.
        whose = "audience" in details and reading.strength < _PREFERRED
        if other and whose and not vocabulary.concepts.isdisjoint(rest):
            return True
    return False


def _is_for_people(reading: Reading, words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a Chinese word says a kind and for whom: 男鞋, 女包; not where that is a category of its own, 童书."""
    if words[0] not in _PEOPLE or key(words) in vocabulary.values:
        return False
    rest = {id for kind in _named(" ".join(words[1:])) if kind.name == "kind" for id in kind.concepts}
    own = reading.strength == _PREFERRED and len(reading.concepts) == 1
    return bool(rest) and not (own and rest.isdisjoint(reading.concepts))


@lru_cache(maxsize=32_768)
def _named(phrase: str) -> tuple[Reading, ...]:
    """The readings of a phrase that the lexicon has, likeliest first."""
    concepts = lexicon().find(phrase)
    opener, _, rest = phrase.partition(" ")
    if not concepts and opener in _WISHES:
        concepts = lexicon().find(f"something {_WISHES[opener]} {rest}")
    strengths: dict[str, int] = {}
    ids: dict[str, list[str]] = {}
    for concept in concepts:
        name = SCHEMES[concept.scheme]
        strengths[name] = max(strengths.get(name, 0), _strength(concept, phrase))
        ids.setdefault(name, []).append(concept.id)
    return tuple(Reading(name, tuple(ids[name]), (), strengths[name]) for name in ids)


def _strength(concept: Concept, phrase: str) -> int:
    said = key(phrase.split())
    for strength, labels in ((3, (concept.en[0], concept.zh[0])), (2, concept.en + concept.zh)):
        if any(key(_spaced(label)) == said for label in labels):
            return strength
    return 1


def _spaced(label: str) -> list[str]:
    return list(label) if language(label) == "zh" else label.split()
