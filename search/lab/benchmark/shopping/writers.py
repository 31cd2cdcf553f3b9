"""The queries of every form in English, and the written lists in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random

import numpy as np

from search.lab.benchmark.base import Bools
from search.lab.benchmark.shopping.forms import LONG_TITLE, OF_TITLE, Written, limits, often, shuffled, writer
from search.lab.benchmark.shopping.goods import Goods
from search.lab.benchmark.shopping.lists import absent_words, other_words, wishes
from search.lab.benchmark.shopping.phrases import ENGLISH, mistyped, phrase
from search.lexicon import lexicon

#: Letters of a word that somebody mistypes.
LONG_WORD = 4
#: Patterns with the words for them, and the patterns that are of the same sort.
PATTERNS = {
    "striped": ("stripes", ("striped", "pinstriped")),
    "dotted": ("dots", ("dotted", "speckled")),
    "checked": ("checks", ("checked", "tartan", "houndstooth")),
    "floral": ("flowers", ("floral", "leafy")),
}
#: For whom, and what is theirs.
PEOPLE = {"men": "men's", "women": "women's", "boys": "boys'", "girls": "girls'"}


@writer("kind")
def kind(goods: Goods, rng: Random) -> Written:
    for (name,) in often(goods.targets(rng, goods.kinds)):
        yield phrase(ENGLISH["kind"], rng, kind=name), goods.kinds == name, name


@writer("brand")
def brand(goods: Goods, rng: Random) -> Written:
    for (name,) in often(goods.targets(rng, goods.brands)):
        yield phrase(ENGLISH["brand"], rng, brand=name), goods.brands == name, name


@writer("brand_kind")
def brand_kind(goods: Goods, rng: Random) -> Written:
    for maker, name in often(goods.targets(rng, goods.brands, goods.kinds)):
        right = (goods.brands == maker) & (goods.kinds == name)
        yield phrase(ENGLISH["brand_kind"], rng, brand=maker, kind=name), right, f"{maker}|{name}"


@writer("colour_kind")
def colour_kind(goods: Goods, rng: Random) -> Written:
    for colour, name in often(goods.targets(rng, goods.colours, goods.kinds)):
        right = (goods.colours == colour) & (goods.kinds == name)
        yield phrase(ENGLISH["colour_kind"], rng, colour=colour, kind=name), right, f"{colour}|{name}"


@writer("colour_brand_kind")
def colour_brand_kind(goods: Goods, rng: Random) -> Written:
    for colour, maker, name in often(goods.targets(rng, goods.colours, goods.brands, goods.kinds)):
        right = (goods.colours == colour) & (goods.brands == maker) & (goods.kinds == name)
        text = phrase(ENGLISH["colour_brand_kind"], rng, colour=colour, brand=maker, kind=name)
        yield text, right, f"{colour}|{maker}|{name}"


@writer("typing_error")
def typing_error(goods: Goods, rng: Random) -> Written:
    """One word of the kind is mistyped, so that it becomes no other word of the catalog or the lexicon."""
    for (name,) in often(goods.targets(rng, goods.kinds)):
        text = phrase(("{kind}",), rng, kind=name)
        long = [word for word in text.split() if len(word) >= LONG_WORD and word.isalpha()]
        if not long:
            continue
        word = rng.choice(long)
        slips = (mistyped(word, rng) for _ in range(20))
        slip = next((slip for slip in slips if slip != word and not _is_word(slip, goods)), None)
        if slip:
            yield text.replace(word, slip, 1), goods.kinds == name, name


def _is_word(text: str, goods: Goods) -> bool:
    return text.casefold() in goods.words or bool(lexicon().find(text))


@writer("known_item")
def known_item(goods: Goods, rng: Random) -> Written:
    """Three different words of a title at random, in half of the queries in their order."""
    for row in shuffled(goods, rng):
        words = list(dict.fromkeys(goods.titles[row].split()))
        if len(words) >= LONG_TITLE:
            places = rng.sample(range(len(words)), OF_TITLE)
            places = sorted(places) if rng.random() < 0.5 else places
            title = goods.titles[row]
            yield " ".join(words[at] for at in places), goods.titles == title, title


@writer("full_title")
def full_title(goods: Goods, rng: Random) -> Written:
    for row in shuffled(goods, rng):
        title = goods.titles[row]
        if len(title.split()) > 1:
            yield phrase((title,), rng), goods.titles == title, title


@writer("id")
def product_id(goods: Goods, rng: Random) -> Written:
    for row in shuffled(goods, rng):
        yield str(goods.ids[row]), np.arange(len(goods)) == row, str(goods.ids[row])


@writer("negation")
def negation(goods: Goods, rng: Random) -> Written:
    """A product of unknown colour is not right, and neither is one of a similar pattern."""
    for name, what, without in _refused(goods, rng):
        of_kind = goods.kinds == name
        if (of_kind & ~without).any() and (of_kind & without).any():
            right = of_kind & without
            yield phrase(ENGLISH["negation"], rng, kind=name, what=what), right, f"{name}|{what}"


def _refused(goods: Goods, rng: Random) -> Iterator[tuple[str, str, Bools]]:
    """(kind, what it is to be without, (n,) which products are), colours and patterns by turns."""
    colours = often(goods.targets(rng, goods.kinds, goods.colours))
    patterns = [pair for pair in goods.targets(rng, goods.kinds, goods.patterns) if pair[1] in PATTERNS]
    for (name, colour), pattern in zip(colours, cycle(patterns or [None]), strict=False):
        yield name, colour, (goods.colours != colour) & (goods.colours != "")
        if pattern:
            noun, same = PATTERNS[pattern[1]]
            yield pattern[0], noun, ~np.isin(goods.patterns, (*same, ""))


@writer("negation_only")
def negation_only(goods: Goods, rng: Random) -> Written:
    for (colour,) in often(goods.targets(rng, goods.colours)):
        right = (goods.colours != colour) & (goods.colours != "")
        yield phrase(ENGLISH["negation_only"], rng, what=colour), right, colour
    for pattern, (noun, same) in PATTERNS.items():
        if np.isin(goods.patterns, same).any():
            yield f"no {noun}", ~np.isin(goods.patterns, (*same, "")), pattern


@writer("price")
def price(goods: Goods, rng: Random) -> Written:
    """Limits are whole numbers that divide the kind's products; the catalog's own currency is said in half of them."""
    for (name,) in often(goods.targets(rng, goods.kinds)):
        of_kind = (goods.kinds == name) & np.isfinite(goods.prices)
        if of_kind.sum() < 4:
            continue
        low, high = limits(goods.prices[of_kind], rng)
        euro = goods.euros and rng.random() < 0.5
        said = rng.choice((f"{high} euros", f"{high} EUR", f"€{high}")) if euro else str(high)
        if rng.random() < 0.6:
            text, right = phrase(ENGLISH["price"], rng, kind=name, high=said), goods.prices <= high
        else:
            text = phrase(ENGLISH["price_range"], rng, kind=name, low=str(low), high=said.lstrip("€"))
            right = (goods.prices >= low) & (goods.prices <= high)
        if (of_kind & right).any():
            yield text, of_kind & right, f"{name}|{text}"


@writer("audience")
def audience(goods: Goods, rng: Random) -> Written:
    """What is for everybody ("unisex") answers men and women too."""
    for name, people in often(goods.targets(rng, goods.kinds, goods.audiences)):
        if people in PEOPLE:
            for_them = (people, "unisex") if people in ("men", "women") else (people,)
            right = (goods.kinds == name) & np.isin(goods.audiences, for_them)
            yield (
                phrase(ENGLISH["audience"], rng, kind=name, people=people, of_people=PEOPLE[people]),
                right,
                f"{name}|{people}",
            )


@writer("synonym")
def synonym(goods: Goods, rng: Random) -> Written:
    listed = other_words(goods)
    for each in rng.sample(listed, len(listed)):
        yield each.text, np.isin(goods.kinds, each.kinds), "; ".join(each.kinds)


@writer("wish")
def wish(goods: Goods, rng: Random) -> Written:
    yield from _wishes(goods, "en")


@writer("wish_zh")
def wish_zh(goods: Goods, rng: Random) -> Written:
    yield from _wishes(goods, "zh")


def _wishes(goods: Goods, language: str) -> Written:
    for listed in wishes():
        right = np.isin(goods.kinds, listed.kinds)
        if listed.language == language and right.any():
            yield listed.text, right, listed.text


@writer("absent")
def absent(goods: Goods, rng: Random) -> Written:
    nothing = np.zeros(len(goods), bool)
    yield from ((word, nothing, word) for word in absent_words(goods, "en"))


@writer("absent_zh")
def absent_zh(goods: Goods, rng: Random) -> Written:
    nothing = np.zeros(len(goods), bool)
    yield from ((word, nothing, word) for word in absent_words(goods, "zh"))
