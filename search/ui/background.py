"""Work that nobody waits for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

log = logging.getLogger(__name__)


class Background:
    """One thread for what is prepared before it is asked for; new work replaces what has not begun."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._lock = Lock()
        self._waiting: list[Future] = []

    def instead(self, tasks: Iterable[Callable[[], object]]) -> None:
        """Do these, one after the other, instead of what has not begun; returns at once."""
        with self._lock:
            for waiting in self._waiting:
                waiting.cancel()
            self._waiting = [self._pool.submit(_quietly, task) for task in tasks]

    def wait(self) -> None:
        """Until all of it is done or replaced."""
        with self._lock:
            waiting = list(self._waiting)
        for each in waiting:
            if not each.cancelled():
                each.result()


def _quietly(task: Callable[[], object]) -> None:
    """Whoever asks for it later gets the error itself."""
    try:
        task()
    except Exception:
        log.info("could not be prepared", exc_info=True)
