"""A whole explanation: it adds up, points where the difference is, and looks at every picture once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from PIL import Image

from search import Catalog, Product, Query, SearchEngine
from search.encoder.base import unit
from search.errors import ImageError
from search.explain import patch_attribution
from search.explain.schema import ViewKey
from tests.conftest import swatch


@pytest.fixture(scope="module")
def engine(embedded):
    rng = np.random.default_rng(0)
    pictures = [
        Image.fromarray(rng.integers(0, 255, size, np.uint8)) for size in [(60, 90, 3), (90, 60, 3), (64, 64, 3)]
    ]
    products = [Product(f"p{n}", f"P{n}", picture) for n, picture in enumerate(pictures)]
    return SearchEngine.build(Catalog(products), embedded, cache_dir=None)


@pytest.mark.parametrize("region", [None, (0.25, 0.1, 0.9, 0.8)])
def test_maps_words_and_rests_add_up_to_the_score(engine, region):
    photo = Image.fromarray(np.random.default_rng(2).integers(0, 255, (70, 100, 3), np.uint8))
    result = engine.search(Query(image=photo, text="red striped shirt", exclude="blue", region=region))
    for hit in result.hits:
        why = engine.explain(result, hit)
        assert why.product_map.sum() + why.product_residual == pytest.approx(hit.score, abs=1e-4)
        assert why.photo_map.sum() + why.photo_residual == pytest.approx(hit.parts["photo"], abs=1e-4)
        assert [share.word for share in why.words] == ["red", "striped", "shirt"]
        assert sum(share.value for share in why.words) + why.words_residual == pytest.approx(
            hit.parts["text"], abs=1e-9
        )
        assert why.sentence


def test_maps_have_the_shape_of_their_pictures(engine):
    result = engine.search(Query(image=swatch("red", (200, 100))))
    why = engine.explain(result, result.hits[0])
    height, width = why.photo_map.shape
    assert width == pytest.approx(2 * height, abs=1)


def test_a_map_of_a_region_lies_inside_it(engine):
    photo = Image.fromarray(np.random.default_rng(2).integers(0, 255, (100, 100, 3), np.uint8))
    result = engine.search(Query(image=photo, region=(0.5, 0.5, 1, 1)))
    why = engine.explain(result, result.hits[0])
    assert why.views[ViewKey("score")].photo.window == (0.5, 0.5, 1, 1)
    half = why.photo_map.shape[0] // 2
    assert not why.photo_map[:half, :].any()
    assert why.photo_map[half:, half:].any()


def test_chinese_words_stay_together_where_the_lexicon_knows_them(engine):
    result = engine.search(Query(text="红色连衣裙 linen"))
    hit = result.hits[0]
    assert [share.word for share in engine.explain(result, hit).words] == ["红色", "连衣裙", "linen"]


def test_more_like_this_is_explained_from_the_catalogs_picture(engine):
    result = engine.search(Query(like="p0"))
    assert engine.explain(result, result.hits[0]).photo_map is not None


class Halves:
    """Pictures are two numbers, the red of the left half and the green of the right; so are words."""

    name = fingerprint = preprocessing = "halves"
    dim, image_size = 2, 16

    def encode_images(self, images):
        rows = [np.asarray(picture, np.float32) for picture in images]
        middle = [row.shape[1] // 2 for row in rows]
        pairs = [(row[:, :m, 0].mean(), row[:, m:, 1].mean()) for row, m in zip(rows, middle, strict=True)]
        return unit(np.array(pairs) + 1e-3)

    def encode_texts(self, texts):
        return unit(np.array([["red" in text, "green" in text] for text in texts], np.float32) + 1e-3)


@pytest.fixture
def halves():
    picture = swatch("red", (64, 64))
    picture.paste((0, 255, 0), (32, 0, 64, 64))
    products = [
        Product("both", "Both", picture, "Flags", colour="Red"),
        Product("red", "Red", swatch("red", (64, 64)), "Sheets", colour="Red"),
        Product("green", "Green", swatch("green", (64, 64)), "Sheets", colour="Green"),
    ]
    return SearchEngine.build(Catalog(products), Halves(), cache_dir=None)


def explained(engine, query, product_id):
    result = engine.search(query)
    return engine.explain(result, next(hit for hit in result.hits if hit.product.id == product_id))


def test_each_word_is_mapped_to_the_place_that_it_means(halves):
    why = explained(halves, Query(text="red green"), "both")
    red, green = (why.views[ViewKey.token(at)].product.grid for at in (0, 1))
    assert red[:, :3].min() > red[:, 5:].max()
    assert green[:, 5:].min() > green[:, :3].max()


def test_every_view_of_the_score_adds_up_to_its_part(halves):
    why = explained(halves, Query(image=swatch("green", (64, 64)), text="red", exclude="green"), "both")
    for name in ("photo", "text", "exclude"):
        heat = why.views[ViewKey.part(name)].product
        assert heat.grid.sum() + heat.residual == pytest.approx(why.parts[name], abs=1e-6)
    assert why.views[ViewKey.part("text")].photo is None


@pytest.mark.parametrize("region", [None, (0.5, 0.0, 1.0, 1.0)])
def test_each_picture_has_its_own_map(halves, region):
    """Against the places of each picture, looked at here: photo times product, and product times query."""
    photo = swatch("green", (64, 64))
    photo.paste((255, 0, 0), (0, 0, 64, 20))
    result = halves.search(Query(image=photo, text="red", exclude="green", region=region))
    hit = next(hit for hit in result.hits if hit.product.id == "both")
    why = halves.explain(result, hit)
    here = patch_attribution(halves.encoder, photo, region=region)
    there = patch_attribution(halves.encoder, halves.catalog.get("both").image)
    expected = here.heatmap(result.fused.coefficients["photo"] * there.embedding)
    shown = why.views[ViewKey("score")].photo
    np.testing.assert_allclose(shown.grid, expected.grid, atol=1e-5)
    # What is shown closes the sum by rounding only: what was measured adds up, too.
    assert shown.residual == pytest.approx(expected.residual, abs=1e-5)
    expected = there.heatmap(result.fused.vector)
    shown = why.views[ViewKey("score")].product
    np.testing.assert_allclose(shown.grid, expected.grid, atol=1e-5)
    seen = float(result.fused.vector @ there.embedding)  # what the catalog says is in no picture
    assert shown.residual == pytest.approx(expected.residual + hit.score - seen, abs=1e-5)
    np.testing.assert_allclose(why.patch_similarity, here.similarity(there), atol=1e-5)


def test_a_words_value_is_what_it_adds_to_the_product_and_not_to_the_average_one(halves):
    """By hand for two words: half of what each adds alone and half of what it adds to the other, weighed as the
    words are, times the product less the catalog's mean."""
    result = halves.search(Query(text="red green"))
    hit = next(hit for hit in result.hits if hit.product.id == "both")
    red, green, both = halves.encoder.encode_texts(["red", "green", "red green"]).astype(np.float64)
    product = halves.encoder.encode_images([hit.product.image])[0]
    apart = product - np.mean(halves.encoder.encode_images([p.image for p in halves.catalog]), axis=0)
    values = [word.value for word in halves.explain(result, hit).words]
    assert values == pytest.approx([(red + both - green) / 2 @ apart, (green + both - red) / 2 @ apart], abs=1e-6)


