"""What narrows a search: exclusions, balance, filters with their counts, and the number of results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.catalog import FacetValue
from search.ui.locale import Words, money
from search.ui.render.colours import SWATCHES
from search.ui.render.templates import draw
from search.ui.state import SIZES, State

#: Values shown before "show all": what fits without making the rail a list of its own.
_VALUES = 8
#: Groups that are open at first.
_OPEN = ("category", "colour", "gender")


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
        swatch = SWATCHES.get(folded) if name == "colour" else None
        return _Value(value.value, value.count, folded in chosen, beyond, swatch)

    entries = [entry(at, value) for at, value in enumerate(values)]
    return _Facet(name, entries, len(chosen), name in _OPEN or bool(chosen), len(entries) > _VALUES)


def _price(state: State, span: tuple[float, float], currency: str | None) -> tuple[_PriceEdge, ...]:
    typed = state.filters.get("price", (None, None))
    return tuple(
        _PriceEdge(name, "" if value is None else f"{value:g}", money(limit, currency))
        for name, value, limit in zip(("low", "high"), typed, span, strict=True)
    )
