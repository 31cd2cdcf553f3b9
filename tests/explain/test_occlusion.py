"""Covering, worked out by hand: 8 places along the longer side of 16 pixels, windows of 2 x 2 places.

A place inside lies under four windows, one on an edge under two, a corner under one.
"""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from search.explain.occlusion import ALIKE, FINE, occlusion, without_things

SIZE = 16


class Linear:
    """A picture is what it shows: the red of every place, 0 to 1, row by row. Covering takes exactly that away."""

    image_size = SIZE

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def encode_images(self, pictures):
        self.shown = [np.asarray(picture) for picture in pictures]
        return np.stack([self.places(pixels).ravel() for pixels in self.shown])

    def places(self, pixels):
        h, w = pixels.shape[0] // 2, pixels.shape[1] // 2
        return pixels[..., 0].reshape(h, 2, w, 2).mean(axis=(1, 3)) / 255


def black(*boxes, size=(SIZE, SIZE), value=255):
    picture = Image.new("RGB", size)
    for x, y in boxes:
        picture.paste((value, value, value), (2 * x, 2 * y, 2 * x + 2, 2 * y + 2))
    return picture


def share_of(z, x, y):
    """(h, w): what each place is said to add to the place (x, y)'s number."""
    h, w, _ = z.shape
    return z[..., y * w + x] if z.shape[2] == h * w else pytest.fail("one number a place")


def test_a_white_place_inside_is_all_found_and_spread_over_the_windows_that_cover_it():
    """Each of four windows over (4, 3) loses 1 and gives 1/4 to its four places; (4, 3) lies in all four of its
    own, a neighbour in two of its four, a diagonal in one: 4/4/4, 2/4/4 and 1/4/4, which sum to 1."""
    z, residual, embedding = occlusion(Linear(), black((4, 3)))
    expected = np.zeros((8, 8))
    expected[2:5, 3:6] = [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]]
    np.testing.assert_allclose(share_of(z, 4, 3), expected, atol=1e-12)
    np.testing.assert_allclose(residual, 0, atol=1e-12)
    assert embedding[3 * 8 + 4] == 1
    assert np.count_nonzero(z.sum(axis=(0, 1))) == 1


def test_a_white_corner_is_under_one_window_whose_places_lie_under_more():
    """One window loses 1 and gives 1/4 to each place; they lie under 1, 2, 2 and 4 windows."""
    z, residual, _ = occlusion(Linear(), black((0, 0)))
    expected = np.zeros((8, 8))
    expected[:2, :2] = [[1 / 4 / 1, 1 / 4 / 2], [1 / 4 / 2, 1 / 4 / 4]]
    np.testing.assert_allclose(share_of(z, 0, 0), expected, atol=1e-12)
    assert residual[0] == pytest.approx(1 - 9 / 16)


def test_a_white_place_on_an_edge_is_under_two_windows():
    """Two windows, places of the edge under two and of the row below under four."""
    z, residual, _ = occlusion(Linear(), black((7, 3)))
    expected = np.zeros((8, 8))
    expected[2:5, 6] = [1 / 4 / 4, 2 / 4 / 4, 1 / 4 / 4]
    expected[2:5, 7] = [1 / 4 / 2, 2 / 4 / 2, 1 / 4 / 2]
    np.testing.assert_allclose(share_of(z, 7, 3), expected, atol=1e-12)
    assert residual[3 * 8 + 7] == pytest.approx(1 - 3 / 4)


def test_two_white_places_under_one_window_are_each_counted_once():
    z, _, _ = occlusion(Linear(), black((3, 3), (4, 3)))
    alone, beside = occlusion(Linear(), black((3, 3)))[0], occlusion(Linear(), black((4, 3)))[0]
    np.testing.assert_allclose(z, alone + beside, atol=1e-12)


