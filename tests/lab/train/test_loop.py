"""The loop on tiny made-up data: stages follow each other, and a resumed run ends where an unbroken one does."""

import copy
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from search.adapt import losses
from search.lab.train import data, embedded, network
from search.lab.train.captions import ATTRIBUTES, FEWEST_OF_BRAND, Item
from search.lab.train.loop import Original, Recipe, Sentences, Training, kinds_by_domain
from search.lab.train.tokenizer import encode, train_tokenizer

PX, CONTEXT, BATCH = 32, 12, 8


def tiny_dataset() -> data.Dataset:
    rng = np.random.default_rng(0)
    items = [
        Item(f"Acme Men {colour} {kind} {number}", {"kind": kind, "colour": colour, "gender": "Men"})
        for number, (colour, kind) in enumerate([("Red", "Tshirts"), ("Blue", "Shirts"), ("Black", "Belts")] * 6)
    ]
    items += [Item("", {"kind": "Dress"})] * 3 + [Item("", {"kind": "Granny Smith"})] * 3
    pictures = rng.integers(0, 256, (len(items), PX, PX, 3), dtype=np.uint8)
    return data.build(items, pictures, np.repeat([0, 1, 2], [18, 3, 3]), {"Granny Smith": "Apple"})


def tiny_training(recipe: Recipe) -> Training:
    dataset, rng = tiny_dataset(), np.random.default_rng(1)
    tokenizer = train_tokenizer([item.title for item in dataset.items if item.title], vocabulary=400)
    torch.manual_seed(0)
    shape = network.config(PX, tokenizer.get_vocab_size(), CONTEXT, layers=1, width=64, dimension=16)
    model = network.create(shape["model_cfg"])
    ids = torch.randint(3, 100, (6, CONTEXT))
    vectors = nn.functional.normalize(torch.randn(len(dataset.items), 384), dim=1)
    classes, pools = np.array([-1, -1, 3, 4, -1, -1]), np.array([0, 0, 1, 1, 2, 2])
    sentences = Sentences(ids, ids, vectors[:6], np.arange(6), classes, pools)
    original = Original(copy.deepcopy(model.visual.trunk), nn.Linear(network.WIDTH, 10))
    kept = [rng.standard_normal((len(dataset.items), 40, PX // 8, PX // 8)).astype(np.float16) for _ in range(2)]
    return Training(model, dataset, tokenizer, sentences, vectors, vectors.flip(0), original, recipe, kept)


RECIPE = Recipe(steps=4, batch=BATCH, sentences=6, heads_share=0.25, finish_share=0.25, tune_px=PX)


@pytest.fixture(scope="module")
def unbroken() -> tuple[Training, list[dict[str, float]]]:
    training = tiny_training(RECIPE)
    return training, list(training.run())


def test_a_run_goes_through_its_stages_with_finite_losses(unbroken):
    training, values = unbroken
    assert training.step == 4
    assert training.progress == 1
    assert all(np.isfinite(list(step.values())).all() for step in values)
    assert ["remember" in step for step in values] == [False, True, True, True], (
        "heads come first, on a trunk that stands still"
    )


def test_a_resumed_run_ends_in_the_same_state(unbroken, tmp_path: Path):
    first = tiny_training(RECIPE)
    steps = first.run()
    next(steps), next(steps)
    first.save(tmp_path / "run.pt")
    second = tiny_training(RECIPE)
    second.resume(tmp_path / "run.pt")
    list(second.run())
    expected = unbroken[0].averaged_state()
    for name, tensor in second.averaged_state().items():
        assert torch.equal(tensor, expected[name]), name


def test_what_is_written_is_the_moving_average_of_the_weights(tmp_path: Path):
    training = tiny_training(dataclasses.replace(RECIPE, average=0.2))
    average = {name: tensor.clone() for name, tensor in training.averaged.items()}
    # in step s (1 + s) / (10 + s) of the average stay, at most as much as the recipe says
    for kept in ((1 + 1) / (10 + 1), 0.2, 0.2):
        for weight in training.model.parameters():
            weight.grad = torch.ones_like(weight)
        training._update()
        weights = {name: weight.detach() for name, weight in training.model.named_parameters()}
        average = {name: kept * old + (1 - kept) * weights[name] for name, old in average.items()}
        for name, tensor in training.averaged.items():
            assert torch.allclose(tensor, average[name], atol=1e-6), name
    shape = network.config(PX, training.tokenizer.get_vocab_size(), CONTEXT, layers=1, width=64, dimension=16)
    embedded.write_model(training, shape, tmp_path)
    written = load_file(tmp_path / embedded.WEIGHTS)
    for name, tensor in average.items():
        assert torch.allclose(written[name].float(), tensor, atol=2e-3), name
    projection = next(name for name in average if name.startswith("visual.head"))
    apart, near = ((written[projection].float() - these[projection]).abs().mean() for these in (weights, average))
    assert apart > 2 * near, "the average is told from the weights themselves"


def test_a_checkpoint_of_another_tokenizer_is_refused(tmp_path: Path):
    training = tiny_training(RECIPE)
    training.save(tmp_path / "run.pt")
    training.tokenizer = train_tokenizer(["entirely other words"], vocabulary=300)
    with pytest.raises(ValueError, match="another tokenizer"):
        training.resume(tmp_path / "run.pt")


def test_depthwise_filters_and_first_blocks_stay_as_they_were(unbroken):
    start, trained = tiny_training(RECIPE).model.visual.trunk, unbroken[0].model.visual.trunk
    for (name, before), after in zip(start.named_parameters(), trained.parameters(), strict=True):
        if not before.requires_grad:
            assert torch.equal(before, after), name
    assert not start.blocks[3][0].conv_dw.weight.requires_grad
    assert not start.blocks[network.FROZEN_BLOCKS - 1][0].conv_pwl.weight.requires_grad
    assert not torch.equal(start.blocks[6][0].conv_pwl.weight, trained.blocks[6][0].conv_pwl.weight)


def test_the_two_parts_of_the_trunk_make_the_whole():
    trunk = tiny_training(RECIPE).model.visual.trunk
    pictures = torch.randn(2, 3, PX, PX)
    with torch.no_grad():
        assert torch.allclose(network.late(trunk, network.early(trunk, pictures)), trunk(pictures), atol=1e-5)


def test_texts_come_back_in_their_order_however_they_are_read():
    training = tiny_training(RECIPE)
    ids = torch.tensor(
        [
            [1, *[token] * length, *[0] * (CONTEXT - 1 - length)]
            for token, length in zip(range(5, 14), [9, 2, 7, 1, 3, 8, 2, 5, 4], strict=True)
        ]
    )
    with torch.no_grad():
        together = nn.functional.normalize(training._read(ids), dim=1)
        alone = torch.cat([nn.functional.normalize(training._read(row[None]), dim=1) for row in ids])
    assert ((together @ alone.T).argmax(1) == torch.arange(len(ids))).all()


def test_the_brands_loss_falls_when_pictures_come_nearer_to_the_name_of_their_brand():
    titles = [f"{brand} Men Red Tshirts {number}" for brand in ("Acme", "Zenith") for number in range(FEWEST_OF_BRAND)]
    items = [Item(t, {"kind": "Tshirts", "colour": "Red", "brand": t.split()[0].lower()}) for t in titles]
    items.append(Item("Nobody Men Red Tshirts", {"kind": "Tshirts", "colour": "Red", "brand": "nobody"}))
    dataset = data.build(items, np.zeros((len(items), PX, PX, 3), np.uint8), np.zeros(len(items)), {})
    training = tiny_training(RECIPE)
    training.dataset = dataset
    training.true_of = [torch.from_numpy(dataset.writer.names[name].true_of) for name in ATTRIBUTES]
    names = torch.eye(2)  # of acme and of zenith
    right = torch.cat([names[0].repeat(FEWEST_OF_BRAND, 1), names[1].repeat(FEWEST_OF_BRAND, 1)])
    rows, scale = np.arange(2 * FEWEST_OF_BRAND), torch.tensor(20.0)
    near, far = (training._brands_loss(names, pictures, rows, scale) for pictures in (right, right.flip(1)))
    assert near < far
    everything = np.arange(len(items))
    for stray in names:  # the picture of no known brand says nothing, wherever it is
        assert torch.allclose(training._brands_loss(names, torch.cat([right, stray[None]]), everything, scale), near)


def test_the_teachers_helpers_settle_beside_towers_that_stand_still():
    training = tiny_training(RECIPE)
    towers = {name: tensor.clone() for name, tensor in training.model.state_dict().items()}
    goal = training.sentences.vectors.float()

    def distance() -> float:
        with torch.no_grad():
            return losses.cosine_distance(training.to_teacher(training._read(training.sentences.en)), goal).item()

    before = distance()
    training.settle(steps=50)
    assert distance() < before
    assert all(torch.equal(tensor, towers[name]) for name, tensor in training.model.state_dict().items())


def test_titles_are_drawn_with_the_pictures_they_are_mistaken_for():
    training = tiny_training(dataclasses.replace(RECIPE, mistaken=3))
    found = training._mistaken(3, batch=4)
    assert sorted(found) == list(range(18)), "one entry for every picture of fashion/"
    ids = torch.tensor(encode(training.tokenizer, [training.dataset.items[5].title], CONTEXT))
    with torch.no_grad():
        scores = (training._read(ids) @ training._look(np.arange(18), 8).T)[0]
    scores[5] = -np.inf
    assert found[5].tolist() == scores.topk(3).indices.tolist()
    training.draw_mistakes()
    drawn = [training.sampler.draw(np.random.default_rng(seed)) for seed in range(3)]
    assert all(len(rows) == BATCH for rows in drawn)


def test_what_a_run_that_went_on_writes_keeps_most_of_its_start(tmp_path: Path):
    training = tiny_training(RECIPE)
    shape = network.config(PX, training.tokenizer.get_vocab_size(), CONTEXT, layers=1, width=64, dimension=16)
    embedded.write_model(training, shape, tmp_path / "start")
    before = {name: tensor.clone() for name, tensor in training.averaged.items()}
    for tensor in training.averaged.values():
        tensor.add_(0.5)
    embedded.write_model(training, shape, tmp_path / "out", tmp_path / "start")
    written = load_file(tmp_path / "out" / embedded.WEIGHTS)
    for name, tensor in before.items():
        assert torch.allclose(written[name].float(), tensor + (1 - embedded.KEPT) * 0.5, atol=2e-3), name


def test_a_run_is_not_written_over_the_model_it_goes_on_from(capsys):
    with pytest.raises(SystemExit):
        embedded.main(["--data", "data", "--start", "assets/model", "--out", "assets/model"])
    assert "another folder" in capsys.readouterr().err


def test_without_kept_views_every_step_varies_its_pictures_anew():
    training = tiny_training(dataclasses.replace(RECIPE, heads_share=0.0))
    training.views = []
    values = list(training.run())
    assert training.step == 4
    assert all(np.isfinite(list(step.values())).all() for step in values)


def test_kinds_are_compared_with_the_pictures_of_their_own_domain():
    dataset = tiny_dataset()
    kinds, there = kinds_by_domain(dataset)
    keys = [dataset.writer.names["kind"].keys[kind] for kind in kinds]
    assert {key: np.flatnonzero(row).tolist() for key, row in zip(keys, there, strict=True)} == {
        "Tshirts": [0],
        "Shirts": [0],
        "Belts": [0],
        "Dress": [1],
        "Granny Smith": [2],
    }


@pytest.mark.parametrize(
    "change", [{"shared": False, "soft": 0.0}, {"varied": False}, {"bridge": 0.0, "twins": 0.0}, {"kinds": 0.0}]
)
def test_each_technique_can_be_left_out_for_comparison(change):
    training = tiny_training(dataclasses.replace(RECIPE, steps=2, **change))
    assert all(np.isfinite(list(step.values())).all() for step in training.run())


@pytest.mark.parametrize("side", [15, 16])
def test_the_fixed_depthwise_convolution_equals_pytorchs_in_both_directions(side: int):
    torch.manual_seed(0)
    for kernel, stride, padding in ((3, 1, 1), (3, 2, 1), (5, 1, 2), (5, 2, 2)):
        original = nn.Conv2d(4, 4, kernel, stride, padding, groups=4, bias=False)
        fixed = network.FixedDepthwise(original)
        pictures = torch.randn(2, 4, side, side, requires_grad=True)
        ours, theirs = fixed(pictures), original(pictures)
        assert torch.allclose(ours, theirs, atol=1e-6)
        pull = torch.randn_like(theirs)
        (mine,) = torch.autograd.grad(ours, pictures, pull)
        (reference,) = torch.autograd.grad(theirs, pictures, pull)
        assert torch.allclose(mine, reference, atol=1e-5), (kernel, stride)


def test_a_caption_is_right_for_every_picture_it_is_true_of_and_a_title_for_its_own():
    training = tiny_training(RECIPE)
    dataset, writer = training.dataset, training.dataset.writer
    rows = np.array([0, 1, 3, 18])  # red T-shirt, blue shirt, red T-shirt of another title, a photographed dress
    kinds = writer.names["kind"]
    from search.lab.train.captions import Caption

    captions = [Caption("tee", {"kind": kinds.index("tee")}), Caption(dataset.items[1].title, titled=True)]
    captions += [
        Caption("x", {"colour": writer.names["colour"].index("red")}),
        Caption("dress", {"kind": kinds.index("dress")}),
    ]
    assert training._right(captions, rows).int().tolist() == [[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]


def test_a_recipe_without_a_budget_is_refused():
    with pytest.raises(ValueError, match="positive budget"):
        Recipe(seconds=0)
    with pytest.raises(ValueError, match="must leave"):
        Recipe(heads_share=0.6, finish_share=0.5)


def test_losses_and_figures_of_validation_are_written_beside_the_checkpoint(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(embedded, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(embedded, "WATCH_SECONDS", 0.0)
    embedded.fit(tiny_training(RECIPE), tmp_path / "runs" / "a.pt", lambda: {"title R@10": 0.25})
    lines = [json.loads(line) for line in (tmp_path / "runs" / "curves.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert "called" in lines[0]
    assert lines[1]["title R@10"] == 0.25
    assert (tmp_path / "runs" / "a.pt").is_file()
