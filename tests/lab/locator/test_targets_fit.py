"""What the head is to say, how far off it is, and that it learns to."""

import numpy as np
import pytest
import torch

from search.encoder.locator.instances import group, iou
from search.lab.locator.features import FeatureStore
from search.lab.locator.fit import Plan, Standard, boxes_of, fit, losses, mirror, overlap_of, standardise, unstandardise
from search.lab.locator.head import Head
from search.lab.locator.selftraining import found_alone, whole
from search.lab.locator.targets import Truth, target_of, truth_of

GRID = 12
SHAPES = [(2, 12, 12), (2, 6, 6), (3, 3, 3)]


def truth(*boxes: tuple[int, int, int, int], unlabelled: bool = False) -> Truth:
    masks = []
    for left, top, right, bottom in boxes:
        mask = np.zeros((48, 48), bool)
        mask[4 * top : 4 * bottom, 4 * left : 4 * right] = True
        masks.append(mask)
    return truth_of(masks, GRID, unlabelled)


def test_every_place_of_a_product_points_at_its_box():
    target = target_of(truth((0, 0, 4, 4), (6, 3, 12, 12)))
    assert target.product[:4, :4].all()
    assert target.product.sum() == 16 + 54
    assert (target.sides[:, 1, 1] == np.float32([0, 0, 4 / 12, 4 / 12])).all()
    np.testing.assert_allclose(target.sides[:, 5, 8], [6 / 12, 3 / 12, 1, 1])


def test_every_product_has_one_middle():
    target = target_of(truth((0, 0, 4, 4), (6, 3, 12, 12)))
    assert (target.middle >= 0.999).sum() == 2
    assert target.middle[7, 8] == 1  # the box's middle is (9, 7.5): a place that touches it


def test_a_large_product_does_not_drown_a_small_one():
    weight = target_of(truth((0, 0, 2, 2), (4, 4, 12, 12))).weight
    small, large = weight[:2, :2].sum(), weight[4:, 4:].sum()
    assert large / small == pytest.approx(4)  # 64 places against 4, by the square root


def test_the_truth_of_the_mirrored_picture_is_mirrored():
    mirrored = mirror(truth((0, 0, 4, 6)))
    np.testing.assert_array_equal(mirrored.masks, truth((8, 0, 12, 6)).masks)
    np.testing.assert_allclose(mirrored.boxes, truth((8, 0, 12, 6)).boxes)


def test_generalised_overlap_falls_with_the_distance_of_boxes_that_do_not_touch():
    box = torch.tensor([0.0, 0.0, 0.2, 0.2]).view(1, 4, 1, 1)
    same, near, far = (
        float(overlap_of(box, box + torch.tensor([shift, 0, shift, 0]).view(1, 4, 1, 1))) for shift in (0, 0.3, 0.8)
    )
    assert same == pytest.approx(1, abs=1e-4)
    assert near == pytest.approx(-0.2, abs=1e-4)  # hull 0.5 x 0.2, union 0.4 x 0.2: 1 - 0.08 / 0.1
    assert far < near


def right(of: Truth) -> torch.Tensor:
    """(1, 6, GRID, GRID) outputs of a head that is sure and right."""
    target = target_of(of)
    logit = lambda p: torch.logit(torch.from_numpy(p), eps=1e-4)  # noqa: E731
    at = (np.arange(GRID, dtype=np.float32) + 0.5) / GRID
    left, top, right, bottom = target.sides
    sides = np.stack([at[None] - left, at[:, None] - top, right - at[None], bottom - at[:, None]])
    return torch.cat([logit(target.product)[None], logit(target.middle)[None], torch.from_numpy(sides)])[None]


def test_losses_of_what_is_right_are_small_and_of_what_is_wrong_are_not():
    everywhere = torch.ones(1, GRID, GRID)
    of = truth((0, 0, 4, 4), (6, 3, 12, 12))
    good = losses(right(of), [of], everywhere)
    bad = losses(right(truth((8, 0, 12, 2))), [of], everywhere)
    assert all(float(good[name]) < 0.05 for name in good), good
    assert all(float(bad[name]) > 0.5 for name in bad), bad
    np.testing.assert_allclose(boxes_of(right(of))[0, :, 1, 1], [0, 0, 4 / 12, 4 / 12], atol=1e-6)


