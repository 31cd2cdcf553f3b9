"""The nouns: Product, Query, Hit, SearchResult. Those of an Explanation are in search.explain.schema.

Frozen and checked when they are made, so that no later layer has to ask whether they are sound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from search import checks
from search.errors import FilterError, InputError, QueryError, TextTooLongError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from PIL.Image import Image

    from search.query.fusion import FusedQuery
    from search.query.parse import ParsedQuery

    ImageInput = str | Path | bytes | Image

#: Bands of a calibrated score, best first.
BANDS = ("exact", "very_close", "related", "weak")

#: What a product may say to an aspect that was asked for, best first.
VERDICTS = ("met", "nearly", "not met", "unknown")

#: A shopper's sentence has under 200 characters; ten times that still tokenises in a millisecond,
#: and anything longer is a pasted document whose tail no text tower would read.
MAX_TEXT = 2_000
#: Phrases that a query may exclude; every one is looked for in every product.
MAX_EXCLUSIONS = 50

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Product:
    """One article of a catalog.

    `image` is a path, the encoded bytes of a picture, or a PIL picture. `more_images` are further
    pictures of the same article (another angle, a detail), each of the same kinds or an http(s)
    address that is fetched when the picture is shown. Search knows the first picture only. `attributes`
    holds whatever else the catalog says (a Chinese title, a season, a currency), by column name.

    Raises:
        InputError: the id or the title is empty or no text, another field neither text nor a number, the price
            negative or not finite, the attributes not by name, or `more_images` one picture instead of several.
    """

    id: str
    title: str
    image: ImageInput = field(repr=False)  # its bytes would flood every log
    category: str | None = None
    brand: str | None = None
    colour: str | None = None
    material: str | None = None
    pattern: str | None = None
    gender: str | None = None
    price: float | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=lambda: _EMPTY, hash=False)
    more_images: tuple[ImageInput, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not (isinstance(self.id, str) and self.id.strip()):
            raise InputError("A product has no id.", "Give each product a unique id, as text.", code="no_id")
        if not (isinstance(self.title, str) and self.title.strip()):
            raise InputError(f"Product {self.id!r} has no title.", "Give it a title, as text.", code="no_title")
        checked: dict[str, Any] = {name: checks.cell(getattr(self, name), self.id, name) for name in _TEXTS}
        checked["tags"] = checks.tags(self.tags, self.id)
        checked["price"] = checks.price(self.price, self.id)
        checked["attributes"] = checks.attributes(self.attributes, self.id)
        checked["more_images"] = checks.more_images(self.more_images, self.id)
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def value(self, name: str) -> Any:
        """The field or attribute called `name`, or None where the product has none; a field goes before an attribute."""
        return getattr(self, name) if name in _PRODUCT_FIELDS else self.attributes.get(name)


#: Fields that hold one text.
_TEXTS = ("id", "title", "category", "brand", "colour", "material", "pattern", "gender", "description")
#: Every field by its own name; attributes are asked for by theirs.
_PRODUCT_FIELDS = frozenset(each.name for each in fields(Product)) - {"attributes"}

#: Fields of a Product that can be filtered on by value; attributes can too.
FIELDS = ("category", "brand", "colour", "material", "pattern", "gender", "price", "tags")


@dataclass(frozen=True)
class Aspect:
    """One thing that a query asks for: a kind, a colour, a brand ...

    Args:
        name: "kind", "colour", "material", "pattern", "brand", "audience", "season", "usage", "room", "size", the name
            of another field or attribute of the catalog, or "words" for words that only the products' texts have.
        text: the words for it, as they were understood (a typing error corrected), in the language they were typed in.
        concepts: ids of lexicon concepts, any of which answers; narrower concepts answer too.
        values: folded values of the catalog's own columns, any of which answers; of "words", the folded words, all of
            which have to be there.
        excluded: it must not be there.
        span: (start, end) characters of the text as it was typed, end exclusive; None where it was not typed.
        source: "words", or "photo" where it was read from the photo.
        certainty: how sure the reading is, 0 to 1.
        beside: of a colour, the concepts of the other colours that are asked for with it: black and white.
    """

    name: str
    text: str
    concepts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    excluded: bool = False
    span: tuple[int, int] | None = None
    source: str = "words"
    certainty: float = 1.0
    beside: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The aspect as JSON holds it."""
        return {
            "name": self.name,
            "text": self.text,
            "concepts": list(self.concepts),
            "values": list(self.values),
            "excluded": self.excluded,
            "span": None if self.span is None else list(self.span),
            "source": self.source,
            "certainty": round(self.certainty, 4),
            "beside": list(self.beside),
        }


