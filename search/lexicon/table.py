"""The lexicon: what things, colours, materials and the like are called, in English and Chinese.

It follows SKOS (W3C Recommendation, 18 August 2009, https://www.w3.org/TR/skos-reference/): a concept belongs to a
scheme, has in each language one preferred label and alternative labels, has hidden labels, which are understood but
never said, and may have broader and related concepts. The concepts stand in the `.psv` files beside this module, one a
line under the [scheme] it belongs to:

    name | broader | English labels | Chinese labels | hidden labels of both languages | related

Several entries of a column are separated by ';', the preferred label first. A concept's id is "scheme:name"; a broader
or related concept of another scheme is given by its id. Lines that begin with '#' are comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path

from search.lexicon.tokens import HAN, tokenize

FOLDER = Path(__file__).parent
#: Scheme -> what its concepts are, in the order in which a word is looked up where no scheme is named.
SCHEMES = {
    "kinds": "kinds of products and families of kinds",
    "departments": "departments of a shop, the top of the kinds",
    "colours": "colours and their families",
    "materials": "materials",
    "patterns": "patterns",
    "audiences": "for whom",
    "seasons": "seasons",
    "usages": "occasions",
    "rooms": "rooms",
    "tags": "plain words that only the tags of catalogs use; they are translated, not searched for",
}
_HAN = re.compile(f"[{HAN}]")
_ALL_HAN = re.compile(f"[{HAN}]+")
_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept. en, zh: labels, the preferred one first; hidden: labels that are understood and never said.

    broader, related: ids.
    """

    id: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def scheme(self) -> str:
        return self.id.partition(":")[0]

    def label(self, lang: str) -> str:
        """The preferred label in "en" or "zh"."""
        return (self.zh if lang == "zh" else self.en)[0]

    def labels(self, lang: str | None = None, *, hidden: bool = True) -> tuple[str, ...]:
        """All labels, preferred ones first; of one language where it is named."""
        said = self.en + self.zh if lang is None else self.zh if lang == "zh" else self.en
        return said + tuple(label for label in self.hidden if hidden and lang in (None, language(label)))


