"""A stand-in for ProductAspects that reads the columns alone, by equal values and by the lexicon."""

import numpy as np

from search.lexicon import lexicon
from search.schema import Aspect, Verdict

FIELDS = {
    "kind": "category",
    "colour": "colour",
    "material": "material",
    "pattern": "pattern",
    "brand": "brand",
    "audience": "gender",
}


class ColumnAspects:
    def __init__(self, catalog):
        self.catalog = catalog

    def agreement(self, aspect: Aspect, rows: np.ndarray) -> np.ndarray:
        return np.array([self._one(aspect, int(row)) for row in rows], float)

    def _one(self, aspect: Aspect, row: int) -> float:
        if aspect.name == "words":
            title = self.catalog.at(row).title.casefold().split()
            return sum(word in title for word in aspect.values) / len(aspect.values)
        own = self.catalog.column(FIELDS[aspect.name])[row]
        if not own:
            return np.nan
        if own in aspect.values:
            return 1.0
        concepts = lexicon().find(own)[:1]
        ids = {c.id for c in concepts} | {w.id for c in concepts for w in lexicon().broader(c, transitive=True)}
        return float(bool(ids & set(aspect.concepts)))

    def verdict(self, aspect: Aspect, row: int) -> Verdict:
        value = self._one(aspect, row)
        if np.isnan(value):
            return Verdict(aspect, "unknown", certainty=0.0)
        state = "met" if (value == 1) != aspect.excluded else "not met"
        own = "" if aspect.name == "words" else self.catalog.column(FIELDS[aspect.name])[row]
        return Verdict(aspect, state, own, "catalog")

    def rows(self, aspect: Aspect) -> np.ndarray:
        rows = self.catalog.rows()
        return rows[np.nan_to_num(self.agreement(aspect, rows)) > 0]

    def knows(self, name: str) -> bool:
        return name == "words" or bool((self.catalog.column(FIELDS[name]) != "").any())
