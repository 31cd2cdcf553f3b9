"""Typing errors: words that nothing knows -> the words of the lexicon or the catalog that were meant.

Candidates come from a symmetric-delete index (symspellpy; Garbe 2012, https://github.com/wolfgarbe/SymSpell) within an
optimal string alignment distance of two, and are weighed by how easily fingers make the error: neighbouring keys, swapped
and doubled letters are cheap, the first letter is hardly ever wrong. A real English word is what was meant, whether or
not the catalog has it: a toaster is no coaster.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import log10
from typing import Any, NamedTuple

from search.lexicon import lexicon
from search.lexicon.table import SCHEMES
from search.lexicon.terms import singular
from search.lexicon.tokens import Token, listed
from search.query.fillers import FUNCTION, OPINIONS

#: Letters of the word -> what its errors may cost in all, see `_cost`.
_MOST_COST = {3: 0.6, 4: 0.8, 5: 1.0, 6: 1.3, 7: 1.5}
_MOST_COST_LONG = 1.7
_EDITS = 2
#: What a rank of `_Candidate` weighs beside the cost of errors, and the rank of words that only texts have.
_PER_RANK, _WEAK = 0.15, 3
#: So many products make a word of texts as likely as a name; one that none has is less likely.
_FREQUENT = 3
#: The cost of an error that hands make more easily than others, of a letter left out, and of one in the first letter.
_EASY, _MISSING, _FIRST = 0.6, 0.8, 1.0
#: Letters of the longest word that is corrected or taken apart, more than two names have: apart takes their square.
_LONGEST = 60
#: The most that the errors in a short word may cost where what is meant is a kind that the catalog has.
_MOST_COST_KIND = {3: 0.8, 4: 1.0}
#: What it weighs that the catalog has not what a word names, and each tenfold of the products that have a word.
_NOT_HAD, _PER_TENFOLD = 0.3, 0.15
#: An English word that stands less often than so in the list of words is rare enough to be an error; so is one that stands
#: so many times less often than a word of the catalog that is one slip of this cost away.
_RARE, _TIMES_RARER, _ONE_SLIP = 60_000, 20, 0.8
#: Terms of the texts that are looked up beside the lexicon's words and the columns' values: the most frequent ones.
_MOST_TERMS = 10_000
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
#: Words of the query itself that may be mistyped.
COMMANDS = frozenset(listed("without under between below except cheap cheapest expensive"))


@dataclass(frozen=True)
class Correction:
    """A typing error: `typed` stands at `span` of the text and was read as `meant`."""

    typed: str
    meant: str
    span: tuple[int, int]

    def to_dict(self) -> dict[str, Any]:
        """The correction as JSON holds it."""
        return {"typed": self.typed, "meant": self.meant, "span": list(self.span)}


class _Candidate(NamedTuple):
    """A word that may have been meant, ordered by how unlikely that is.

    cost: that of the errors; rank: 0 for what names something, up to _WEAK for a word that only texts have. kind: whether
    it is said of a kind of products that the catalog has.
    """

    unlikely: float
    rarity: int
    word: str
    cost: float
    rank: int
    kind: bool


class Corrector:
    """Corrects the words that neither the lexicon nor a catalog has.

    Args:
        values: words of the columns' values -> how many products have them.
        terms: words of the texts -> how many products have them.
        concepts: ids of the concepts that products are said to be, or to have.
    """

    def __init__(self, values: Mapping[str, int], terms: Mapping[str, int], concepts: Collection[str] = ()):
        self._named = _words_for(concepts)
        self._kinds = _words_for([id for id in concepts if id.startswith("kinds:")])
        self._strong = {word: count for word, count in values.items() if _plain(word) == word}
        frequent = sorted(terms.items(), key=lambda item: -item[1])[:_MOST_TERMS]
        self._terms = {word: count for word, count in frequent if _plain(word) == word}
        new = {word: count for word, count in (self._terms | self._strong).items() if word not in _lexicon_words()}
        self._index = _symspell(new)

    def correct(self, word: str) -> str:
        """What was meant by a word, in lower case; "" where nothing is near enough, or the word is right."""
        typed = _plain(word)
        if not 3 <= len(typed) <= _LONGEST or self._knows(typed):
            return ""
        if "-" in word and all(part in _english() for part in word.casefold().split("-")):
            return ""
        english = _english().get(typed, 0)
        candidates = [
            each
            for found in (self._candidates(typed), self._plural(typed))
            for each in found
            if each.cost <= _most_cost(typed, each) and _may_be_meant(each, english)
        ]
        return min(candidates).word if candidates else self._parted(typed)

    def _knows(self, word: str) -> bool:
        return any(
            form in known
            for form in (word, singular(word))
            for known in (_lexicon_words(), self._strong, self._terms, FUNCTION, OPINIONS, COMMANDS)
        )

    def _plural(self, typed: str) -> list[_Candidate]:
        """The candidates for a plural, where only the singular is known."""
        if not typed.endswith("s") or len(typed) < 5:
            return []
        return [each._replace(word=f"{each.word}s") for each in self._candidates(typed[:-1]) if each.word[-1] != "s"]

    def _candidates(self, typed: str) -> list[_Candidate]:
        from symspellpy import Verbosity

        most = 1 if len(typed) < 6 else _EDITS
        found = {
            each.term
            for index in (_lexicon_index(), self._index)
            for each in index.lookup(typed, Verbosity.ALL, max_edit_distance=most)
        }
        return [self._candidate(typed, word) for word in found if len(word) > 2]

    def _candidate(self, typed: str, word: str) -> _Candidate:
        count = max(self._strong.get(word, 0), self._terms.get(singular(word), 0))
        rank = 0 if word in self._strong or word in COMMANDS else _lexicon_words().get(word, _WEAK)
        if count >= _FREQUENT:
            rank = min(rank, 1)
        elif not count and rank:
            rank += 1
        if word in OPINIONS:
            rank = max(rank, 1)
        had = count > 0 or word in self._named
        cost = round(_cost(typed, word), 3)
        usual = _PER_RANK * rank - _PER_TENFOLD * log10(1 + count) + (0 if had else _NOT_HAD)
        return _Candidate(cost + usual, -count, word, cost, rank, word in self._kinds - OPINIONS)

    def _parted(self, typed: str) -> str:
        """Two words that were typed as one: "redmug"."""
        if typed in _english():
            return ""
        for at in range(3, len(typed) - 2):
            one, other = typed[:at], typed[at:]
            if all(part in _lexicon_words() or part in self._strong for part in (one, other)):
                return f"{one} {other}"
        return ""


def corrected(
    text: str, tokens: Sequence[Token], corrector: Corrector, quoted: Iterable[tuple[int, int]] = ()
) -> tuple[list[Token], list[Correction]]:
    """The tokens of a text with typing errors corrected, and what was; words inside the spans `quoted`, in order, stay.

    A word that is two becomes two tokens. A corrected token keeps the place where it was typed.
    """
    spans = deque(quoted)
    found: list[Token] = []
    corrections: list[Correction] = []
    for token in tokens:
        while spans and spans[0][1] <= token.start:
            spans.popleft()
        inside = bool(spans) and spans[0][0] <= token.start
        meant = "" if token.kind != "word" or inside else corrector.correct(token.text)
        one, _, other = meant.partition(" ")
        if other:
            middle = token.start + len(one)
            found += [replace(token, text=one, end=middle), replace(token, text=other, start=middle)]
        else:
            found.append(replace(token, text=meant) if meant else token)
        if meant:
            corrections.append(Correction(text[token.start : token.end], meant, (token.start, token.end)))
    return found, corrections


def _most_cost(typed: str, meant: _Candidate) -> float:
    usual = _MOST_COST.get(len(typed), _MOST_COST_LONG)
    return _MOST_COST_KIND.get(len(typed), usual) if meant.kind and meant.rank < 2 else usual


def _may_be_meant(meant: _Candidate, english: int) -> bool:
    """Whether a word may be an error for another, if it stands so often in English."""
    if english < _RARE:
        return not english or (meant.rank < 2 and meant.cost <= 1)
    often = _english().get(meant.word, 0) > _TIMES_RARER * english
    return often and meant.kind and meant.rank == 0 and meant.cost <= _ONE_SLIP


def _plain(word: str) -> str:
    """A word as it is looked up: letters alone, without case and accents; "" if there are others than a to z."""
    word = unicodedata.normalize("NFKD", word.casefold()).replace("-", "").replace("'", "").replace("’", "")
    word = "".join(character for character in word if not unicodedata.combining(character))
    return word if word.isascii() and word.isalpha() else ""


def _cost(typed: str, meant: str) -> float:
    """What it takes to make `typed` of `meant`: an optimal string alignment distance with cheap easy errors."""
    rows = [[float(at) for at in range(len(meant) + 1)]]
    for i, here in enumerate(typed, start=1):
        row = [float(i)]
        for j, there in enumerate(meant, start=1):
            extra = rows[-1][j] + (_EASY if i > 1 and typed[i - 2] == here else 1)
            missing = row[j - 1] + (_EASY if j > 1 and meant[j - 2] == there else _MISSING)
            other = rows[-1][j - 1] + _swap_cost(here, there)
            best = min(extra, missing, other)
            if i > 1 and j > 1 and here == meant[j - 2] and typed[i - 2] == there:
                best = min(best, rows[-2][j - 2] + _EASY)
            row.append(best)
        rows.append(row)
    return rows[-1][-1] + (_FIRST if typed[0] != meant[0] and typed[:2] != meant[1::-1] else 0)


def _swap_cost(here: str, there: str) -> float:
    """Of typing one letter for another."""
    if here == there:
        return 0.0
    return _EASY if there in _neighbours()[here] or {here, there} <= _VOWELS else 1.0


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    """Letter -> the letters of the keys around it, on the keyboard of English."""
    places = {letter: (at + row / 2, row) for row, letters in enumerate(_ROWS) for at, letter in enumerate(letters)}
    return {
        letter: frozenset(
            other for other, (u, v) in places.items() if other != letter and abs(u - x) <= 1 and abs(v - y) <= 1
        )
        for letter, (x, y) in places.items()
    }


def _symspell(words: Mapping[str, int]) -> Any:
    """An index of words for `lookup`."""
    from symspellpy import SymSpell

    index = SymSpell(max_dictionary_edit_distance=_EDITS, prefix_length=6)
    for word, count in words.items():
        index.create_dictionary_entry(word, max(count, 1))
    return index


@cache
def _lexicon_index() -> Any:
    return _symspell(dict.fromkeys(COMMANDS.union(_lexicon_words()), 1))


@cache
def _lexicon_words() -> dict[str, int]:
    """The words of the lexicon's English labels -> how far they are from naming something.

    0 for a label that is said, 1 for a hidden one, 2 for a plural made by rule and for words inside longer labels.
    """
    found: dict[str, int] = {}
    for concept in (concept for scheme in SCHEMES if scheme != "tags" for concept in lexicon().scheme(scheme)):
        for label in concept.labels():
            rank = int(label in concept.hidden)
            parts = label.split()
            ranked = {_plain(label): rank} if len(parts) == 1 else dict.fromkeys(map(_plain, parts), 2)
            if concept.scheme == "kinds":
                ranked.setdefault(_plural(_plain(parts[-1])), max(rank, 1) if len(parts) == 1 else 2)
            for word, rank in ranked.items():
                if len(word) > 2 and word not in FUNCTION:
                    found[word] = min(rank, found.get(word, rank))
    return found


def _words_for(concepts: Collection[str]) -> frozenset[str]:
    """The words of the labels of some concepts, as singulars and plurals."""
    labels = (label for id in concepts for label in lexicon().concept(id).labels("en", hidden=False))
    words = {_plain(part) for label in labels for part in label.split()}
    return frozenset(words.union(map(_plural, words), map(singular, words)))


def _plural(word: str) -> str:
    """The plural of an English word by rule, for words that are no plural."""
    if word.endswith(("x", "sh", "ch", "ss")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    return word if word.endswith("s") else f"{word}s"


@cache
def _english() -> dict[str, int]:
    """English words -> how often they stand in a large corpus: the list that symspellpy brings, read when first needed."""
    file = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = (line.split() for line in file.read_text(encoding="utf-8-sig").splitlines())
    return {word: int(count) for word, count in lines}
