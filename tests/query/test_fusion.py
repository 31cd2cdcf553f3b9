import numpy as np
import pytest

from search.errors import QueryError
from search.query.fusion import Weights, fuse

X, Y, Z = np.eye(3)
EVEN = Weights(1, 1, 1)


def test_photo_and_words_meet_halfway():
    # (1, 1, 0) / sqrt(2)
    np.testing.assert_allclose(fuse(EVEN, photo=X, text=Y).vector, [2**-0.5, 2**-0.5, 0])


def test_the_parts_of_a_score_are_the_formula_term_by_term():
    weights = Weights(photo=2, text=1, exclude=0.5)
    fused = fuse(weights, photo=X, text=Y, exclude=Z)
    length = np.sqrt(2**2 + 1**2 + 0.5**2)
    assert fused.coefficients == pytest.approx({"photo": 2 / length, "text": 1 / length, "exclude": -0.5 / length})
    for name, unit in (("photo", X), ("text", Y), ("exclude", Z)):
        np.testing.assert_allclose(fused.components[name], fused.coefficients[name] * unit, atol=1e-15)


def test_the_components_sum_to_the_vector():
    rng = np.random.default_rng(0)
    v, t, x = rng.normal(size=(3, 256))
    v, t, x = v / np.linalg.norm(v), t / np.linalg.norm(t), x / np.linalg.norm(x)
    fused = fuse(Weights(), photo=v, text=t, exclude=x)
    np.testing.assert_allclose(sum(fused.components.values()), fused.vector, atol=1e-12)
    assert np.linalg.norm(fused.vector) == pytest.approx(1)


def test_the_balance_goes_from_the_photo_alone_to_the_words_alone():
    weights = Weights(photo=0.8, text=1.2)
    assert weights.at(0.5) == weights
    np.testing.assert_allclose(fuse(weights.at(0), photo=X, text=Y).vector, X)
    np.testing.assert_allclose(fuse(weights.at(1), photo=X, text=Y).vector, Y)


def test_nothing_and_what_cancels_out_are_refused():
    with pytest.raises(QueryError):
        fuse(EVEN)
    with pytest.raises(QueryError):
        fuse(EVEN, photo=X, exclude=X)


def test_a_part_that_weighs_nothing_is_no_part_of_the_query():
    photo, words = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert set(fuse(Weights().at(0), photo=photo, text=words).components) == {"photo"}
    assert set(fuse(Weights().at(1), photo=photo, text=words).components) == {"text"}
