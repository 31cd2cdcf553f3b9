"""What products say to what was asked: the catalog's word first, the model's where that is silent."""

import numpy as np
import pytest

from search import Catalog, Product
from search.query.choices import Choices
from search.ranking import Judge
from search.ranking.verdicts import as_verdict, numbered
from search.schema import Aspect
from tests.says import ColumnAspects

RED, BLUE, ASKED = np.eye(3)
AXES = {
    "red": RED,
    "红色": RED,
    "blue": BLUE,
    "蓝色": BLUE,
    "green": ASKED,
    "绿色": ASKED,
    "maroon": ASKED,
    "栗红色": ASKED,
}
WANTED = Aspect("colour", "red", ("colours:red",), ("red",))


def encode(texts):
    return np.array([AXES[text] for text in texts])


def judge(*colours):
    catalog = Catalog([Product(f"p{at}", "P", b"x", colour=colour) for at, colour in enumerate(colours)])
    says = ColumnAspects(catalog)
    return Judge(says, lambda name: Choices.of(catalog, says, name), encode)


def test_the_catalogs_word_goes_before_what_the_model_sees():
    asked = judge("Red", "Blue", None)
    found = asked.verdicts([WANTED], np.arange(3), np.array([BLUE, RED, RED]))
    said = [each["colour"] for each in found]
    assert [(each.state, each.source) for each in said] == [
        ("met", "catalog"), ("not met", "catalog"), ("met", "model"),
    ]  # fmt: skip
    assert said[2].found == "Red"
    assert said[2].certainty > 0.99


def test_the_model_wavers_between_equal_cosines_and_says_so():
    asked = judge("Red", "Blue", None)
    # exp(.5 / .03) to each: one half, which still counts as met; a little less does not.
    even, less = asked.seen(WANTED, np.array([[0.5, 0.5, 0], [0.49, 0.5, 0]]))
    assert (even.state, even.certainty) == ("met", pytest.approx(0.5))
    assert (less.state, less.source) == ("unknown", "model")
    assert less.certainty == pytest.approx(1 / (1 + np.exp(0.01 / 0.03)))


def test_what_the_catalog_does_not_have_can_still_be_seen():
    green = Aspect("colour", "green", ("colours:green",))
    seen, other = judge("Red", "Blue", None).seen(green, np.array([ASKED, RED]))
    assert (seen.state, seen.found) == ("met", "green")
    assert (other.state, other.found) == ("not met", "Red")


@pytest.mark.parametrize(
    ("there", "near", "wanted", "excluded"),
    [
        (0.5, 0.0, ("met", 0.5), ("not met", 0.5)),
        (0.3, 0.3, ("nearly", 0.6), ("unknown", 0.7)),
        (0.3, 0.1, ("unknown", 0.3), ("unknown", 0.7)),
        (0.1, 0.1, ("unknown", 0.1), ("met", 0.9)),
        (0.1, 0.02, ("not met", 0.9), ("met", 0.9)),
    ],
)
def test_probabilities_become_states(there, near, wanted, excluded):
    for aspect, expected in ((WANTED, wanted), (Aspect("colour", "red", excluded=True), excluded)):
        verdict = as_verdict(aspect, there, near, "")
        assert (verdict.state, verdict.certainty) == (expected[0], pytest.approx(expected[1]))


def test_what_no_model_sees_stays_unknown():
    brand = Aspect("brand", "Acme", values=("acme",))
    (found,) = judge("Red", "Blue").verdicts([brand], np.array([0]), np.array([RED]))
    assert (found["brand"].state, found["brand"].source) == ("unknown", "")


def test_a_second_aspect_of_a_name_is_numbered():
    other = Aspect("colour", "blue", ("colours:blue",), excluded=True)
    assert numbered([WANTED, other, Aspect("kind", "mug")]) == {
        "colour": WANTED, "colour 2": other, "kind": Aspect("kind", "mug"),
    }  # fmt: skip


def test_only_what_is_worn_looks_as_if_it_were_for_somebody():
    rows = [("a", "Dresses", "Women"), ("b", "Dresses", None), ("c", "Guitars", None), ("d", "Guitars", "Men")]
    catalog = Catalog([Product(id, "P", b"x", category=kind, gender=gender) for id, kind, gender in rows])
    says = ColumnAspects(catalog)
    axes = {"women": RED, "女士": RED, "女": RED, "men": BLUE, "男士": BLUE, "男": BLUE}
    asked = Judge(
        says,
        lambda name: Choices.of(catalog, says, name),
        lambda texts: np.array([axes.get(text, ASKED) for text in texts]),
    )
    women = Aspect("audience", "women", ("audiences:women",), ("women",))
    found = asked.verdicts([women], np.arange(4), np.array([RED] * 4))
    assert [each["audience"].state for each in found] == ["met", "met", "unknown", "not met"]


def test_a_shade_of_a_colour_of_the_catalog_is_looked_for_by_itself():
    maroon = Aspect("colour", "maroon", ("colours:maroon",))
    (found,) = judge("Red", "Blue").seen(maroon, np.array([ASKED]))
    assert found.state == "met", "red is only nearly maroon: the model must be able to choose maroon"
