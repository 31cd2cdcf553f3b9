"""What the parser knows of a catalog: its values, its words, its ids and titles.

Nothing of it is listed anywhere: a brand or a category is known because a product has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from search.catalog import statements
from search.catalog.aspects import ProductAspects
from search.catalog.texts import COLUMNS, ProductTexts
from search.lexicon import above
from search.lexicon.terms import singular
from search.lexicon.tokens import tokenize
from search.query.correct import Corrector
from search.schema import Product

if TYPE_CHECKING:
    from search.catalog import Catalog

#: Columns whose values are named in queries, and the aspect that they are values of; others are their own aspect.
ASPECT_OF = {
    "category": "kind",
    "colour": "colour",
    "secondary_colour": "colour",
    "material": "material",
    "pattern": "pattern",
    "gender": "audience",
    "brand": "brand",
    "season": "season",
    "usage": "usage",
    "occasion": "usage",
    "room": "room",
    "size": "size",
}
#: Scheme of the lexicon -> the aspect that its concepts are values of.
SCHEMES = {scheme: name for name, (schemes, _, _) in statements.ASPECTS.items() for scheme in schemes}
_PRODUCT = frozenset(each.name for each in fields(Product))
#: Attributes that hold no values to ask for: texts and what belongs to the price.
_NO_VALUES = re.compile(r"^(title|name|description|text|caption|currency|url|link|image|picture|id|sku)s?(_|$)", re.I)
#: A column of values repeats itself, in few words; anything else is text or an identifier.
_MOST_VALUES, _SHARE, _MOST_WORDS = 200, 0.2, 6
#: Several values in one cell: "black, white", "red / gold".
_SEVERAL = re.compile(r"\s*[,;|/>、，]\s*")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a catalog's column: `folded` as Catalog.column has it, `spelled` as the catalog spells it."""

    field: str
    folded: str
    spelled: str

    @property
    def aspect(self) -> str:
        """The name of the aspect that it is a value of."""
        return ASPECT_OF.get(self.field, self.field)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """An English word without case, accents and the ending of a plural: what words are compared by."""
    word = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").removesuffix("'s").rstrip("'")
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]
    return word[:-2] + "y" if word.endswith("ie") else word


def key(words: Iterable[str]) -> str:
    """What phrases are looked up by: the stems of all words, signs left out, hyphens as spaces, "&" as "and"."""
    parts = (part for word in words for part in ("and" if word == "&" else word).split("-"))
    return " ".join(stem(part) for part in parts if any(map(str.isalnum, part)))


