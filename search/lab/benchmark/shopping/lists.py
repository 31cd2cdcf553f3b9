"""The written lists: vague wishes with the kinds that grant them, and things that no such shop has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.errors import InputError
from search.lab.benchmark.datasets import _lines
from search.lab.benchmark.shopping.goods import Goods, folded
from search.lexicon import lexicon
from search.lexicon.table import fold, language

WISHES = Path(__file__).with_name("wishes.psv")
ABSENT = Path(__file__).with_name("absent.psv")


@dataclass(frozen=True)
class Wish:
    """A wish that names no kind, "en" or "zh", and the folded kinds that grant it, in any shop."""

    text: str
    language: str
    kinds: tuple[str, ...]


@cache
def wishes() -> tuple[Wish, ...]:
    """The wishes of wishes.psv.

    Raises:
        InputError: a line is not wish | kind; kind, or a wish stands there twice.
    """
    found: dict[str, Wish] = {}
    for number, line in _lines(WISHES):
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 2 or columns[0] in found:
            raise InputError(f"{WISHES.name} line {number}: {line!r}.", "Write 'wish | kind; kind', each wish once.")
        kinds = tuple(folded(name) for name in columns[1].split(";"))
        found[columns[0]] = Wish(columns[0], language(columns[0]), kinds)
    return tuple(found.values())


def absent_words(goods: Goods, lang: str) -> list[str]:
    """The things of absent.psv that this catalog really does not have.

    Left out is what one of its kinds answers, by the lexicon, and what one of its titles names.
    """
    kinds = {concept.id for name in set(goods.kinds.tolist()) for concept in lexicon().find(name, "kinds")}
    texts = [f" {fold(text)} " for text in {*goods.kinds.tolist(), *goods.titles.tolist(), *goods.titles_zh.tolist()}]
    everything = "|".join(texts)
    words = [word for _, line in _lines(ABSENT) if language(word := line.strip()) == lang]
    return [word for word in words if f" {fold(word)} " not in everything and not _answered(word, kinds)]


def _answered(word: str, kinds: set[str]) -> bool:
    """Whether one of the kinds is what the word means, or a narrower one."""
    named = lexicon().find(word, "kinds")
    meant = {concept.id for each in named for concept in (each, *lexicon().narrower(each, transitive=True))}
    return bool(meant & kinds)