def test_what_speaks_against_a_target_is_lost_with_a_minus():
    """An encoder that likes it dark: covering the white place adds to the number, so the place takes away."""

    class Dark(Linear):
        def encode_images(self, pictures):
            return 1 - super().encode_images(pictures)

    z, residual, embedding = occlusion(Dark(), black((4, 3)))
    assert share_of(z, 4, 3)[3, 4] == pytest.approx(-4 / 16)
    assert embedding[3 * 8 + 4] == 0
    assert residual[3 * 8 + 4] == pytest.approx(1)


def test_a_wide_picture_has_fewer_rows_of_places():
    z, _, _ = occlusion(Linear(), black((4, 1), size=(16, 8)))
    assert z.shape == (4, 8, 32)
    assert z[..., 1 * 8 + 4][1, 4] == pytest.approx(4 / 16)


def test_exactly_one_window_is_covered_with_the_colour_of_the_edge():
    """White ground, one black place: after the picture twice come four copies, each white in its window."""
    encoder = Linear()
    picture = Image.new("RGB", (SIZE, SIZE), (250, 240, 230))
    picture.paste((0, 0, 0), (8, 6, 10, 8))
    occlusion(encoder, picture)
    whole, small, *without = encoder.shown
    np.testing.assert_array_equal(whole, small)
    corners = [(2, 3), (2, 4), (3, 3), (3, 4)]
    assert len(without) == len(corners)
    for shown, (y, x) in zip(without, corners, strict=True):
        expected = np.array(picture)
        expected[2 * y : 2 * y + 4, 2 * x : 2 * x + 4] = (250, 240, 230)
        np.testing.assert_array_equal(shown, expected)


def test_the_covers_colour_is_the_median_of_the_edge_not_of_the_picture():
    """Everything but the outermost pixels is white; the edge is black but for one white side."""
    picture = Image.new("RGB", (SIZE, SIZE))
    picture.paste((255, 255, 255), (1, 0, SIZE - 1, SIZE - 1))
    encoder = Linear()
    occlusion(encoder, picture)
    assert encoder.shown[2][:4, :4].max() == 0


@pytest.mark.parametrize(("value", "covered"), [(ALIKE, 0), (ALIKE + 1, 4)])
def test_a_window_that_looks_like_its_cover_need_not_be_covered(value, covered):
    encoder = Linear()
    z, residual, embedding = occlusion(encoder, black((4, 3), value=value))
    assert len(encoder.shown) == 2 + covered
    assert bool(z.any()) == bool(covered)
    np.testing.assert_allclose(z.sum(axis=(0, 1)) + residual, embedding, atol=1e-12)


def test_a_large_picture_is_covered_small_but_scored_as_it_is():
    """The last number is the picture's width: nothing that is covered can change it, so it is in no place."""

    class Wide(Linear):
        def encode_images(self, pictures):
            return np.array([[np.asarray(p)[..., 0].mean() / 255, p.width] for p in pictures])

    z, residual, embedding = occlusion(Wide(), black((4, 3)).resize((64, 64), Image.Resampling.NEAREST))
    assert embedding[1] == 64
    assert residual[1] == 64
    assert not z[..., 1].any()
    assert z[..., 0].sum() == pytest.approx(1 / 64)  # one place of 64 is white, and all of it is found


def things(*boxes, cells=8):
    """(n, cells, cells) masks of boxes (left, top, right, bottom) in cells."""
    masks = np.zeros((len(boxes), cells, cells), np.float32)
    for mask, (left, top, right, bottom) in zip(masks, boxes, strict=True):
        mask[top:bottom, left:right] = 1
    return masks


def test_places_of_no_thing_have_no_share_and_the_sum_stays_the_embedding():
    """White at (2, 2) on a thing, and at (6, 6) on none: that is in the rest, all of it."""
    z, residual, embedding = occlusion(Linear(), black((2, 2), (6, 6)), things((1, 1, 4, 4)))
    assert z.shape == (8 * FINE, 8 * FINE, 64)
    outside = np.ones((8 * FINE, 8 * FINE), bool)
    outside[FINE : 4 * FINE, FINE : 4 * FINE] = False
    assert not z[outside].any()
    np.testing.assert_allclose(z.sum(axis=(0, 1)) + residual, embedding, atol=1e-9)
    assert residual[6 * 8 + 6] == pytest.approx(1)


