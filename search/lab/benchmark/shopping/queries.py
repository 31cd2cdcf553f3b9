"""The queries of every form of words that a catalog's columns can judge, drawn by seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from random import Random

import numpy as np

from search.catalog import Catalog
from search.lab.benchmark.base import Bools
from search.lab.benchmark.datasets import in_chinese
from search.lab.benchmark.shopping.goods import Goods, folded
from search.lab.benchmark.shopping.lists import absent_words, other_words, wishes
from search.lab.benchmark.shopping.phrases import CHINESE, ENGLISH, mistyped, phrase
from search.lexicon import lexicon
from search.schema import Query

#: Queries of a form at most, and how often one target is asked for, each time in other words.
MOST, AGAIN = 80, 3
#: The same in a gallery of more than LARGE products, where a search takes longer.
MOST_OF_LARGE, LARGE = 40, 10_000
#: Words of a title by which its product is to be found, and the fewest that a title has to have.
OF_TITLE, LONG_TITLE = 3, 4
#: Letters of a word that somebody mistypes.
LONG_WORD = 4
#: Words that only join others.
_JOINING = frozenset(("&", "a", "and", "for", "in", "of", "on", "or", "the", "with"))
#: Patterns with the words for them, and the patterns that are of the same sort.
PATTERNS = {
    "striped": ("stripes", ("striped", "pinstriped")),
    "dotted": ("dots", ("dotted", "speckled")),
    "checked": ("checks", ("checked", "tartan", "houndstooth")),
    "floral": ("flowers", ("floral", "leafy")),
}
#: For whom, and what is theirs.
PEOPLE = {"men": "men's", "women": "women's", "boys": "boys'", "girls": "girls'"}


@dataclass(frozen=True)
class ShopperQuery:
    """A query, and the products that are right for it.

    form: one of FORMS. right: ids that are to be found; none of a thing that the catalog does not have.
    target: what it asks for; queries of one target are not independent.
    meeting: ids that have everything that was said, by which a promise is judged; more than `right` where somebody looks
    for one product by words that others have too.
    """

    form: str
    query: Query
    right: frozenset[str]
    target: str
    meeting: frozenset[str] | None = None

    @property
    def met(self) -> frozenset[str]:
        """The ids that have everything that was said."""
        return self.right if self.meeting is None else self.meeting


@dataclass(frozen=True)
class Form:
    """A form of query: what it is called in tables, and how its answers are measured.

    measure: "p5" (precision of the first five), "mrr" (one product is to be found), "absent" (nothing is), or "part"
    (precision of the first five, of only a part of what was asked, so that the probability promises something else).
    """

    label: str
    measure: str = "p5"
    needs_prices: bool = False


FORMS = {
    "kind": Form("kind"),
    "brand": Form("brand"),
    "brand_kind": Form("brand and kind"),
    "colour_kind": Form("colour and kind"),
    "colour_brand_kind": Form("colour, brand and kind"),
    "typing_error": Form("kind with a typing error"),
    "known_item": Form("known item by three words of its title", "mrr"),
    "full_title": Form("the whole title", "mrr"),
    "id": Form("the id", "mrr"),
    "negation": Form("kind without a colour or pattern"),
    "negation_only": Form("not a colour or pattern, nothing else"),
    "price": Form("kind and price", needs_prices=True),
    "audience": Form("kind for men, women, boys, girls"),
    "kind_zh": Form("Chinese: kind"),
    "colour_kind_zh": Form("Chinese: colour and kind"),
    "known_item_zh": Form("Chinese: known item by pieces of its title", "mrr"),
    "full_title_zh": Form("Chinese: the whole title", "mrr"),
    "negation_zh": Form("Chinese: kind without a colour"),
    "price_zh": Form("Chinese: kind and price", needs_prices=True),
    "synonym": Form("other words for kinds"),
    "wish": Form("vague wishes"),
    "wish_zh": Form("Chinese: vague wishes"),
    "photo": Form("photo: its kind"),
    "photo_colour": Form("photo in another colour: kind and colour"),
    "photo_colour_kind": Form("photo in another colour: kind alone", "part"),
    "absent": Form("what the shop does not have", "absent"),
    "absent_zh": Form("Chinese: what the shop does not have", "absent"),
}

#: (text, which products are right, target); a writer may write more than is asked for.
Written = Iterable[tuple[str, Bools, str]]
_WRITERS: dict[str, Callable[[Goods, Random], Written]] = {}


def shopper_queries(
    catalog: Catalog | Goods, seed: int = 0, *, most: int | None = None, forms: Sequence[str] | None = None
) -> list[ShopperQuery]:
    """Queries in words, by form, as far as the catalog's columns can judge them.

    The queries of one form do not depend on which other forms are asked for.

    Args:
        catalog: whose columns judge; a Goods says besides which of its products are asked for.
        most: queries of each form at most; 80 when not given, half of it in a large gallery.
        forms: of FORMS; all when not given. Those of photos are made by `photos.photo_queries`.
    """
    goods = catalog if isinstance(catalog, Goods) else Goods.of(catalog)
    most = most or (MOST_OF_LARGE if len(goods) > LARGE else MOST)
    asked = []
    for form, writer in _WRITERS.items():
        if forms is None or form in forms:
            written = islice(writer(goods, Random(f"{seed} {form}")), most)
            for text, right, target in written:
                meeting = _MEETING[form](goods, text) if form in _MEETING else None
                asked.append(ShopperQuery(form, Query(text=text), goods.those(right), target, meeting))
    return asked


def _with_words(goods: Goods, text: str) -> frozenset[str]:
    """The ids of products whose title has every word of a text, in the singular or the plural, hyphen or not.

    Words that join others ask for nothing: nobody who types "plastic and in" wants an "and".
    """
    words = {_plain(word) for word in folded(text).split()} - _JOINING
    return goods.those(np.array([words <= {_plain(word) for word in title.split()} for title in goods.titles.tolist()]))


def _plain(word: str) -> str:
    """A word without hyphens and the s of its plural."""
    return word.replace("-", "").removesuffix("s")


def _with_pieces(goods: Goods, text: str) -> frozenset[str]:
    """The ids of products whose Chinese title has every piece of a text."""
    pieces = text.split()
    return goods.those(np.array([all(piece in title for piece in pieces) for title in goods.titles_zh.tolist()]))


#: Form -> what has everything that was said, where that is not what is to be found.
_MEETING: dict[str, Callable[[Goods, str], frozenset[str]]] = {
    "known_item": _with_words,
    "known_item_zh": _with_pieces,
}


def _writer(form: str) -> Callable[[Callable[[Goods, Random], Written]], Callable[[Goods, Random], Written]]:
    def register(write: Callable[[Goods, Random], Written]) -> Callable[[Goods, Random], Written]:
        _WRITERS[form] = write
        return write

    return register


def _often(targets: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The targets, then the same again, so that few make many queries."""
    return islice(cycle(targets), AGAIN * len(targets))


