"""Tabs of the page. A tab is one file in this folder and one template:

    @tab("duplicates", order=40)
    def duplicates(context: AppContext, state: State) -> str:
        return context.render("duplicates.html", groups=find_duplicates(context.engine))

The bar of tabs shows as soon as there are two. A label is the page's text `tab_<name>`, or the name itself.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.ui.context import AppContext, PageFragments
    from search.ui.locale import Words
    from search.ui.state import State

#: Draws a tab: the HTML of its panel (from a template, so that it is escaped), or also what stands beside it.
Draw = Callable[["AppContext", "State"], "str | PageFragments"]

#: The tab of a link that names none, or one that does not exist.
FIRST = "search"

_TABS: dict[str, Tab] = {}


@dataclass(frozen=True)
class Tab:
    """A tab by the name that a link gives it; the bar shows them by rising `order`."""

    name: str
    order: int
    draw: Draw

    def label(self, words: Words) -> str:
        """What the bar calls it."""
        key = f"tab_{self.name}"
        return words(key) if key in words else self.name.replace("_", " ").capitalize()


def tab(name: str, *, order: int) -> Callable[[Draw], Draw]:
    """Register a function as a tab.

    Raises:
        ValueError: there is a tab of that name already.
    """

    def register(draw: Draw) -> Draw:
        if name in _TABS:
            raise ValueError(f"There are two tabs called {name!r}.")
        _TABS[name] = Tab(name, order, draw)
        return draw

    return register


def every() -> list[Tab]:
    """All tabs in the order of the bar."""
    _load()
    return sorted(_TABS.values(), key=lambda tab: (tab.order, tab.name))


def find(name: str) -> Tab:
    """The tab of that name; the search where there is none."""
    _load()
    return _TABS.get(name) or _TABS[FIRST]


@cache
def _load() -> None:
    """Import the files of this folder, which register themselves."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
