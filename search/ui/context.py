"""What the page's handlers work with: the engine and what surrounds it, answers that are kept, and the page's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.cache import Cache
from search.explain.prefetch import Prefetcher
from search.ui import storefront
from search.ui.render import environment, templates
from search.ui.samples import Sample
from search.ui.state import State
from search.ui.storefront import Storefront
from search.ui.thumbs import Thumbnails

if TYPE_CHECKING:
    from jinja2 import Environment

    from search.engine import SearchEngine
    from search.schema import SearchResult

#: Answers kept, so that opening a card or changing the language does not search again; a photo has one for each object.
KEPT_RESULTS = 96


@dataclass(frozen=True)
class PageFragments:
    """The HTML of the page's parts.

    `header` and `rail` are None where the browser has them already; `details` is empty while no card is open.
    """

    header: str | None
    rail: str | None
    refine: str
    results: str
    details: str = ""


class ResultCache:
    """The last results by what was asked and of which catalog: a change of the catalog makes them unreachable.

    Args:
        size: how many results are kept; the one unused for longest goes first.
    """

    def __init__(self, size: int = KEPT_RESULTS):
        self._results: Cache[SearchResult] = Cache(size)

    def get_or_search(self, state: State, revision: int, search: Callable[[], SearchResult]) -> SearchResult:
        """The result for a state; searched for where there is none, once, while others who ask wait for it.

        Raises:
            VitrineError: the search failed; nothing is kept then.
        """
        return self._results.get_or_make(self._key(state, revision), search)

    @staticmethod
    def _key(state: State, revision: int) -> tuple[int, State]:
        """Without what does not change the answer."""
        return revision, replace(state, lang="en", open=None, room=False, tab=State.tab)


@dataclass(frozen=True)
class AppContext:
    """The engine and what the page needs around it.

    `uploads` is the folder in which Gradio puts visitors' photos: no other file may be named as one. `name` is what
    the header calls the catalog, "" for the embedded one.
    """

    engine: SearchEngine
    thumbnails: Thumbnails
    samples: Mapping[str, Sample]
    uploads: Path
    name: str
    lang: str = "en"
    templates: Environment = field(default_factory=environment)
    results: ResultCache = field(default_factory=ResultCache)
    prefetcher: Prefetcher = field(default_factory=Prefetcher)
    _storefronts: Cache[Storefront] = field(default_factory=lambda: Cache(1))

    @property
    def revision(self) -> int:
        """A number that every change of the catalog changes."""
        return self.engine.catalog.revision

    def storefront(self) -> Storefront:
        """The catalog's departments and what stands for them; a second for 100,000 products, once per revision."""
        return self._storefronts.get_or_make(self.revision, lambda: storefront.arrange(self.engine.catalog))

    def render(self, template: str, **values: Any) -> str:
        """A template as HTML, every value escaped; for tabs, see search.ui.tabs."""
        return templates.render(self.templates, template, values)
