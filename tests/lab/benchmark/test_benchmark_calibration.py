"""What bands and probabilities promise, judged on a handful of products."""

from __future__ import annotations

import numpy as np
import pytest

from search.calibration import ScoreCalibration
from search.lab.benchmark.tasks import calibration
from tests.lab.benchmark.toy import CURVES, EVEN, SPREAD, WORDS, benchmark


def test_a_band_shows_the_share_of_hits_of_the_right_kind():
    scale = ScoreCalibration(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)
    figures = calibration.bands(benchmark(dict.fromkeys(EVEN, 10), calibration=scale))
    # "red shirts": 10 red shirts score 1, 10 blue shirts and 10 red shoes 1/2, the rest 0; 24 are shown
    assert figures["words_very_close"]["value"] == 1
    assert figures["words_very_close"]["n"] == 40 * 10
    assert figures["words_very_close"]["chance"] == pytest.approx(20 / 40)
    assert figures["words_related"]["n"] == 40 * (24 - 10)
    # a photo does not find itself
    assert figures["photo_very_close"]["n"] == 40 * 9
    assert "words_weak" not in figures


def test_a_promise_of_one_for_every_hit_is_off_by_the_wrong_ones():
    certain = dict.fromkeys(CURVES, (0.0, 50.0, 0.0))
    figures = calibration.calibration_error(
        benchmark(dict.fromkeys(EVEN, 10), calibration=ScoreCalibration(np.zeros(len(WORDS) + 1), 40, SPREAD, certain))
    )
    # among the 24 hits for "red shirts" are 10 red shirts and, at the same score, 10 blue ones and 10 red shoes
    assert 4 / 24 <= figures["words"]["value"] <= 14 / 24
    assert figures["words"]["n"] == 40 * 24
    assert figures["words"]["low"] <= figures["words"]["value"] <= figures["words"]["high"]
