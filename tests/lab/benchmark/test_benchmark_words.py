"""Titles, kinds and colours in words, judged on a handful of products."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.catalog import Catalog
from search.lab.benchmark import datasets
from search.lab.benchmark.base import TooSmall
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.tasks import rejection, words
from tests.lab.benchmark.toy import EVEN, Toy, benchmark, product, shop


def test_a_title_with_several_pictures_counts_each_of_them_as_right():
    figures = words.title(benchmark())
    # 4 distinct titles, each finds its 2 pictures first
    assert figures["recall@1"]["n"] == 4
    assert figures["recall@1"]["value"] == 1
    assert figures["mrr"]["value"] == 1
    # at random, one of the 2 right pictures among 8 comes first 2 times in 8
    assert figures["recall@1"]["chance"] == pytest.approx(2 / 8)


def test_asking_once_per_product_weighs_a_title_by_its_pictures():
    catalog = Catalog([
        *(product(n, "red", "shirts", "Unknown words") for n in range(3)),
        *(product(9 + n, "blue", "shoes") for n in range(12)),
        product(99, "blue", "shirts"),
    ])  # fmt: skip
    figures = words.title(make_benchmark(Toy(), [catalog], min_relevant=1))
    # "Unknown words" scores 0 with every picture, and of equal scores the wrong come first
    assert figures["recall@10"]["value"] == pytest.approx((0 + 1 + 1) / 3)
    assert figures["recall@10_each_product"]["value"] == pytest.approx((3 * 0 + 12 * 1 + 1 * 1) / 16)


def test_titles_are_compared_without_case_and_spaces():
    catalog = Catalog([product(1, "red", "shirts", "Red  Shirts"), product(2, "red", "shirts", "red shirts")])
    assert words.title(make_benchmark(Toy(), [catalog], min_relevant=1))["recall@1"]["n"] == 1


def test_chinese_titles_are_asked_where_there_are_any():
    names = {"red": "红", "blue": "蓝"}
    catalog = Catalog(replace(p, attributes={"title_zh": names[p.colour.lower()]}) for p in shop(EVEN))
    figures = words.title(make_benchmark(Toy(), [catalog], min_relevant=1))
    assert figures["recall@1_zh"]["n"] == 2
    assert figures["recall@1_zh"]["chance"] == pytest.approx(4 / 8)
    assert "recall@1_zh" not in words.title(benchmark())


def test_the_gallery_holds_more_than_is_asked_for():
    found = make_benchmark(Toy(), [shop({("red", "shirts"): 1}), shop({("red", "shirts"): 3})], min_relevant=1)
    figures = words.title(found)
    assert figures["recall@1"]["n"] == 1
    assert figures["recall@1"]["chance"] == pytest.approx(4 / 4)


def test_words_find_kinds_and_colours():
    figures = words.attributes(benchmark())
    assert figures["kind_en"] == {
        "label": "kind, words, P@10", "value": 1.0, "low": 1.0, "high": 1.0, "n": 2,
        "chance": pytest.approx(4 / 8),
    }  # fmt: skip
    assert figures["colour_kind_en"]["value"] == 1
    assert figures["colour_kind_en"]["n"] == 4


def test_kinds_that_are_too_rare_are_not_asked_for():
    figures = words.attributes(benchmark({("red", "shirts"): 3, ("blue", "shirts"): 1}, min_relevant=3))
    assert figures["kind_en"]["n"] == 1
    assert figures["colour_kind_en"]["n"] == 1
    with pytest.raises(TooSmall, match="5 products"):
        words.attributes(benchmark(min_relevant=5))


def test_chinese_words_are_asked_for_as_the_glossary_names_them():
    assert datasets.in_chinese("Red", "Dresses") == "红色" + "连衣裙"
    assert datasets.in_chinese("", "dresses") == "连衣裙"
    # the catalog says Mugs, the glossary Mug
    assert datasets.in_chinese("red", "Mugs") == "红色" + "马克杯"
    assert datasets.in_chinese("Red", "Unheard Of") == ""
    # the toy knows no Chinese: everything ties at 0 and the wrong answers come first
    assert words.attributes(benchmark({("red", "shirts"): 2, ("blue", "shirts"): 20}))["colour_kind_zh"]["value"] < 1


def test_without_anything_from_elsewhere_nothing_can_be_refused():
    with pytest.raises(TooSmall, match="--outside"):
        rejection.rejection(benchmark(EVEN))


def test_titles_that_repeat_the_kind_are_not_asked():
    catalog = Catalog(replace(item, title=item.category) for item in shop(EVEN))
    with pytest.raises(TooSmall, match="no titles of their own"):
        words.title(make_benchmark(Toy(), [catalog]))


def test_a_brand_is_what_stands_before_the_word_for_people():
    titles = ["Red Men Shirts"] * 2 + ["Blue Women Shirts"] * 2 + ["Zenith Men Shoes", "Shirts for all"]
    colours = ["red", "red", "blue", "red", "blue", "blue"]
    catalog = Catalog(
        product(n, colour, "shirts", title) for n, (title, colour) in enumerate(zip(titles, colours, strict=True))
    )
    figure = words.brands(make_benchmark(Toy(), [catalog], min_relevant=2))["brand"]
    # "red" finds its two among three red pictures, and ties count against it: 1 of the first 2; "blue" has one blue picture
    # of three, which comes last of them, and one red
    assert figure["n"] == 2
    assert figure["value"] == pytest.approx((1 / 2 + 0 / 2) / 2)
    assert figure["chance"] == pytest.approx(2 / 6)
    with pytest.raises(TooSmall, match="No brand"):
        words.brands(benchmark())
