"""What comes from outside, as the type that it has to be, or an error that says what it has to be."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

from search.errors import FilterError, InputError, QueryError

#: Halves of a character, which no file and no answer can hold.
_LONE = re.compile("[\ud800-\udfff]")


def sound(text: str) -> str:
    """The text with lone surrogates replaced by U+FFFD."""
    return _LONE.sub("\ufffd", text) if not text.isascii() else text


def query_text(value: Any, name: str = "text") -> str:
    """
    Raises:
        QueryError: it is no string.
    """
    if not isinstance(value, str):
        raise QueryError(f"The {name} is {value!r:.80}.", "Give a string.", code="bad_text", name=name)
    return sound(value)


def phrases(value: Any) -> str | tuple[str, ...]:
    """What is excluded: one phrase, or several, of which None is none.

    Raises:
        QueryError: it is neither.
    """
    if value is None or isinstance(value, str):
        return sound(value or "")
    if isinstance(value, (bytes, Mapping)) or not isinstance(value, Iterable):
        raise QueryError(
            f"The exclusion is {value!r:.80}.", "Give a phrase, or several.", code="bad_text", name="exclude"
        )
    return tuple(query_text(each, "exclude") for each in value if each is not None)


def filters(value: Any) -> dict[str, Any]:
    """
    Raises:
        FilterError: it is no mapping by names of fields, or a value is a number that is not finite.
    """
    remedy = "Give a mapping from names of fields to values."
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise FilterError(f"The filters are {value!r:.80}.", remedy, code="bad_filter")
    for name, wanted in value.items():
        several = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else (wanted,)
        if name != "price" and any(isinstance(each, float) and not math.isfinite(each) for each in several):
            raise FilterError(f"The filter on {name!r} is {wanted!r:.80}.", "Give finite values.", code="bad_filter")
    return dict(value)


def balance(value: Any) -> float:
    """
    Raises:
        QueryError: it is no number from 0 to 1.
    """
    if not 0 <= (amount := _number(value)) <= 1:
        raise QueryError(
            f"The photo-to-words balance is {value!r:.80}.",
            "It lies between 0 (photo) and 1 (words).",
            code="bad_balance",
        )
    return amount


def is_region(left: float, top: float, right: float, bottom: float) -> bool:
    """Whether these edges, in fractions, are those of a part of a picture."""
    return 0 <= left < right <= 1 and 0 <= top < bottom <= 1


def region(value: Any) -> tuple[float, float, float, float]:
    """
    Raises:
        QueryError: it is no part of a photo.
    """
    try:
        left, top, right, bottom = (_number(edge) for edge in value)
        inside = is_region(left, top, right, bottom)
    except (TypeError, ValueError):
        inside = False
    if not inside:
        raise QueryError(
            f"The region {value!r:.80} is not inside the photo.",
            "Give left, top, right, bottom as fractions between 0 and 1.",
            code="bad_region",
        )
    return left, top, right, bottom


def several(value: Any, name: str, remedy: str) -> list[Any]:
    """A list of what is given one after the other; a string would fall apart into letters.

    Raises:
        InputError: it is one thing instead of several.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise InputError(f"The {name} are {value!r:.80}.", remedy, code="bad_value")
    return list(value)


def instance(value: Any, kind: type, name: str) -> None:
    """
    Raises:
        QueryError: it is something else.
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise QueryError(
            f"The {name} is {value!r:.80}.", f"Give {article} {kind.__name__}.", code="bad_text", name=name
        )


def count(value: Any) -> int:
    """How many results are asked for.

    Raises:
        QueryError: it is no whole number.
    """
    try:
        return operator.index(value)
    except TypeError:
        raise QueryError(
            f"{value!r:.80} results were asked for.", "Ask for a whole number, one or more.", code="bad_k"
        ) from None


def price(value: Any, product: str) -> float | None:
    """
    Raises:
        InputError: it is no finite number of zero or more.
    """
    if value is None:
        return None
    amount = _number(value)
    if not (math.isfinite(amount) and amount >= 0):
        raise InputError(
            f"Product {product!r} has the price {value!r:.80}.",
            "A price is a finite number, zero or more.",
            code="bad_price",
        )
    return amount


def cell(value: Any, product: str, name: str) -> str | None:
    """The value of a product's field: a number as text, not-a-number as none.

    Raises:
        InputError: it is neither text nor a number.
    """
    if value is None or isinstance(value, str):
        return None if value is None else sound(value)
    if not isinstance(value, Real):
        raise InputError(f"The {name} of product {product!r} is {value!r:.80}.", "Give a text.", code="bad_value")
    if isinstance(value, float) and math.isnan(value):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def tags(value: Any, product: str) -> tuple[str, ...]:
    """Tags as text, of which None is none; one string is one tag.

    Raises:
        InputError: they are neither texts nor numbers.
    """
    if value is None or isinstance(value, str):
        value = () if value is None else (value,)
    each = several(value, f"tags of product {product!r}", "Give texts, as a list or a tuple.")
    return tuple(tag for one in each if (tag := cell(one, product, "tag")) is not None)


def more_images(value: Any, product: str) -> tuple[Any, ...]:
    """Further pictures, of which None is none.

    Raises:
        InputError: it is one picture instead of several; a string would fall apart into letters.
    """
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable | None):
        raise InputError(
            f"The further pictures of product {product!r} are one picture.",
            "Give several, as a list or a tuple.",
            code="bad_more_images",
        )
    return tuple(value or ())


def attributes(value: Any, product: str) -> Mapping[str, Any]:
    """
    Raises:
        InputError: it is no mapping by names.
    """
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise InputError(
            f"The attributes of product {product!r} are {value!r:.80}.", "Give a mapping by names.", code="bad_value"
        )
    if not any((isinstance(each, str) and not each.isascii()) or not name.isascii() for name, each in value.items()):
        return value
    return {sound(name): sound(each) if isinstance(each, str) else each for name, each in value.items()}


def _number(value: Any) -> float:
    """A number, of any kind, as a float; nan for anything else."""
    try:
        return math.nan if isinstance(value, (str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
