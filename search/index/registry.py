"""Indexes by name: a dict and a decorator.

    @index("numpy")
    class NumpyIndex: ...   # see search.index.base.Index

    SearchEngine.build(catalog, encoder, index="numpy")

The name goes into a saved index's manifest, and loading looks it up here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from search.errors import IndexFileError
from search.index.base import Index

INDEXES: dict[str, type[Index]] = {}
#: What is used when nobody chooses.
DEFAULT = "faiss"

C = TypeVar("C", bound=type)


def index(name: str) -> Callable[[C], C]:
    """Register a class of Index under a name.

    Raises:
        ValueError: the name is taken.
    """

    def register(cls: C) -> C:
        if name in INDEXES:
            raise ValueError(f"there is an index {name!r} already: {INDEXES[name].__name__}")
        cls.name = name  # type: ignore[attr-defined]
        INDEXES[name] = cls
        return cls

    return register


def index_class(name: str) -> type[Index]:
    """The class registered under a name.

    Raises:
        IndexFileError: there is none.
    """
    try:
        return INDEXES[name]
    except KeyError:
        raise IndexFileError(
            f"There is no index {name!r}.", f"Choose one of: {', '.join(INDEXES)}.", code="index_unknown", name=name
        ) from None