@dataclass(frozen=True)
class Verdict:
    """What a product says to an aspect that was asked for.

    `state` is one of VERDICTS: "nearly" is a broader concept, a narrower reading, or another colour of the same family.
    Of an excluded aspect "met" says that it is not there. `found` is the product's own value in the catalog's words
    ("" = none known); `source` is "catalog" (a column), "text" (title, description or tags), "model" (as the model sees
    the picture) or "" (unknown); `certainty` is 1 for what the catalog says, the model's probability for what it sees.
    """

    aspect: Aspect
    state: str
    found: str = ""
    source: str = ""
    certainty: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON holds it."""
        return {
            "asked": self.aspect.text,
            "excluded": self.aspect.excluded,
            "verdict": self.state,
            "found": self.found,
            "source": self.source,
            "certainty": round(self.certainty, 4),
        }


@dataclass(frozen=True)
class Query:
    """What somebody is looking for: a photo, words, or both.

    Args:
        image: a path, bytes or a PIL picture.
        like: the id of a catalog product that stands in for the photo ("more like this").
        region: the part of the photo that counts, as fractions (left, top, right, bottom) of the
            upright picture.
        text: words. "without stripes", "not leather", 不要条纹 become exclusions, and "under 60" a
            price filter, when the engine reads the query.
        exclude: what must not be there: one phrase, or several, at most 50.
        filters: field -> accepted values (any of them), or for "price" a pair (lowest, highest)
            in which either may be None. Fields combine with "and".
        balance: 0 = only the photo counts, 1 = only the words; 0.5 = the benchmarked weights.
        correct: whether typing errors in the words are corrected; else what was typed is searched for.
        read_photo: whether what the photo shows is named, and its kind counts; else only its picture does.

    Raises:
        TextTooLongError, FilterError, QueryError: see the message.
    """

    image: ImageInput | None = field(default=None, repr=False)
    text: str = ""
    exclude: str | Sequence[str] = ()
    filters: Mapping[str, Any] = field(default_factory=lambda: _EMPTY, hash=False)
    balance: float = 0.5
    region: tuple[float, float, float, float] | None = None
    like: str | None = None
    correct: bool = True
    read_photo: bool = True

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "text": "" if self.text is None else checks.query_text(self.text),
            "exclude": checks.phrases(self.exclude),
            "filters": MappingProxyType(checks.filters(self.filters)),
            "balance": checks.balance(self.balance),
            "region": None if self.region is None else checks.region(self.region),
            "like": None if self.like is None else checks.query_text(self.like, "like"),
            "correct": bool(self.correct),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_lengths()
        if self.image is not None and self.like is not None:
            raise QueryError("The query has a photo and a catalog product.", "Use one of the two.")
        if "price" in self.filters:
            price_range(self.filters["price"])

    def _check_lengths(self) -> None:
        """Refuse more characters than MAX_TEXT, in the text or in all exclusions together, and too many exclusions."""
        if len(self.exclusions) > MAX_EXCLUSIONS:
            raise QueryError(
                f"{len(self.exclusions):,} phrases are excluded; the limit is {MAX_EXCLUSIONS}.",
                "Leave some of them out.",
                code="many_exclusions",
                limit=MAX_EXCLUSIONS,
            )
        for length in (len(self.text), sum(map(len, self.exclusions))):
            if length > MAX_TEXT:
                raise TextTooLongError(
                    f"The words have {length:,} characters; the limit is {MAX_TEXT:,}.",
                    "Describe the product in a sentence or two.",
                    length=length,
                    limit=MAX_TEXT,
                )

    @property
    def exclusions(self) -> tuple[str, ...]:
        """What must not be there, one phrase each, blanks and repetitions dropped."""
        phrases = (self.exclude,) if isinstance(self.exclude, str) else self.exclude
        return tuple(dict.fromkeys(phrase.strip() for phrase in phrases if phrase.strip()))

    @property
    def has_photo(self) -> bool:
        return self.image is not None or self.like is not None

    def to_dict(self) -> dict[str, Any]:
        """The query as JSON holds it; of a photo only that there is one (`photo`)."""
        return {
            "text": self.text,
            "exclude": list(self.exclusions),
            "filters": {name: _plain(value) for name, value in self.filters.items()},
            "photo": self.image is not None,
            "like": self.like,
            "region": None if self.region is None else list(self.region),
            "balance": self.balance,
        }


def _plain(value: Any) -> Any:
    """A filter's value as JSON holds it: sets sorted, tuples as lists, infinity as None."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def price_range(value: Any) -> tuple[float, float]:
    """(lowest, highest) of a price filter, with infinities for open ends.

    Raises:
        FilterError: it is not a pair, not numbers, or the lowest is above the highest.
    """
    remedy = "Give a pair (lowest, highest); either may be None."
    try:
        if isinstance(value, (str, set, frozenset)):  # letters are no ends, and a set has no order
            raise TypeError
        low, high = value
        low = -math.inf if low is None else float(low)
        high = math.inf if high is None else float(high)
    except (TypeError, ValueError):
        raise FilterError(f"The price filter is {value!r}.", remedy, code="bad_price_range") from None
    if math.isnan(low) or math.isnan(high) or low > high:
        raise FilterError(f"The price filter runs from {low:g} to {high:g}.", remedy, code="bad_price_range")
    return low, high


