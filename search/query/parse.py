"""What people type -> what they mean: exclusions and price limits inside the words.

"red dress without stripes under 60" means the words "red dress", the exclusion "stripes" and a price of at most 60. Only
phrases with one sensible reading are taken out; everything else stays with the words and is left to the model. Each part
that was taken out keeps its place in the text. Parsing takes time proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.lexicon import lexicon
from search.lexicon.tokens import Token, listed, text_at, tokenize
from search.query.aspects import find_aspects
from search.query.negation import Exclusion, find_exclusions, with_connectors
from search.query.pieces import Words
from search.query.price import PriceLimit, PriceOrder, find_limits, find_orders
from search.query.vocabulary import Vocabulary
from search.schema import MAX_TEXT, Aspect

PriceRange = tuple[float | None, float | None]

#: Words before a price limit that only join it to the rest: "a bag for under 60".
_BEFORE_PRICE = frozenset(listed("for at with and but or that which is are costs cost 价格"))
_KINDS = {PriceLimit: "price", PriceOrder: "sort", Exclusion: "exclusion"}
#: Tokens in the longest name of a kind that is looked for.
_LONGEST_NAME = 6


@dataclass(frozen=True)
class Span:
    """A part of the text and what it became.

    start, end: characters of the original text, end exclusive.
    kind: "words" (left to the model), "exclusion", "price" or "sort".
    value: the words, the phrase to exclude, (lowest, highest) of the price, either of which may be None, or the order.
    """

    start: int
    end: int
    kind: str
    value: str | PriceRange


@dataclass(frozen=True)
class Correction:
    """A typing error: `typed` stands at `span` of the text and was read as `meant`."""

    typed: str
    meant: str
    span: tuple[int, int]


@dataclass(frozen=True)
class ParsedQuery:
    """What a text says: what is wanted, what is not, and a price range.

    aspects: what it asks for by name, wanted and excluded, in the order of the text. corrections: typing errors that
    were corrected in `text`. unknown: words that neither the lexicon nor the catalog has, as they were typed.
    phrases: what stood in quotation marks, folded; it has to be in a product's text as it stands.
    sort: "price" where the cheapest are asked for ("cheap", 便宜), "-price" for the dearest, else "".
    products: ids of the products that the whole text names, by their id or by their title in any language.

    text: what is left for the model. price: None if no limit was said; currency: ISO 4217, None if none was named.
    spans: the parts that were taken out, in order, none of them overlapping. original: the text as it was typed.
    """

    text: str
    exclusions: tuple[str, ...] = ()
    price: PriceRange | None = None
    currency: str | None = None
    spans: tuple[Span, ...] = ()
    original: str = ""
    aspects: tuple[Aspect, ...] = ()
    corrections: tuple[Correction, ...] = ()
    unknown: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    sort: str = ""
    products: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[Span, ...]:
        """The whole text as spans: those taken out and, between them, those of kind "words"."""
        found: list[Span] = []
        at = 0
        for span in self.spans:
            if span.start > at:
                found.append(Span(at, span.start, "words", self.original[at : span.start]))
            found.append(span)
            at = span.end
        if at < len(self.original):
            found.append(Span(at, len(self.original), "words", self.original[at:]))
        return tuple(found)


def parse(text: str, vocabulary: Vocabulary | None = None, *, prices: bool = True, correct: bool = True) -> ParsedQuery:
    """Read what a text asks for: aspects, exclusions, price limits, the wish for cheap things.

    Args:
        vocabulary: what the catalog knows; without it only the lexicon's words are known, and none is unknown.
        prices: whether there are any; in a catalog without them "under 60" would let nothing pass.
        correct: whether typing errors are; else what was typed is searched for.

    Never raises: a phrase that is not understood stays in `text`, and so does all of a text longer than MAX_TEXT,
    which Query refuses.
    """
    if len(text) > MAX_TEXT:
        return ParsedQuery(text, original=text)
    tokens = tokenize(text)
    taken = [False] * len(tokens)
    limits = _consistent(find_limits(tokens)) if prices else []
    for limit in limits:
        taken[limit.first : limit.last] = [True] * (limit.last - limit.first)
    orders = find_orders(tokens, taken) if prices else []
    for order in orders:
        taken[order.first : order.last] = [True] * (order.last - order.first)
    exclusions = _without_head(text, tokens, taken, find_exclusions(tokens, taken))
    spans = _spans(text, tokens, limits, orders, exclusions)
    parsed = _assembled(text, spans, limits)
    return _understood(parsed, Words.of(text, tokens), exclusions, vocabulary)


def _understood(
    parsed: ParsedQuery, words: Words, exclusions: Sequence[Exclusion], vocabulary: Vocabulary | None
) -> ParsedQuery:
    """With the aspects of what is wanted and of what is not, and the words that nothing knows."""
    aspects: list[Aspect] = []
    unknown: list[str] = []
    for first, last in _wanted(words.tokens, parsed.spans):
        found = find_aspects(words, first, last, vocabulary)
        aspects += found.aspects
        unknown += [words.said(*each) for each in found.unknown]
    for exclusion in exclusions:
        aspects += find_aspects(words, *exclusion.what, vocabulary, excluded=True).aspects
    aspects.sort(key=lambda aspect: aspect.span or (0, 0))
    named = vocabulary.named(parsed.original) if vocabulary else ()
    return replace(
        parsed, aspects=tuple(aspects), unknown=() if named else tuple(dict.fromkeys(unknown)), products=named
    )


def _wanted(tokens: Sequence[Token], spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Ranges of the tokens that no span has."""
    first = at = 0
    for span in (*spans, None):
        while at < len(tokens) and (span is None or tokens[at].start < span.start):
            at += 1
        if at > first:
            yield first, at
        while span is not None and at < len(tokens) and tokens[at].start < span.end:
            at += 1
        first = at


