"""What people type -> what they mean: exclusions and price limits inside the words.

"red dress without stripes under 60" means the words "red dress", the exclusion "stripes" and a price of at most 60. Only
phrases with one sensible reading are taken out; everything else stays with the words and is left to the model. Each part
that was taken out keeps its place in the text. Parsing takes time proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from search.lexicon import lexicon
from search.lexicon.terms import plain
from search.lexicon.tokens import Token, listed, text_at, tokenize
from search.query.aspects import find_aspects, narrowed, together
from search.query.correct import Correction, corrected
from search.query.negation import Exclusion, apart, find_exclusions, with_connectors
from search.query.order import PriceOrder, find_orders
from search.query.pieces import Words
from search.query.price import PriceLimit, find_limits
from search.query.vocabulary import Vocabulary
from search.schema import MAX_TEXT, Aspect

PriceRange = tuple[float | None, float | None]

#: Words before a price limit that only join it to the rest: "a bag for under 60".
_BEFORE_PRICE = frozenset(listed("for at with and but or that which is are costs cost 价格"))
_KINDS = {PriceLimit: "price", PriceOrder: "sort", Exclusion: "exclusion"}
#: Words in quotation marks, and not the sign of inches: 15" is none.
_QUOTED = re.compile(r'(?<!\w)"(?=\S)([^"\n]+)"(?!\w)|“([^“”\n]+)”|「([^「」\n]+)」|『([^『』\n]+)』|《([^《》\n]+)》')
#: Tokens in the longest name of a kind that is looked for.
_LONGEST_NAME = 6
#: Phrases in quotation marks, and aspects, that are read: more than anybody asks for at a time, each of which takes time.
MOST_PHRASES, MOST_ASPECTS = 5, 12


@dataclass(frozen=True)
class Span:
    """A part of the text and what it became.

    start, end: characters of the original text, end exclusive.
    kind: "words" (left to the model), "exclusion", "price", "foreign_price" or "sort".
    value: the words, the phrase to exclude, (lowest, highest) of the price, either of which may be None, or the order.
    """

    start: int
    end: int
    kind: str
    value: str | PriceRange


@dataclass(frozen=True)
class ParsedQuery:
    """What a text says: what is wanted, what is not, and a price range.

    aspects: the first 12 things that it asks for by name, wanted and excluded, in the order of the text. corrections:
    typing errors that were corrected in `text`. unknown: words that neither the lexicon nor the catalog has, as they were
    typed.
    phrases: the first 5 that stood in quotation marks, folded; they have to be in a product's text as they stand.
    sort: "price" where the cheapest are asked for ("cheap", 便宜), "-price" for the dearest, else "".
    foreign_price: a price range in a currency that is not the catalog's; it limits nothing.
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
    foreign_price: PriceRange | None = None

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
    tokens, quoted = apart(tokenize(text), vocabulary.has if vocabulary else lambda _: False), quotations(text)
    corrections: list[Correction] = []
    if correct and vocabulary is not None and not vocabulary.named(text):
        tokens, corrections = corrected(text, tokens, vocabulary.corrector, (span for span, _ in quoted))
    taken = [False] * len(tokens)
    limits = _take(
        taken, _consistent(find_limits(tokens, vocabulary.says_range if vocabulary else None)) if prices else []
    )
    orders = _take(taken, find_orders(tokens, taken) if prices else [])
    exclusions = _without_head(text, tokens, taken, find_exclusions(tokens, taken))
    words = Words.of(text, tokens)
    parsed = _assembled(words, _spans(words, limits, orders, exclusions), limits, corrections)
    if vocabulary is not None:
        parsed = _in_currency(parsed, vocabulary.currency)
    phrases = dict.fromkeys(plain(phrase) for _, phrase in quoted if any(map(str.isalnum, phrase)))
    parsed = replace(parsed, phrases=tuple(phrases)[:MOST_PHRASES])
    return _understood(parsed, words, exclusions, vocabulary)


def quotations(text: str) -> list[tuple[tuple[int, int], str]]:
    """What stands in quotation marks: its span, marks included, and the words."""
    return [(match.span(), match[match.lastindex or 0]) for match in _QUOTED.finditer(text)]


_Part = TypeVar("_Part", PriceLimit, PriceOrder)


def _take(taken: list[bool], parts: list[_Part]) -> list[_Part]:
    """The parts, their tokens marked as taken."""
    for part in parts:
        taken[part.first : part.last] = [True] * (part.last - part.first)
    return parts


def _in_currency(parsed: ParsedQuery, currency: str) -> ParsedQuery:
    """A limit in a currency that is not the catalog's is said and not applied."""
    if not (parsed.price and parsed.currency and currency) or parsed.currency == currency:
        return parsed
    spans = tuple(replace(span, kind="foreign_price") if span.kind == "price" else span for span in parsed.spans)
    return replace(parsed, price=None, foreign_price=parsed.price, spans=spans)


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
    wanted = tuple(aspects)
    for exclusion in exclusions:
        aspects += narrowed(find_aspects(words, *exclusion.what, vocabulary, excluded=True).aspects, wanted)
    aspects.sort(key=lambda aspect: aspect.span or (0, 0))
    named = vocabulary.named(parsed.original) if vocabulary else ()
    return replace(
        parsed,
        aspects=tuple(together(distinct(aspects)[:MOST_ASPECTS])),
        unknown=() if named else tuple(dict.fromkeys(unknown)),
        products=named,
    )


def distinct(aspects: Iterable[Aspect]) -> tuple[Aspect, ...]:
    """The aspects without those that ask for what an earlier one does."""
    found: dict[tuple[object, ...], Aspect] = {}
    for each in aspects:
        found.setdefault((each.name, each.concepts, each.values, each.excluded), each)
    return tuple(found.values())


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
    if head is None or head == begin or _names_a_kind(" ".join(token.text for token in rest)):
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


def _names_a_kind(text: str) -> bool:
    """Whether a kind of product is named."""
    return bool(lexicon().scan(text, ("kinds",)))


def _spans(
    words: Words,
    limits: Sequence[PriceLimit],
    orders: Sequence[PriceOrder],
    exclusions: Sequence[Exclusion],
) -> list[Span]:
    parts: list[PriceLimit | PriceOrder | Exclusion] = [*limits, *orders, *exclusions]
    tokens = words.tokens
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
            value = words.said(*part.what)
        kind = _KINDS[type(part)]
        spans.append(Span(tokens[first].start, tokens[last - 1].end, kind, value))
        lowest = last
    return spans


def _assembled(
    words: Words, spans: Sequence[Span], limits: Sequence[PriceLimit], corrections: Sequence[Correction]
) -> ParsedQuery:
    """The parts put together; what is left of the text loses the punctuation that joined it to them."""
    parsed = ParsedQuery("", spans=tuple(spans), original=words.text, corrections=tuple(corrections))
    rest = " ".join(_rewritten(words.text, s.start, s.end, corrections) for s in parsed.segments if s.kind == "words")
    rest = " ".join(_QUOTED.sub(lambda match: match[match.lastindex or 0], rest).split())
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


def _rewritten(text: str, start: int, end: int, corrections: Sequence[Correction]) -> str:
    """A part of the text with its typing errors corrected."""
    parts: list[str] = []
    for each in corrections:
        if start <= each.span[0] and each.span[1] <= end:
            parts += [text[start : each.span[0]], each.meant]
            start = each.span[1]
    return "".join((*parts, text[start:end]))