def test_a_thing_has_all_that_goes_when_it_is_covered():
    """Windows alone find the white place, too, but spread a part of it beyond the thing."""
    z, residual, _ = occlusion(Linear(), black((2, 2)), things((2, 2, 4, 4)))
    assert z.sum(axis=(0, 1))[2 * 8 + 2] == pytest.approx(1)
    assert residual[2 * 8 + 2] == pytest.approx(0, abs=1e-9)


def test_the_white_place_of_a_thing_has_more_than_its_other_places():
    z, _, _ = occlusion(Linear(), black((1, 1)), things((1, 1, 7, 7)))
    share = z[..., 1 * 8 + 1]
    y, x = np.unravel_index(share.argmax(), share.shape)
    assert (y // FINE, x // FINE) == (1, 1)


class Either(Linear):
    """Two numbers: whether anything is white, and whether all of the two things are."""

    def encode_images(self, pictures):
        places = super().encode_images(pictures)
        one, other = places[:, 1 * 8 + 1] > 0.5, places[:, 6 * 8 + 6] > 0.5
        return np.stack([one | other, one & other], axis=1).astype(float)


def test_what_either_of_two_things_gives_is_shared_by_both_and_what_both_give_too():
    """Shapley: of an OR each of two players has 1/2, of an AND as well; covering each alone finds 0 of the OR, all of the AND
    twice."""
    z, residual, _ = occlusion(Either(), black((1, 1), (6, 6)), things((1, 1, 2, 2), (6, 6, 7, 7)))
    half = z.shape[0] // 2
    np.testing.assert_allclose(z[:half, :half].sum(axis=(0, 1)), [0.5, 0.5], atol=1e-9)
    np.testing.assert_allclose(z[half:, half:].sum(axis=(0, 1)), [0.5, 0.5], atol=1e-9)
    np.testing.assert_allclose(residual, 0, atol=1e-9)


def test_only_windows_on_a_thing_are_covered():
    encoder = Linear()
    occlusion(encoder, black((1, 1), (6, 6)), things((1, 1, 2, 2)))
    # every second of four windows over the thing, and the thing itself, after the picture twice
    assert len(encoder.shown) == 2 + 2 + 1


@pytest.mark.parametrize("size", [(16, 16), (16, 10), (10, 16), (16, 4)])
def test_every_place_of_a_thing_lies_under_a_window(size):
    picture = black(size=size)
    picture.paste((255, 255, 255), (0, 0, *size))
    z, _, _ = occlusion(Linear(), picture, np.ones((1, 8, 8), np.float32))
    assert np.isfinite(z).all()


def test_a_covered_thing_has_the_colour_of_its_surroundings():
    """Left half red, right half blue, a white thing on each: what grows over it is what stands round it."""
    picture = Image.new("RGB", (64, 64), (200, 0, 0))
    picture.paste((0, 0, 200), (32, 0, 64, 64))
    mask = np.zeros((64, 64))
    for x in (8, 44):
        picture.paste((255, 255, 255), (x, 20, x + 12, 32))
        mask[20:32, x : x + 12] = 1
    covered = np.asarray(without_things(picture, mask), int)
    np.testing.assert_allclose(covered[20:32, 10:18], [[[200, 0, 0]] * 8] * 12, atol=25)
    np.testing.assert_allclose(covered[20:32, 46:54], [[[0, 0, 200]] * 8] * 12, atol=25)
    np.testing.assert_array_equal(covered[mask == 0], np.asarray(picture)[mask == 0])


def test_a_thing_that_fills_the_picture_is_covered_with_the_colour_of_the_edge():
    covered = without_things(black((4, 3)), np.ones((SIZE, SIZE)))
    assert not np.asarray(covered).any()