def _consistent(limits: Sequence[PriceLimit]) -> list[PriceLimit]:
    """The first limit of each side; none where the lowest price is above the highest."""
    kept: list[PriceLimit] = []
    low = high = None
    for limit in limits:
        if (limit.low is not None and low is not None) or (limit.high is not None and high is not None):
            continue
        low, high = limit.low if low is None else low, limit.high if high is None else high
        kept.append(limit)
    return [] if low is not None and high is not None and low > high else kept


def _without_head(
    text: str, tokens: Sequence[Token], taken: Sequence[bool], exclusions: Sequence[Exclusion]
) -> Sequence[Exclusion]:
    """ "no logo t-shirt" wants a t-shirt, where no other kind of product is named."""
    if not exclusions or not exclusions[-1].bare_no:
        return exclusions
    last = exclusions[-1]
    begin, end = last.what
    head = _head(text, tokens, begin, end) if end - begin > 1 else begin
    said = {at for part in exclusions for at in range(part.first, part.last)}
    rest = [token for at, token in enumerate(tokens) if at not in said and not taken[at] and token.kind != "sign"]
    if head is None and not rest and text_at(tokens, exclusions[0].first) == "no" and tokens[end - 1].kind == "word":
        head = end - 1
    if head is None or head == begin or _kinds(" ".join(token.text for token in rest)):
        return exclusions
    return [*exclusions[:-1], replace(last, last=head, what=(begin, head))]


def _head(text: str, tokens: Sequence[Token], begin: int, end: int) -> int | None:
    """The token at which the longest name of a kind begins that tokens begin to end close with; None if they do not.

    It is `begin`, too, where they close with a word for a colour, material or pattern: nothing in them is a kind.
    """
    for at in range(max(begin, end - _LONGEST_NAME), end):
        concepts = lexicon().find(text[tokens[at].start : tokens[end - 1].end])
        if any(concept.scheme in ("colours", "materials", "patterns") for concept in concepts):
            return begin
        if any(concept.scheme == "kinds" for concept in concepts):
            return at
    return None


def _kinds(text: str) -> bool:
    """Whether a kind of product is named."""
    return bool(lexicon().scan(text, ("kinds",)))


def _spans(
    text: str,
    tokens: Sequence[Token],
    limits: Sequence[PriceLimit],
    orders: Sequence[PriceOrder],
    exclusions: Sequence[Exclusion],
) -> list[Span]:
    parts: list[PriceLimit | PriceOrder | Exclusion] = [*limits, *orders, *exclusions]
    spans: list[Span] = []
    lowest = 0
    for part in sorted(parts, key=lambda part: part.first):
        first, last = part.first, part.last
        if isinstance(part, PriceLimit):
            value: str | PriceRange = (part.low, part.high)
            while first > lowest and tokens[first - 1].text in _BEFORE_PRICE:
                first -= 1
            last += text_at(tokens, last) == "的"
        elif isinstance(part, PriceOrder):
            value = part.order
            last += text_at(tokens, last) == "的"
        else:
            first = with_connectors(tokens, first, lowest)
            value = text[tokens[part.what[0]].start : tokens[part.what[1] - 1].end]
        kind = _KINDS[type(part)]
        spans.append(Span(tokens[first].start, tokens[last - 1].end, kind, value))
        lowest = last
    return spans


def _assembled(text: str, spans: Sequence[Span], limits: Sequence[PriceLimit]) -> ParsedQuery:
    """The parts put together; what is left of the text loses the punctuation that joined it to them."""
    parsed = ParsedQuery("", spans=tuple(spans), original=text)
    rest = " ".join(text[s.start : s.end] for s in parsed.segments if s.kind == "words")
    rest = " ".join(rest.split())
    rest = rest.strip(" ,;，；、").lstrip(" .。") if spans else rest
    rest = re.sub(r" ?([,;，；、])(?: ?[,;，；、])+", r"\1", rest)
    exclusions = (str(span.value) for span in spans if span.kind == "exclusion")
    low = next((limit.low for limit in limits if limit.low is not None), None)
    high = next((limit.high for limit in limits if limit.high is not None), None)
    return replace(
        parsed,
        text=rest,
        exclusions=tuple(dict.fromkeys(exclusions)),
        price=None if low is None and high is None else (low, high),
        currency=next((limit.currency for limit in limits if limit.currency), None),
        sort=next((str(span.value) for span in spans if span.kind == "sort"), ""),
    )
