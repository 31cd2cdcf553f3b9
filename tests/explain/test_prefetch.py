"""What is fetched ahead: only the newest counts, and an error stops nothing."""

from __future__ import annotations

from threading import Event

from search.explain.prefetch import Prefetcher


def test_only_the_newest_submission_is_worked_on():
    prefetcher, started, go, done = Prefetcher(), Event(), Event(), []

    def first():
        started.set()
        assert go.wait(10)
        done.append("first")

    prefetcher.submit([first, lambda: done.append("second")])
    assert started.wait(10)
    prefetcher.submit([lambda: done.append("newer")])
    prefetcher.submit([lambda: 1 / 0, lambda: done.append("newest")])
    go.set()
    prefetcher.wait(10)
    assert done == ["first", "newest"]
