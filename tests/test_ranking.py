import numpy as np
import pytest

from search.fusion import Weights, fuse
from search.ranking import RELATED, VERY_CLOSE, Background, background, order

X, Y, Z = np.eye(3)
SPREAD = {"photo": 0.1, "words": 0.05}


def test_bands_count_spreads_above_the_mean_of_the_query():
    measured = Background(0.2 * X, 10, SPREAD)  # mean of a photo along X: 0.2
    photo = fuse(Weights(), photo=X)
    limits = 0.2 + 0.1 * np.array([VERY_CLOSE, RELATED])
    assert measured.bands(photo, limits + 1e-9) == ["very_close", "related"]
    assert measured.bands(photo, limits - 1e-9) == ["related", "weak"]


def test_a_fused_query_has_the_spread_of_its_parts():
    measured = Background(np.zeros(3), 10, SPREAD)
    fused = fuse(Weights(3, 4, 0), photo=X, text=Y)  # components 0.6 and 0.8
    expected = np.hypot(0.6 * 0.1, 0.8 * 0.05)
    assert measured.z(fused, np.array([1.0]))[0] == pytest.approx(1 / expected)


def test_an_exclusion_lowers_the_mean_with_the_score():
    """Everything loses the same by it, so nothing changes its band."""
    measured = Background(0.5 * Z, 10, {"photo": 0.1, "words": 1e-9})
    plain, without = fuse(Weights(1, 1, 1), photo=X), fuse(Weights(1, 1, 1), photo=X, exclude=Z)
    product = 0.6 * X + 0.5 * Z
    scores = [np.array([product @ fused.vector]) for fused in (plain, without)]
    assert measured.z(plain, scores[0]) == pytest.approx(measured.z(without, scores[1]))


def test_only_mismatches_are_measured():
    vectors = np.array([X, -X, Y, -Y])  # mean 0
    mismatch = np.array([[False, True, True, False]])
    measured = background(vectors, {"photo": X[None]}, mismatch)
    assert measured.spread["photo"] == pytest.approx(np.std([-1, 0]))
    assert measured.centre.tolist() == [0, 0, 0]


def test_a_catalog_of_one_has_a_background_too():
    measured = background(X[None], {"photo": X[None]}, np.array([[False]]))
    assert measured.spread["photo"] > 0


def test_the_mean_follows_what_comes_and_goes():
    before = Background(np.array([1.0, 0, 0]), 2, SPREAD)
    after = before.with_added(np.array([[4.0, 3, 0]]))
    assert (after.centre.tolist(), after.size) == ([2, 1, 0], 3)
    again = after.with_removed(np.array([[4.0, 3, 0]]))
    assert (again.centre.tolist(), again.size) == ([1, 0, 0], 2)


def test_equal_scores_keep_the_catalogs_order():
    assert order(np.array([0.5, 0.9, 0.5]), np.array([7, 2, 3])).tolist() == [1, 2, 0]
