"""What a catalog has no good match for, and the thresholds of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from search.calibration import THRESHOLDS_FILE, ScoreCalibration
from search.lab.benchmark.tasks import rejection
from search.lab.benchmark.thresholds import thresholds
from tests.lab.benchmark.toy import CURVES, EVEN, SPREAD, WORDS, benchmark


@pytest.mark.parametrize(("threshold", "refused"), [(0.9, 1.0), (0.1, 0.0)])
def test_what_is_below_the_threshold_is_refused(threshold, refused, tmp_path):
    unlike = np.full((3, len(WORDS) + 1), 0.5, np.float32)
    shop_benchmark = replace(
        benchmark(dict.fromkeys(EVEN, 10), calibration=ScoreCalibration(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)),
        outside=unlike / np.linalg.norm(unlike, axis=1, keepdims=True),
        outside_words=["red shirts"],
    )
    least = {"cosine": threshold, "size": 10, "growth": 0.0}
    (tmp_path / THRESHOLDS_FILE).write_text(json.dumps({"photo": least, "words": least}))
    shop_benchmark.encoder.folder = tmp_path
    figures = rejection.rejection(shop_benchmark)
    assert figures["outside"]["value"] == refused
    assert figures["outside"]["n"] == 3
    assert figures["own"]["value"] == 0  # each has its like at a cosine of 1
    assert figures["outside_words"]["value"] == 0


def test_a_floor_is_what_queries_of_the_catalog_reach():
    shop_benchmark = replace(
        benchmark(dict.fromkeys(EVEN, 10), calibration=ScoreCalibration(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)),
        outside=np.eye(len(WORDS) + 1, dtype=np.float32)[:1],
        outside_words=["red"],
    )
    assert thresholds(shop_benchmark) == {"photo": (1.0, 40, 0.0), "words": (1.0, 40, 0.0)}


def test_a_floor_grows_as_the_nearest_comes_nearer_in_larger_catalogs():
    rng, size = np.random.default_rng(0), 800
    photos = rng.standard_normal((size, len(WORDS) + 1)).astype(np.float32)
    photos /= np.linalg.norm(photos, axis=1, keepdims=True)
    column = np.full(size, "")
    grown = replace(
        benchmark(dict.fromkeys(EVEN, 10)),
        vectors=photos, titles=column, titles_zh=column, ids=column, photographed=column == "", tested=size, outside=photos[:1],
        kinds=np.full(size, "shirts"), colours=np.full(size, "red"),
    )  # fmt: skip
    floor = thresholds(grown)["photo"]
    assert floor.size == size
    assert floor.growth > 0.01
    quarter = thresholds(grown.subsample(np.arange(size // 4)))["photo"]
    assert floor.among(size // 4) == pytest.approx(quarter.cosine, abs=0.03)


def test_a_catalog_without_colours_is_asked_for_its_kinds():
    shop_benchmark = replace(
        benchmark(dict.fromkeys(EVEN, 10), calibration=ScoreCalibration(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)),
        outside=np.eye(len(WORDS) + 1, dtype=np.float32)[:1],
        colours=np.full(40, ""),
    )
    assert rejection.rejection(shop_benchmark)["own_words"]["n"] == 2
