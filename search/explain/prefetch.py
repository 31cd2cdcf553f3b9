"""Work that will probably be asked for next, done in the background while somebody looks at the results."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Lock, Thread

log = logging.getLogger(__name__)

Step = Callable[[], object]


class Prefetcher:
    """One thread; only the newest submission counts.

    A submission that is overtaken stops after the step it is at. What a step raises is only logged: whoever
    needs the result will ask again and be told.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._steps: list[Step] = []
        self._thread: Thread | None = None

    def submit(self, steps: Sequence[Step]) -> None:
        """Have these done, one after the other, and nothing of what was submitted before; returns at once."""
        with self._lock:
            self._steps = list(steps)
            if self._thread is None and self._steps:
                # A daemon, because nothing is lost when the app ends before it does.
                self._thread = Thread(target=self._work, name="prefetch", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Until nothing is left to do."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._steps:
                    self._thread = None
                    return
                step = self._steps.pop(0)
            try:
                step()
            except Exception:
                log.info("could not be fetched ahead", exc_info=True)
