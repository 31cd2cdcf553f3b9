"""Pieces of things and their partners: a tapped place lights the same part of the thing in the other picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from search.explain.patches import PatchAttribution
from search.explain.pieces import MOST, partners, pieces_of
from search.images import WHOLE

COLOURS = {"red": (220, 20, 20), "blue": (20, 20, 220)}


def halves(left, right):
    picture = Image.new("RGB", (64, 64), COLOURS[left])
    picture.paste(COLOURS[right], (32, 0, 64, 64))
    return picture


def at(pieces, x, y):
    """The piece at a point in fractions."""
    h, w = pieces.labels.shape
    return pieces.labels[int(y * h), int(x * w)]


def everywhere(n=1, cells=16):
    return np.ones((n, cells, cells), np.float32) / n


def test_a_piece_has_one_colour():
    found = pieces_of(halves("red", "blue"), WHOLE, everywhere())
    assert not set(found.labels[:, :6].ravel()) & set(found.labels[:, 10:].ravel())
    assert found.labels.min() == 0
    assert found.labels.max() + 1 == len(found.colours) <= MOST
    np.testing.assert_allclose(found.colours[at(found, 0.1, 0.1)], np.array(COLOURS["red"]) / 255, atol=0.1)


def test_places_of_no_thing_belong_to_no_piece_and_two_things_have_none_in_common():
    masks = np.zeros((2, 16, 16), np.float32)
    masks[0, :, :4] = masks[1, :, 8:] = 1
    found = pieces_of(halves("red", "red"), WHOLE, masks)
    assert (found.labels[:, 4:8] == -1).all()
    assert not set(found.labels[:, :4].ravel()) & set(found.labels[:, 8:].ravel())


def test_a_thing_that_is_nowhere_sure_still_has_a_piece():
    found = pieces_of(halves("red", "blue"), WHOLE, 0.2 * everywhere())
    assert found.labels.max() >= 0


def attribution(left, right, says):
    """A picture of two halves, of which `says` is what each adds, (2, d)."""
    pieces = pieces_of(halves(left, right), WHOLE, everywhere())
    z = np.repeat(np.stack([np.repeat(np.array(says, float)[None, each], 16, 0) for each in (0, 1)], 1), 8, 1)
    return PatchAttribution(z, np.zeros(2), z.sum(axis=(0, 1)), WHOLE, pieces)


def partner(photo, product, x):
    """Where the partner of the photo's place at x lies, 0 to 1 across."""
    found = partners(photo, product)
    best = found.alike[at(photo.pieces, x, 0.5)].argmax()
    return (np.nonzero(product.pieces.labels == best)[1].mean() + 0.5) / 16


@pytest.mark.parametrize(("x", "expected"), [(0.2, 0.75), (0.8, 0.25)])
def test_the_partner_is_where_the_model_finds_the_same(x, expected):
    photo = attribution("red", "red", [(1, 0.2), (0.2, 1)])
    product = attribution("red", "red", [(0.2, 1), (1, 0.2)])
    assert abs(partner(photo, product, x) - expected) < 0.3


@pytest.mark.parametrize(("x", "expected"), [(0.2, 0.75), (0.8, 0.25)])
def test_where_the_model_finds_the_same_everywhere_the_colour_decides(x, expected):
    photo, product = (attribution(*sides, [(1, 1), (1, 1)]) for sides in (("red", "blue"), ("blue", "red")))
    assert abs(partner(photo, product, x) - expected) < 0.3


def test_without_things_every_place_is_a_piece_told_by_the_inner_product():
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    plain = PatchAttribution(z, np.zeros(4), z.sum(axis=(0, 1)), WHOLE)
    found = partners(plain, plain)
    assert found.photo.tolist() == [[0, 1, 2], [3, 4, 5]]
    np.testing.assert_allclose(found.alike, plain.similarity(plain), rtol=1e-6)
