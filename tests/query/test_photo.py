"""What a photo shows, on three kinds whose vectors are the axes of space."""

from dataclasses import replace

import numpy as np
import pytest

from search import Catalog, Product
from search.catalog.aspects import ProductAspects
from search.index.faiss_flat import FaissIndex
from search.lexicon import lexicon
from search.query.choices import Choices
from search.query.photo import NOTHING, PhotoReading, Reading, read_photo
from search.query.reading import PhotoReader
from search.schema import Aspect
from tests.says import ColumnAspects

MUG, VASE, LAMP = np.eye(3, dtype=np.float32)
AXES = {
    "mugs": MUG,
    "mug": MUG,
    "马克杯": MUG,
    "vases": VASE,
    "vase": VASE,
    "花瓶": VASE,
    "lamps": LAMP,
    "lamp": LAMP,
    "灯": LAMP,
}


def encode(texts):
    return np.array([AXES.get(text, np.zeros(3)) for text in texts], np.float32)


@pytest.fixture
def catalog():
    kinds = ["Mugs", "Mugs", "Vases", "Vases", "Lamps", "Lamps"]
    return Catalog([Product(f"p{at}", f"P{at}", b"x", category=kind) for at, kind in enumerate(kinds)])


def reading(catalog, photo, vectors):
    index = FaissIndex(3)
    index.add(list(range(len(vectors))), np.array(vectors, np.float32))
    return read_photo(photo, index, {"kind": Choices.of(catalog, ColumnAspects(catalog), "kind")}, encode)


def test_the_kind_of_a_photo_is_what_both_its_neighbours_and_the_model_say(catalog):
    photo = np.array([0.8, 0.6, 0], np.float32)
    found = reading(catalog, photo, [MUG, MUG, VASE, VASE, LAMP, LAMP])
    (asked,) = found.aspects()
    assert (asked.name, asked.text, asked.values, asked.source) == ("kind", "Mugs", ("mugs",), "photo")
    # The model: exp((.8 - .6) / .02) = e^10 to 1; the neighbours: e^(.2 / .05) = e^4 to 1.
    assert asked.certainty > 0.999


def test_neighbours_of_one_kind_decide_where_the_model_wavers(catalog):
    photo = np.array([0.7, 0.7, 0.14], np.float32)
    found = reading(catalog, photo, [0.9 * MUG, 0.9 * MUG, VASE, VASE, LAMP, LAMP])
    (asked,) = found.aspects()
    # N = (e^-1.4, 1) / (1 + e^-1.4) = (.198, .802); p ~ sqrt(N + .02): sqrt(.822) : sqrt(.218).
    assert asked.text == "Vases"
    assert asked.certainty == pytest.approx(0.822**0.5 / (0.822**0.5 + 0.218**0.5), abs=0.005)


def test_the_nearer_the_nearest_product_the_more_the_kinds_of_its_neighbours_count(catalog):
    """The model says vase to mug as e^(.02 / .02) = e; the neighbours say mug to vase as e^(d / .05) = 4."""
    share = []
    for nearest in (0.8, 0.9, 1.0):
        photo = np.array([1.0, 1.02, 0], np.float32)
        mugs, vases = nearest * MUG, (nearest - 0.05 * np.log(4)) / 1.02 * VASE
        (_, mug, vase) = (
            reading(catalog, photo, [mugs, mugs, vases, vases, -LAMP, -LAMP]).readings["kind"].probabilities
        )
        share.append(mug / vase)
    # N = .8 and .2; the exponents are .5, 1.75 and 3.
    assert share == pytest.approx([(0.82 / 0.22) ** count / np.e for count in (0.5, 1.75, 3)], rel=0.01)


def test_the_products_whose_picture_the_photo_is_are_known_by_their_rows(catalog):
    found = reading(catalog, MUG, [MUG, 0.9998 * MUG, VASE, 0.99995 * MUG, LAMP, LAMP])
    assert sorted(found.same) == [0, 3]
    assert reading(catalog, LAMP, [MUG, MUG, VASE, VASE, MUG, MUG]).same == ()


def test_words_override_what_the_photo_shows_of_the_same_aspect(catalog):
    found = reading(catalog, MUG, [MUG, MUG, VASE, VASE, LAMP, LAMP])
    assert found.aspects(["colour"])
    assert found.aspects(["kind"]) == ()


def test_a_kind_that_is_not_certain_is_not_asked_for(catalog):
    choices = Choices.of(catalog, ColumnAspects(catalog), "kind")
    torn = PhotoReading({"kind": Reading(choices, np.array([0.3, 0.51, 0.19]))})
    unsure = PhotoReading({"kind": Reading(choices, np.array([0.3, 0.49, 0.21]))})
    assert torn.aspects()[0].text == choices.options[1].text
    assert unsure.aspects() == ()
    assert NOTHING.aspects() == ()


def test_a_product_agrees_with_a_photo_by_the_probability_of_its_own_kind(catalog):
    catalog.add([Product("silent", "P", b"x")])
    choices = Choices.of(catalog, ColumnAspects(catalog), "kind")
    likely = {"mugs": 0.6, "vases": 0.395, "lamps": 0.005}
    seen = PhotoReading({"kind": Reading(choices, np.array([likely[o.values[0]] for o in choices.options]))})
    assert seen.agreement("kind", np.arange(7)) == pytest.approx([0.6, 0.6, 0.395, 0.395, 0.005, 0.005, 0])
    assert seen.agreement("colour", np.arange(7)) == pytest.approx(np.zeros(7)), "nothing was read of the colour"
    assert NOTHING.agreement("kind", np.arange(7)) == pytest.approx(np.zeros(7))


