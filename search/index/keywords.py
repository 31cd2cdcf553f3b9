"""Which products have a query's words: BM25 over their texts, for every product at once.

BM25 (Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond") in the form of Lucene, by bm25s:
a term of a product adds idf tf / (tf + k1 (1 - b + b length / mean length)), which stays below idf. Divided by the sum of
the idf of the query's terms, the score is in [0, 1), whatever the query. k1 and b are low, because a title is short and
says a thing once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from search.catalog.texts import ProductTexts
from search.lexicon.terms import query_terms

if TYPE_CHECKING:
    from search.catalog import Catalog

K1, B = 0.9, 0.3


class Keywords:
    """The keywords of a catalog as it is now; get it with `of`.

    What products say is read once (search.catalog.texts); the rest is counted anew when products come or go, so that
    only those that are there make a word frequent.
    """

    def __init__(self, catalog: Catalog):
        self.texts = ProductTexts.of(catalog)
        self._rows = catalog.rows()
        self._height = catalog.height
        self._size = len(self.texts.vocabulary)
        self._bm25 = self._count()

    @classmethod
    def of(cls, catalog: Catalog) -> Keywords:
        """Counted once for each revision of the catalog: seconds for 100,000 products."""
        return catalog.grown("keywords", lambda _before: cls(catalog))

    def scores(self, text: str) -> np.ndarray:
        """(height,) float64 in [0, 1): how much of a query's words each row has; zeros where none has any."""
        scores = np.zeros(self._height)
        terms = query_terms(text, self.texts.vocabulary)
        numbers = [number for term in terms if (number := self.texts.vocabulary.get(term, self._size)) < self._size]
        if self._bm25 is not None and numbers:
            reach = sum(self.texts.idf(term) for term in terms)
            scores[self._rows] = self._bm25.get_scores_from_ids(numbers) / reach
        return scores

    def _count(self) -> Any:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it logs each build
        numbers = [self.texts.ids[row].tolist() for row in self._rows]
        if not any(numbers):
            return None
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index((numbers, self.texts.vocabulary), create_empty_token=False, show_progress=False)
        return bm25
