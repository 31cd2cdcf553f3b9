"""A product beside the photo and beside the next hit; every figure by hand."""

from __future__ import annotations

import numpy as np
import pytest

from search import Hit, Product
from search.explain.compare import compare_attributes, compare_hits
from search.explain.schema import TokenAttribution
from search.explain.zeroshot import ZeroShotReading, read


def reading(*probabilities):
    return ZeroShotReading(("red", "green", "blue"), np.array(probabilities), np.eye(3))


def compared(product, probabilities):
    return compare_attributes(product, {"colour": reading(*probabilities)})[0]


RED = Product("p", "P", "p.jpg", colour="Red")


def test_the_likeliest_value_is_what_the_photo_shows():
    found = compared(RED, (0.7, 0.2, 0.1))
    assert (found.field, found.value, found.seen, found.certainty, found.verdict) == (
        "colour",
        "Red",
        "red",
        0.7,
        "shared",
    )
    assert compared(RED, (0.2, 0.7, 0.1)).verdict == "different"


def test_a_reading_below_one_half_is_unsure():
    assert compared(RED, (0.5, 0.3, 0.2)).verdict == "shared"
    assert compared(RED, (0.49, 0.31, 0.2)).verdict == "unsure"
    assert compared(RED, (0.31, 0.49, 0.2)).verdict == "unsure"


def test_a_product_without_the_value_is_not_compared():
    assert compare_attributes(Product("p", "P", "p.jpg"), {"colour": reading(0.7, 0.2, 0.1)}) == ()


def test_a_catalog_product_is_known_and_not_read():
    known = Product("k", "K", "k.jpg", colour="green", material="wool")
    found = compare_attributes(RED, {"colour": reading(0.7, 0.2, 0.1)}, known)
    assert [(each.field, each.seen, each.certainty, each.verdict) for each in found] == [
        ("colour", "green", None, "different")
    ]


def test_a_values_direction_is_its_text_minus_the_mean_of_the_others():
    assert reading(0.7, 0.2, 0.1).direction("green").tolist() == [-0.5, 1.0, -0.5]


class Model:
    """Temperature e^0 = 1, unless it is told otherwise."""

    def __init__(self, scale=1.0):
        import torch

        self.model = type("Holder", (), {"logit_scale": torch.tensor(float(np.log(scale)))})


def test_a_reading_is_a_softmax_over_the_cosines_at_the_models_temperature():
    """Cosines 1, 0: at temperature 2 the odds are e^2 to 1."""
    encode = lambda texts: np.array([[1.0, 0.0] if "mugs" in text else [0.0, 1.0] for text in texts])  # noqa: E731
    found = read(Model(2.0), np.array([1.0, 0.0]), {"category": ["Mugs", "Hats"]}, encode)["category"]
    assert found.values == ("Mugs", "Hats")
    assert found.probabilities.tolist() == pytest.approx([np.e**2 / (np.e**2 + 1), 1 / (np.e**2 + 1)])
    assert found.best == 0


def test_a_model_that_keeps_no_temperature_is_read_at_clips():
    encode = lambda texts: np.array([[0.10, 0.0], [0.09, 0.0]])  # noqa: E731
    found = read(object(), np.array([1.0, 0.0]), {"colour": ["Red", "Blue"]}, encode)["colour"]
    assert found.probabilities[0] / found.probabilities[1] == pytest.approx(np.exp(100 * 0.01))


def test_the_kind_is_read_first_and_the_colour_of_that_kind():
    asked = []

    def encode(texts):
        asked.append(texts)
        return np.array([[0.0, 1.0], [1.0, 0.0]])

    read(Model(), np.array([1.0, 0.0]), {"colour": ["Red", "Blue"], "category": ["Mugs", "Hats"]}, encode)
    assert asked == [("mugs", "hats"), ("red hats", "blue hats")]


def test_a_field_with_one_value_says_nothing():
    assert read(Model(), np.array([1.0, 0.0]), {"colour": ["Red"]}, lambda texts: pytest.fail("encoded")) == {}


def hit(rank, photo, text, **fields):
    return Hit(rank, photo + text, Product(f"p{rank}", "P", "p.jpg", **fields), {"photo": photo, "text": text})


def test_two_hits_differ_by_what_the_first_has_more():
    first = hit(1, 0.5, 0.25, category="Mugs", colour="Red", brand="A")
    second = hit(2, 0.25, 0.375, category="mugs", colour="Blue", material="steel")
    found = compare_hits(first, second, ["red", "mug"], np.array([0.125, -0.25]))
    assert found.other is second
    assert found.parts == {"photo": 0.25, "text": -0.125}
    assert sum(found.parts.values()) == first.score - second.score
    assert found.words == (TokenAttribution("red", 0.125), TokenAttribution("mug", -0.25))
    # the kind is the same but for its letters, and what one of them lacks is no difference
    assert found.attributes == (("colour", "Red", "Blue"),)
