"""Vitrine: visual product search. A photo, words or both in; ranked products with reasons out.

    from search import Catalog, Query, SearchEngine, load_encoder

    engine = SearchEngine.build(Catalog.load("assets/catalog"), load_encoder())
    result = engine.search(Query(image="photo.jpg", text="in red"), k=12)

Names are imported when first used, so `import search` loads neither torch nor faiss nor gradio.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

_HOMES = {
    "Catalog": "search.catalog",
    "Explanation": "search.explain.schema",
    "Hit": "search.schema",
    "Object": "search.query.objects",
    "Product": "search.schema",
    "Query": "search.schema",
    "SearchEngine": "search.engine",
    "SearchResult": "search.schema",
    "VitrineError": "search.errors",
    "load_encoder": "search.encoder",
}

__all__ = [
    "Catalog",
    "Explanation",
    "Hit",
    "Object",
    "Product",
    "Query",
    "SearchEngine",
    "SearchResult",
    "VitrineError",
    "load_encoder",
]

if TYPE_CHECKING:
    from search.catalog import Catalog
    from search.encoder import load_encoder
    from search.engine import SearchEngine
    from search.errors import VitrineError
    from search.explain.schema import Explanation
    from search.query.objects import Object
    from search.schema import Hit, Product, Query, SearchResult


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'search' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