@_writer("kind")
def kind(goods: Goods, rng: Random) -> Written:
    for (name,) in _often(goods.targets(rng, goods.kinds)):
        yield phrase(ENGLISH["kind"], rng, kind=name), goods.kinds == name, name


@_writer("brand")
def brand(goods: Goods, rng: Random) -> Written:
    for (name,) in _often(goods.targets(rng, goods.brands)):
        yield phrase(ENGLISH["brand"], rng, brand=name), goods.brands == name, name


@_writer("brand_kind")
def brand_kind(goods: Goods, rng: Random) -> Written:
    for maker, name in _often(goods.targets(rng, goods.brands, goods.kinds)):
        right = (goods.brands == maker) & (goods.kinds == name)
        yield phrase(ENGLISH["brand_kind"], rng, brand=maker, kind=name), right, f"{maker}|{name}"


@_writer("colour_kind")
def colour_kind(goods: Goods, rng: Random) -> Written:
    for colour, name in _often(goods.targets(rng, goods.colours, goods.kinds)):
        right = (goods.colours == colour) & (goods.kinds == name)
        yield phrase(ENGLISH["colour_kind"], rng, colour=colour, kind=name), right, f"{colour}|{name}"


@_writer("colour_brand_kind")
def colour_brand_kind(goods: Goods, rng: Random) -> Written:
    for colour, maker, name in _often(goods.targets(rng, goods.colours, goods.brands, goods.kinds)):
        right = (goods.colours == colour) & (goods.brands == maker) & (goods.kinds == name)
        text = phrase(ENGLISH["colour_brand_kind"], rng, colour=colour, brand=maker, kind=name)
        yield text, right, f"{colour}|{maker}|{name}"


@_writer("typing_error")
def typing_error(goods: Goods, rng: Random) -> Written:
    """One word of the kind is mistyped, so that it becomes no other word of the catalog or the lexicon."""
    for (name,) in _often(goods.targets(rng, goods.kinds)):
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


