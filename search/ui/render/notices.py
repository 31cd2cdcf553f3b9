"""What is said above the results: how the words were understood, and what to try where nobody understands them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.query.parse import ParsedQuery
from search.ui.locale import Words
from search.ui.render.sentence import price_text
from search.ui.state import State

#: Kinds that are offered where nothing of what was typed is known.
OFFERED = 8


@dataclass(frozen=True)
class Notice:
    """A sentence above the results. `instead` is what a button beside it says: it searches for the words as typed."""

    title: str
    body: str = ""
    instead: str = ""


def notices(words: Words, state: State, parsed: ParsedQuery, currency: str | None) -> Iterator[Notice]:
    """What a reader has to know of how the words were read; nothing in most cases."""
    if parsed.corrections:
        meant = words("understood_showing", meant=corrected(parsed))
        yield Notice(meant, instead=words("understood_instead", typed=parsed.original.strip()))
    if parsed.unknown and not knows_nothing(state, parsed):
        yield Notice(words("unknown_title", things=_quoted(words, parsed)), words("unknown_rest"))
    if parsed.foreign_price:
        limit = price_text(words, parsed.foreign_price, parsed.currency)
        code = str(currency).upper()
        name = words(f"currency_{code}") if f"currency_{code}" in words else code
        yield Notice(words("price_foreign", limit=limit, currency=name))


def knows_nothing(state: State, parsed: ParsedQuery | None) -> bool:
    """Whether the words are unknown and nothing else was asked: what is found is only what looks nearest."""
    if parsed is None or not parsed.unknown or state.has_photo:
        return False
    return not any(not aspect.excluded for aspect in parsed.aspects)


def nothing_called(words: Words, parsed: ParsedQuery) -> str:
    """ "Nothing here is called “toaster”." """
    return words("unknown_title", things=_quoted(words, parsed))


def corrected(parsed: ParsedQuery) -> str:
    """The text as it was typed, with what was meant in the place of typing errors."""
    text = parsed.original
    for each in sorted(parsed.corrections, key=lambda each: each.span, reverse=True):
        text = text[: each.span[0]] + each.meant + text[each.span[1] :]
    return text.strip()


def _quoted(words: Words, parsed: ParsedQuery) -> str:
    return words("say_or").join(words("quoted", text=each) for each in dict.fromkeys(parsed.unknown))
