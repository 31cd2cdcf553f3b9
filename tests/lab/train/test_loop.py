"""The loop on a toy run, on a CPU: what a step does, what is averaged and written, what a killed run goes on with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional as F

from search.encoder import load_encoder
from search.lab.train import network, run, soup, towers
from search.lab.train.loop import Training
from search.lab.train.recipe import WEIGHTS, Recipe, rate
from search.lab.train.tokenizer import save_tokenizer, train_tokenizer
from tests.lab.train.runs import CONTEXT, PX, toy_configuration, toy_run


def test_a_step_has_every_loss_finite_and_moves_every_part():
    training = toy_run()
    start = {name: p.detach().clone() for name, p in training.model.named_parameters()}
    statistics = {name: t.clone() for name, t in training.model.state_dict().items() if "running_" in name}
    found = list(training.run())
    assert training.step == len(found) == 2
    assert all(set(losses) == set(WEIGHTS) for losses in found)
    assert all(torch.isfinite(value) for losses in found for value in losses.values())
    for part in ("visual.trunk.conv_stem", "visual.trunk.blocks.6", "visual.head", "text.transformer"):
        assert any(not torch.equal(p, start[n]) for n, p in training.model.named_parameters() if part in n), part
    now = training.model.state_dict()
    assert statistics
    assert all(torch.equal(now[name], tensor) for name, tensor in statistics.items()), "batch norm's stay ImageNet's"


def test_the_loss_falls_within_a_few_steps():
    """Captions of fixed pictures, without another loss: the learning rate is that of the middle of a long run."""
    alone = {name: float(name in ("called", "true", "kinds")) for name in WEIGHTS}
    training = toy_run(steps=12, weights=alone, rates={"early": 1e-3, "late": 1e-3, "heads": 3e-3}, mined=())
    totals = [float(torch.stack(list(losses.values())).sum()) for losses in training.run()]
    assert np.mean(totals[-3:]) < np.mean(totals[:3]) - 0.3


def test_losses_are_left_out_where_their_weight_is_0():
    training = toy_run(weights=WEIGHTS | {"twins": 0.0, "before": 0.0})
    assert set(training.one_step()) == set(WEIGHTS) - {"twins", "before"}


def test_the_average_follows_its_formula():
    training = toy_run(steps=3, average=0.3, rates={"early": 1e-2, "late": 1e-2, "heads": 1e-2})
    average = {name: p.detach().clone() for name, p in training.model.named_parameters()}
    steps = training.run()
    # In step s (1 + s) / (10 + s) of the average stay, at most as much as the recipe says.
    for kept in ((1 + 1) / (10 + 1), (1 + 2) / (10 + 2), 0.3):
        next(steps)
        weights = {name: p.detach() for name, p in training.model.named_parameters()}
        average = {name: kept * old + (1 - kept) * weights[name] for name, old in average.items()}
        for name, tensor in training.averaged.items():
            assert torch.allclose(tensor, average[name], atol=1e-6), name


def written(training: Training, folder: Path) -> tuple[Path, Path]:
    """Folders of a start and of what a run writes."""
    start, out = folder / "start", folder / "out"
    save_tokenizer(training.tokenizer, start, CONTEXT)
    configuration = toy_configuration(training.tokenizer)
    network.export(training.model.state_dict(), configuration, start)
    run.write_model(training.averaged_state(), configuration, start, out)
    return start, out


def test_what_is_written_is_the_average(tmp_path: Path):
    training = toy_run(steps=3, rates={"early": 1e-2, "late": 1e-2, "heads": 1e-2})
    list(training.run())
    start, out = written(training, tmp_path)
    trained, found = (load_file(folder / network.WEIGHTS) for folder in (start, out))
    apart = 0.0
    for name, tensor in training.averaged.items():
        assert torch.equal(found[name], tensor.half()), name
        apart = max(apart, float((trained[name].float() - tensor).abs().max()))
    assert apart > 1e-3, "the average is told from the weights themselves"


def test_what_is_written_is_loaded_as_any_model_and_encodes_the_same(tmp_path: Path):
    training = toy_run()
    list(training.run())
    _, out = written(training, tmp_path)
    encoder = load_encoder(f"local-dir:{out}")
    pixels = np.random.default_rng(1).integers(0, 256, (2, PX, PX, 3), dtype=np.uint8)
    texts = ["red shirt", "a mug"]
    pictures, words = training.with_average(
        lambda: (training.encode_images(torch.from_numpy(pixels)), training.encode_texts(texts))
    )
    assert np.abs(encoder.encode_images([Image.fromarray(one) for one in pixels]) - pictures.numpy()).max() < 5e-3
    assert np.abs(encoder.encode_texts(texts) - words.numpy()).max() < 5e-3
    assert not torch.allclose(training.encode_texts(texts), words, atol=1e-4), "the trained weights are others"


def test_measuring_the_average_leaves_the_model_as_it_was():
    training = toy_run()
    training.one_step()
    before = {name: tensor.clone() for name, tensor in training.model.state_dict().items()}
    with pytest.raises(ZeroDivisionError):
        training.with_average(lambda: 1 / 0)
    assert all(torch.equal(tensor, before[name]) for name, tensor in training.model.state_dict().items())


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path: Path):
    unbroken = toy_run(steps=4, mined=(0.0, 0.5))
    expected = [{name: float(value) for name, value in losses.items()} for losses in unbroken.run()]
    killed = toy_run(steps=4, mined=(0.0, 0.5))
    steps = killed.run()
    next(steps), next(steps)
    killed.save(tmp_path / "run.pt")
    next(steps)  # what comes after the checkpoint is lost
    again = toy_run(steps=4, mined=(0.0, 0.5))
    again.resume(tmp_path / "run.pt")
    assert again.step == 2
    found = [{name: float(value) for name, value in losses.items()} for losses in again.run()]
    assert found == expected[2:]
    for name, tensor in again.averaged_state().items():
        assert torch.equal(tensor, unbroken.averaged_state()[name]), name


def test_another_seed_is_another_run():
    one, other = (toy_run(seed=seed).one_step()["called"] for seed in (0, 1))
    assert float(one) != float(other)


def test_a_checkpoint_of_another_tokenizer_or_of_other_data_is_refused(tmp_path: Path):
    training = toy_run()
    training.save(tmp_path / "run.pt")
    training.captions.ids = training.captions.ids[:, 1:]
    with pytest.raises(ValueError, match="captions of shape"):
        training.resume(tmp_path / "run.pt")
    training.tokenizer = train_tokenizer(["entirely other words"], vocabulary=300)
    with pytest.raises(ValueError, match="another tokenizer"):
        training.resume(tmp_path / "run.pt")


def test_the_teacher_sees_as_many_pictures_in_every_step_at_its_own_size():
    training = toy_run(steps=3)
    shapes = []
    model = training.objectives.teacher.model
    original = model.encode_image
    model.encode_image = lambda seen: shapes.append(tuple(seen.shape)) or original(seen)
    list(training.run())
    # three tenths of 32 pictures, at half of the student's side
    assert shapes == [(9, 3, PX // 2, PX // 2)] * 3


def test_titles_are_drawn_with_the_pictures_they_are_mistaken_for():
    training = toy_run(negatives=3)
    training.mine_negatives()
    rows = training.data.rows("fashion")
    assert training.sampler.mistaken is not None
    assert training.sampler.mistaken.shape == (len(rows), 3)
    scores = training.encode_texts([training.data.items[5].title])[0] @ training.encode_rows(torch.from_numpy(rows)).T
    scores[torch.from_numpy(training.data.titles[rows] == training.data.titles[5])] = -2
    assert training.sampler.mistaken[5].tolist() == scores.topk(3).indices.tolist()


def test_rates_rise_in_a_line_and_fall_by_a_cosine():
    assert rate(0.015) == pytest.approx(0.5)
    assert rate(0.03) == pytest.approx(1.0)
    assert rate((0.03 + 1) / 2) == pytest.approx((1 + 0.02) / 2)
    assert rate(1.0) == pytest.approx(0.02)


def test_a_recipe_without_a_budget_is_refused():
    for numbers in ({"seconds": 0}, {"steps": 0}, {"batch": 0}):
        with pytest.raises(ValueError, match="positive budget"):
            Recipe(**numbers)


class Still:
    """Stands in for the validation splits."""

    def measure(self, encode_images, encode_texts, others: np.ndarray) -> dict[str, float]:
        assert encode_texts(["mug"]).shape == encode_images(np.zeros((1, PX, PX, 3), np.uint8)).shape == (1, 32)
        return {"score": float(len(others))}


def test_losses_figures_and_a_checkpoint_are_written_and_a_resumed_run_repeats_no_line(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(run, "REPORT_SECONDS", -1.0)
    monkeypatch.setattr(run, "CHECKPOINT_SECONDS", 1e9)
    curves = tmp_path / "curves.jsonl"

    def lines() -> list[dict]:
        return [json.loads(line) for line in curves.read_text(encoding="utf-8").splitlines()]

    training = toy_run(steps=4)
    run.fit(training, Still(), tmp_path / "checkpoint.pt", [0.5])  # type: ignore[arg-type]
    assert [line["step"] for line in lines()] == [1, 2, 2, 3, 4, 4]
    assert [line["step"] for line in lines() if "score" in line] == [2, 4]
    assert lines()[-1]["score"] == len(training.data.rows("fashion"))
    assert run.last_step(curves) == 4
    halfway = toy_run(steps=4)
    steps = halfway.run()
    next(steps), next(steps)
    run.fit(halfway, Still(), tmp_path / "checkpoint.pt", [0.5])  # type: ignore[arg-type]
    assert [line["step"] for line in lines()] == [1, 2, 2, 3, 4, 4]
    again = toy_run(steps=4)
    again.resume(tmp_path / "checkpoint.pt")
    assert again.progress == 1


def arguments(*more: str) -> list[str]:
    return ["--data", ".", "--start", "start", "--out", "out", *more]


def test_an_unknown_loss_is_refused_and_a_known_one_is_weighed_as_asked():
    parse = run.parser().parse_args
    with pytest.raises(ValueError, match="kindness"):
        run.recipe_of(parse(arguments("--without", "kindness")))
    recipe = run.recipe_of(parse(arguments("--without", "twins", "--set", "kinds=0.25", "early=0.001")))
    assert (recipe.weights["twins"], recipe.weights["kinds"], recipe.rates["early"]) == (0.0, 0.25, 0.001)
    assert recipe.weights["called"] == WEIGHTS["called"]


def test_a_run_is_not_written_over_the_model_it_goes_on_from(capsys):
    with pytest.raises(SystemExit):
        run.main(["--data", "data", "--start", "assets/model", "--out", "assets/model"])
    assert "another folder" in capsys.readouterr().err


def test_the_student_starts_between_the_teacher_and_imagenet_at_its_own_size(tmp_path: Path):
    training = toy_run()
    start, _ = written(training, tmp_path)
    trunk = network.create(toy_configuration(training.tokenizer)["model_cfg"]).visual.trunk
    student, found, teacher = towers.start_from(start, 48, trunk)
    assert found["preprocess_cfg"]["size"] == found["model_cfg"]["vision_cfg"]["image_size"] == 48
    assert teacher.px == PX
    name = "conv_stem.weight"
    between = (trunk.state_dict()[name] + teacher.model.visual.trunk.state_dict()[name]) / 2
    assert torch.allclose(student.visual.trunk.state_dict()[name], between, atol=1e-4)
    assert not any(p.requires_grad for p in teacher.parameters())
    assert all(p.requires_grad for p in student.parameters())


def test_a_soup_lies_between(tmp_path: Path):
    one, other = {"w": torch.zeros(2), "n": torch.tensor(1)}, {"w": torch.ones(2).half(), "n": torch.tensor(2)}
    mixed = towers.interpolated(one, other, 0.25)
    assert torch.equal(mixed["w"], torch.full((2,), 0.25))
    assert mixed["n"] == 1
    training = toy_run()
    list(training.run())
    start, out = written(training, tmp_path)
    soup.write_between(start, out, 1.0, tmp_path / "soup")
    found, expected = (load_file(folder / network.WEIGHTS) for folder in (tmp_path / "soup", out))
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_texts_are_unit_rows_and_read_alike_alone_and_together():
    training = toy_run()
    together = training.encode_texts(["red shirt", "a mug", "watch"])
    assert torch.allclose(together.norm(dim=1), torch.ones(3), atol=1e-5)
    alone = torch.cat([training.encode_texts([text]) for text in ("red shirt", "a mug", "watch")])
    assert torch.allclose(together, alone, atol=1e-5)
    assert torch.allclose(F.cosine_similarity(together, alone), torch.ones(3), atol=1e-5)