@_writer("known_item")
def known_item(goods: Goods, rng: Random) -> Written:
    """Three different words of a title at random, in half of the queries in their order."""
    for row in _shuffled(goods, rng):
        words = list(dict.fromkeys(goods.titles[row].split()))
        if len(words) >= LONG_TITLE:
            places = rng.sample(range(len(words)), OF_TITLE)
            places = sorted(places) if rng.random() < 0.5 else places
            title = goods.titles[row]
            yield " ".join(words[at] for at in places), goods.titles == title, title


@_writer("full_title")
def full_title(goods: Goods, rng: Random) -> Written:
    for row in _shuffled(goods, rng):
        title = goods.titles[row]
        if len(title.split()) > 1:
            yield phrase((title,), rng), goods.titles == title, title


@_writer("id")
def product_id(goods: Goods, rng: Random) -> Written:
    for row in _shuffled(goods, rng):
        yield str(goods.ids[row]), np.arange(len(goods)) == row, str(goods.ids[row])


def _shuffled(goods: Goods, rng: Random) -> list[int]:
    """The products that are asked for in random order."""
    return rng.sample(range(goods.tested), goods.tested)


@_writer("negation")
def negation(goods: Goods, rng: Random) -> Written:
    """A product of unknown colour is not right, and neither is one of a similar pattern."""
    for name, what, without in _refused(goods, rng):
        of_kind = goods.kinds == name
        if (of_kind & ~without).any() and (of_kind & without).any():
            right = of_kind & without
            yield phrase(ENGLISH["negation"], rng, kind=name, what=what), right, f"{name}|{what}"


def _refused(goods: Goods, rng: Random) -> Iterator[tuple[str, str, Bools]]:
    """(kind, what it is to be without, (n,) which products are), colours and patterns by turns."""
    colours = _often(goods.targets(rng, goods.kinds, goods.colours))
    patterns = [pair for pair in goods.targets(rng, goods.kinds, goods.patterns) if pair[1] in PATTERNS]
    for (name, colour), pattern in zip(colours, cycle(patterns or [None]), strict=False):
        yield name, colour, (goods.colours != colour) & (goods.colours != "")
        if pattern:
            noun, same = PATTERNS[pattern[1]]
            yield pattern[0], noun, ~np.isin(goods.patterns, (*same, ""))


@_writer("negation_only")
def negation_only(goods: Goods, rng: Random) -> Written:
    for (colour,) in _often(goods.targets(rng, goods.colours)):
        right = (goods.colours != colour) & (goods.colours != "")
        yield phrase(ENGLISH["negation_only"], rng, what=colour), right, colour
    for pattern, (noun, same) in PATTERNS.items():
        if np.isin(goods.patterns, same).any():
            yield f"no {noun}", ~np.isin(goods.patterns, (*same, "")), pattern


@_writer("price")
def price(goods: Goods, rng: Random) -> Written:
    """Limits are whole numbers that divide the kind's products; the catalog's own currency is said in half of them."""
    for (name,) in _often(goods.targets(rng, goods.kinds)):
        of_kind = (goods.kinds == name) & np.isfinite(goods.prices)
        if of_kind.sum() < 4:
            continue
        low, high = _limits(goods.prices[of_kind], rng)
        euro = goods.euros and rng.random() < 0.5
        said = rng.choice((f"{high} euros", f"{high} EUR", f"€{high}")) if euro else str(high)
        if rng.random() < 0.6:
            text, right = phrase(ENGLISH["price"], rng, kind=name, high=said), goods.prices <= high
        else:
            text = phrase(ENGLISH["price_range"], rng, kind=name, low=str(low), high=said.lstrip("€"))
            right = (goods.prices >= low) & (goods.prices <= high)
        if (of_kind & right).any():
            yield text, of_kind & right, f"{name}|{text}"


@_writer("price_zh")
def price_zh(goods: Goods, rng: Random) -> Written:
    for (name,) in _often(goods.targets(rng, goods.kinds)):
        of_kind, chinese = (goods.kinds == name) & np.isfinite(goods.prices), in_chinese("", name)
        if of_kind.sum() >= 4 and chinese:
            _, high = _limits(goods.prices[of_kind], rng)
            said = f"{high}欧元" if goods.euros else str(high)
            right = of_kind & (goods.prices <= high)
            yield phrase(CHINESE["price_zh"], rng, kind=chinese, high=said), right, f"{name}|{high}"


