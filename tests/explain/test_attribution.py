"""Maps of a hit whose vectors are written down: photo v = (1, 0), product p = (0.6, 0.8).

The query is 0.6 v + 0.8 (0, 1) = (0.6, 0.8), so the score is 0.36 + 0.64. Two places each:

    photo     z = (0.5, -0.1), (0.4, 0.2)   residual (0.1, -0.1)   sum (1, 0)
    product   z = (0.3, 0.5), (0.2, 0.1)    residual (0.1, 0.2)    sum (0.6, 0.8)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search import Hit, Product, Query
from search.explain import ExplanationRequest, Neighbour, PatchAttribution
from search.explain.attribution import (
    PicturePair,
    attribute_views,
    next_views,
    score_views,
    to_image_grid,
    token_views,
)
from search.explain.schema import AttributeComparison, Heatmap, TokenAttribution, ViewKey
from search.explain.zeroshot import ZeroShotReading
from search.query.fusion import FusedQuery

WINDOW = (0.0, 0.0, 1.0, 1.0)
PHOTO = PatchAttribution(
    np.array([[[0.5, -0.1], [0.4, 0.2]]]), np.array([0.1, -0.1]), np.array([1.0, 0.0]), (0.25, 0.0, 0.75, 1.0)
)
PRODUCT = PatchAttribution(np.array([[[0.3, 0.5], [0.2, 0.1]]]), np.array([0.1, 0.2]), np.array([0.6, 0.8]), WINDOW)
PAIR = PicturePair(PHOTO, PRODUCT)
FUSED = FusedQuery(
    np.array([0.6, 0.8]), {"photo": np.array([0.6, 0.0]), "text": np.array([0.0, 0.8])}, {"photo": 0.6, "text": 0.8}
)
HIT = Hit(1, 1.0, Product("p", "P", "p.jpg"), {"photo": 0.36, "text": 0.64, "exclude": 0.0})
NEXT = Hit(2, 0.96, Product("n", "N", "n.jpg"), {"photo": 0.48, "text": 0.48, "exclude": 0.0})


def request(**changes):
    given = {
        "query": Query(text="x"),
        "photo": "photo.jpg",
        "hit": HIT,
        "product": np.array([0.6, 0.8]),
        "fused": FUSED,
    }
    return ExplanationRequest(**{**given, **changes})


def check(heat, grid, residual):
    np.testing.assert_allclose(heat.grid, [grid], atol=1e-6)
    assert heat.residual == pytest.approx(residual, abs=1e-6)


def test_the_score_on_the_product_is_its_places_times_the_query():
    """0.3 * 0.6 + 0.5 * 0.8 = 0.58, 0.2 * 0.6 + 0.1 * 0.8 = 0.20, residual 0.1 * 0.6 + 0.2 * 0.8 = 0.22: 1 together."""
    view = score_views(request(), PAIR)[ViewKey("score")]
    assert (view.value, view.unit) == (1.0, "score")
    check(view.product, [0.58, 0.20], 0.22)


def test_the_score_on_the_photo_is_its_places_times_the_product_weighed_as_the_photo_is():
    """0.6 (0.5 * 0.6 - 0.1 * 0.8) = 0.132, 0.6 (0.4 * 0.6 + 0.2 * 0.8) = 0.240, residual 0.6 (0.06 - 0.08) = -0.012."""
    views = score_views(request(), PAIR)
    for key in (ViewKey("score"), ViewKey.part("photo")):
        check(views[key].photo, [0.132, 0.240], -0.012)
        assert views[key].photo.window == (0.25, 0.0, 0.75, 1.0)


def test_a_part_of_the_score_is_the_products_places_times_that_part_of_the_query():
    views = score_views(request(), PAIR)
    assert list(views) == [ViewKey("score"), ViewKey.part("photo"), ViewKey.part("text")]
    check(views[ViewKey.part("photo")].product, [0.3 * 0.6, 0.2 * 0.6], 0.1 * 0.6)
    check(views[ViewKey.part("text")].product, [0.5 * 0.8, 0.1 * 0.8], 0.2 * 0.8)
    assert views[ViewKey.part("text")].photo is None
    assert [view.value for view in views.values()] == [1.0, 0.36, 0.64]


def test_what_is_measured_adds_up_before_anything_is_rounded_into_the_residual():
    """The residuals that are shown close the sum; those that were measured must do so already."""
    views = score_views(request(), PAIR)
    on_photo, on_product = PHOTO.heatmap(0.6 * np.array([0.6, 0.8])), PRODUCT.heatmap(FUSED.vector)
    assert views[ViewKey("score")].photo.residual == pytest.approx(on_photo.residual, abs=1e-6)
    assert views[ViewKey("score")].product.residual == pytest.approx(on_product.residual, abs=1e-6)


def test_what_is_missing_from_the_places_is_not_hidden_in_a_maps_residual():
    """Places that lost their residual (0.1, 0.2): the map says 0, not what would make the sum right."""
    broken = replace(PRODUCT, residual=np.zeros(2))
    assert broken.error == pytest.approx(np.hypot(0.1, 0.2))
    check(broken.heatmap(FUSED.vector), [0.58, 0.20], 0.0)
    assert PRODUCT.error == pytest.approx(0)


def test_a_part_that_no_picture_shows_is_in_the_residual_of_the_score():
    """Say a rule adds 0.25: the map stays as it is, and 0.22 + 0.25 is in no place."""
    ruled = Hit(1, 1.25, HIT.product, {**HIT.parts, "season": 0.25})
    check(score_views(request(hit=ruled), PAIR)[ViewKey("score")].product, [0.58, 0.20], 0.47)


def test_without_a_photo_only_the_product_is_mapped():
    words = FusedQuery(np.array([0.0, 1.0]), {"text": np.array([0.0, 1.0])}, {"text": 1.0})
    hit = Hit(1, 0.8, HIT.product, {"photo": 0.0, "text": 0.8, "exclude": 0.0})
    views = score_views(request(photo=None, fused=words, hit=hit), PicturePair(None, PRODUCT))
    assert all(view.photo is None for view in views.values())
    check(views[ViewKey("score")].product, [0.5, 0.1], 0.2)


def test_a_model_that_cannot_say_where_has_values_without_maps():
    views = score_views(request(), PicturePair(None, None))
    assert [(view.photo, view.product) for view in views.values()] == [(None, None)] * 3
    assert views[ViewKey("score")].value == 1.0


def test_a_words_map_is_the_places_times_its_vector_and_the_rest_is_what_every_product_gets():
    """0.1 * 0.3 + 0.3 * 0.5 = 0.18, 0.1 * 0.2 + 0.3 * 0.1 = 0.05; of a value of 0.2 that is 0.03 too much."""
    words = (TokenAttribution("a", 0.2), TokenAttribution("b", -0.5))
    views = token_views(words, np.array([[0.1, 0.3], [0.0, -1.0]]), PAIR)
    assert list(views) == [ViewKey.token(0), ViewKey.token(1)]
    check(views[ViewKey.token(0)].product, [0.18, 0.05], -0.03)
    check(views[ViewKey.token(1)].product, [-0.5, -0.1], 0.1)
    assert views[ViewKey.token(0)].photo is None


def test_the_difference_to_the_next_is_mapped_by_what_sets_the_two_apart():
    """p - n = (-0.2, 0.2): on the photo 0.6 (-0.1 - 0.02) and 0.6 (-0.08 + 0.04), on the product -0.06 + 0.1 and
    -0.04 + 0.02; the residuals, as measured, 0.6 (-0.02 - 0.02) and -0.02 + 0.04."""
    (key, view), *others = next_views(request(next=Neighbour(NEXT, np.array([0.8, 0.6]))), PAIR).items()
    assert (key, others) == (ViewKey("next"), [])
    assert (view.value, view.unit) == (pytest.approx(0.04), "next")
    check(view.photo, [-0.072, -0.024], -0.024)
    check(view.product, [0.04, -0.02], 0.02)
    assert next_views(request(), PAIR) == {}


def test_an_attribute_is_mapped_by_what_tells_its_value_from_the_others():
    """(1, 0) - (0, 1) = (1, -1): on the photo 0.6 and 0.2, residual 0.2; on the product -0.2 and 0.1, residual -0.1."""
    readings = {"colour": ZeroShotReading(("red", "blue"), np.array([0.9, 0.1]), np.eye(2))}
    compared = AttributeComparison("colour", "red", "blue", 0.9, "different")
    ((key, view),) = attribute_views(np.array([0.6, 0.8]), [compared], readings, PAIR).items()
    assert key == ViewKey.attribute("colour")
    assert (view.value, view.unit) == (pytest.approx(-0.2), "attribute")
    check(view.photo, [0.6, 0.2], 0.2)
    check(view.product, [-0.2, 0.1], -0.1)


def test_an_attribute_is_not_mapped_where_it_is_unsure_or_of_a_value_that_the_model_was_not_asked_for():
    readings = {"colour": ZeroShotReading(("red", "blue"), np.array([0.9, 0.1]), np.eye(2))}
    for field, value, verdict in (
        ("colour", "red", "unsure"),
        ("colour", "Red", "shared"),
        ("material", "red", "shared"),
    ):
        compared = AttributeComparison(field, value, "red", 0.9, verdict)
        assert attribute_views(np.array([0.6, 0.8]), [compared], readings, PAIR) == {}


def test_what_two_places_have_in_common_has_a_row_for_each_of_the_photos():
    """0.5 * 0.3 - 0.1 * 0.5 and 0.5 * 0.2 - 0.1 * 0.1; 0.4 * 0.3 + 0.2 * 0.5 and 0.4 * 0.2 + 0.2 * 0.1."""
    assert PHOTO.similarity(PRODUCT) == pytest.approx(np.array([[0.10, 0.09], [0.22, 0.10]]))


# ---- over the picture


GRID = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)


def quarters(whole):
    """Sums of the four quarters, row by row."""
    h, w = whole.shape
    return [
        [float(whole[y, x].sum()) for x in (slice(w // 2), slice(w // 2, None))]
        for y in (slice(h // 2), slice(h // 2, None))
    ]


def test_a_map_of_the_whole_picture_is_laid_over_it_as_it_is():
    assert to_image_grid(Heatmap(GRID, 0.0)).tolist() == GRID.tolist()


def test_of_padding_above_and_below_only_what_lies_in_the_picture_is_kept():
    """The picture is the middle half of the grid's height: half of every place is left."""
    whole = to_image_grid(Heatmap(GRID, 0.0, (0.0, -0.5, 1.0, 1.5)))
    assert quarters(whole) == pytest.approx(np.array([[0.5, 1.0], [1.5, 2.0]]))
    assert whole.shape == (8, 16)


