"""What each product says to an aspect that a query asks for: its columns first, then its title, description and tags.

Concepts are compared by the lexicon: the same or a narrower one meets what is asked, a broader one, or a colour of the
same family or related to it, nearly does. What a product says of one aspect is a statement; products of a shop share few
of them, so that an aspect is compared with each statement once, whatever the number of products.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from search.cache import Cache
from search.catalog.statements import ASPECTS, Said, Statement, read_statements
from search.catalog.texts import ProductTexts
from search.lexicon import above, below, lexicon
from search.lexicon.table import fold
from search.lexicon.terms import query_terms
from search.schema import Aspect, Verdict

if TYPE_CHECKING:
    from search.catalog.store import Catalog

MET, NEARLY, NOT_MET = 1.0, 0.5, 0.0
#: How close a narrower concept is, of those that meet what is asked: "blue" is first of all blue, then navy.
_NARROWER = 0.9
#: Between the sizes that a product comes in.
_SEVERAL = re.compile(r"[\s,;|/、，]+")
#: Aspects that are compared at a time, and kept.
_KEPT = 64


class Grade(NamedTuple):
    """How far a statement meets an aspect (nan = it says nothing), what it says, and where ("catalog", "text")."""

    agreement: float
    found: str
    source: str


_SILENT = Grade(np.nan, "", "")


class ProductAspects:
    """What the products of a catalog say, by row. Get it with `of`."""

    def __init__(self, catalog: Catalog, before: ProductAspects | None = None):
        self.catalog = catalog
        self.texts = ProductTexts.of(catalog)
        self._alive = catalog.alive()
        self._columns: dict[str, _Statements] = {} if before is None else before._columns
        self._height = catalog.height
        self._lock: Any = RLock() if before is None else before._lock
        self._grades: Cache[tuple[list[Grade], np.ndarray]] = Cache(_KEPT)
        self._words: Cache[np.ndarray] = Cache(_KEPT)
        self._asked: Cache[list[str]] = Cache(_KEPT)
        self._read((*ASPECTS, "brand"))

    @classmethod
    def of(cls, catalog: Catalog) -> ProductAspects:
        """Of the catalog as it is now; only products that came since it was last asked for are read."""
        return catalog.grown("aspects", lambda before: cls(catalog, before))

    def agreement(self, aspect: Aspect, rows: np.ndarray) -> np.ndarray:
        """(n,) float64 for (n,) rows: 1 met, 0.5 nearly, 0 not met, nan where the product says nothing of it.

        Of "words" the idf-weighted share of its words that the product's texts have, never nan. What is excluded is
        there (1) or not (0): what is only near it may stay.
        """
        found = self.closeness(aspect, rows)
        if aspect.excluded:
            return np.where(np.isnan(found), found, np.where(found >= _NARROWER, MET, NOT_MET))
        if aspect.name == "words":
            return found
        return np.where(found >= _NARROWER, MET, np.where(found > NOT_MET, NEARLY, found))

    def closeness(self, aspect: Aspect, rows: np.ndarray) -> np.ndarray:
        """(n,) like `agreement`, but that what meets the aspect by something narrower is 0.9, and what is said to be of a
        kind n steps broader 0.5 / n: a cap is nearer to a snapback than headwear is."""
        rows = np.asarray(rows, np.int64)
        if aspect.name == "words":
            return self._shares(aspect)[rows]
        statements = self._statements(aspect.name)
        found = self._graded(aspect)[1][statements.of_rows[rows]]
        # A letter in a title is no size.
        silent = np.isnan(found) if aspect.name not in (*ASPECTS, "size") else np.zeros(0, bool)
        if silent.any():
            naming = self._naming(aspect)
            found[silent & naming[rows]] = MET
            if aspect.name == "brand" and naming.any() and not self.knows("brand"):
                found[silent & ~naming[rows]] = NOT_MET  # titles say the brands, and these say others
        return found

    def verdict(self, aspect: Aspect, row: int) -> Verdict:
        """What the product of a row says to the aspect."""
        agreement = float(self.agreement(aspect, np.array([row]))[0])
        if aspect.name == "words":
            found, source = " ".join(self._words_found(aspect, row)), "text"
        else:
            statements = self._statements(aspect.name)
            grade = self._graded(aspect)[0][statements.of_rows[row]]
            found, source = grade.found, grade.source
            if np.isnan(grade.agreement) and not np.isnan(agreement):
                found, source = aspect.text if agreement == MET else "", "text"
        return Verdict(aspect, _state(agreement, aspect.excluded), found, source)

    def rows(self, aspect: Aspect) -> np.ndarray:
        """(m,) int64 sorted rows of products that meet the aspect, or nearly, or have one of its words."""
        rows = np.flatnonzero(self._alive)
        return rows[np.nan_to_num(self.agreement(aspect, rows)) > 0]

    def knows(self, name: str) -> bool:
        """Whether any product says something of the aspect called `name`."""
        return name == "words" or any(_says(each) for each in self._statements(name).distinct)

    def concepts(self, name: str) -> dict[str, tuple[np.ndarray, bool]]:
        """Id of each concept of an aspect that products meet -> (their (m,) int64 sorted rows, whether some say this
        very concept and not only a narrower one)."""
        statements = self._statements(name)
        met: dict[str, np.ndarray] = {}
        own: set[str] = set()
        for number, statement in enumerate(statements.distinct):
            said = {*statement.column, *(id for part in (*statement.parts, *statement.texts) for id in part.ids)}
            own |= said
            for id in said.union(*map(above, said)):
                if grade(Aspect(name, "", (id,)), statement).agreement >= _NARROWER:
                    met.setdefault(id, np.zeros(len(statements.distinct), bool))[number] = True
        of_rows = statements.of_rows[: self._height]  # later rows belong to a later revision
        return {id: (np.flatnonzero(numbers[of_rows] & self._alive), id in own) for id, numbers in met.items()}

    def mentioned(self, name: str) -> frozenset[str]:
        """Ids of the concepts that any product names of an aspect."""
        each = self._statements(name).distinct
        return frozenset(
            id for one in each for ids in (one.column, *(said.ids for said in (*one.parts, *one.texts))) for id in ids
        )

    def _statements(self, name: str) -> _Statements:
        """The statements of an aspect, or of a field or attribute of that name."""
        found = self._columns.get(name)
        if found is None or found.height < self._height:
            self._read((name,))
        return self._columns[name]

    def _read(self, names: Sequence[str]) -> None:
        """Read what the products that are not yet known say of each name."""
        with self._lock:
            columns = [self._columns.setdefault(name, _Statements()) for name in names]
            start = min(column.height for column in columns)
            if start >= self._height:
                return
            silent = [Statement()] * len(names)
            rows = range(start, self._height)
            products = [self.catalog.find(row) if self._alive[row] else None for row in rows]
            said = [silent if product is None else read_statements(names, product) for product in products]
            for column, fresh in zip(columns, zip(*said, strict=True), strict=True):
                column.extend(fresh[column.height - start :])

    def _graded(self, aspect: Aspect) -> tuple[list[Grade], np.ndarray]:
        """A grade for each distinct statement, and their agreements."""
        statements = self._statements(aspect.name)

        def build() -> tuple[list[Grade], np.ndarray]:
            grades = [grade(aspect, each) for each in statements.distinct]
            return grades, np.array([each.agreement for each in grades], np.float64)

        key = aspect.name, aspect.concepts, aspect.values, aspect.excluded, aspect.beside, len(statements.distinct)
        return self._grades.get_or_make(key, build)

    def _naming(self, aspect: Aspect) -> np.ndarray:
        """(height,) bool: rows that say nothing in a column of the aspect, and have one of its values in their texts:
        where no column says the brand, a title may."""

        def build() -> np.ndarray:
            statements = self._statements(aspect.name)
            silent = np.array([not each.value for each in statements.distinct])[statements.of_rows[: self._height]]
            naming = np.zeros(self._height, bool)
            for value in aspect.values:
                naming[self.texts.rows_with_phrase(value, np.flatnonzero(silent & self._alive))] = True
            return naming

        return self._words.get_or_make((aspect.name, aspect.values), build)

    def _shares(self, aspect: Aspect) -> np.ndarray:
        """(height,) the idf-weighted share of the aspect's words that each product has."""

        def build() -> np.ndarray:
            share, weight = np.zeros(self._height), 0.0
            for term in self._terms(aspect):
                idf = self.texts.idf(term)
                share[self.texts.rows(term)] += idf
                weight += idf
            # Rounding must not keep a product that has every word from having all of them.
            return np.round(share / max(weight, 1e-9), 9)

        return self._words.get_or_make((aspect.values, aspect.text), build)

    def _terms(self, aspect: Aspect) -> list[str]:
        """The terms of an aspect of words."""
        text = " ".join(aspect.values) or aspect.text
        return self._asked.get_or_make(text, lambda: query_terms(text, self.texts.vocabulary))

    def _words_found(self, aspect: Aspect, row: int) -> list[str]:
        return [term for term in self._terms(aspect) if row in self.texts.rows(term)]