def _limits(prices: np.ndarray, rng: Random) -> tuple[int, int]:
    low, high = np.quantile(prices, (0.15, rng.uniform(0.4, 0.8)))
    return int(low), max(int(np.ceil(high)), int(low) + 1)


@_writer("audience")
def audience(goods: Goods, rng: Random) -> Written:
    """What is for everybody ("unisex") answers men and women too."""
    for name, people in _often(goods.targets(rng, goods.kinds, goods.audiences)):
        if people in PEOPLE:
            for_them = (people, "unisex") if people in ("men", "women") else (people,)
            right = (goods.kinds == name) & np.isin(goods.audiences, for_them)
            yield (
                phrase(ENGLISH["audience"], rng, kind=name, people=people, of_people=PEOPLE[people]),
                right,
                f"{name}|{people}",
            )


@_writer("kind_zh")
def kind_zh(goods: Goods, rng: Random) -> Written:
    for (name,) in _often(goods.targets(rng, goods.kinds)):
        if chinese := in_chinese("", name):
            yield phrase(CHINESE["kind_zh"], rng, kind=chinese), goods.kinds == name, name


@_writer("colour_kind_zh")
def colour_kind_zh(goods: Goods, rng: Random) -> Written:
    for colour, name, said, chinese in _in_chinese(goods, rng):
        right = (goods.colours == colour) & (goods.kinds == name)
        yield phrase(CHINESE["colour_kind_zh"], rng, colour=said, kind=chinese), right, f"{colour}|{name}"


@_writer("negation_zh")
def negation_zh(goods: Goods, rng: Random) -> Written:
    for colour, name, said, chinese in _in_chinese(goods, rng):
        right = (goods.colours != colour) & (goods.colours != "") & (goods.kinds == name)
        if right.any():
            yield phrase(CHINESE["negation_zh"], rng, colour=said, kind=chinese), right, f"{colour}|{name}"


def _in_chinese(goods: Goods, rng: Random) -> Iterator[tuple[str, str, str, str]]:
    """(colour, kind, the colour's Chinese name, the kind's) of those that have one."""
    for colour, name in _often(goods.targets(rng, goods.colours, goods.kinds)):
        chinese, both = in_chinese("", name), in_chinese(colour, name)
        if chinese and both:
            yield colour, name, both.removesuffix(chinese), chinese


@_writer("known_item_zh")
def known_item_zh(goods: Goods, rng: Random) -> Written:
    """Three pieces of a Chinese title, cut where the lexicon knows words."""
    for row in _shuffled(goods, rng):
        title = str(goods.titles_zh[row])
        cuts = {0, len(title)}.union(*((match.start, match.end) for match in lexicon().scan(title)))
        ends = sorted(cuts)
        pieces = [title[a:b].strip("的配饰以 ") for a, b in pairwise(ends)]
        pieces = [piece for piece in dict.fromkeys(pieces) if piece]
        if len(pieces) >= LONG_TITLE:
            yield " ".join(rng.sample(pieces, OF_TITLE)), goods.titles_zh == title, title


@_writer("full_title_zh")
def full_title_zh(goods: Goods, rng: Random) -> Written:
    for row in _shuffled(goods, rng):
        if title := str(goods.titles_zh[row]):
            yield title, goods.titles_zh == title, title


@_writer("synonym")
def synonym(goods: Goods, rng: Random) -> Written:
    listed = other_words(goods)
    for each in rng.sample(listed, len(listed)):
        yield each.text, np.isin(goods.kinds, each.kinds), "; ".join(each.kinds)


@_writer("wish")
def wish(goods: Goods, rng: Random) -> Written:
    yield from _wishes(goods, "en")


@_writer("wish_zh")
def wish_zh(goods: Goods, rng: Random) -> Written:
    yield from _wishes(goods, "zh")


def _wishes(goods: Goods, language: str) -> Written:
    for listed in wishes():
        right = np.isin(goods.kinds, listed.kinds)
        if listed.language == language and right.any():
            yield listed.text, right, listed.text


@_writer("absent")
def absent(goods: Goods, rng: Random) -> Written:
    nothing = np.zeros(len(goods), bool)
    yield from ((word, nothing, word) for word in absent_words(goods, "en"))


@_writer("absent_zh")
def absent_zh(goods: Goods, rng: Random) -> Written:
    nothing = np.zeros(len(goods), bool)
    yield from ((word, nothing, word) for word in absent_words(goods, "zh"))
