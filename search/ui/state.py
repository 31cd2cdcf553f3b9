"""What the page is showing, as one frozen value.

The browser holds a State and sends it with every request; a link is the same State as query
parameters. Whatever arrives from outside is read forgivingly: a value that makes no sense becomes
the default, so that an old or hand-made link still opens. Only an uploaded photo never enters a
link: it is private to the browser that sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from search.checks import is_region, sound

#: Fields that can be narrowed by: the department in the shop, the others in the rail, in its order.
FACETS = ("department", "category", "colour", "gender", "material", "pattern", "brand")

#: Numbers of results to choose from; a page of 24 fills three screens on a laptop.
SIZES = (12, 24, 48, 96)
DEFAULT_SIZE = 24
#: "Show more" adds so many, up to the most that a page holds without becoming slow.
MORE_RESULTS = 24
MOST_RESULTS = 480

LANGUAGES = ("en", "zh")

#: A link with more words than this is not a search; the engine's own limit is far lower.
_LONGEST = 20_000
#: More ticks or chips than anybody sets by hand.
_MOST = 50

_PRICE = re.compile(r"^(\d+(?:\.\d+)?)?-(\d+(?:\.\d+)?)?$")


@dataclass(frozen=True)
class State:
    """One state of the page.

    At most one of `like` (a product id), `sample` (a sample photo's id) and `upload` (a path in
    Gradio's upload folder, checked by the handlers) is set. `filters` maps a facet to the ticked
    values and "price" to a pair (lowest, highest). `open` is the product whose details are open,
    `tab` the name of the tab that is shown.
    `text` is what was typed, and stays it, however it was understood; `correct` is whether typing errors in it are
    corrected. `read_photo` is whether what the photo shows
    counts as a kind of goods, beside its picture. `region` is None while nobody chose a part of the photo, and WHOLE where
    somebody chose all of it. `room` is whether there is a row of results for each object of the photo; then `region` is
    that of the row whose card is open.
    """

    text: str = ""
    correct: bool = True
    read_photo: bool = True
    exclude: tuple[str, ...] = ()
    like: str | None = None
    sample: str | None = None
    upload: str | None = None
    region: tuple[float, float, float, float] | None = None
    room: bool = False
    balance: float = 0.5
    k: int = DEFAULT_SIZE
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    lang: str = "en"
    open: str | None = None
    tab: str = "search"

    @property
    def has_photo(self) -> bool:
        return bool(self.like or self.sample or self.upload)

    @property
    def has_query(self) -> bool:
        """Whether there is something to rank by; filters alone only narrow the shop."""
        return self.has_photo or bool(self.text.strip())

    @classmethod
    def from_link(cls, params: Iterable[tuple[str, str]], lang: str = "en") -> State:
        """The state that a link's query parameters describe; `lang` where they name none."""
        values: dict[str, list[str]] = {}
        for name, value in params:
            values.setdefault(name, []).append(value)

        def first(name: str) -> str | None:
            return values.get(name, [None])[0]

        filters: dict[str, Any] = {name: values[name] for name in FACETS if name in values}
        price = _PRICE.match(first("price") or "")
        if price and any(price.groups()):
            filters["price"] = list(price.groups())
        return cls.from_message(
            {
                "text": first("q"),
                "correct": first("correct") != "no",
                "read_photo": first("kind") != "no",
                "exclude": values.get("not", []),
                "like": first("like"),
                "sample": first("sample"),
                "region": (first("region") or "").split(",") if first("region") else None,
                "room": first("room") == "yes",
                "balance": first("balance"),
                "k": first("k"),
                "filters": filters,
                "lang": first("lang") or lang,
                "open": first("open"),
                "tab": first("tab"),
            }
        )

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> State:
        """The state that the browser sent, with everything that makes no sense left out."""
        like, sample, upload = (_text(message.get(name)) for name in ("like", "sample", "upload"))
        filters = message.get("filters")
        return cls(
            text=(_text(message.get("text")) or "")[:_LONGEST],
            correct=message.get("correct") is not False,
            read_photo=message.get("read_photo") is not False,
            exclude=_texts(message.get("exclude")),
            # A photo somebody just uploaded outranks what it replaces.
            like=None if upload or sample else like,
            sample=None if upload else sample,
            upload=upload,
            region=_region(message.get("region")) if upload or sample else None,
            room=message.get("room") is True and bool(upload or sample),
            balance=min(max(_number(message.get("balance"), 0.5), 0.0), 1.0),
            k=_size(message.get("k")),
            filters=_filters(filters if isinstance(filters, Mapping) else {}),
            lang=message.get("lang") if message.get("lang") in LANGUAGES else "en",  # type: ignore[arg-type]
            open=_text(message.get("open")),
            tab=_text(message.get("tab")) or cls.tab,
        )

    def message(self) -> dict[str, Any]:
        """The state for the browser, which sends it back with the next request."""
        return {
            "text": self.text,
            "correct": self.correct,
            "read_photo": self.read_photo,
            "exclude": list(self.exclude),
            "like": self.like,
            "sample": self.sample,
            "upload": self.upload,
            "region": list(self.region) if self.region else None,
            "room": self.room,
            "balance": self.balance,
            "k": self.k,
            "filters": {name: list(values) for name, values in self.filters.items()},
            "lang": self.lang,
            "open": self.open,
            "tab": self.tab,
        }

    def link(self) -> str:
        """The query string (with its "?") that opens this state again; only what is not default."""
        params: list[tuple[str, str]] = [("tab", self.tab)] if self.tab != State.tab else []
        params += [("q", self.text)] if self.text else []
        params += [("correct", "no")] if self.text and not self.correct else []
        params += [("not", phrase) for phrase in self.exclude]
        params += [(name, getattr(self, name)) for name in ("like", "sample") if getattr(self, name)]
        params += [("room", "yes")] if self.sample and self.room else []
        if self.sample and self.region:
            params.append(("region", ",".join(f"{edge:g}" for edge in self.region)))
        params += [("kind", "no")] if not self.read_photo and (self.like or self.sample) else []
        if self.balance != 0.5:
            params.append(("balance", f"{self.balance:g}"))
        if self.k != DEFAULT_SIZE:
            params.append(("k", str(self.k)))
        for name, values in self.filters.items():
            if name == "price":
                params.append((name, "-".join("" if edge is None else f"{edge:g}" for edge in values)))
            else:
                params += [(name, value) for value in values]
        if self.open:
            params.append(("open", self.open))
        params.append(("lang", self.lang))
        return "?" + urlencode(params, quote_via=quote, safe=",")


def _text(value: Any) -> str | None:
    return sound(value).strip() or None if isinstance(value, str) else None


def _texts(values: Any) -> tuple[str, ...]:
    """Distinct, non-empty strings, in their order."""
    if not isinstance(values, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(text for value in values[:_MOST] if (text := _text(value))))


def _number(value: Any, otherwise: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return otherwise
    return number if abs(number) < 1e12 else otherwise  # also drops NaN and the infinities


def _size(value: Any) -> int:
    number = int(_number(value, DEFAULT_SIZE))
    return number if SIZES[0] <= number <= MOST_RESULTS else DEFAULT_SIZE


def on_page(region: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A region as a state and a link hold it: a thousandth of a side is less than a pixel of most photos."""
    left, top, right, bottom = (round(float(edge), 3) for edge in region)
    return left, top, right, bottom


def _region(value: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        return None
    left, top, right, bottom = (_number(edge, -1) for edge in value)
    region = on_page((left, top, right, bottom))
    return region if is_region(*region) else None


def _filters(values: Mapping[str, Any]) -> Mapping[str, tuple[Any, ...]]:
    filters: dict[str, tuple[Any, ...]] = {}
    for name in FACETS:
        chosen = values.get(name)
        texts = _texts([chosen] if isinstance(chosen, str) else chosen)
        if texts:
            filters[name] = texts
    price = values.get("price")
    if isinstance(price, (list, tuple)) and len(price) == 2:
        low, high = (None if edge is None else _number(edge, -1) for edge in price)
        low = low if low is not None and low >= 0 else None
        high = high if high is not None and high >= 0 else None
        if low is not None or high is not None:
            # Typed the wrong way round: the wish is still clear.
            swapped = low is not None and high is not None and low > high
            filters["price"] = (high, low) if swapped else (low, high)
    return MappingProxyType(filters)
