"""What the words ask for, moved to where it belongs: exclusions and price limits become fields of the Query."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from search.errors import EmptyQueryError
from search.query.parse import ParsedQuery, distinct, parse
from search.query.pieces import wants_anything
from search.query.vocabulary import Vocabulary
from search.schema import MAX_EXCLUSIONS, MAX_TEXT, Query, price_range


def resolve(query: Query, vocabulary: Vocabulary | None = None, *, prices: bool = True) -> tuple[Query, ParsedQuery]:
    """The query as it is understood, and what its words were parsed to.

    Words that only say what to leave out, or what it may cost, leave a query without text: of the whole catalog, and in
    the order of the price where there is nothing else to order it by.

    Args:
        vocabulary: what the catalog knows, see `parse`.
        prices: whether the catalog has any; without them "under 60" would let nothing pass.

    Raises:
        EmptyQueryError: neither a photo nor words, not even for what to leave out or what it may cost.
    """
    parsed = parse(query.text, vocabulary, prices=prices, correct=query.correct)
    exclusions = _fitting((*query.exclusions, *parsed.exclusions))
    filters = dict(query.filters)
    if parsed.price:
        low, high = price_range(parsed.price)
        if "price" in filters:
            set_low, set_high = price_range(filters["price"])
            # Both count where both can be met; where they cannot, what was typed is the newer wish.
            if max(low, set_low) <= min(high, set_high):
                low, high = max(low, set_low), min(high, set_high)
        filters["price"] = (None if low == -math.inf else low, None if high == math.inf else high)
    text = parsed.text.strip()
    narrowed = bool(exclusions or parsed.price or parsed.foreign_price or parsed.sort)
    if narrowed and not wants_anything(text):
        text = ""
        if not query.has_photo and not exclusions and not parsed.sort:
            parsed = replace(parsed, sort="price")
    if not query.has_photo and not text and not narrowed:
        raise EmptyQueryError("There is neither a photo nor words.", "Add a photo, words, or both.")
    chosen = [phrase for phrase in dict.fromkeys(query.exclusions) if phrase not in parsed.exclusions]
    found = (each for phrase in chosen for each in parse(phrase, vocabulary, prices=False, correct=False).aspects)
    unwanted = distinct(replace(each, excluded=True, span=None) for each in found)[:MAX_EXCLUSIONS]
    parsed = replace(parsed, aspects=distinct((*parsed.aspects, *unwanted)))
    return replace(query, text=text, exclude=exclusions, filters=filters), parsed


def _fitting(exclusions: Iterable[str]) -> tuple[str, ...]:
    """The first exclusions, as many as a query may have; as aspects those in the words count in any case."""
    kept: list[str] = []
    for phrase in dict.fromkeys(exclusions):
        if len(kept) < MAX_EXCLUSIONS and sum(map(len, kept)) + len(phrase) <= MAX_TEXT:
            kept.append(phrase)
    return tuple(kept)
