"""Colours as the page shows them: their dots, and those in which a catalog has what an opened product is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.catalog import Catalog
from search.lexicon import above, lexicon
from search.schema import Product
from search.ui.locale import Words

#: Colours that an opened card offers at most: two rows on a phone.
MOST = 8
#: Attributes that name a model, of which a catalog has the same in several colours.
_MODELS = ("model", "style", "series", "collection")

#: What a colour word looks like. Names are the ones common in catalogs; an unknown one has no dot.
SWATCHES = {
    "red": "#c8322d", "maroon": "#6d1a2c", "burgundy": "#6d1a2c", "crimson": "#a3142d", "orange": "#ef7b1a",
    "rust": "#a8432f", "coral": "#f0705a", "peach": "#f7b48f", "yellow": "#f5cb1d", "mustard": "#d9a21b",
    "green": "#2f7d4a", "olive": "#6b7033", "lime green": "#8cc63f", "sea green": "#2e8b6a", "teal": "#14757a",
    "turquoise blue": "#2fb5c7", "turquoise": "#2fb5c7", "blue": "#2857b8", "navy blue": "#1d2b53", "navy": "#1d2b53",
    "purple": "#6b3fa0", "lavender": "#b6a1da", "mauve": "#a77d99", "magenta": "#cf2879", "pink": "#ee86a5",
    "rose": "#d9748a", "brown": "#6f452b", "coffee brown": "#4f2f20", "mushroom brown": "#9b8371", "tan": "#b97f4b",
    "khaki": "#b3a369", "beige": "#e0cfb1", "cream": "#f1e6cf", "nude": "#e3bfa5", "skin": "#e3bfa5",
    "white": "#fdfdfc", "off white": "#f4f1e8", "grey": "#83868a", "gray": "#83868a", "grey melange": "#a5a7aa",
    "charcoal": "#3d4045", "taupe": "#8b7d70", "black": "#17171a", "gold": "#d0a347", "silver": "#c2c5ca",
    "bronze": "#9a6b3a", "copper": "#b9704a", "steel": "#8d949b", "metallic": "#a9adb3",
    "multi": "conic-gradient(#c8322d, #f5cb1d, #2f7d4a, #2857b8, #6b3fa0, #c8322d)",
}  # fmt: skip


@dataclass(frozen=True)
class Colour:
    """A colour that can be asked for: its name on the page, the words that ask for it, its dot (None = not known), and
    whether it is the opened product's own."""

    name: str
    text: str
    dot: str | None
    own: bool = False


def other_colours(words: Words, catalog: Catalog, product: Product) -> list[Colour]:
    """The colours in which the catalog has products of this kind, those of the same model and brand first, then by how
    many there are; the product's own stands before them. Empty where there is no other.
    """
    if not product.category:
        return []
    colours, own = catalog.column("colour"), (product.colour or "").casefold()
    alike = catalog.column("category") == product.category.casefold()
    found: dict[str, None] = {}
    for narrower in _narrower(catalog, product):
        values, counts = np.unique(colours[alike & narrower].astype(str), return_counts=True)
        found |= dict.fromkeys(str(values[at]) for at in np.argsort(-counts, kind="stable"))
    others = [value for value in found if value and value != own][:MOST]
    if not others:
        return []
    spelt = {value.casefold(): value for value in catalog.facet_values().get("colour", ())}
    return [_colour(words, spelt.get(value, value), own) for value in ([own] if own else []) + others]


def dot(value: str) -> str | None:
    """What a colour looks like, by its name or by that of its family; None where neither is known."""
    if known := SWATCHES.get(value.casefold()):
        return known
    for concept in lexicon().find(value, "colours")[:1]:
        named = [*concept.labels("en"), *(lexicon().label(id, "en") for id in sorted(above(concept.id)))]
        return next((SWATCHES[name] for name in named if name in SWATCHES), None)
    return None


def _narrower(catalog: Catalog, product: Product) -> list[np.ndarray]:
    """(height,) bool each: the products of the same model, of the same brand, and all."""
    brand = np.ones(catalog.height, bool)
    if product.brand:
        brand = catalog.column("brand") == product.brand.casefold()
    models = [
        brand & (catalog.column(name) == str(value).casefold()) for name in _MODELS if (value := product.value(name))
    ]
    return [*models, brand, np.ones(catalog.height, bool)]


def _colour(words: Words, value: str, own: str) -> Colour:
    name = words.value("colour", value)
    return Colour(name, name.casefold(), dot(value), value.casefold() == own)
