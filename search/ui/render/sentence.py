"""The query as parts of a plain sentence, each of which can be removed; templates/chips.html draws them.

What was typed stays in the field: a part of the words is removed by asking with the words that are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.lexicon.tokens import listed
from search.query.parse import ParsedQuery, Span
from search.schema import Aspect, Product
from search.ui.locale import Words, money
from search.ui.render.aspects import AspectWords
from search.ui.state import State

#: Words that only joined what was removed to the rest.
_JOINING = frozenset(listed("a an and at by for from in of on or the with 的 和"))


@dataclass(frozen=True)
class Part:
    """A piece of the sentence.

    `drop` tells the browser what its cross removes: a part of the state ("photo", "seen", "text", "price") or one value in it
    ("exclude:stripes", "filter:colour"). Of a piece of the words, `left` are the words without it instead; `narrow` is
    the state's change that makes a filter of it, and `narrow_to` says that. A part with neither cannot be removed.
    """

    text: str
    drop: str = ""
    left: str | None = None
    narrow: dict[str, Any] | None = None
    narrow_to: str = ""


def parts(
    speech: AspectWords,
    state: State,
    like: Product | None = None,
    currency: str | None = None,
    parsed: ParsedQuery | None = None,
    aspects: Sequence[Aspect] = (),
    photo: str = "",
) -> Iterator[Part]:
    """What the query says, photo first, filters last.

    Args:
        photo: what of the photo is searched with, where there is one (render.things).
        parsed: how the words were understood; without it they are one part.
        aspects: all that was asked for, of which those that the photo shows are said.
    """
    words = speech.words
    if state.like:
        yield Part(words("say_like", title=words.title(like) if like else state.like), "photo")
    elif state.has_photo:
        yield Part(photo or words("say_photo"), "photo")
    for aspect in aspects:
        if aspect.source == "photo":
            yield _narrowing(
                speech, state, aspect, Part(words("say_seen", thing=speech.wish(aspect)), "seen"), state.text
            )
    if parsed and parsed.original == state.text:
        yield from _word_parts(speech, state, parsed, currency)
    elif state.text:
        yield Part(words("say_words", words=state.text), "text")
    for phrase in state.exclude:
        yield Part(words("say_not", phrase=phrase), f"exclude:{phrase}")
    yield from filter_parts(words, state, currency)


def filter_parts(words: Words, state: State, currency: str | None = None) -> Iterator[Part]:
    for name, values in state.filters.items():
        if name == "price":
            yield Part(price_text(words, values, currency), "price")
        else:
            said = words("say_or").join(words.value(name, value) for value in values)
            yield Part(words("say_filter", field=words.field(name), values=said), f"filter:{name}")


def narrowing_parts(
    speech: AspectWords, state: State, parsed: ParsedQuery, currency: str | None = None
) -> Iterator[Part]:
    """What of the words lets nothing else pass: a price, an exclusion."""
    for span in parsed.spans:
        if span.kind in ("price", "exclusion"):
            left = without(state.text, span.start, span.end)
            yield Part(_span_text(speech, parsed, span, currency), left=left)


def without(text: str, start: int, end: int) -> str:
    """A text without the characters from `start` to `end`, and without what then joins nothing.

    >>> without("mugs in red", 8, 11), without("红色的杯子", 0, 2)
    ('mugs', '杯子')
    """
    before, after = text[:start].split(), text[end:].split()
    while before and before[-1].casefold() in _JOINING:
        before.pop()
    while not before and after and after[0].casefold() in _JOINING:
        after.pop(0)
    left = " ".join([*before, *after])
    return re.sub(r"^的", "", left).strip(" ,;，；、")


def _word_parts(speech: AspectWords, state: State, parsed: ParsedQuery, currency: str | None) -> Iterator[Part]:
    """Aspects, exclusions and price limits in the order of the text; words that nothing is known of where there is
    no aspect at all."""
    found: list[tuple[int, Part]] = []
    for aspect in parsed.aspects:
        if aspect.span is None or (aspect.excluded and _around(parsed.spans, aspect.span)):
            continue
        start, end = aspect.span
        part = Part(speech.wish(aspect), left=without(state.text, start, end))
        found.append((start, _narrowing(speech, state, aspect, part, part.left or "")))
    for span in parsed.spans:
        text = _span_text(speech, parsed, span, currency)
        found.append((span.start, Part(text, left=without(state.text, span.start, span.end))))
    for word in parsed.unknown:
        start = state.text.find(word)
        if start >= 0:
            said = speech.words("say_unknown", word=word)
            found.append((start, Part(said, left=without(state.text, start, start + len(word)))))
    if parsed.text and not parsed.unknown and all(aspect.excluded for aspect in parsed.aspects):
        found.append((-1, Part(speech.words("say_words", words=parsed.text), left=_only_taken_out(parsed))))
    yield from (part for _, part in sorted(found, key=lambda each: each[0]))


def _around(spans: Sequence[Span], inner: tuple[int, int]) -> bool:
    """Whether a part that was taken out holds this one: "stripes" in "without stripes"."""
    return any(span.start <= inner[0] and inner[1] <= span.end for span in spans)


def _span_text(speech: AspectWords, parsed: ParsedQuery, span: Span, currency: str | None) -> str:
    words = speech.words
    if span.kind in ("price", "foreign_price") and isinstance(span.value, tuple):
        return price_text(words, span.value, parsed.currency or currency)
    if span.kind == "sort":
        return words("say_sort_up" if span.value == "price" else "say_sort_down")
    inside = (each for each in parsed.aspects if each.excluded and each.span and _around([span], each.span))
    thing = "、".join(map(speech.asked, inside)) if words.lang == "zh" else ", ".join(map(speech.asked, inside))
    return words("say_not", phrase=thing or span.value)


def _only_taken_out(parsed: ParsedQuery) -> str:
    """The text without its plain words."""
    return " ".join(parsed.original[span.start : span.end] for span in parsed.spans)


def _narrowing(speech: AspectWords, state: State, aspect: Aspect, part: Part, left: str) -> Part:
    """The part with what makes a filter of it, where the catalog has such a column and value."""
    facet = speech.facet_of(aspect)
    if facet is None:
        return part
    name, values = facet
    change = {"text": left, "filters": {**{key: list(each) for key, each in state.filters.items()}, name: values}}
    said = speech.words("say_or").join(speech.words.value(name, value) for value in values)
    return replace(
        part, narrow=change, narrow_to=speech.words("say_filter", field=speech.words.field(name), values=said)
    )


def price_text(words: Words, values: tuple[float | None, ...], currency: str | None) -> str:
    """ "up to €60", "€20 to €60"."""
    low, high = values
    if low is None and high is not None:
        return words("say_price_to", high=money(high, currency))
    if high is None and low is not None:
        return words("say_price_from", low=money(low, currency))
    return words("say_price", low=money(low or 0, currency), high=money(high or 0, currency))
