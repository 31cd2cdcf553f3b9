"""No locator beside the toys of the benchmarks: a test that wants one brings its own."""

import pytest


@pytest.fixture(autouse=True)
def no_locator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.lab.benchmark.choosing.load_locator", lambda _encoder: None)
