"""The queries of every form in Chinese, with the names that the training's glossary has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import numpy as np

from search.lab.benchmark.base import Bools
from search.lab.benchmark.datasets import in_chinese
from search.lab.benchmark.shopping.forms import LONG_TITLE, OF_TITLE, Written, limits, often, shuffled, writer
from search.lab.benchmark.shopping.goods import Goods
from search.lab.benchmark.shopping.phrases import CHINESE, phrase
from search.lexicon import lexicon


@writer("kind_zh")
def kind_zh(goods: Goods, rng: Random) -> Written:
    for (name,) in often(goods.targets(rng, goods.kinds)):
        if chinese := in_chinese("", name):
            yield phrase(CHINESE["kind_zh"], rng, kind=chinese), _called(goods, chinese), name


@writer("colour_kind_zh")
def colour_kind_zh(goods: Goods, rng: Random) -> Written:
    for colour, name, said, chinese in _in_chinese(goods, rng):
        right = (goods.colours == colour) & _called(goods, chinese)
        yield phrase(CHINESE["colour_kind_zh"], rng, colour=said, kind=chinese), right, f"{colour}|{name}"


@writer("negation_zh")
def negation_zh(goods: Goods, rng: Random) -> Written:
    for colour, name, said, chinese in _in_chinese(goods, rng):
        right = (goods.colours != colour) & (goods.colours != "") & _called(goods, chinese)
        if right.any():
            yield phrase(CHINESE["negation_zh"], rng, colour=said, kind=chinese), right, f"{colour}|{name}"


def _called(goods: Goods, chinese: str) -> Bools:
    """(n,) the products of every kind with this Chinese name: handbags and tote bags may share one."""
    return np.isin(goods.kinds, [kind for kind in set(goods.kinds.tolist()) if in_chinese("", kind) == chinese])


def _in_chinese(goods: Goods, rng: Random) -> Iterator[tuple[str, str, str, str]]:
    """(colour, kind, the colour's Chinese name, the kind's) of those that have one."""
    for colour, name in often(goods.targets(rng, goods.colours, goods.kinds)):
        chinese, both = in_chinese("", name), in_chinese(colour, name)
        if chinese and both:
            yield colour, name, both.removesuffix(chinese), chinese


@writer("price_zh")
def price_zh(goods: Goods, rng: Random) -> Written:
    for (name,) in often(goods.targets(rng, goods.kinds)):
        chinese = in_chinese("", name)
        of_kind = _called(goods, chinese) & np.isfinite(goods.prices)
        if of_kind.sum() >= 4 and chinese:
            _, high = limits(goods.prices[of_kind], rng)
            said = f"{high}欧元" if goods.euros else str(high)
            right = of_kind & (goods.prices <= high)
            yield phrase(CHINESE["price_zh"], rng, kind=chinese, high=said), right, f"{name}|{high}"


@writer("known_item_zh")
def known_item_zh(goods: Goods, rng: Random) -> Written:
    """Three pieces of a Chinese title, cut where the lexicon knows words."""
    for row in shuffled(goods, rng):
        title = str(goods.titles_zh[row])
        cuts = {0, len(title)}.union(*((match.start, match.end) for match in lexicon().scan(title)))
        ends = sorted(cuts)
        pieces = [title[a:b].strip("的配饰以 ") for a, b in pairwise(ends)]
        pieces = [piece for piece in dict.fromkeys(pieces) if piece]
        if len(pieces) >= LONG_TITLE:
            yield " ".join(rng.sample(pieces, OF_TITLE)), goods.titles_zh == title, title


@writer("full_title_zh")
def full_title_zh(goods: Goods, rng: Random) -> Written:
    for row in shuffled(goods, rng):
        if title := str(goods.titles_zh[row]):
            yield title, goods.titles_zh == title, title
