"""Every word on the page, in English and Chinese.

`Words("zh")("more_like")` is the page's own text, from en.toml and zh.toml beside this module; `Words.value` translates
a catalog's plain words (red, mug, cotton) by the lexicon; `Words.error` says what an error says, in the reader's language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from search.errors import VitrineError
from search.explain.narrate import TEMPLATES
from search.lexicon import Concept, lexicon
from search.schema import Product

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).parent
#: Field of a product -> the scheme of the lexicon that its values are words of.
SCHEMES = {
    "category": "kinds",
    "sub_category": "kinds",
    "department": "departments",
    "master_category": "departments",
    "colour": "colours",
    "secondary_colour": "colours",
    "material": "materials",
    "pattern": "patterns",
    "gender": "audiences",
    "season": "seasons",
    "usage": "usages",
    "room": "rooms",
}
#: Fields whose values are names and figures, which no language translates.
_UNTRANSLATED = frozenset({"brand", "size", "year"})


@cache
def texts(lang: str) -> Mapping[str, str]:
    """Key -> text of the page in a language."""
    own = _table(lang)["texts"]
    return own | {f"why_say_{key}": text for key, text in TEMPLATES.items()} if lang == "en" else own


@cache
def error_sentences(lang: str) -> Mapping[str, str]:
    """Error code -> what it says in a language; empty for English, in which an error speaks for itself."""
    return _table(lang).get("errors", {})


@cache
def _table(lang: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))


class Words:
    """The page's words in one language, "en" or "zh"; any other is read as English."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else "en"
        self._texts = texts(self.lang)

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values) if values else self._texts[key]

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def part(self, name: str) -> str:
        """The label of a part of the score; that of a signal without a text of its own is made readable."""
        return self._texts.get(f"part_{name}") or name.replace("_", " ").strip().capitalize()

    def part_tip(self, name: str) -> str:
        """What a part of the score says, in a sentence; the label again where there is none."""
        return self._texts.get(f"part_{name}_tip") or self.part(name)

    def field(self, name: str) -> str:
        """The label of a product's field or attribute; an unknown one is made readable."""
        key = "size_attribute" if name == "size" else name
        return self._texts.get(key) or name.replace("_", " ").strip().capitalize()

    def value(self, field: str, value: object) -> str:
        """A catalog value as the page shows it: "mug" is Mug, or 马克杯.

        Several values in one, separated by "|", are translated one by one.
        """
        values = [text.strip() for text in str(value).split("|") if text.strip()]
        if self.lang == "zh":
            return "、".join(_chinese(field, text) or text for text in values)
        return ", ".join(text[:1].upper() + text[1:] for text in values)

    def tags(self, product: Product) -> str:
        """The product's tags in one line; a tag is a plain word of any field."""
        if self.lang == "zh":
            return "、".join(dict.fromkeys(_chinese("tags", tag) or tag for tag in product.tags))
        return ", ".join(product.tags)

    def title(self, product: Product) -> str:
        """The product's title, in this language where the catalog has it."""
        return str(product.attributes.get(f"title_{self.lang}") or product.title)

    def description(self, product: Product) -> str:
        """The product's description, in this language where the catalog has it; "" where there is none."""
        return str(product.attributes.get(f"description_{self.lang}") or product.description or "")

    def price(self, product: Product) -> str:
        """The price with its currency, or nothing where the catalog gives none."""
        return "" if product.price is None else money(product.price, product.attributes.get("currency"))

    def error(self, error: VitrineError) -> str:
        """What an error says and what to do about it."""
        template = error_sentences(self.lang).get(error.code)
        try:
            return template.format(**error.details) if template else str(error)
        except (KeyError, IndexError):
            return str(error)


def money(amount: float, currency: Any = None) -> str:
    """A price as people write it: "€1,249", "€19.90", or "19.90" where the currency is unknown."""
    code = str(currency or "").upper()
    sign = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥"}.get(code, f"{code} " if code else "")
    return sign + (f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}")


def _chinese(field: str, value: str) -> str | None:
    """The Chinese word for a catalog value; singular and plural count as the same word."""
    found: tuple[Concept, ...]
    if field == "tags":  # a word of any field
        found = lexicon().find(value, "tags") or lexicon().find(value)
    elif field in _UNTRANSLATED:
        return None
    else:
        found = lexicon().find(value, SCHEMES.get(field, "kinds"))
    return found[0].label("zh") if found else None
