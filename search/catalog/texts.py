"""What each product's texts say, as terms: read once for each product, looked up by term.

The texts are the title, the description, both in every language that the catalog has (attributes such as "title_zh"),
the tags, and the words of the columns by which products are described.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.cache import Cache
from search.catalog.columns import normalise
from search.lexicon.terms import plain, product_terms

if TYPE_CHECKING:
    from search.catalog.store import Catalog
    from search.schema import Product

#: Columns whose words are looked for, beside title, description and tags.
COLUMNS = ("category", "brand", "colour", "material", "pattern", "gender")
_NO_ROWS = np.zeros(0, np.int64)
#: Phrases whose rows are kept.
_KEPT = 64


def texts_of(product: Product, *names: str) -> list[str]:
    """The product's own text of each of these names ("title", "description") in every language, as it stands there."""
    found = [str(text) for name in names if (text := product.value(name))]
    for key, value in product.attributes.items():
        if isinstance(value, str) and normalise(key).startswith(names):
            found.append(value)
    return found


class ProductTexts:
    """The terms of each row of a catalog. Rows only ever grow, so that a product is read once; rows that were removed
    are no part of any answer. What was made of an earlier revision shares what it read with what was made of a later one,
    and goes on answering for its own rows: a suggestion does not wait until products have been added.

    `vocabulary` maps a term to its number, `ids` holds (m,) int32 numbers of the terms of each row, as often as they
    stand there.
    """

    def __init__(self, catalog: Catalog, before: ProductTexts | None = None):
        self.vocabulary: dict[str, int] = {} if before is None else before.vocabulary
        self.ids: list[np.ndarray] = [] if before is None else before.ids
        self._names: dict[str, list[int]] = {} if before is None else before._names
        self._folded: dict[int, str] = {} if before is None else before._folded
        self._phrases: Cache[np.ndarray] = Cache(_KEPT)
        self.alive = catalog.alive()
        self.catalog = catalog
        for row in range(len(self.ids), catalog.height):
            self.ids.append(self._read(row) if self.alive[row] else np.zeros(0, np.int32))

    @classmethod
    def of(cls, catalog: Catalog) -> ProductTexts:
        """Those of the catalog as it is now."""
        return catalog.grown("texts", lambda before: cls(catalog, before))

    def _read(self, row: int) -> np.ndarray:
        product, numbers = self.catalog.at(row), self.vocabulary
        for name in {plain(name) for name in (product.id, *texts_of(product, "title"))}:
            self._names.setdefault(name, []).append(row)
        return np.array(
            [numbers.setdefault(term, len(numbers)) for text in _all_texts(product) for term in product_terms(text)],
            np.int32,
        )

    def rows(self, term: str) -> np.ndarray:
        """(m,) int64 sorted rows with a product that has the term."""
        number = self.vocabulary.get(term)
        starts, rows = self._postings
        return _NO_ROWS if number is None or number >= len(starts) - 1 else rows[starts[number] : starts[number + 1]]

    def frequencies(self) -> dict[str, int]:
        """Term -> how many products have it; terms that only removed products had are left out."""
        counts = np.diff(self._postings[0]).tolist()
        return {term: count for term, count in zip(list(self.vocabulary), counts, strict=False) if count}

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)) with n of the catalog's N products having the term (Robertson, Zaragoza
        2009, "The Probabilistic Relevance Framework", as Lucene keeps it positive)."""
        size, having = int(self.alive.sum()), len(self.rows(term))
        return float(np.log1p((size - having + 0.5) / (having + 0.5)))

    def named(self, *texts: str) -> np.ndarray:
        """(m,) int64 sorted rows of products whose id, or title in any language, is one of these texts, but for case and
        spaces; or one of several ids of which a text is made: "mug-003, sofa-002"."""
        rows = {
            row
            for text in texts
            for name in self._called(text)
            for row in self._names.get(name, ())
            if row < len(self.alive) and self.alive[row]
        }
        return np.array(sorted(rows), np.int64)

    def _called(self, text: str) -> list[str]:
        """What a text may be the name of: itself, or each of its words where all are ids (names with a figure)."""
        parts = [plain(part) for part in re.split(r"[\s,;，；、]+", text) if part]
        ids = all(part in self._names and any(map(str.isdigit, part)) for part in parts)
        return parts if len(parts) > 1 and ids else [plain(text)] if text else []

    def rows_with_phrase(self, phrase: str, among: np.ndarray | None = None) -> np.ndarray:
        """(m,) int64 sorted rows in whose texts the phrase stands as it is, but for case and spaces, as whole words.

        among: (n,) int64 sorted rows that are looked at; all, which is remembered, where not given.
        """
        if among is None:
            return self._phrases.get_or_make(phrase, lambda: self._having(phrase, np.flatnonzero(self.alive)))
        return self._having(phrase, among[self.alive[among]])

    def _having(self, phrase: str, having: np.ndarray) -> np.ndarray:
        for term in product_terms(phrase):
            # A longer Chinese word may be cut in another way in the product's text; its pairs stand there in any case.
            if term.isascii() or len(term) == 2:
                having = np.intersect1d(having, self.rows(term), assume_unique=True)
        wanted = plain(phrase)
        return having[[_stands(wanted, self._plain(row)) for row in having.tolist()]] if len(having) else having

    def _plain(self, row: int) -> str:
        """The row's texts as phrases are looked for in them, one on each line; read when first needed."""
        folded = self._folded.get(row)
        if folded is None:
            product = self.catalog.find(row)
            folded = "" if product is None else "\n".join(map(plain, _all_texts(product)))
            self._folded[row] = folded
        return folded

    @cached_property
    def _postings(self) -> tuple[np.ndarray, np.ndarray]:
        """(where each term's rows start, (v + 1,); the rows of all terms, one term after the other)."""
        own = zip(self.alive.tolist(), self.ids, strict=False)  # of later rows a later revision answers
        kept = [np.unique(ids) if alive else ids[:0] for alive, ids in own]
        rows = np.repeat(np.arange(len(kept)), [len(ids) for ids in kept])
        terms = np.concatenate([*kept, np.zeros(0, np.int32)])
        order = np.argsort(terms, kind="stable")
        counts = np.bincount(terms, minlength=len(self.vocabulary))
        return np.append(0, np.cumsum(counts)), rows[order]


def _all_texts(product: Product) -> Iterator[str]:
    yield from texts_of(product, "title", "description")
    yield from (str(value) for name in COLUMNS if (value := product.value(name)))
    yield from product.tags


def _stands(wanted: str, text: str) -> bool:
    """Whether `wanted` stands in `text` as whole words; Chinese has no ends of words."""
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not (_one_word(text[max(at - 1, 0) : at + 1]) or _one_word(text[end - 1 : end + 1])):
            return True
        at = text.find(wanted, at + 1)
    return False


def _one_word(pair: str) -> bool:
    """Whether two characters beside each other belong to one word."""
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
