"""Every kind of tower, tiny and with random weights: its places add up, and it is left as it was."""

from __future__ import annotations

import numpy as np
import pytest

from search.errors import QueryError
from search.explain import patch_attribution
from search.explain.patches import ADDITIVE, method_for
from search.explain.towers import tower_of
from tests.conftest import ToyEncoder, swatch
from tests.explain.toy_towers import KINDS, PICTURE, encoder, untouched


@pytest.mark.parametrize("family", KINDS)
def test_places_and_rest_sum_to_the_embedding(family):
    tower = encoder(family)
    assert type(tower_of(tower)) is KINDS[family]
    found = patch_attribution(tower, PICTURE, method="contributions")
    assert found.error < 1e-4
    np.testing.assert_allclose(found.embedding, tower.encode_images([PICTURE])[0], atol=1e-5)
    # A backend that put everything in the rest would be complete, too.
    assert np.linalg.norm(found.z, axis=-1).min() > 0


@pytest.mark.parametrize(
    "family", ["class token", "class token, scaled layers", "attention pool", "transformers, class token"]
)
def test_a_place_that_changes_changes_what_it_adds(family):
    """Not a proof of locality, but a map whose places are in another order would fail it. Cells behind
    an average pool have all seen the whole picture, so for them it need not hold."""
    tower, moved = encoder(family), PICTURE.copy()
    moved.paste((255, 0, 0), (90, 0, 120, 20))  # top right
    before, after = (patch_attribution(tower, picture, method="contributions") for picture in (PICTURE, moved))
    h, w, _ = before.z.shape
    change = np.linalg.norm(after.z - before.z, axis=-1)
    y, x = np.unravel_index(change.argmax(), change.shape)
    left, top, right, bottom = before.window
    assert left + (x + 0.5) / w * (right - left) > 0.5
    assert top + (y + 0.5) / h * (bottom - top) < 0.5


def test_a_search_in_another_thread_is_not_taken_for_the_picture():
    from threading import Thread

    from search.explain.towers import watched

    tower = encoder("average pool")
    with watched(tower_of(tower).pool) as (calls,):
        other = Thread(target=tower.encode_images, args=([PICTURE],))
        other.start()
        other.join()
        assert calls == []
        tower.encode_images([PICTURE])
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("family", "window"),
    [
        ("average pool", (0, -0.25, 1, 1.25)),  # 120 x 80 in a square of 120: padded above and below
        ("class token", (1 / 6, 0, 5 / 6, 1)),  # the middle 80 of 120 pixels
        ("class token, scaled layers", (0, 0, 1, 1)),  # squashed
        ("transformers, class token", (1 / 6, 0, 5 / 6, 1)),
        ("transformers, attention pool", (0, 0, 1, 1)),
    ],
)
def test_the_grid_lies_where_the_tower_looked(family, window):
    assert patch_attribution(encoder(family), PICTURE, method="contributions").window == pytest.approx(window)


def test_a_region_moves_the_window_into_it():
    found = patch_attribution(
        encoder("class token, scaled layers"), PICTURE, region=(0.5, 0, 1, 0.5), method="contributions"
    )
    assert found.window == (0.5, 0, 1, 0.5)


def test_covering_shows_where_the_colour_is():
    picture = swatch("blue", (80, 80))
    picture.paste((255, 0, 0), (0, 0, 30, 30))
    grid = patch_attribution(ToyEncoder(), picture, method="occlusion").heatmap(np.array([1.0, 0, 0])).grid
    assert np.unravel_index(grid.argmax(), grid.shape) in {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert grid[4:, 4:].max() < grid.max() / 10


def test_covering_has_places_as_square_as_the_picture_allows():
    # 400 x 10 is made smaller to be covered, but never too small to be a picture.
    assert patch_attribution(ToyEncoder(), swatch("red", (80, 40))).z.shape == (4, 8, 3)
    assert patch_attribution(ToyEncoder(), swatch("red", (400, 10))).z.shape == (2, 8, 3)


def test_transformers_are_read_and_everything_else_is_covered():
    assert method_for(encoder("class token")) == method_for(encoder("attention pool")) == "contributions"
    assert method_for(encoder("average pool")) == method_for(ToyEncoder()) == "occlusion"


def test_a_tower_that_cannot_be_read_has_no_contributions():
    assert tower_of(ToyEncoder()) is None
    assert patch_attribution(ToyEncoder(), swatch("red"), method="contributions") is None


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(QueryError, match=r"legrad.*contributions, occlusion"):
        patch_attribution(ToyEncoder(), swatch("red"), method="legrad")


@pytest.mark.parametrize("family", KINDS)
def test_the_model_is_left_as_it_was(family):
    tower = encoder(family)
    before = tower.encode_images([PICTURE])
    for method in ADDITIVE:
        patch_attribution(tower, PICTURE, method=method)
    assert untouched(tower.model)
    np.testing.assert_array_equal(tower.encode_images([PICTURE]), before)
