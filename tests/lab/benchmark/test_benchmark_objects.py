"""How what the locator finds is judged, on scenes whose figures can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from search.encoder.locator import Instance, Located
from search.lab.benchmark import locating
from search.lab.benchmark.base import Benchmark, TooSmall


def block(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """(10, 10) bool of a box in pixels."""
    mask = np.zeros((10, 10), bool)
    mask[top:bottom, left:right] = True
    return mask


def located(*boxes: tuple[int, int, int, int]) -> Located:
    """What a locator says that finds these boxes, in pixels of ten, and nothing else."""
    ground = np.zeros((10, 10), np.float32)
    for box in boxes:
        ground[block(*box)] = 1
    shares = [tuple(side / 10 for side in box) for box in boxes]
    return Located(ground, tuple(Instance(box, ground, 0.9) for box in shares))


ONE, TWO = (0, 0, 4, 4), (6, 0, 10, 10)


@pytest.fixture
def benchmark() -> Benchmark:
    """No products: what was found is handed to the figures."""
    empty = np.zeros(0, str)
    return Benchmark(
        None,
        np.zeros((0, 2), np.float32),
        empty,
        empty,
        empty,
        empty,
        empty,
        np.zeros(0, bool),
        tested=0,
        min_relevant=1,
    )


def test_a_product_is_found_if_a_box_covers_half_of_both(benchmark):
    # the third scene's box is 4 x 4 of 4 x 10: an IoU of .4
    found = locating.figures(
        benchmark,
        ["a", "b", "c"],
        [located(ONE, TWO), located(ONE), located((6, 0, 10, 4))],
        [[block(*ONE), block(*TWO)], [block(*ONE)], [block(*TWO)]],
    )
    assert found["recall"]["value"] == pytest.approx(3 / 4)
    assert found["recall_several"]["value"] == 1
    assert found["recall_several"]["n"] == 2
    assert found["precision"]["value"] == pytest.approx(3 / 4)
    assert found["boxes"]["value"] == pytest.approx(4 / 3)


def test_chance_is_what_another_photographs_boxes_reach(benchmark):
    found = locating.figures(
        benchmark, ["a", "b"], [located(ONE), located(ONE, TWO)], [[block(*ONE)], [block(*ONE), block(*TWO)]]
    )
    # a's product by b's boxes, and b's two by a's one
    assert found["recall"]["chance"] == pytest.approx(2 / 3)
    assert found["precision"]["chance"] == pytest.approx(2 / 3)


def test_the_foreground_is_judged_by_area_peak_and_energy(benchmark):
    ground = np.zeros((10, 10), np.float32)
    ground[:4, :2] = 0.6
    ground[5, 5] = 0.9
    found = locating.figures(benchmark, ["a"], [Located(ground, ())], [[block(*ONE)]])
    assert found["mask_iou"]["value"] == pytest.approx(8 / 17)
    assert found["mask_iou"]["chance"] == pytest.approx(0.16)
    assert found["peak"]["value"] == 0
    assert found["energy"]["value"] == pytest.approx(4.8 / 5.7)
    assert found["recall"]["value"] == found["boxes"]["value"] == 0
    assert "precision" not in found


def test_without_a_locator_the_task_is_left_out(benchmark, monkeypatch):
    monkeypatch.setattr(locating, "load_locator", lambda encoder: None)
    with pytest.raises(TooSmall, match="no locator"):
        locating.objects(benchmark)
