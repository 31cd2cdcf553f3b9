"""The order by price that is asked for: "cheap", "the most expensive", 便宜."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.lexicon.tokens import Phrases, Token

#: Words for the order in which things are wanted: "price" for the cheapest first, "-price" for the dearest; "" says
#: neither, though a word of them is inside.
_ORDERS = Phrases(
    {
        **dict.fromkeys(
            ("cheap", "cheaper", "cheapest", "the cheapest", "inexpensive", "affordable", "budget", "budget-friendly",
             "budget friendly", "on a budget", "low price", "low prices", "lowest price", "lowest prices", "low-priced",
             "low priced", "low cost", "low-cost", "not expensive", "not too expensive", "not so expensive",
             "not very expensive", "least expensive", "less expensive", "not pricey", "bargain", "bargains",
             "便宜", "最便宜", "便宜点", "便宜一点", "便宜些", "更便宜", "实惠", "平价", "低价", "廉价", "价格低", "价格最低",
             "不贵", "不太贵", "不要太贵", "不要贵", "别太贵", "性价比高", "划算", "经济实惠"),
            "price",
        ),
        **dict.fromkeys(
            ("most expensive", "the most expensive", "priciest", "dearest", "highest price", "highest prices",
             "最贵", "价格最高", "最高价"),
            "-price",
        ),
        **dict.fromkeys(("not cheap", "nothing cheap", "not the cheapest", "不便宜", "不要便宜", "不要廉价"), ""),
    }
)  # fmt: skip


@dataclass(frozen=True)
class PriceOrder:
    """A wish for an order by price at the tokens first to last (exclusive): "price", or "-price" for the dearest first."""

    first: int
    last: int
    order: str


def find_orders(tokens: Sequence[Token], taken: Sequence[bool]) -> list[PriceOrder]:
    """Where cheap or dear things are asked for, in order. taken: (n,) which tokens already mean something else."""
    found, at = [], 0
    while at < len(tokens):
        phrase = None if taken[at] else _ORDERS.at(tokens, at)
        if phrase and phrase[1]:
            found.append(PriceOrder(at, phrase[0], phrase[1]))
        at = phrase[0] if phrase else at + 1
    return found
