"""The forms of queries, and what the queries of each are made with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

import numpy as np

from search.lab.benchmark.base import Bools
from search.lab.benchmark.shopping.goods import Goods
from search.schema import Query

#: How often one target is asked for, each time in other words.
AGAIN = 3
#: Words of a title by which its product is to be found, and the fewest that a title has to have.
OF_TITLE, LONG_TITLE = 3, 4


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
WRITERS: dict[str, Callable[[Goods, Random], Written]] = {}


def writer(form: str) -> Callable[[Callable[[Goods, Random], Written]], Callable[[Goods, Random], Written]]:
    def register(write: Callable[[Goods, Random], Written]) -> Callable[[Goods, Random], Written]:
        WRITERS[form] = write
        return write

    return register


def often(targets: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The targets, then the same again, so that few make many queries."""
    return islice(cycle(targets), AGAIN * len(targets))


def shuffled(goods: Goods, rng: Random) -> list[int]:
    """The products that are asked for in random order."""
    return rng.sample(range(goods.tested), goods.tested)


def limits(prices: np.ndarray, rng: Random) -> tuple[int, int]:
    low, high = np.quantile(prices, (0.15, rng.uniform(0.4, 0.8)))
    return int(low), max(int(np.ceil(high)), int(low) + 1)
