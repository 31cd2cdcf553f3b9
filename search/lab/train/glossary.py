"""The names of the training data's values in both languages, from the lexicon.

`glossary.psv` says which concept of search/lexicon a value of a data set stands for; what the concept is called stands
in the lexicon alone. Names are repeated here only where a data set means more or less by a value than the concept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.lexicon import Concept, lexicon

FILE = Path(__file__).with_name("glossary.psv")

SECTIONS = (
    "fashion kinds",
    "clothing kinds",
    "grocery kinds",
    "grocery articles",
    "other kinds",
    "home kinds",
    "colours",
    "genders",
    "seasons",
    "usages",
    "patterns",
    "materials",
    "groups",
)


@dataclass(frozen=True)
class Entry:
    """One value: its names in both languages (the usual one first), without the lexicon's hidden labels.

    also: ImageNet-1k classes in sections "other kinds" and "home kinds", member kinds in "groups", else empty.
    """

    key: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.en or not self.zh:
            raise ValueError(f"glossary entry {self.key!r} needs a name in both languages, has {self.en} and {self.zh}")


def parse(text: str) -> dict[str, dict[str, Entry]]:
    """Section -> value -> Entry, in the order of the file.

    Raises ValueError naming the line for a row outside a section, with a wrong number of columns, of a concept that the
    lexicon does not have, or twice in its section.
    """
    sections: dict[str, dict[str, Entry]] = {}
    rows: dict[str, Entry] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            rows = sections.setdefault(line.strip("[]"), {})
            continue
        columns = [column.strip() for column in line.split("|")]
        if rows is None or len(columns) not in (2, 3, 5):
            raise ValueError(
                f"glossary line {number}: expected 'value | concept [| more [| English | Chinese]]' under a [section]"
            )
        key, concept = columns[:2]
        if key in rows:
            raise ValueError(f"glossary line {number}: {key!r} stands twice in its section")
        if concept not in lexicon().concepts:
            raise ValueError(f"glossary line {number}: the lexicon has no concept {concept!r}")
        rows[key] = _entry(key, lexicon().concept(concept), columns[2:])
    return sections


def _entry(key: str, concept: Concept, lists: list[str]) -> Entry:
    also, *own = [tuple(name.strip() for name in part.split(";") if name.strip()) for part in lists or [""]]
    en, zh = own or (concept.en, concept.zh)
    return Entry(key, en, zh, also)


@cache
def glossary() -> dict[str, dict[str, Entry]]:
    """The glossary that ships with this package. Raises ValueError when a section is missing."""
    sections = parse(FILE.read_text(encoding="utf-8"))
    if tuple(sections) != SECTIONS:
        raise ValueError(f"{FILE.name} has sections {tuple(sections)}, expected {SECTIONS}")
    return sections