@dataclass(frozen=True)
class Hit:
    """One ranked product.

    `verdicts` maps each aspect that was asked for, by its name ("colour"; a second one is "colour 2"), to what this
    product says to it. `parts` maps the name of every registered signal (search.ranking: photo, text, exclude, then
    what was added) to its share of `score`; `sum(hit.parts.values())` equals `hit.score` exactly, not
    approximately. `probability` is that of everything that was asked for
    being met, calibrated on this catalog; `band`, one of BANDS, says it in a word.
    """

    rank: int
    score: float
    product: Product
    parts: Mapping[str, float] = field(hash=False)
    band: str = "weak"
    probability: float = 0.0
    verdicts: Mapping[str, Verdict] = field(default_factory=lambda: _EMPTY, hash=False)

    def to_dict(self) -> dict[str, Any]:
        """The hit as JSON holds it. The parts are not rounded, so that they still sum to the score."""
        return {
            "rank": self.rank,
            "id": self.product.id,
            "title": self.product.title,
            "category": self.product.category,
            "price": self.product.price,
            "score": self.score,
            "band": self.band,
            "probability": round(self.probability, 4),
            "parts": dict(self.parts),
            "verdicts": {name: verdict.to_dict() for name, verdict in self.verdicts.items()},
        }


@dataclass(frozen=True)
class HitGroup:
    """Hits that answer the same part of a query: "red mugs", "mugs in other colours", "red, but not mugs".

    `met` and `missed` are names of aspects (keys of `Hit.verdicts`); `total` counts the catalog's products of this
    group that pass the filters, of which `hits` are the best. A group without hits says that there are none.
    """

    met: tuple[str, ...]
    missed: tuple[str, ...]
    hits: tuple[Hit, ...]
    total: int

    def to_dict(self) -> dict[str, Any]:
        """The group as JSON holds it; its hits by id."""
        ids = [hit.product.id for hit in self.hits]
        return {"met": list(self.met), "missed": list(self.missed), "total": self.total, "ids": ids}


@dataclass(frozen=True)
class SearchResult:
    """Ranked hits and what led to them.

    `query` is the query as it was understood: exclusions and a price limit found in the words
    stand where they belong. `total` counts the products that passed the filters, `size` the whole
    catalog; `timings` are milliseconds by step. `vectors` are the unit vectors of the query
    ("photo", "text", "exclude" where given, and "fused"), each (d,) float32, from which every
    score can be recomputed. `in_catalog` is False where nothing in the catalog is like the query, and
    the hits are only the nearest of what there is. `fused` is the query vector with its components,
    from which `explain` goes on; `parsed` says which part of the words became what. `aspects` are all that was asked for,
    the words' and the photo's; `groups` are the hits by which of them they meet, best first, () where there is nothing
    to tell apart.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    size: int
    timings: Mapping[str, float] = field(hash=False)
    vectors: Mapping[str, np.ndarray] = field(default_factory=lambda: _EMPTY, hash=False, repr=False)
    in_catalog: bool = True
    fused: FusedQuery | None = field(default=None, hash=False, repr=False)
    parsed: ParsedQuery | None = field(default=None, hash=False, repr=False)
    aspects: tuple[Aspect, ...] = ()
    groups: tuple[HitGroup, ...] = ()

    @property
    def further(self) -> tuple[Hit, ...]:
        """Hits that only the groups have, by rank."""
        ids = {hit.product.id for hit in self.hits}
        found = {hit.product.id: hit for group in self.groups for hit in group.hits if hit.product.id not in ids}
        return tuple(sorted(found.values(), key=lambda hit: hit.rank))

    @property
    def elapsed_ms(self) -> float:
        return sum(self.timings.values())

    def to_dict(self) -> dict[str, Any]:
        """The one JSON shape of a result: of the command line, of HTTP and of the page. Groups name their hits by id;
        they are among `hits` and `further`."""
        return {
            "query": self.query.to_dict(),
            "total": self.total,
            "size": self.size,
            "in_catalog": self.in_catalog,
            "milliseconds": round(self.elapsed_ms, 1),
            "aspects": [aspect.to_dict() for aspect in self.aspects],
            "corrections": [each.to_dict() for each in self.parsed.corrections] if self.parsed else [],
            "unknown": list(self.parsed.unknown) if self.parsed else [],
            "sort": self.parsed.sort if self.parsed else "",
            "hits": [hit.to_dict() for hit in self.hits],
            "groups": [group.to_dict() for group in self.groups],
            "further": [hit.to_dict() for hit in self.further],
        }
