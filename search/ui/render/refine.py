"""What narrows a search: exclusions, balance, filters with their counts, and the number of results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.catalog import FacetValue
from search.ui.locale import Words, money
from search.ui.render.templates import draw
from search.ui.state import SIZES, State

#: Values shown before "show all": what fits without making the rail a list of its own.
_VALUES = 8
#: Groups that are open at first.
_OPEN = ("category", "colour", "gender")

#: What a colour word looks like. Names are the ones common in catalogs; an unknown one has no dot.
_SWATCHES = {
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
}  # fmt: skip


@dataclass(frozen=True)
class _Value:
    """One value of a facet; `beyond` is hidden until all are shown, `swatch` a colour's dot."""

    value: str
    count: int
    chosen: bool
    beyond: bool
    swatch: str | None


@dataclass(frozen=True)
class _Facet:
    """One group of values; `chosen` counts the ticked ones."""

    name: str
    values: Sequence[_Value]
    chosen: int
    open: bool
    more: bool


@dataclass(frozen=True)
class _PriceEdge:
    """The "low" or "high" field: what is typed in it, and the limit that it suggests."""

    name: str
    value: str
    limit: str


def refine(
    words: Words,
    state: State,
    facets: Mapping[str, Sequence[FacetValue]],
    span: tuple[float, float] | None,
    currency: str | None = None,
) -> str:
    """The filters of a state.

    Args:
        facets: field -> its values, with their counts under the other filters.
        span: (lowest, highest) price of the catalog; None where nothing has a price.
    """
    return draw(
        "refine.html",
        words=words,
        state=state,
        percent=round(state.balance * 100),
        balance_works=state.has_photo and bool(state.text),
        facets=[_facet(name, values, state) for name, values in facets.items() if values],
        price=_price(state, span, currency) if span else None,
        sizes=SIZES,
    )


def _facet(name: str, values: Sequence[FacetValue], state: State) -> _Facet:
    chosen = {str(value).casefold() for value in state.filters.get(name, ())}

    def entry(at: int, value: FacetValue) -> _Value:
        folded = value.value.casefold()
        # A chosen value is never hidden behind "show all".
        beyond = at >= _VALUES and folded not in chosen
        swatch = _SWATCHES.get(folded) if name == "colour" else None
        return _Value(value.value, value.count, folded in chosen, beyond, swatch)

    entries = [entry(at, value) for at, value in enumerate(values)]
    return _Facet(name, entries, len(chosen), name in _OPEN or bool(chosen), len(entries) > _VALUES)


def _price(state: State, span: tuple[float, float], currency: str | None) -> tuple[_PriceEdge, ...]:
    typed = state.filters.get("price", (None, None))
    return tuple(
        _PriceEdge(name, "" if value is None else f"{value:g}", money(limit, currency))
        for name, value, limit in zip(("low", "high"), typed, span, strict=True)
    )
