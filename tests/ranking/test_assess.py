"""What is gathered of each hit before its probability is worked out."""

import numpy as np
import pytest

from search import Catalog, Product, Query, SearchEngine
from search.calibration import band
from search.calibration.evidence import EVIDENCE
from search.ranking.assess import bounded
from search.schema import Aspect, Verdict
from tests.conftest import ToyEncoder, swatch


def evidence(products, query):
    """Name of a piece of evidence -> (n,) for the products in their order."""
    engine = SearchEngine.build(Catalog(products), ToyEncoder(), cache_dir=None)
    understanding, where = engine._understanding, engine.catalog.where({})
    query, parsed = understanding.read(query, engine.catalog)
    given = understanding.encode(query, None)
    fused = understanding.fuse(query, given)
    asked = understanding.asked(query, parsed, given, fused, engine.catalog, engine.index)
    assessor = understanding.assessor(asked, parsed, where, engine.calibration, engine.thresholds, engine.index)
    rows = engine.catalog.rows()
    ctx = asked.at(rows, engine.index.vectors(rows.tolist()))
    gathered = assessor.evidence(ctx, ctx.products @ fused.vector, assessor.verdicts(ctx))
    return dict(zip(EVIDENCE, gathered.T.round(3).tolist(), strict=True))


def titled(*rows):
    return [Product(f"p{at}", title, swatch(colour)) for at, (title, colour) in enumerate(rows)]


def test_a_colour_that_a_title_names_second_is_told_and_checked_against_the_picture():
    found = evidence(
        titled(("Mug in red and blue", "red"), ("Mug in blue and red", "blue"), ("Vase", "green")),
        Query(text="red mug"),
    )
    assert found["met"] == [1, 1, 0]
    assert found["by_text"] == [1, 1, 0]
    assert found["second"] == [0, 1, 0]
    assert found["checked"][0] > 0 > found["checked"][1]
    assert found["checked"][2] == 0, "it says nothing to be checked"


def test_words_that_only_titles_have_count_by_their_share_and_those_who_have_all_are_told():
    rows = [("Zephyr mug", "red"), ("Zephyr mug", "blue"), ("Plain mug", "red"), ("Zephyr vase", "red")]
    found = evidence(titled(*rows), Query(text="zephyr mug"))
    assert found["lacking"] == [0, 0, 1, 0]
    assert found["had"] == [1, 1, 0, 1]
    assert evidence(titled(*rows), Query(text="mug"))["had"] == [0] * 4, "there is no further word"


def test_the_photos_kind_is_read_by_the_catalog_or_else_by_the_model_in_both_pictures():
    told = [
        Product(f"p{at}", "Thing", swatch(c), category=k)
        for at, (c, k) in enumerate([("red", "Mugs"), ("blue", "Vases")])
    ]
    found = evidence(told, Query(image=swatch((250, 5, 0))))
    assert found["kind"][0] > 0 > found["kind"][1]
    assert (found["kind_open"], found["kind_seen"]) == ([0, 0], [0, 0])
    silent = evidence(titled(("Thing", "red"), ("Thing", "blue")), Query(image=swatch((250, 5, 0))))
    assert (silent["kind"], silent["kind_open"]) == ([0, 0], [1, 1])
    assert silent["kind_seen"] == [4, -4], "the toy model knows kinds by the colours in their names"


def test_what_the_words_name_is_likely_whatever_else_is_said_of_it():
    assert bounded(np.array([0.2, 0.995, 0.2]), np.array([True, True, False]), [{}] * 3).tolist() == [0.99, 0.995, 0.2]


def test_everything_is_met_at_most_as_probably_as_the_kind_that_is_denied():
    kind, colour = Aspect("kind", "mug", ("kinds:mug",)), Aspect("colour", "red", ("colours:red",))
    said = [
        {"kind": Verdict(kind, "not met", "", "model", 0.9)},
        {"kind": Verdict(kind, "unknown", "", "model", 0.3)},
        {"kind": Verdict(kind, "nearly", "cups", "catalog")},
        {"colour": Verdict(colour, "not met", "", "model", 0.9)},
        {"kind": Verdict(Aspect("kind", "mug", source="photo"), "not met", "", "catalog", 1.0)},
    ]
    found = bounded(np.full(5, 0.9), np.zeros(5, bool), said)
    assert found.tolist() == pytest.approx([0.1, 0.79, 0.5, 0.9, 0.9]), "only a kind that the words want"
    assert band(found[1]) == band(found[2]) == "related", (
        "what nobody can tell, or is of a broader kind, is not very close"
    )


def test_a_kind_that_the_catalog_says_only_broadly_is_looked_for_in_the_picture():
    products = [
        Product("a", "One", swatch("red"), category="Skirts"),
        Product("b", "Two", swatch("blue"), category="Skirts"),
        Product("c", "Three", swatch("green"), category="Vases"),
    ]
    found = evidence(products, Query(text="pencil skirt"))
    assert found["nearly_kind"] == [1, 1, 0]
    assert found["refined"][0] != 0
    assert found["refined"][2] == 0, "the catalog says that it is no skirt at all"


def test_a_colour_that_the_column_says_is_no_second_one():
    told = [Product("p0", "Mug in blue and red", swatch("red"), colour="red"), Product("p1", "Vase", swatch("blue"))]
    assert evidence(told, Query(text="red mug"))["second"] == [0, 0]


def test_words_that_name_a_kind_override_the_kind_of_the_photo():
    told = [
        Product("p0", "Thing", swatch("red"), category="Mugs"),
        Product("p1", "Thing", swatch("blue"), category="Vases"),
    ]
    found = evidence(told, Query(image=swatch((250, 5, 0)), text="vase"))
    assert (found["kind"], found["kind_open"], found["kind_met"]) == ([0, 0], [0, 0], [0, 0])
