"""Signals by name: a dict and a decorator.

    @signal("season", weight=0.05)
    class Season:
        def score(self, ctx: Context) -> np.ndarray:
            return (ctx.column("season") == "summer").astype(float)

adds 0.05 to the score of products of the summer; it is `hit.parts["season"]`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np

    from search.ranking.context import Context


class Signal(Protocol):
    """Something that speaks for or against a product."""

    def score(self, ctx: Context) -> np.ndarray:
        """(n,) finite numbers, one for each of the context's products; about 0 to 1, so that weights compare."""
        ...


class Weighted(NamedTuple):
    """A signal and what its value is multiplied by before it is added to the score."""

    signal: Signal
    weight: float


#: In the order in which a score is added up and shown.
SIGNALS: dict[str, Weighted] = {}
#: The parts of the query vector: what an index scores by.
QUERY_SIGNALS = ("photo", "text", "exclude")

C = TypeVar("C", bound=type)


def signal(name: str, weight: float = 1.0) -> Callable[[C], C]:
    """Register a class of Signal, made without arguments, under the name of its part of the score.

    Raises:
        ValueError: the name is taken.
    """

    def register(cls: C) -> C:
        if name in SIGNALS:
            raise ValueError(f"there is a signal {name!r} already: {type(SIGNALS[name].signal).__name__}")
        SIGNALS[name] = Weighted(cls(), weight)
        return cls

    return register
