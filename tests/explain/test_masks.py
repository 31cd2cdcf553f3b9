"""Which places show a product: by a plain ground, by a locator, and which part of that a region sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from search.explain.patches import shown_in
from search.explain.things import GRID, LEAST, MOST, on_plain_ground, sampled, things
from search.images import WHOLE
from tests.conftest import swatch


@dataclass
class Instance:
    mask: np.ndarray


@dataclass
class Found:
    foreground: np.ndarray
    instances: list

    def locate(self, _picture):
        return self


def mask(*box, value=0.9):
    """(GRID, GRID), `value` in (left, top, right, bottom) cells."""
    left, top, right, bottom = box
    cells = np.zeros((GRID, GRID), np.float32)
    cells[top:bottom, left:right] = value
    return cells


def photo():
    """No plain ground."""
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (96, 96, 3), np.uint8))


def packshot(ground=(250, 250, 250), product=(180, 40, 40), shadow=0):
    picture = Image.new("RGB", (224, 224), ground)
    if shadow:
        dark = Image.new("L", (224, 224))
        ImageDraw.Draw(dark).ellipse((50, 120, 215, 205), fill=shadow)
        picture.paste((0, 0, 0), (0, 0), dark.filter(ImageFilter.GaussianBlur(14)))
    picture.paste(product, (60, 40, 140, 180))
    return picture


def overlap(shape, box, size=224):
    truth = np.zeros((size, size), bool)
    truth[box[1] : box[3], box[0] : box[2]] = True
    truth = np.asarray(Image.fromarray(truth).resize(shape.shape[::-1]))
    return (shape & truth).sum() / (shape | truth).sum()


@pytest.mark.parametrize("ground", [(250, 250, 250), (90, 140, 200)])
def test_a_product_is_what_is_not_the_plain_ground(ground):
    assert overlap(on_plain_ground(packshot(ground)), (60, 40, 140, 180)) > 0.9


def test_a_soft_shadow_belongs_to_the_ground():
    assert overlap(on_plain_ground(packshot(shadow=90)), (60, 40, 140, 180)) > 0.85


def test_a_white_product_on_white_is_not_lost_to_the_ground():
    """Its edge is a step of 5 of 255, which only the careful steps do not cross."""
    assert overlap(on_plain_ground(packshot(product=(245, 245, 245))), (60, 40, 140, 180)) > 0.8


def test_what_shows_through_a_handle_is_ground_and_a_white_product_has_no_holes():
    pierced, white = packshot(), packshot(product=(252, 252, 252))
    pierced.paste((250, 250, 250), (80, 80, 120, 140))
    ImageDraw.Draw(white).rectangle((60, 40, 140, 180), outline=(120, 120, 120), width=6)
    shape = on_plain_ground(pierced)
    assert not shape[48:62, 44:56].any()
    assert shape[25:35, 35:65].all()
    assert on_plain_ground(white)[48:62, 44:56].all()


def test_a_photograph_a_gradient_of_hue_and_an_even_colour_are_no_packshots():
    hues = np.zeros((96, 96, 3), np.uint8)
    hues[..., 0], hues[..., 2] = np.linspace(0, 255, 96), np.linspace(255, 0, 96)
    for picture in (photo(), Image.fromarray(hues), swatch("red", (96, 96))):
        assert on_plain_ground(picture) is None


def test_a_plain_ground_needs_no_locator_and_a_photo_does():
    assert len(things(packshot(), None)) == 1
    assert things(photo(), None).shape == (0, GRID, GRID)


def test_every_instance_is_a_thing_without_its_doubtful_places():
    one, two = mask(0, 0, 10, 10), mask(20, 20, 30, 30, value=LEAST - 0.01)
    found = things(photo(), Found(np.zeros((GRID, GRID), np.float32), [Instance(one), Instance(two)]).locate)
    np.testing.assert_allclose(found, one[None])


def test_what_the_locator_saw_and_took_for_no_thing_is_one_thing_more():
    one, other = mask(0, 0, 10, 10), mask(30, 30, 40, 40, value=0.6)
    found = things(photo(), Found(np.maximum(one, other), [Instance(one)]).locate)
    np.testing.assert_allclose(found, [one, other])


def test_of_many_things_the_surest_are_told_apart_and_the_others_are_one():
    masks = [mask(8 * at, 0, 8 * at + 6, 6) for at in range(6)]
    found = things(photo(), Found(np.zeros((GRID, GRID), np.float32), [Instance(each) for each in masks]).locate)
    assert len(found) == MOST
    np.testing.assert_allclose(found[:3], masks[:3])
    np.testing.assert_allclose(found[3], np.max(masks[3:], axis=0))


def test_specks_are_no_things():
    assert not len(things(photo(), Found(mask(0, 0, 2, 2), [Instance(mask(0, 0, 2, 2))]).locate))  # 4 of 2,304 places


def test_a_window_beyond_the_picture_has_nothing_there():
    ones = np.ones((1, 4, 4), np.float32)
    np.testing.assert_array_equal(sampled(ones, (-0.5, 0, 1.5, 1), (1, 4))[0], [[0, 1, 1, 0]])


def test_a_cell_has_the_mean_of_what_lies_in_it():
    thirds = np.array([[[1.0, 0.0, 0.0]]], np.float32)
    np.testing.assert_allclose(sampled(thirds, WHOLE, (1, 1)), 1 / 3)
    np.testing.assert_allclose(sampled(thirds, WHOLE, (1, 3))[0], [[1, 0, 0]])


def test_a_region_has_the_things_that_it_shows():
    masks = np.stack([mask(0, 0, 10, 10), mask(30, 30, 40, 40)])
    shown = shown_in(masks, (0.5, 0.5, 1, 1))
    assert len(shown) == 1
    # cells 30 to 40 of 24 to 48, twice as wide in the region
    np.testing.assert_allclose(shown[0], mask(12, 12, 32, 32), atol=1e-6)
