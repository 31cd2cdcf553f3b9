"""Explanations add up, and point where the difference is."""

import numpy as np
import pytest
from PIL import Image

from search import Catalog, Product, Query, SearchEngine
from search.explain import places
from tests.conftest import swatch


@pytest.fixture(scope="module")
def engine(embedded):
    rng = np.random.default_rng(0)
    pictures = [
        Image.fromarray(rng.integers(0, 255, size, np.uint8)) for size in [(60, 90, 3), (90, 60, 3), (64, 64, 3)]
    ]
    products = [Product(f"p{n}", f"P{n}", picture) for n, picture in enumerate(pictures)]
    return SearchEngine.build(Catalog(products), embedded, cache_dir=None)


def test_places_and_rest_sum_to_the_embedding(embedded):
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (80, 120, 3), np.uint8))
    found = places(embedded, picture)
    whole = found.z.sum(axis=(0, 1)) + found.rest
    np.testing.assert_allclose(whole / found.length, embedded.encode_images([picture])[0], atol=1e-4)


def test_the_model_is_left_as_it_was(embedded):
    pool = embedded.model.visual.trunk.global_pool
    before = len(pool._forward_pre_hooks)
    places(embedded, swatch("red", (32, 32)))
    assert len(pool._forward_pre_hooks) == before


@pytest.mark.parametrize("region", [None, (0.25, 0.1, 0.9, 0.8)])
def test_maps_words_and_rests_add_up_to_the_score(engine, region):
    photo = Image.fromarray(np.random.default_rng(2).integers(0, 255, (70, 100, 3), np.uint8))
    result = engine.search(Query(image=photo, text="red striped shirt", exclude="blue", region=region))
    for hit in result.hits:
        why = engine.explain(result, hit)
        assert why.product_map.sum() + why.product_rest == pytest.approx(hit.score, abs=1e-4)
        assert why.photo_map.sum() + why.photo_rest == pytest.approx(hit.parts["photo"], abs=1e-4)
        assert [share.word for share in why.words] == ["red", "striped", "shirt"]
        assert sum(share.value for share in why.words) == pytest.approx(hit.parts["text"], abs=1e-4)
        assert why.sentence


def test_maps_have_the_shape_of_their_pictures(engine):
    result = engine.search(Query(image=swatch("red", (200, 100))))
    why = engine.explain(result, result.hits[0])
    height, width = why.photo_map.shape
    assert width == pytest.approx(2 * height, abs=1)


def test_a_map_of_a_region_is_zero_outside_it(engine):
    photo = Image.fromarray(np.random.default_rng(2).integers(0, 255, (100, 100, 3), np.uint8))
    result = engine.search(Query(image=photo, region=(0.5, 0.5, 1, 1)))
    why = engine.explain(result, result.hits[0])
    half = why.photo_map.shape[0] // 2 - 1
    assert not why.photo_map[:half, :].any()
    assert why.photo_map[-half:, -half:].any()


def test_chinese_words_are_explained_one_by_one(engine):
    result = engine.search(Query(text="红色 dress"))
    assert [share.word for share in engine.explain(result, result.hits[0]).words] == ["红", "色", "dress"]


def test_more_like_this_is_explained_from_the_catalogs_picture(engine):
    result = engine.search(Query(like="p0"))
    assert engine.explain(result, result.hits[0]).photo_map is not None


def test_a_tower_without_exact_places_says_so():
    from tests.conftest import ToyEncoder

    toy = SearchEngine.build(Catalog([Product("a", "A", swatch("red"))]), ToyEncoder(), cache_dir=None)
    result = toy.search(Query(image=swatch("red"), text="red"))
    why = toy.explain(result, result.hits[0])
    assert why.product_map is None
    assert why.product_rest == result.hits[0].score
    assert why.photo_rest == result.hits[0].parts["photo"]
