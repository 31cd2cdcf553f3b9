"""The fusion's weights are found, and shipped as found."""

from __future__ import annotations

import json

import pytest

from search.lab import results
from search.lab.benchmark.sweep import sweep
from search.query.fusion import Weights
from tests.lab.benchmark.toy import EVEN, benchmark


def test_a_sweep_finds_the_weights_that_the_toy_needs():
    found = sweep(benchmark(dict.fromkeys(EVEN, 20), min_relevant=10))
    shares = {point["weight"]: point["value"] for point in found["sweeps"]["text"]["curve"]}
    assert shares[0] == 0
    assert shares[1] == 0
    assert shares[0.5] == 1
    assert found["choice"]["photo"] + found["choice"]["text"] == 1
    assert found["choice"]["text"] == 0.5
    # any exclusion breaks the tie, and of equal values the smallest is chosen: 0.1 x 0.5
    assert found["choice"]["exclude"] == pytest.approx(0.05)


def test_the_default_weights_are_as_good_as_the_best_of_the_sweep():
    path = results.BENCHMARKS / "sweep-fashion-validation.json"
    if not path.exists():
        pytest.skip("the weights have not been swept yet")
    result, weights = json.loads(path.read_text()), Weights()
    share = weights.text / (weights.photo + weights.text)
    exclusion = weights.exclude / weights.text * result["choice"]["text"]
    for name, weight in (("text", share), ("exclude", exclusion)):
        curve = result["sweeps"][name]["curve"]
        nearest = min(curve, key=lambda point: abs(point["weight"] - weight))
        # A hundredth is well inside the interval of either figure.
        assert nearest["value"] >= max(point["value"] for point in curve) - 0.01, name