@dataclass(frozen=True)
class Vocabulary:
    """What a catalog says, as queries are read by it.

    values: key (see `key`) -> the values that it names. words: term (see search.lexicon.terms) -> how many products have
    it.
    texts: the texts themselves. currency: ISO 4217, that of most products, "" where none says.
    """

    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)
    texts: ProductTexts | None = None
    currency: str = ""

    @classmethod
    def of(cls, catalog: Catalog) -> Vocabulary:
        """That of a catalog; remembered until products are added or removed."""
        return catalog.grown("vocabulary", lambda _: _build(catalog))

    def reach(self, word: str) -> int:
        """How many words the longest value has that begins with this word, 0 if there is none."""
        return self._reach.get(key([word]).partition(" ")[0], 0)

    @cached_property
    def _reach(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for known in self.values:
            words = known.split(" ")
            # Signs count as words where they are typed: "Kiln & Co".
            found[words[0]] = max(found.get(words[0], 0), 2 * len(words) - 1)
        return found

    @cached_property
    def said(self) -> frozenset[str]:
        """Ids of the concepts that the products name."""
        if self.texts is None:
            return frozenset()
        says = ProductAspects.of(self.texts.catalog)
        return frozenset(id for name in set(SCHEMES.values()) for id in says.mentioned(name))

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Ids of the concepts that the products name, and of all above them."""
        return self.said.union(*map(above, self.said))

    @cached_property
    def corrector(self) -> Corrector:
        """What corrects typing errors by this catalog; made when first needed."""
        values: Counter[str] = Counter()
        for each in {value for values in self.values.values() for value in values}:
            for word in each.folded.replace("-", " ").split():
                values[word] = max(values[word], self.count(word), 1)
        return Corrector(values, self.words, self.said)

    def count(self, word: str) -> int:
        """How many products have a word, with hyphens or without, or a pair of Chinese characters."""
        word = word.casefold().replace("’", "'")
        whole = self.words.get(singular(word.replace("-", "")), 0)
        return whole or min((self.words.get(singular(part), 0) for part in word.split("-") if part), default=0)

    def has(self, word: str) -> bool:
        """Whether products have a word with hyphens as it is."""
        return self.words.get(singular(word.replace("-", "")), 0) > 0

    def says_range(self, text: str) -> bool:
        """Whether a range of numbers may be a size here: where products say their sizes, or the range itself."""
        sizes = any(value.aspect == "size" for values in self.values.values() for value in values)
        return sizes or (self.texts is not None and len(self.texts.rows_with_phrase(text)) > 0)

    @cached_property
    def names_brands(self) -> bool:
        """Whether the catalog says of its products of which brand they are."""
        return any(value.field == "brand" for values in self.values.values() for value in values)

    def opening(self, text: str) -> int:
        """How many products have a title that begins with a text, as brands do."""
        if self.texts is None:
            return 0
        having = (self.texts.catalog.find(row) for row in self.texts.rows_with_phrase(text).tolist())
        return sum(product.title.casefold().startswith(f"{text} ") for product in having if product is not None)

    def named(self, text: str) -> tuple[str, ...]:
        """Ids of the products that a whole text names: by their id, or by their title in either language."""
        if self.texts is None:
            return ()
        found = (self.texts.catalog.find(int(row)) for row in self.texts.named(text))
        return tuple(product.id for product in found if product is not None)


def _build(catalog: Catalog) -> Vocabulary:
    columns = catalog.grown("cells", lambda before: _Cells(catalog, before)).counts
    texts = ProductTexts.of(catalog)
    currencies = columns.get("currency")
    currency = currencies.most_common(1)[0][0].upper() if currencies else ""
    valued = {name: column for name, column in columns.items() if _has_values(name, column, len(catalog))}
    return Vocabulary(_values(valued), texts.frequencies(), texts, currency)


class _Cells:
    """How many products of a catalog have each text in each column; each product is read once."""

    def __init__(self, catalog: Catalog, before: _Cells | None):
        self.products: list[Product | None] = [] if before is None else before.products
        self.counts: dict[str, Counter[str]] = {} if before is None else before.counts
        alive = catalog.alive()
        for row in np.flatnonzero(~alive[: len(self.products)]).tolist():
            self._count(self.products[row], -1)
            self.products[row] = None
        for row in range(len(self.products), len(alive)):
            self.products.append(catalog.at(row) if alive[row] else None)
            self._count(self.products[row], 1)

    def _count(self, product: Product | None, times: int) -> None:
        if product is None:
            return
        cells = (*((name, getattr(product, name)) for name in COLUMNS), *product.attributes.items())
        for name, text in cells:
            if isinstance(text, str) and text.strip():
                column = self.counts.setdefault(name, Counter())
                column[text.strip()] += times
                if not column[text.strip()]:
                    del column[text.strip()]


def _has_values(name: str, column: Mapping[str, int], products: int) -> bool:
    """Whether a column has values to ask for: a field, or an attribute that repeats itself in few words."""
    if name in COLUMNS:
        return True
    few = len(column) <= max(_MOST_VALUES, _SHARE * products)
    if name in _PRODUCT or _NO_VALUES.match(name) or not few:
        return False
    return max((value.count(" ") for value in column), default=_MOST_WORDS) < _MOST_WORDS


def _values(columns: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[Value, ...]]:
    """Key -> values. A value with several in it ("black / white") is also known by each of them."""
    found: dict[str, dict[Value, None]] = {}
    for name, column in columns.items():
        for spelled in column:
            value = Value(name, spelled.casefold(), spelled)
            for part in dict.fromkeys((spelled, *_SEVERAL.split(spelled))):
                words = [token.text for token in tokenize(part)]
                plain = key(words)
                if plain.replace(" ", "").isdigit():
                    continue
                for known in {plain, key(word for word in words if word != "&")} - {""}:
                    found.setdefault(known, {})[value] = None
    return {known: tuple(values) for known, values in found.items()}
