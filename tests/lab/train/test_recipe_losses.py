"""The recipe's losses against arithmetic that can be followed by eye."""

import math

import pytest
import torch
from torch.nn import functional as F

from search.lab.train import bank, losses
from search.lab.train.captions import ATTRIBUTES
from tests.lab.train.runs import toy_data


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


def test_a_caption_is_right_for_the_pictures_it_is_true_of():
    data = toy_data()
    names = data.writer.names
    true_of = [torch.from_numpy(names[name].true_of) for name in ATTRIBUTES]
    claim = torch.full((len(data.items), bank.TITLED + 1), bank.NONE)
    claim[:, bank.TITLED] = 0
    home, shirt = len(data.items) - 1, 0
    claim[home, 0] = names["kind"].index("watch")
    claim[shirt, bank.TITLED] = 1
    right = losses.right_pictures(claim, torch.from_numpy(data.values), torch.from_numpy(data.titles), true_of)
    kinds = [item.attributes["kind"] for item in data.items]
    assert right[home].tolist() == [kind in ("Watches", "watch") for kind in kinds]
    assert right[shirt].tolist() == [item.title == data.items[0].title for item in data.items]


def test_composed_falls_when_the_sum_points_at_the_answer():
    red, blue, shirt, _ = torch.eye(4)
    pictures = F.normalize(torch.stack([shirt + red, shirt + blue]), dim=1)
    kind, colour = torch.tensor([0, 0]), torch.tensor([0, 1])
    generator, scale = torch.Generator().manual_seed(0), torch.tensor(10.0)
    good = losses.composed(pictures, torch.stack([red, blue]), kind, colour, scale, generator)
    bad = losses.composed(pictures, torch.stack([blue, red]), kind, colour, scale, generator)
    assert good < bad / 2
    alone = losses.composed(pictures[:1], torch.stack([red, blue]), kind[:1], colour[:1], scale, generator)
    assert alone == 0, "no other picture of the kind, so no other colour is asked for"
