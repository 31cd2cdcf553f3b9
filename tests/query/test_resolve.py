"""What the words say and what was set before become one query."""

from __future__ import annotations

import pytest

from search.query.resolve import resolve
from search.schema import Query


@pytest.mark.parametrize(
    ("words", "before", "price"),
    [
        ("mug under 20", None, (None, 20.0)),
        ("mug under 20", (10, 40), (10.0, 20.0)),  # both can be met
        ("watch over 100", (10, 20), (100.0, None)),  # they cannot: what was typed is the newer wish
        ("mug", (10, 20), (10, 20)),
    ],
)
def test_a_price_in_the_words_and_one_that_was_set(words, before, price):
    query, _ = resolve(Query(text=words, filters={"price": before} if before else {}), prices=True)
    assert query.filters["price"] == price
