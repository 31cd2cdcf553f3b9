"""The one cache: bounded, safe from several threads, and nothing is made twice at the same time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """The `size` values that were used last, by key.

    Args:
        size: how many values are kept; the one unused for longest goes first.

    Raises:
        ValueError: size is not positive.
    """

    def __init__(self, size: int):
        if size < 1:
            raise ValueError(f"a cache keeps at least one value, not {size}")
        self.size = size
        self._lock = Lock()
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._pending: dict[Hashable, Future[V]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def get(self, key: Hashable) -> V | None:
        """The value of a key, or None; a value that is asked for counts as used."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value, in place of an earlier one of the same key."""
        with self._lock:
            self._keep(key, value)

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key; made by `make` where it is not there, once, while others who ask wait for it.

        Raises:
            whatever `make` raises, for all who wait; nothing is kept then.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            pending = self._pending.get(key)
            if pending is None:
                mine = self._pending[key] = Future()
        if pending is not None:
            return pending.result()
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._pending[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._keep(key, value)
            del self._pending[key]
        mine.set_result(value)
        return value

    def clear(self) -> None:
        """Forget everything; what is being made is still given to those who wait, and kept."""
        with self._lock:
            self._values.clear()

    def _keep(self, key: Hashable, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self.size:
            self._values.popitem(last=False)
