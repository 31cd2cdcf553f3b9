"""Queries of several parts, judged on a handful of products."""

from __future__ import annotations

import pytest

from search import Query, SearchEngine
from search.lab.benchmark.build import make_benchmark
from search.lab.benchmark.tasks import composed as tasks
from tests.lab.benchmark.toy import EVEN, Toy, benchmark, shop, values


def test_a_photo_in_another_colour_needs_both_photo_and_words():
    figures = tasks.composed(benchmark(dict.fromkeys(EVEN, 20), min_relevant=10))
    # 2 kinds x 2 colours, 3 photos of each
    assert figures["composed"]["n"] == 2 * 2 * 3
    # red shirt + "in blue": blue shirts score (1/2 + 1/2 + ...), everything else less
    composed, photo, words, reference = values(figures, "composed", "photo", "words", "reference")
    assert composed == 1
    assert photo == 0
    assert reference == 1
    # "in blue" ties blue shirts with blue shoes, and ties count against it
    assert words == 0
    assert figures["gain"]["value"] == pytest.approx(1)
    assert figures["gain"]["chance"] is None


def test_drawn_queries_depend_on_the_seed_alone():
    counts = dict.fromkeys(EVEN, 20)
    one, two, other = (tasks.Composed.draw(benchmark(counts, seed=seed)).rows.tolist() for seed in (1, 1, 2))
    assert one == two != other


def test_an_excluded_colour_leaves_the_first_ten():
    figures = tasks.exclude(benchmark(dict.fromkeys(EVEN, 10), min_relevant=10))
    without, left, plain_left = values(figures, "without", "without_left", "plain_left")
    assert without == 1
    assert left == 0
    # without the exclusion all 20 shirts tie: for "still that colour" the wrong ones stand last,
    # and they are the ones judged as present
    assert plain_left == 0
    assert figures["without"]["chance"] == pytest.approx(10 / 40)


def test_the_engine_compares_a_composed_query_with_pictures_as_the_evaluation_does():
    catalog = shop(dict.fromkeys(EVEN, 4))
    engine = SearchEngine.build(catalog, Toy(), cache_dir=None)
    red_shirt = next(iter(catalog))
    hits = engine.search(Query(image=red_shirt.image, text="in blue"), k=16).hits
    found = make_benchmark(Toy(), [catalog], min_relevant=1)
    query = tasks.fused(found.weights, photo=found.vectors[:1], text=found.texts(["in blue"]))[0]
    likeness = {hit.product.id: hit.parts["photo"] + hit.parts["text"] for hit in hits}
    expected = dict(zip(found.ids.tolist(), (found.vectors @ query).tolist(), strict=True))
    assert likeness == pytest.approx(expected, abs=1e-6)
    assert {hit.product.colour + hit.product.category for hit in hits[:4]} == {"BlueShirts"}
