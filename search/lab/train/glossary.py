"""The bilingual glossary: every attribute value of the data with its English and Chinese names.

The words themselves live in `glossary.psv`, which can be read and corrected without reading code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("glossary.psv")

SECTIONS = (
    "fashion kinds",
    "clothing kinds",
    "grocery kinds",
    "grocery articles",
    "other kinds",
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
    """One value: its names in both languages (the usual one first) and the file's fourth column.

    `also` is a list of ImageNet-1k classes in section "other kinds", of member kinds in "groups", else empty.
    """

    key: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.en or not self.zh:
            raise ValueError(f"glossary entry {self.key!r} needs a name in both languages, has {self.en} and {self.zh}")


def parse(text: str) -> dict[str, dict[str, Entry]]:
    """Section -> key -> Entry, in the order of the file.

    Raises ValueError naming the line for a row outside a section, with too few columns, or twice in its section.
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
        if rows is None or len(columns) not in (3, 4):
            raise ValueError(f"glossary line {number}: expected 'key | English | Chinese [| more]' under a [section]")
        key, *lists = columns
        if key in rows:
            raise ValueError(f"glossary line {number}: {key!r} stands twice in its section")
        names = [tuple(name.strip() for name in part.split(";") if name.strip()) for part in lists]
        rows[key] = Entry(key, *names)
    return sections


@cache
def glossary() -> dict[str, dict[str, Entry]]:
    """The glossary that ships with this package. Raises ValueError when a section is missing."""
    sections = parse(FILE.read_text(encoding="utf-8"))
    if tuple(sections) != SECTIONS:
        raise ValueError(f"{FILE.name} has sections {tuple(sections)}, expected {SECTIONS}")
    return sections
