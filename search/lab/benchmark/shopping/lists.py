"""The written lists: everyday words for kinds, vague wishes with the kinds that grant them, and things that no such shop has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.errors import InputError
from search.lab.benchmark.datasets import _lines, read_synonyms
from search.lab.benchmark.shopping.goods import Goods, folded
from search.lexicon import lexicon
from search.lexicon.table import fold, language

OTHER_WORDS = Path(__file__).with_name("other_words.psv")
WISHES = Path(__file__).with_name("wishes.psv")
ABSENT = Path(__file__).with_name("absent.psv")


@dataclass(frozen=True)
class Wish:
    """Words that are the name of no kind, "en" or "zh", and the folded kinds that they are right for, in any shop."""

    text: str
    language: str
    kinds: tuple[str, ...]


def wishes() -> tuple[Wish, ...]:
    """The wishes of wishes.psv. Raises InputError as `read_wishes` does."""
    return read_wishes(WISHES)


@cache
def read_wishes(path: Path) -> tuple[Wish, ...]:
    """The words of a file and the kinds that are right for each.

    Raises:
        InputError: a line is not words | kind; kind, or stands there twice.
    """
    found: dict[str, Wish] = {}
    for number, line in _lines(path):
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 2 or columns[0] in found:
            raise InputError(f"{path.name} line {number}: {line!r}.", "Write 'words | kind; kind', all words once.")
        kinds = tuple(folded(name) for name in columns[1].split(";"))
        found[columns[0]] = Wish(columns[0], language(columns[0]), kinds)
    return tuple(found.values())


def other_words(goods: Goods) -> list[Wish]:
    """Everyday words for this catalog's kinds: of the list that knows most of its own kinds here, those it can judge.

    The words of another shop's list would be judged wrong for kinds that the list does not know. None where no list
    has more than half of its kinds here.
    """
    known = set(goods.kinds.tolist())
    fashion = [Wish(each.word, each.language, tuple(map(folded, each.kinds))) for each in read_synonyms()]
    lists = [fashion, list(read_wishes(OTHER_WORDS))]
    named = [{kind for wish in listed for kind in wish.kinds} for listed in lists]
    share, at = max((len(kinds & known) / len(kinds), at) for at, kinds in enumerate(named))
    return [wish for wish in lists[at] if known & set(wish.kinds)] if share > 0.5 else []


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