def test_what_nobody_knows_costs_nothing():
    of, seen = truth((0, 0, 4, 4), unlabelled=True), right(truth((0, 0, 4, 4), (6, 3, 12, 12)))
    doubted = torch.ones(1, GRID, GRID)
    wrong = losses(seen, [of], doubted)
    doubted[:, 3:, 6:] = 0
    assert float(wrong["product"]) > 0.3
    assert float(losses(seen, [of], doubted)["product"]) < 0.05
    assert float(losses(seen, [of], doubted)["middle"]) < float(wrong["middle"]) / 10


def test_a_standardisation_is_folded_into_the_weights():
    torch.manual_seed(0)
    head = Head([shape[0] for shape in SHAPES], 8).eval()
    levels = [torch.randn(2, *shape) * 3 + 5 for shape in SHAPES]
    statistics = [(level.mean((0, 2, 3)), level.std((0, 2, 3))) for level in levels]
    with torch.no_grad():
        expected = Standard(head, statistics, 0.1).eval()(levels)
        standardise(head, statistics)
        torch.testing.assert_close(head(levels), expected, atol=1e-5, rtol=1e-5)
        unstandardise(head, statistics)
        torch.testing.assert_close(Standard(head, statistics, 0.1).eval()(levels), expected, atol=1e-5, rtol=1e-5)


def test_a_head_learns_to_find_what_the_maps_show():
    """Maps that are the masks themselves, on 60 pictures of one or two blocks."""
    rng = np.random.default_rng(0)
    truths, rows = [], []
    for _ in range(60):
        left, top = rng.integers(0, 3, 2)
        boxes = [(left, top, left + 3, top + 4), (left + 5, top + 3, left + 9, top + 9)][: rng.integers(1, 3)]
        truths.append(truth(*boxes))
        fine = truths[-1].masks.sum(0).astype(np.float32) / 255
        levels = [fine.reshape(size, 12 // size, size, 12 // size).mean((1, 3)) for size in (12, 6, 3)]
        rows.append(
            np.concatenate(
                [np.repeat(level[None], shape[0], 0).ravel() for level, shape in zip(levels, SHAPES, strict=True)]
            )
        )
    store = FeatureStore(np.stack(rows).astype(np.float16), SHAPES)
    torch.manual_seed(0)
    head = fit(Head([2, 2, 3], 16), store, truths, np.arange(50), Plan(epochs=40, batch=10, rate=1e-2, dropout=0))
    with torch.no_grad():
        out = head(store.batch(np.arange(50, 60)))
        out[:, :2] = out[:, :2].sigmoid()
    found = [np.array([instance.box for instance in group(one.numpy()).instances]).T for one in out]
    assert all(iou(box, boxes).max() > 0.5 for boxes, of in zip(found, truths[50:], strict=True) for box in of.boxes)


def test_the_one_product_of_a_photograph_is_what_the_head_sees_without_gaps_and_specks():
    seen = np.zeros((GRID, GRID), bool)
    seen[0:10, 2:10] = True
    seen[4:6, 5:7] = False  # a plain part that it missed
    seen[11, 0] = True
    expected = np.zeros((GRID, GRID), bool)
    expected[0:10, 2:10] = True
    np.testing.assert_array_equal(whole(seen), expected)
    assert not whole(np.zeros((GRID, GRID), bool)).any()


def test_a_photograph_of_one_thing_is_left_out_where_little_is_seen():
    head = Head([shape[0] for shape in SHAPES], 4)
    store = FeatureStore(np.zeros((1, sum(int(np.prod(shape)) for shape in SHAPES)), np.float16), SHAPES)
    assert found_alone(head, store, 0).alone
    assert not len(found_alone(head, store, 0).boxes)
    head.out.bias.data[0] = 9  # sees a product everywhere
    np.testing.assert_array_equal(found_alone(head, store, 0).boxes, [[0, 0, 1, 1]])