class _Statements:
    """The distinct statements of one aspect, and which of them each row makes."""

    def __init__(self) -> None:
        self.distinct: list[Statement] = [Statement()]
        self._number: dict[Statement, int] = {Statement(): 0}
        self.of_rows = np.zeros(0, np.int32)

    @property
    def height(self) -> int:
        return len(self.of_rows)

    def extend(self, statements: Iterable[Statement]) -> None:
        numbers = []
        for statement in statements:
            number = self._number.setdefault(statement, len(self.distinct))
            if number == len(self.distinct):
                self.distinct.append(statement)
            numbers.append(number)
        self.of_rows = np.append(self.of_rows, np.array(numbers, np.int32))


def grade(aspect: Aspect, statement: Statement) -> Grade:
    """How far a statement meets an aspect.

    A column decides. A text beside it can make it more precise (column "blue", title "navy blue"), and a contradiction
    of the two is worth NEARLY. So is a second colour, unless it is asked for beside the first, or excluded.
    """
    wanted = {fold(value) for value in aspect.values}
    if aspect.name == "size" and not wanted.isdisjoint(map(fold, _SEVERAL.split(statement.value))):
        return Grade(MET, statement.value, "catalog")
    if statement.value and fold(statement.value) in wanted:
        return Grade(MET, statement.value, "catalog")
    asked = aspect.concepts
    if statement.value and not (asked and _says(statement, column=True)):
        # A value that no lexicon knows is compared as it stands; beside a concept it says nothing that can be compared.
        return Grade(NOT_MET, statement.value, "catalog") if not asked or aspect.values else _SILENT
    out = aspect.excluded
    best = Grade(_nearness(asked, statement.column, out), statement.value, "catalog") if statement.column else _SILENT
    for said in statement.parts:
        nearness = _nearness(asked, said.ids, out)
        if aspect.name == "kind" and statement.column and nearness < _NARROWER:
            continue  # of cufflinks in the department of accessories nothing is nearly a cap
        part = Grade(nearness if out else _at_most_nearly(nearness), said.words, "catalog")
        best = _better(best, part)
    for said in statement.texts:
        best = _better(best, Grade(_of_text(asked, said, statement.column, out), said.words, "text"))
    return _with_second(aspect, statement, best) if aspect.name == "colour" and best.agreement <= NEARLY else best


