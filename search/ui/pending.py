"""An engine that is still being opened while the page is served already."""

from __future__ import annotations

from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.engine import SearchEngine


class PendingEngine:
    """Everybody who needs the engine waits here; one thread opens it and then calls `ready` or `failed`.

    `progress` is (pictures encoded, pictures in all) as last reported, or None.
    """

    def __init__(self) -> None:
        self.progress: tuple[int, int] | None = None
        self._engine: Future[SearchEngine] = Future()

    def report(self, done: int, total: int) -> None:
        """How far the catalog is; a `progress` of SearchEngine.open."""
        self.progress = done, total

    def ready(self, engine: SearchEngine) -> None:
        """The engine is there: everybody goes on."""
        self._engine.set_result(engine)

    def failed(self, error: BaseException) -> None:
        """There will be no engine: everybody who waits gets the error."""
        self._engine.set_exception(error)

    def wait(self) -> SearchEngine:
        """The engine, as soon as it is there.

        Raises:
            whatever kept it from being opened.
        """
        return self._engine.result()

    def wait_at_most(self, seconds: float) -> bool:
        """Whether the waiting is over after at most so many seconds."""
        return bool(wait([self._engine], seconds).done)
