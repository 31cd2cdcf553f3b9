"""A query that is far too long is answered at once, with a sentence."""

from __future__ import annotations

import time

import pytest

from search import Query
from search.errors import TextTooLongError
from search.ui import handlers
from tests.ui.context import make_context

PIECES = ["1", " ", "not ", "不要"]


@pytest.mark.parametrize("piece", PIECES)
def test_the_engine_refuses_it_with_a_sentence(engine, piece):
    start = time.process_time()
    with pytest.raises(TextTooLongError, match="20,000 characters"):
        engine.search(Query(text=(piece * 20_000)[:20_000]))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("piece", PIECES)
def test_the_page_answers_a_link_with_a_sentence(engine, tmp_path, piece):
    context = make_context(engine, tmp_path)
    handlers.on_open(context, [])  # the first page reads templates
    start = time.process_time()
    page = handlers.on_open(context, [("q", (piece * 20_000)[:20_000])])
    assert time.process_time() - start < 1
    # Nothing but spaces is no query at all: the shop is shown.
    assert ("What are you looking for?" if piece == " " else "the limit is 2,000") in page.results
