"""A query's parts as vectors, and photos that are remembered."""

import numpy as np
import pytest

from search import Query
from search.query import encode
from search.query.encode import QueryEncoder
from tests.conftest import swatch


def test_the_parts_that_a_query_has_become_unit_vectors(encoder):
    given = QueryEncoder(encoder).encode(Query(image=swatch("red"), text="green", exclude=["blue"]))
    assert list(given) == ["photo", "text", "exclude"]
    for vector, dominant in zip(given.values(), (0, 1, 2), strict=True):
        assert vector.argmax() == dominant
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
    assert list(QueryEncoder(encoder).encode(Query(text="green"))) == ["text"]


def test_several_exclusions_become_their_mean_of_length_one(encoder):
    vector = QueryEncoder(encoder).encode(Query(text="x", exclude=["red", "green"]))["exclude"]
    assert vector == pytest.approx([2**-0.5, 2**-0.5, 0], abs=2e-3)


def test_a_product_stands_in_for_the_photo(encoder):
    known = np.array([0, 0.6, 0.8])
    assert QueryEncoder(encoder).encode(Query(like="a"), known) == {"photo": known}
    assert encoder.encoded == 0


def test_regions_of_a_photo_are_photos_of_their_own(encoder):
    photo = swatch("red", (40, 20))
    photo.paste((0, 0, 255), (20, 0, 40, 20))
    queries = QueryEncoder(encoder)
    left, right = (queries.photo(photo, (x, 0, x + 0.5, 1)) for x in (0, 0.5))
    assert (left.argmax(), right.argmax()) == (0, 2)
    assert encoder.encoded == 2


def test_the_photo_that_was_unused_for_longest_is_forgotten(encoder, monkeypatch):
    monkeypatch.setattr(encode, "_PHOTOS", 3)
    queries = QueryEncoder(encoder)
    photos = [swatch((10 * n, 0, 0)) for n in range(4)]
    for photo in (*photos[:3], photos[0], photos[3]):  # the first is used again, so the second is the oldest
        queries.photo(photo, None)
    assert encoder.encoded == 4
    queries.photo(photos[0], None)
    assert encoder.encoded == 4
    queries.photo(photos[1], None)
    assert encoder.encoded == 5