def test_a_product_has_the_most_particular_of_the_values_that_it_meets():
    kinds = ["Shoes", "Sports shoes", "Mugs"]
    catalog = Catalog([Product(f"{at}", "P", b"x", category=kind) for at, kind in enumerate(kinds)])
    choices = Choices.of(catalog, ColumnAspects(catalog), "kind")
    assert [choices.options[at].text for at in choices.own] == kinds


def titled(*titles):
    return Catalog([Product(str(at), title, b"x") for at, title in enumerate(titles)])


def test_where_only_titles_say_the_kinds_the_choices_are_those_and_each_product_has_its_own():
    catalog = titled("Red mug", "Tall vase", "Blue mug", "Something")
    choices = Choices.of(catalog, ProductAspects.of(catalog), "kind")
    assert [option.concepts for option in choices.options] == [("kinds:mug",), ("kinds:vase",)]
    assert choices.own.tolist() == [0, 1, 0, -1], "a mug is a cup too, and rather a mug"


def test_where_titles_say_one_kind_alone_it_is_read_among_all_that_there_are():
    catalog = titled("Tall vase", "Blue vase")
    choices = Choices.of(catalog, ProductAspects.of(catalog), "kind")
    assert len(choices) == len(lexicon().scheme("kinds"))
    assert {choices.options[at].concepts for at in choices.own} == {("kinds:vase",)}


def test_where_nothing_is_said_the_choices_are_what_the_lexicon_has_without_kinds_of_kinds(catalog):
    """Each costs the encoding of a text: a running shoe is one of the sports shoes."""
    silent = Catalog([Product("a", "A", b"x"), Product("b", "B", b"x")])
    choices = Choices.of(silent, ColumnAspects(silent), "kind")
    assert len(choices) > 100
    mug = next(at for at, option in enumerate(choices.options) if option.concepts == ("kinds:mug",))
    assert choices.texts[mug] == ("mug",)
    known = {option.concepts[0] for option in choices.options}
    assert {"kinds:shoes", "kinds:sports-shoes", "kinds:sofa"} <= known
    assert "kinds:running-shoes" not in known
    assert len(known) < 1500


def test_choices_meet_what_is_asked_by_the_lexicon():
    values = [("Mugs", "Black"), ("Vases", "Navy blue"), ("Armchairs", "Blue")]
    catalog = Catalog([Product(f"{at}", "P", b"x", category=k, colour=c) for at, (k, c) in enumerate(values)])
    says = ColumnAspects(catalog)
    kinds, colours = (Choices.of(catalog, says, name) for name in ("kind", "colour"))

    def met(choices, **asked):
        return dict(
            zip([o.text for o in choices.options], choices.meet(Aspect(choices.name, "", **asked)), strict=True)
        )

    assert met(kinds, concepts=("kinds:mug",)) == {"Mugs": 1, "Vases": 0, "Armchairs": 0}
    assert met(kinds, values=("vases",)) == {"Mugs": 0, "Vases": 1, "Armchairs": 0}
    assert met(colours, concepts=("colours:blue",)) == {"Black": 0, "Navy blue": 1, "Blue": 1}, "navy is a blue"
    assert met(colours, concepts=("colours:navy-blue",)) == {"Black": 0, "Navy blue": 1, "Blue": 0.5}


class Axes:
    """An encoder whose texts are axes of a space of `dim`."""

    def __init__(self, dim):
        self.dim = dim

    def encode_texts(self, texts):
        return np.eye(self.dim, dtype=np.float32)[[sum(map(ord, text)) % self.dim for text in texts]]


def test_what_values_look_like_is_remembered_for_one_encoder_not_for_the_catalog(catalog):
    few, many = PhotoReader(Axes(4)), PhotoReader(Axes(9))
    assert few.choices(catalog, "kind").vectors(few.encode).shape == (3, 4)
    assert many.choices(catalog, "kind").vectors(many.encode).shape == (3, 9)
    again = few.choices(catalog, "kind")
    assert again.vectors(few.encode) is few.choices(catalog, "kind").vectors(few.encode)


def test_kinds_are_told_apart_more_surely_than_colours(catalog):
    photo = np.array([[0.8, 0.7, 0]], np.float32)
    kinds = Choices.of(catalog, ColumnAspects(catalog), "kind")
    # Two of three are near: 1 / (1 + e^(-.1 / .02)) and, the same values called colours, 1 / (1 + e^(-.1 / .03)).
    for name, temperature in (("kind", 0.02), ("colour", 0.03)):
        likely = replace(kinds, name=name).read(photo, encode).max()
        assert likely == pytest.approx(1 / (1 + np.exp(-0.1 / temperature)), abs=1e-5)


def test_a_photo_is_read_in_no_words_where_the_catalog_is_empty(engine):
    engine.remove([product.id for product in engine.catalog])
    reader, asked = PhotoReader(engine.encoder), []
    reader.encode = asked.append  # every name of the lexicon would be encoded: minutes
    assert reader.read(np.array([1, 0, 0], np.float32), engine.catalog, engine.index) is NOTHING
    assert asked == []
