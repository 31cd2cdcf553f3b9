"""The cache keeps what was used last, makes each value once, and forgets failures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from search.cache import Cache


def test_the_value_that_was_unused_for_longest_goes_first():
    cache: Cache[int] = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert "a" in cache
    assert cache.get("b") is None
    assert len(cache) == 2


def test_putting_again_replaces_and_counts_as_use():
    cache: Cache[int] = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 10)
    cache.put("c", 3)
    assert cache.get("a") == 10
    assert "b" not in cache


def test_making_counts_as_use_as_well():
    cache: Cache[int] = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get_or_make("a", lambda: 99) == 1
    cache.put("c", 3)
    assert "a" in cache


def test_callers_at_the_same_time_share_one_making():
    cache: Cache[int] = Cache(2)
    made, started, go = [], Event(), Event()

    def make() -> int:
        made.append(1)
        started.set()
        go.wait(5)
        return 7

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(cache.get_or_make, "a", make)
        assert started.wait(5)
        others = [pool.submit(cache.get_or_make, "a", make) for _ in range(3)]
        go.set()
        assert [f.result(5) for f in (first, *others)] == [7] * 4
    assert made == [1]


def test_different_keys_do_not_wait_for_each_other():
    cache: Cache[int] = Cache(4)
    both = Barrier(2, timeout=5)

    def make() -> int:
        both.wait()
        return 1

    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(cache.get_or_make, key, make) for key in "ab"]
        assert [future.result(6) for future in made] == [1, 1]


def test_a_failure_reaches_who_waits_and_is_not_kept():
    cache: Cache[int] = Cache(2)

    def fail() -> int:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        cache.get_or_make("a", fail)
    assert cache.get_or_make("a", lambda: 3) == 3


def test_a_cleared_cache_is_empty():
    cache: Cache[int] = Cache(2)
    cache.put("a", 1)
    cache.clear()
    assert len(cache) == 0


def test_a_cache_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Cache(0)