def test_what_two_places_share_sums_with_the_rests_to_the_cosine(halves):
    picture = halves.catalog.get("both").image
    here, there = patch_attribution(halves.encoder, picture), patch_attribution(halves.encoder, swatch("red", (64, 64)))
    a, b = here.z.sum(axis=(0, 1)), there.z.sum(axis=(0, 1))
    whole = here.similarity(there).sum() + a @ there.residual + here.residual @ b + here.residual @ there.residual
    assert whole == pytest.approx(here.embedding @ there.embedding, abs=1e-6)


def test_the_next_hit_differs_by_what_the_parts_say(halves):
    result = halves.search(Query(image=halves.catalog.get("both").image, text="red"))
    hit, other = result.hits[:2]
    why = halves.explain(result, hit)
    assert why.difference.other == other
    assert sum(why.difference.parts.values()) == pytest.approx(hit.score - other.score)
    assert sum(word.value for word in why.difference.words) == pytest.approx(why.difference.parts["text"], abs=1e-6)
    assert halves.explain(result, result.hits[-1]).difference is None


def test_attributes_that_differ_from_the_next_are_named(halves):
    result = halves.search(Query(text="green"))
    assert [hit.product.id for hit in result.hits] == ["green", "both", "red"]
    assert halves.explain(result, result.hits[0]).difference.attributes == (
        ("category", "Sheets", "Flags"),
        ("colour", "Green", "Red"),
    )


