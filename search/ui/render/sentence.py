"""The query as parts of a plain sentence, each of which can be removed; templates/chips.html draws them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.images import WHOLE
from search.schema import Product
from search.ui.locale import Words, money
from search.ui.state import State


@dataclass(frozen=True)
class Part:
    """A piece of the sentence. `drop` tells the browser what its cross removes: a part of the
    state ("photo", "text", "price") or one value in it ("exclude:stripes", "filter:colour")."""

    text: str
    drop: str


def parts(words: Words, state: State, like: Product | None = None, currency: str | None = None) -> Iterator[Part]:
    """What the query says, photo first, filters last."""
    if state.like:
        yield Part(words("say_like", title=words.title(like) if like else state.like), "photo")
    elif state.has_photo:
        yield Part(words("say_photo" if state.region in (None, WHOLE) else "say_photo_part"), "photo")
    if state.text:
        yield Part(words("say_words", words=state.text), "text")
    for phrase in state.exclude:
        yield Part(words("say_not", phrase=phrase), f"exclude:{phrase}")
    yield from filter_parts(words, state, currency)


def filter_parts(words: Words, state: State, currency: str | None = None) -> Iterator[Part]:
    for name, values in state.filters.items():
        if name == "price":
            yield Part(_price(words, values, currency), "price")
        else:
            said = words("say_or").join(words.value(name, value) for value in values)
            yield Part(words("say_filter", field=words.field(name), values=said), f"filter:{name}")


def _price(words: Words, values: tuple[float | None, ...], currency: str | None) -> str:
    low, high = values
    if low is None and high is not None:
        return words("say_price_to", high=money(high, currency))
    if high is None and low is not None:
        return words("say_price_from", low=money(low, currency))
    return words("say_price", low=money(low or 0, currency), high=money(high or 0, currency))