def _with_second(aspect: Aspect, statement: Statement, best: Grade) -> Grade:
    """The grade of a colour where it is the product's second one: met where the colour asked for beside it is, too."""
    for source, several in (("catalog", statement.parts), ("text", statement.texts)):
        for said in several:
            if not _nearness(aspect.concepts, said.ids, aspect.excluded) >= _NARROWER:
                continue
            if aspect.beside and grade(Aspect("colour", "", aspect.beside), statement).agreement >= _NARROWER:
                return Grade(_NARROWER, said.words, source)
            shade = not statement.column or any(own in above(id) for own in statement.column for id in said.ids)
            both = said.words if shade else f"{statement.value} and {said.words}"
            return Grade(best.agreement, both, source)
    return best


def _of_text(asked: tuple[str, ...], said: Said, column: tuple[str, ...], out: bool = False) -> float:
    """How far what a text says meets the concepts that are asked for, beside what the column says."""
    if any(id in above(own) for own in column for id in said.ids):
        return np.nan  # "wood" of what the column says is walnut
    found = _nearness(asked, said.ids, out)
    narrower = {under for id in column for under in (id, *below(id))}
    if column and not (narrower.intersection(said.ids) and narrower.intersection(asked)):
        found = _at_most_nearly(found)
    return found


def _at_most_nearly(agreement: float) -> float:
    return NEARLY if agreement > NEARLY else agreement


def _better(one: Grade, other: Grade) -> Grade:
    """The one that agrees more; of equals the first, which is the column's."""
    if np.isnan(other.agreement) or other.agreement <= one.agreement:
        return one
    return other


def _nearness(asked: Sequence[str], said: Sequence[str], out: bool = False) -> float:
    """How far the concepts that are said answer those that are asked for, any of which will do; nan = not at all about
    them. out: they are to be left out, and a colour between two families is none of either: cream is not white."""
    found = [nearness for one in asked for other in said if not np.isnan(nearness := _pair(one, other))]
    if out and all(id.startswith("colours:") and len(lexicon().concept(id).broader) > 1 for id in said):
        found = [nearness if nearness == MET else min(nearness, NEARLY) for nearness in found]
    return max(found, default=np.nan)


@cache
def _pair(asked: str, said: str) -> float:
    over_said, over_asked = above(said), above(asked)
    if asked == said or asked in over_said:
        return MET if asked == said else _NARROWER
    # A department is no kind: furniture is not nearly a sofa.
    if said in over_asked:
        return np.nan if said.startswith("departments:") else NEARLY / _steps(asked, said)
    if not (asked.startswith("colours:") and said.startswith("colours:")):
        return NOT_MET
    neighbours = said in _related(asked) or asked in _related(said)
    return NEARLY if neighbours or not over_asked.isdisjoint(over_said) else NOT_MET


def _steps(id: str, over: str) -> int:
    """How many steps a concept is below another that is above it."""
    edge, steps = {id}, 0
    while over not in edge:
        edge, steps = {up for one in edge for up in lexicon().concept(one).broader}, steps + 1
    return steps


@cache
def _related(id: str) -> tuple[str, ...]:
    return lexicon().concept(id).related


def _state(agreement: float, excluded: bool) -> str:
    """The word of VERDICTS for an agreement; of what is excluded "met" says that it is not there."""
    if np.isnan(agreement):
        return "unknown"
    if excluded:
        agreement = MET - agreement
    return "met" if agreement >= MET else "not met" if agreement <= NOT_MET else "nearly"


def _says(statement: Statement, *, column: bool = False) -> bool:
    """Whether a statement says anything that can be compared; with column=True whether its columns do."""
    if column:
        return bool(statement.column or statement.parts or statement.texts)
    return bool(statement.value or statement.column or statement.parts or statement.texts)