def test_the_rank_without_the_words_is_the_photos_rank(halves):
    query = Query(image=swatch("green", (64, 64)), text="red")
    by_photo = [hit.product.id for hit in halves.search(Query(image=swatch("green", (64, 64)))).hits]
    for hit in (result := halves.search(query)).hits:
        assert halves.explain(result, hit).rank_without_words == by_photo.index(hit.product.id) + 1
    alone = halves.search(Query(text="red"))
    assert halves.explain(alone, alone.hits[0]).rank_without_words is None


def test_the_photo_is_read_with_its_certainty(halves):
    by_field = {
        trait.field: trait for trait in explained(halves, Query(image=swatch("red", (64, 64))), "red").attributes
    }
    colour = by_field["colour"]
    assert (colour.value, colour.seen, colour.verdict) == ("Red", "Red", "shared")
    assert colour.certainty > 0.99
    # "flags" and "sheets" mean the same to this encoder: it cannot tell, and says so.
    assert by_field["category"].certainty == pytest.approx(0.5)


def test_what_the_photo_shows_does_not_depend_on_the_words_beside_it(halves):
    photo = swatch((200, 195, 0), (64, 64))  # not so clear that any temperature would be certain
    alone, beside = (explained(halves, Query(image=photo, text=text), "red").attributes for text in ("", "green"))
    assert 0.5 < alone[-1].certainty < 0.999
    assert [each.certainty for each in beside] == pytest.approx([each.certainty for each in alone])


def test_a_catalog_product_that_stands_in_for_the_photo_is_known_not_read(halves):
    traits = explained(halves, Query(like="red"), "both").attributes
    assert [(trait.field, trait.verdict, trait.certainty) for trait in traits] == [
        ("category", "different", None),
        ("colour", "shared", None),
    ]


def test_the_places_of_a_picture_are_looked_at_once(halves, monkeypatch):
    result = halves.search(Query(image=swatch("green", (64, 64)), text="red"))
    halves.explain(result, result.hits[0])
    calls = []
    monkeypatch.setattr(Halves, "encode_images", lambda self, images: calls.append(images))
    halves.explain(result, result.hits[0])
    assert calls == []


def test_a_prepared_photo_is_not_looked_at_again(halves, monkeypatch):
    result = halves.search(Query(image=swatch("green", (64, 64)), text="red"))
    halves.prefetch_explanation(result)
    halves._explainer.wait()
    looked = []
    looks = Halves.encode_images
    monkeypatch.setattr(Halves, "encode_images", lambda self, images: looked.append(len(images)) or looks(self, images))
    halves.explain(result, result.hits[0])
    assert len(looked) == 1  # the product; the photo was there


def test_a_photo_that_is_gone_does_not_stop_the_next(halves, tmp_path):
    photo = tmp_path / "photo.png"
    swatch("red", (64, 64)).save(photo)
    gone = halves.search(Query(image=photo))
    photo.unlink()
    halves.prefetch_explanation(gone)
    halves._explainer.wait()
    result = halves.search(Query(image=swatch("green", (64, 64))))
    halves.prefetch_explanation(result)
    halves._explainer.wait()
    assert len(halves._explainer._patches) == 1
    with pytest.raises(ImageError):
        halves.explain(gone, gone.hits[0])


def test_who_asks_for_a_picture_that_is_being_looked_at_waits_for_it(halves, monkeypatch):
    result = halves.search(Query(image=swatch("green", (64, 64))))
    started, go, looks = Event(), Event(), []
    encode = Halves.encode_images

    def slowly(self, images):
        looks.append(len(images))
        started.set()
        assert go.wait(10)
        return encode(self, images)

    monkeypatch.setattr(Halves, "encode_images", slowly)
    halves.prefetch_explanation(result)
    assert started.wait(10)
    with ThreadPoolExecutor(1) as pool:
        card = pool.submit(halves.explain, result, result.hits[0])
        go.set()
        assert card.result(10).photo_map is not None
    # The photo once and the product once; a green product is the very photo.
    assert len(looks) <= 2


def test_a_word_that_every_product_gets_alike_is_worth_nothing(halves):
    why = explained(halves, Query(text="red zebra"), "red")
    values = {share.word: share.value for share in why.words}
    assert values["red"] > 0.1
    assert abs(values["zebra"]) < values["red"] / 5
    assert sum(values.values()) + why.words_residual == pytest.approx(why.parts["text"])