def test_of_padding_on_one_side_the_other_side_stays_whole():
    """The window begins one picture's width to the left of it: only the right column is in the picture."""
    whole = to_image_grid(Heatmap(GRID, 0.0, (-1.0, 0.0, 1.0, 1.0)))
    assert whole.sum() == pytest.approx(2 + 4)
    assert quarters(whole) == pytest.approx(np.array([[1, 1], [2, 2]]))


def test_what_a_crop_left_out_is_zero_and_nothing_is_lost():
    whole = to_image_grid(Heatmap(GRID, 0.0, (0.25, 0.0, 0.75, 1.0)))
    assert whole.shape == (16, 32)
    assert not whole[:, :8].any()
    assert not whole[:, 24:].any()
    assert quarters(whole) == pytest.approx(GRID)


def test_a_map_of_a_corner_lies_in_that_corner():
    whole = to_image_grid(Heatmap(GRID, 0.0, (0.5, 0.0, 1.0, 0.5)))
    assert quarters(whole) == pytest.approx(np.array([[0, 10], [0, 0]]))
    assert quarters(whole[: len(whole) // 2, whole.shape[1] // 2 :]) == pytest.approx(GRID)


@pytest.mark.parametrize(
    "window", [(0, -0.25, 1, 1.25), (-0.1, 0.05, 1.1, 0.95), (0.1, 0.2, 0.83, 0.71), (1 / 6, 0, 5 / 6, 1)]
)
def test_the_sum_is_that_of_the_part_inside_the_picture(window):
    """Ones in 7 x 5 places: the sum is the share of the window that lies in the picture, to half a cell an edge."""
    left, top, right, bottom = window
    across = (min(right, 1) - max(left, 0)) / (right - left)
    down = (min(bottom, 1) - max(top, 0)) / (bottom - top)
    whole = to_image_grid(Heatmap(np.ones((7, 5), np.float32), 0.0, window))
    assert whole.sum() == pytest.approx(35 * across * down, rel=0.03)


# ---- keys


def test_a_key_has_the_name_that_the_page_uses():
    keys = [ViewKey("score"), ViewKey.part("photo"), ViewKey.token(0), ViewKey("next"), ViewKey.attribute("colour")]
    assert [str(key) for key in keys] == ["score", "photo", "token 0", "next", "attribute colour"]


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "word"},
        {"kind": "token"},
        {"kind": "score", "index": 0},
        {"kind": "part"},
        {"kind": "next", "field": "x"},
    ],
)
def test_a_key_that_says_too_much_or_too_little_is_refused(given):
    with pytest.raises(ValueError, match="view"):
        ViewKey(**given)


@pytest.mark.parametrize("side", [1e-3, 1e-9])
def test_a_map_of_a_speck_of_a_photo_fits_into_memory_and_keeps_its_sum(side):
    whole = to_image_grid(Heatmap(GRID, 0.0, (0.5, 0.25, 0.5 + side, 0.25 + side)))
    assert whole.shape == (1024, 1024)  # at 16 cells for 1/1000 of a side it would be 16,000 wide
    assert whole.sum() == pytest.approx(GRID.sum())
    assert whole[255:259, 511:515].sum() == pytest.approx(GRID.sum())