@dataclass(frozen=True)
class Match:
    """A label that stands in a text from `start` to `end` (exclusive), and the concepts it names, best first."""

    start: int
    end: int
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class Lexicon:
    """Concepts by id, and by every label in every spelling.

    Raises (when built): ValueError for a broader or related concept that does not exist.
    """

    concepts: dict[str, Concept]
    _narrower: dict[str, list[str]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for concept in self.concepts.values():
            for other in (*concept.broader, *concept.related):
                if other not in self.concepts:
                    raise ValueError(f"Concept {concept.id!r} refers to {other!r}, which the lexicon does not have.")
            for broader in concept.broader:
                self._narrower.setdefault(broader, []).append(concept.id)

    def concept(self, id: str) -> Concept:
        """The concept with this id. Raises KeyError where there is none."""
        return self.concepts[id]

    def scheme(self, name: str) -> tuple[Concept, ...]:
        """All concepts of a scheme, in the order of the files."""
        return tuple(concept for concept in self.concepts.values() if concept.scheme == name)

    def label(self, concept: Concept | str, lang: str) -> str:
        """The preferred label of a concept or of the concept with this id."""
        return (self.concept(concept) if isinstance(concept, str) else concept).label(lang)

    def broader(self, concept: Concept | str, *, transitive: bool = False) -> tuple[Concept, ...]:
        """The concepts one step above, or with transitive=True all above, nearest first."""
        return self._walk(concept, lambda id: self.concepts[id].broader, transitive)

    def narrower(self, concept: Concept | str, *, transitive: bool = False) -> tuple[Concept, ...]:
        """The concepts one step below, or with transitive=True all below, nearest first."""
        return self._walk(concept, lambda id: self._narrower.get(id, ()), transitive)

    def _walk(
        self, concept: Concept | str, step: Callable[[str], Iterable[str]], transitive: bool
    ) -> tuple[Concept, ...]:
        start = concept if isinstance(concept, str) else concept.id
        found: dict[str, None] = {}
        edge = list(step(start))
        while edge:
            found.update(dict.fromkeys(edge))
            edge = [id for near in edge for id in step(near) if id not in found] if transitive else []
        return tuple(self.concepts[id] for id in found)

    def find(self, label: str, scheme: str | None = None, lang: str | None = None) -> tuple[Concept, ...]:
        """The concepts that a label names, those first whose preferred label it is, then those with it as an alternative.

        Case, hyphens and an English plural make no difference. Without a scheme all but "tags" are looked through.
        """
        schemes = (scheme,) if scheme else _SEARCHED
        if lang and lang != language(label):
            return ()
        return self._named(fold(label), schemes)

    def reach(self, word: str) -> int:
        """How many words the longest label has that begins with this word, 1 if there is none."""
        return self._reach.get(fold(word).partition(" ")[0], 1)

    def scan(self, text: str, schemes: Collection[str] | None = None) -> tuple[Match, ...]:
        """The labels that stand in a text, the longest at each place, from left to right, without overlap."""
        tokens = tokenize(text)
        kept = tuple(schemes) if schemes else _SEARCHED
        folded = [fold(token.text) for token in tokens]
        found: list[Match] = []
        at = 0
        while at < len(tokens):
            count, concepts = self._longest(folded, at, kept)
            if concepts:
                found.append(Match(tokens[at].start, tokens[at + count - 1].end, concepts))
            at += count
        return tuple(found)

    def _longest(self, folded: list[str], at: int, schemes: tuple[str, ...]) -> tuple[int, tuple[Concept, ...]]:
        """(number of tokens, concepts) of the longest label that begins at a token; (1, ()) where none does."""
        first = folded[at]
        reach = self._reach.get(first.partition(" ")[0], 1)
        for count in range(min(reach, len(folded) - at), 1, -1):
            concepts = self._named(" ".join(folded[at : at + count]), schemes)
            if concepts:
                return count, concepts
        return 1, self._named_words(first, schemes)

    def _named(self, folded: str, schemes: tuple[str, ...]) -> tuple[Concept, ...]:
        for spelling in _spellings(folded):
            ids = self._by_label.get(spelling)
            if ids:
                concepts = tuple([self.concepts[id] for id in ids if id.partition(":")[0] in schemes])
                if concepts:
                    return concepts
        return ()

    @cached_property
    def _named_words(self) -> Callable[[str, tuple[str, ...]], tuple[Concept, ...]]:
        """`_named` for single words, which titles repeat and most of which name nothing."""
        return lru_cache(65_536)(self._named)

    @cached_property
    def _by_label(self) -> dict[str, list[str]]:
        """Folded label -> ids: first of those who prefer it, then of those who have it, then of those who hide it."""
        found: dict[str, list[str]] = {}
        order = {scheme: place for place, scheme in enumerate(SCHEMES)}
        everything = sorted(self.concepts.values(), key=lambda concept: order[concept.scheme])
        for labels in (
            ((c.id, label) for c in everything for label in (c.en[0], c.zh[0])),
            ((c.id, label) for c in everything for label in c.en[1:] + c.zh[1:]),
            ((c.id, label) for c in everything for label in c.hidden),
        ):
            for id, label in labels:
                folded = fold(label)
                if folded not in found:
                    found[folded] = [id]
                elif id not in found[folded]:
                    found[folded].append(id)
        return found

    @cached_property
    def _reach(self) -> dict[str, int]:
        """First word of a label of several words -> how many words the longest such label has."""
        found: dict[str, int] = {}
        for label in self._by_label:
            words = label.split(" ")
            if len(words) > 1:
                found[words[0]] = max(found.get(words[0], 1), len(words))
        return found


_SEARCHED = tuple(scheme for scheme in SCHEMES if scheme != "tags")


def language(label: str) -> str:
    """ "zh" for a label with a Chinese character in it, else "en"."""
    return "zh" if _HAN.search(label) else "en"


@lru_cache(65_536)
def fold(label: str) -> str:
    """A label as it is compared: lower case, one space between words and around each Chinese character, no hyphens."""
    if label.isascii():
        if "-" not in label and "'" not in label:  # with what follows the most frequent spellings, ten times as fast
            return " ".join(label.lower().split())
    elif _ALL_HAN.fullmatch(label):
        return " ".join(label)
    spaced = label.casefold().replace("’", "'").replace("-", " ").replace("s' ", "s ").removesuffix("'")
    if not spaced.isascii():
        spaced = _HAN.sub(lambda match: f" {match[0]} ", spaced)
    return " ".join(spaced.split())


def _spellings(folded: str) -> Iterator[str]:
    """The label itself, then the singulars that it may be the plural of, then its plurals."""
    yield folded
    if not folded[-1:].isascii() or len(folded) < 3:
        return
    for ending, singular in (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", "")):
        if folded.endswith(ending):
            yield folded.removesuffix(ending) + singular
    yield folded + "s"
    yield folded + "es"


def read(paths: Iterable[Path]) -> Lexicon:
    """The lexicon in these files.

    Raises ValueError naming file and line for a line outside a scheme, of an unknown scheme, without a label in both
    languages, or with a name that stands there twice.
    """
    concepts: dict[str, Concept] = {}
    for path in paths:
        scheme = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            line = line.strip()
            if line.startswith("["):
                scheme = line.strip("[]")
            elif line and not line.startswith("#"):
                concept = _concept(scheme, line)
                if concept is None or scheme not in SCHEMES or concept.id in concepts:
                    raise ValueError(
                        f"{path.name} line {number}: {line!r}. Write 'name | broader | English | Chinese [| hidden "
                        f"[| related]]', each name once, under one of [{'], ['.join(SCHEMES)}]."
                    )
                concepts[concept.id] = concept
    return Lexicon(concepts)


def _concept(scheme: str, line: str) -> Concept | None:
    columns = [tuple([entry for part in column.split(";") if (entry := part.strip())]) for column in line.split("|")]
    columns += [()] * (_COLUMNS - len(columns))
    name, broader, en, zh, hidden, related = columns[:_COLUMNS]
    if len(columns) > _COLUMNS or len(name) != 1 or not en or not zh:
        return None
    above = tuple([id if ":" in id else f"{scheme}:{id}" for id in broader])
    beside = tuple([id if ":" in id else f"{scheme}:{id}" for id in related])
    return Concept(f"{scheme}:{name[0]}", en, zh, hidden, above, beside)


@cache
def above(id: str) -> frozenset[str]:
    """The ids of all concepts above one of `lexicon()`."""
    return frozenset(concept.id for concept in lexicon().broader(id, transitive=True))


@cache
def below(id: str) -> frozenset[str]:
    """The ids of all concepts below one of `lexicon()`."""
    return frozenset(concept.id for concept in lexicon().narrower(id, transitive=True))


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with this package; it is read once."""
    return read(sorted(FOLDER.glob("*.psv")))
