"""Kinds told by words and by the products that look like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.catalog import Catalog
from search.lab.benchmark import datasets
from search.lab.benchmark.base import TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.tasks import zero_shot
from tests.lab.benchmark.toy import Toy, benchmark, product, shop, values


class Clothes(Toy):
    """A toy that reads the glossary's names of two kinds of clothing/."""

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        known = {"shirt": "shirts", "button-up shirt": "shirts", "shoes": "shoes", "pair of shoes": "shoes"}
        return super().encode_texts([known.get(text, "") for text in texts])


def test_a_kind_is_told_by_the_mean_of_its_names():
    # two shirts, and three shoes that the shop calls shirts
    right = [product(n, "red", "shirts") for n in range(2)]
    wrong = [product(9 + n, "red", "shoes") for n in range(3)]
    catalog = Catalog(replace(item, category="Shirt") for item in (*right, *wrong))
    figures = zero_shot.zero_shot(make_benchmark(Clothes(), [catalog]))
    assert figures["en"]["value"] == pytest.approx(2 / 5)
    # clothing/ has 17 kinds, whether they are in the data or not
    assert figures["en"]["chance"] == pytest.approx(1 / 17)
    # no Chinese name is known: all kinds tie, and ties count against it
    assert figures["zh"]["value"] == 0


def test_kinds_that_no_section_of_the_glossary_names_are_not_guessed():
    assert list(datasets.names_of(["Shirt", "Polo"]))[:2] == ["T-Shirt", "Longsleeve"]
    assert datasets.names_of(["Shirt", "Unheard Of"]) == {}
    with pytest.raises(TooSmall, match="No section"):
        zero_shot.zero_shot(benchmark())


def test_a_photograph_of_home_goods_is_told_its_kind_among_photographed_kinds_only():
    photographs = [
        product(1, "red", "shirts"),
        product(2, "red", "shirts"),
        product(3, "red", "shoes"),
        product(4, "red", "shoes", category="Shirts"),
    ]
    sources = {"source": "caltech-101"}, {"source": "pybullet-urdf-models-render"}
    # of the third kind there are renders only: "a red" is neither asked for, nor does it compete
    renders = [replace(product(5 + n, "red", "shoes"), category="red", attributes=sources[1]) for n in range(3)]
    catalog = Catalog([*(replace(item, attributes=sources[0]) for item in photographs), *renders])
    figure = zero_shot.home_zero_shot(make_benchmark(Toy(), [catalog]))["en"]
    assert figure["n"] == 4
    # the fourth shows shoes and is called a shirt
    assert figure["value"] == pytest.approx(3 / 4)
    assert figure["chance"] == pytest.approx(1 / 2)
    assert "among 2 by words" in figure["label"]


def test_data_that_do_not_say_what_was_photographed_are_not_asked():
    with pytest.raises(TooSmall, match="known to be a photograph"):
        zero_shot.home_zero_shot(benchmark())


def test_a_photograph_is_answered_by_a_product_of_a_kind_that_the_table_lists(monkeypatch: pytest.MonkeyPatch):
    table = {"Pair": ("Shoes", "Boots"), "Top": ("Shirts",), "Hat": ("Caps",)}
    monkeypatch.setattr(zero_shot, "read_photographed", lambda: table)
    taken = {
        # a hat is nothing that the catalog has, a harp nothing that the table has
        "home/validation": [("shoes", "Pair"), ("shirts", "Hat"), ("shirts", "Harp")],
        # the last shows a shirt, and is called a pair
        "clothing/validation": [("shirts", "Top"), ("shirts", "Pair")],
    }
    photographs = {
        name: Catalog(product(n, "red", shown, category=kind) for n, (shown, kind) in enumerate(rows))
        for name, rows in taken.items()
    }
    catalog = shop({("red", "shirts"): 1, ("blue", "shirts"): 2, ("red", "shoes"): 1})
    figures = zero_shot.photograph_kind(make_benchmark(Toy(), [catalog], photographs=photographs))
    assert [figures[name]["n"] for name in ("all", *taken)] == [3, 1, 2]
    assert values(figures, "all", *taken) == [2 / 3, 1, 1 / 2]
    # one shoe and three shirts in four products
    assert figures["all"]["chance"] == pytest.approx((1 / 4 + 3 / 4 + 1 / 4) / 3)


def test_the_table_of_photographed_kinds_names_kinds_of_the_embedded_catalog():
    table, kinds = datasets.read_photographed(), {item.category for item in Catalog.load("assets/catalog")}
    assert {kind for right in table.values() for kind in right} <= kinds
    assert table["Shoes"] == table["shoe"] == ("Sneakers", "Boots", "Sandals", "High heels")


def test_of_data_with_renders_only_the_photographs_are_read(shared: Path):
    found = datasets.read_photographs(str(shared / "home" / "validation.parquet"))
    assert len(found) == 203
    assert len({item.category for item in found}) == 61
    assert len(datasets.read_photographs(str(shared / "clothing" / "validation.parquet"))) == 308
