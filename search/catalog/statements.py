"""What a product says of an aspect, in its columns and in its own words.

A product of a shop is a chair because its category says so, or else because its title ends in one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from search.catalog.columns import normalise
from search.catalog.texts import texts_of
from search.lexicon import Match, lexicon

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


def read_statement(name: str, product: Product) -> Statement:
    """What a product says of an aspect of ASPECTS, or in the field or attribute of that name."""
    if name not in ASPECTS:
        return Statement(str(product.value(name) or ""))
    schemes, column, further = ASPECTS[name]
    value = str(product.value(column) or _attribute(product, (column,)) or "")
    parts = [Said(ids, words) for words in _attributes(product, further) if (ids := _named(words, schemes))]
    texts = _kind_of(product) if name == "kind" else _texts(product, schemes)
    return Statement(value, _named(value, schemes), tuple(parts), texts)


def _attribute(product: Product, names: tuple[str, ...]) -> str:
    return next(iter(_attributes(product, names)), "")


def _attributes(product: Product, names: tuple[str, ...]) -> list[str]:
    return [str(value) for key, value in product.attributes.items() if value and normalise(key) in names]


@lru_cache(65_536)
def _named(value: str, schemes: tuple[str, ...]) -> tuple[str, ...]:
    """The concepts that a column's value names: as a whole, else those that stand in it, of a kind the last."""
    concepts = [concept for scheme in schemes for concept in lexicon().find(value, scheme)]
    if not concepts:
        matches = lexicon().scan(value, schemes)
        several = matches[-1:] if "kinds" in schemes else matches
        concepts = [concept for match in several for concept in match.concepts]
    return tuple(dict.fromkeys(concept.id for concept in concepts))


def _texts(product: Product, schemes: tuple[str, ...]) -> tuple[Said, ...]:
    """What title and tags name of some schemes; where they name nothing, the description."""
    for texts in ([*texts_of(product, "title"), *product.tags], texts_of(product, "description")):
        found: dict[tuple[str, ...], Said] = {}
        for text in texts:
            for match, ids in _scan(text, schemes):
                found.setdefault(ids, Said(ids, text[match.start : match.end].casefold()))
        if found:
            return tuple(found.values())
    return ()


def _kind_of(product: Product) -> tuple[Said, ...]:
    """The kind that the title's head names, in any language; where it names none, those of the tags."""
    found = [said for text in texts_of(product, "title") if (said := _head(text))]
    if not found:
        found = [said for tag in product.tags if (said := _head(tag))]
    return tuple({said.ids: said for said in found}.values())


def _head(title: str) -> Said | None:
    """The last kind before what only describes the thing; "shoe rack" is a rack, "a dress with pockets" a dress."""
    kinds = _scan(title, _KINDS)
    for ending in _HEAD_ENDS.finditer(title.casefold()):
        before = [(match, ids) for match, ids in kinds if match.end <= ending.start()]
        if before:
            kinds = before
            break
    if not kinds:
        return None
    match, ids = kinds[-1]
    return Said(ids, title[match.start : match.end].casefold())


def _scan(text: str, schemes: tuple[str, ...]) -> list[tuple[Match, tuple[str, ...]]]:
    """The labels of some schemes that stand in a text, the longest at each place.

    Kinds are looked for by themselves: a leather bag is a kind of bag, and it is of leather.
    """
    found = []
    for match in _scanned(text, _KINDS if "kinds" in schemes else _QUALITIES):
        ids = tuple(concept.id for concept in match.concepts if concept.scheme in schemes)
        if ids:
            found.append((match, ids))
    return found


@lru_cache(256)
def _scanned(text: str, schemes: tuple[str, ...]) -> tuple[Match, ...]:
    """The labels in a text: a product's texts are asked for once for each aspect, one after the other."""
    return lexicon().scan(text, schemes)
