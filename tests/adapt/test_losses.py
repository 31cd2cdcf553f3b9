"""Losses against arithmetic that can be followed by eye."""

import math

import pytest
import torch

from search.adapt import losses


def test_soft_targets_share_the_row_among_what_is_right_and_what_is_alike():
    right = torch.tensor([[True, True, False]])
    likeness = torch.tensor([[0.0, 0.0, 0.1 * math.log(2)]])  # softmax at 0.1: 1/4, 1/4, 2/4
    found = losses.soft_targets(right, likeness, share=0.2, temperature=0.1)
    expected = [0.8 * 0.5 + 0.2 * 0.25, 0.8 * 0.5 + 0.2 * 0.25, 0.2 * 0.5]
    assert found[0].tolist() == pytest.approx(expected)


def test_contrastive_is_the_mean_of_both_cross_entropies():
    texts, pictures = torch.eye(2), torch.eye(2)
    scale = torch.tensor(math.log(3.0))  # right pairs score log 3, wrong ones 0: p = 3/4
    one_hot = torch.eye(2)
    assert losses.contrastive(texts, pictures, scale, one_hot, one_hot).item() == pytest.approx(-math.log(0.75))


def test_contrastive_equals_the_sum_written_out():
    generator = torch.Generator().manual_seed(0)
    texts, pictures = (torch.nn.functional.normalize(torch.randn(3, 4, generator=generator), dim=1) for _ in range(2))
    targets = torch.softmax(torch.randn(3, 3, generator=generator), 1)
    found = losses.contrastive(texts, pictures, torch.tensor(5.0), targets, targets).item()
    total = 0.0
    for rows, columns in ((texts, pictures), (pictures, texts)):
        for i in range(3):
            logits = [
                5.0 * sum(a * b for a, b in zip(rows[i].tolist(), column.tolist(), strict=True)) for column in columns
            ]
            norm = math.log(sum(math.exp(logit) for logit in logits))
            total -= sum(targets[i, j].item() * (logits[j] - norm) for j in range(3))
    assert found == pytest.approx(total / 6, rel=1e-5)


def test_cosine_distance_of_equal_opposite_and_orthogonal_rows():
    rows = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    others = torch.tensor([[2.0, 0.0], [-1.0, 0.0], [0.0, 3.0]])
    assert losses.cosine_distance(rows, others).item() == pytest.approx((0 + 2 + 1) / 3)


def test_nothing_forgotten_costs_nothing_and_something_costs_its_divergence():
    before = torch.tensor([[2 * math.log(3.0), 0.0]])  # at temperature 2: 3/4, 1/4
    assert losses.forgetting(before, before).item() == pytest.approx(0.0, abs=1e-6)
    divergence = 0.75 * math.log(0.75 / 0.5) + 0.25 * math.log(0.25 / 0.5)
    assert losses.forgetting(torch.zeros(1, 2), before).item() == pytest.approx(4 * divergence, rel=1e-5)


def test_a_stand_in_is_what_the_classifier_calls_the_wanted_class():
    weight, bias = torch.eye(3), torch.zeros(3)
    moved = losses.stand_ins(torch.tensor([[5.0, 1.0, 1.0]]), torch.tensor([2]), weight, bias)
    assert (moved @ weight.T + bias).argmax().item() == 2
    assert (moved >= 0).all()


def test_a_picture_that_is_already_of_the_class_stays():
    features = torch.tensor([[9.0, 0.0, 0.0]])
    moved = losses.stand_ins(features, torch.tensor([0]), torch.eye(3), torch.zeros(3), margin=-1.0)
    assert torch.equal(moved, features)


def test_pictures_of_one_product_are_drawn_together_and_others_pushed_apart_where_that_is_known():
    pictures = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]), dim=1)
    near = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    everything = torch.ones(3, 3, dtype=torch.bool)
    far = torch.tensor([[True, False, True], [False, True, False], [True, False, True]])
    assert losses.same_product(pictures, near, everything, 10.0) < losses.same_product(pictures, far, everything, 10.0)
    assert losses.same_product(pictures, far, near, 10.0) == 0, "not comparable, so nothing is asked"
    alone = torch.eye(3, dtype=torch.bool)
    assert losses.same_product(pictures, alone, everything, 10.0) == 0


def test_every_name_counts_against_a_picture_that_its_labels_could_tell():
    texts, pictures = torch.eye(3), torch.eye(3)[:2]
    right, everything = torch.eye(3, 2, dtype=torch.bool), torch.ones(3, 2, dtype=torch.bool)
    scale = torch.tensor(2.0)
    # By name: e^2 against 1. By picture: e^2 against 1 and 1; the third name is of no picture, so only a rival.
    by_name, by_picture = (math.log((math.exp(2) + others) / math.exp(2)) for others in (1, 2))
    found = losses.all_names(texts, pictures, scale, right, everything)
    assert found.item() == pytest.approx((by_name + by_picture) / 2, rel=1e-5)
    known = everything.clone()
    known[2] = False
    assert losses.all_names(texts, pictures, scale, right, known).item() == pytest.approx(by_name, rel=1e-5)
    assert losses.all_names(texts, pictures, scale, ~everything, everything) == 0
