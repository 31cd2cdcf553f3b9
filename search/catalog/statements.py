"""What a product says of an aspect, in its columns and in its own words.

A product of a shop is a chair because its category says so, or else because its title ends in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from search.catalog.columns import normalise
from search.catalog.texts import texts_of
from search.lexicon import lexicon
from search.lexicon.table import language

if TYPE_CHECKING:
    from search.schema import Product

#: Aspect -> (schemes of the lexicon, the column that says it, further columns that say it of a part of the product).
ASPECTS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "kind": (("kinds", "departments"), "category", ("department",)),
    "colour": (("colours",), "colour", ("secondarycolour", "secondarycolor")),
    "material": (("materials",), "material", ()),
    "pattern": (("patterns",), "pattern", ()),
    "audience": (("audiences",), "gender", ()),
    "season": (("seasons",), "season", ()),
    "usage": (("usages",), "usage", ("occasion",)),
    "room": (("rooms",), "room", ()),
}
_KINDS = ASPECTS["kind"][0]
_QUALITIES = tuple(scheme for schemes, _, _ in ASPECTS.values() for scheme in schemes if scheme not in _KINDS)
#: Where the description of what a title names begins: "a dress with pockets" is a dress.
_HEAD_ENDS = re.compile(r"\b(?:with|for|in|on|from|by|featuring|without)\b|[,(|:;]|\s[-–—]\s")


class Said(NamedTuple):
    """A concept that a product names, in the product's own words."""

    ids: tuple[str, ...]
    words: str


class Statement(NamedTuple):
    """What a product says of one aspect: in its column, in columns that speak of a part of it, and in its texts."""

    value: str = ""
    column: tuple[str, ...] = ()
    parts: tuple[Said, ...] = ()
    texts: tuple[Said, ...] = ()


def read_statements(names: Iterable[str], product: Product) -> list[Statement]:
    """What a product says of each of these aspects, or in the field or attribute of that name."""
    reading = _Reading(product)
    return [reading.statement(name) if name in ASPECTS else Statement(reading.own(name)) for name in names]


class _Reading:
    """A product, whose texts and attributes are looked at once for all aspects."""

    def __init__(self, product: Product):
        self.product = product
        self.attributes = {normalise(key): _text(value) for key, value in product.attributes.items()}
        self.titles = texts_of(product, "title")

    def own(self, name: str) -> str:
        """What a field or attribute says, of "size" also where it is called "sizes"."""
        said = _text(self.product.value(name))
        return said or (self.attributes.get("sizes", "") if name == "size" else "")

    def statement(self, name: str) -> Statement:
        schemes, column, further = ASPECTS[name]
        value = _text(self.product.value(column)) or self.attributes.get(column, "")
        said = [self.attributes[key] for key in further if self.attributes.get(key)]
        parts = tuple([Said(ids, words) for words in said if (ids := _named(words, schemes))])
        texts = self._kind() if name == "kind" else self._qualities(schemes[0])
        return Statement(value, _named(value, schemes) if value else (), parts, texts)

    def _kind(self) -> tuple[Said, ...]:
        """The kind that the title's head names, in any language; where it names none, those of the tags."""
        found = [said for title in self.titles if (said := _head(title))]
        if not found:
            found = [said for tag in self.product.tags if (said := _head(tag))]
        return _in_one_language([[said] for said in found])

    def _qualities(self, scheme: str) -> tuple[Said, ...]:
        """What title and tags name of a scheme; where they name nothing, the description."""
        own = _in_one_language([_said(text).get(scheme, []) for text in (*self.titles, *self.product.tags)])
        return own or _in_one_language([_said(text).get(scheme, []) for text in self._descriptions])

    @cached_property
    def _descriptions(self) -> list[str]:
        return texts_of(self.product, "description")


def _in_one_language(texts: list[list[Said]]) -> tuple[Said, ...]:
    """What several texts say, each concept once, in the words of the first that says it.

    A text of another language that names as many things as the first says the same of them, in the words of the first.
    """
    first = next((several for several in texts if several), [])
    found: dict[tuple[str, ...], Said] = {}
    for several in texts:
        translated = len(several) == len(first) and any(
            language(said.words) != language(first[0].words) for said in several
        )
        for at, said in enumerate(several):
            found.setdefault(said.ids, Said(said.ids, first[at].words) if translated else said)
    return tuple(found.values())


def _text(value: object) -> str:
    return "" if value is None else str(value)


@lru_cache(65_536)
def _named(value: str, schemes: tuple[str, ...]) -> tuple[str, ...]:
    """The concepts that a column's value names: as a whole, else those that stand in it, of a kind the last."""
    concepts = [concept for scheme in schemes for concept in lexicon().find(value, scheme)]
    if not concepts:
        matches = lexicon().scan(value, schemes)
        several = matches[-1:] if "kinds" in schemes else matches
        concepts = [concept for match in several for concept in match.concepts]
    return tuple(dict.fromkeys(concept.id for concept in concepts))


@lru_cache(1_024)
def _head(title: str) -> Said | None:
    """The last kind before what only describes the thing; "shoe rack" is a rack, "a dress with pockets" a dress."""
    kinds = lexicon().scan(title, _KINDS)
    if len(kinds) > 1:
        for ending in _HEAD_ENDS.finditer(title.casefold()):
            before = [match for match in kinds if match.end <= ending.start()]
            if before:
                kinds = tuple(before)
                break
    if not kinds:
        return None
    match = kinds[-1]
    return Said(tuple([concept.id for concept in match.concepts]), title[match.start : match.end].casefold())


@lru_cache(1_024)
def _said(text: str) -> dict[str, list[Said]]:
    """Scheme -> what a text names of it, the longest label at each place.

    Kinds are looked for by themselves: a leather bag is a kind of bag, and it is of leather.
    """
    found: dict[str, list[Said]] = {}
    for match in lexicon().scan(text, _QUALITIES):
        words = text[match.start : match.end].casefold()
        by_scheme: dict[str, list[str]] = {}
        for concept in match.concepts:
            by_scheme.setdefault(concept.scheme, []).append(concept.id)
        for scheme, ids in by_scheme.items():
            found.setdefault(scheme, []).append(Said(tuple(ids), words))
    return found
