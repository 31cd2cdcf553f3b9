"""How long each step of a search took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Clock:
    """Milliseconds by step.

    clock = Clock()
    with clock("encode"):
        ...
    """

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.milliseconds[step] = self.milliseconds.get(step, 0.0) + (perf_counter() - start) * 1000
