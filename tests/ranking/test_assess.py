"""What is gathered of each hit before its probability is worked out."""

import numpy as np
import pytest

from search import Catalog, Product, Query, SearchEngine
from search.calibration.evidence import EVIDENCE
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


def test_words_that_only_titles_have_count_by_their_share_and_by_how_many_have_them():
    rows = [("Zephyr mug", "red"), ("Zephyr mug", "blue"), ("Plain mug", "red"), ("Zephyr vase", "red")]
    found = evidence(titled(*rows), Query(text="zephyr mug"))
    assert found["lacking"] == [0, 0, 1, 0]
    assert found["crowd"] == [pytest.approx(np.log10(3), abs=1e-3)] * 4, "two products have both"
    assert evidence(titled(*rows), Query(text="mug"))["crowd"] == [0] * 4


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


def test_a_colour_that_the_column_says_is_no_second_one():
    told = [Product("p0", "Mug in blue and red", swatch("red"), colour="red"), Product("p1", "Vase", swatch("blue"))]
    assert evidence(told, Query(text="red mug"))["second"] == [0, 0]


def test_a_product_that_does_not_say_its_kind_may_be_of_the_kind_that_is_asked_for():
    rows = [("Zephyr mug", "red"), ("Zephyr", "blue"), ("Zephyr vase", "red"), ("Mug", "red")]
    found = evidence(titled(*rows), Query(text="zephyr mug"))
    assert found["crowd"] == [pytest.approx(np.log10(3), abs=1e-3)] * 4, "the second may be a mug, the third is none"


def test_words_that_name_a_kind_override_the_kind_of_the_photo():
    told = [
        Product("p0", "Thing", swatch("red"), category="Mugs"),
        Product("p1", "Thing", swatch("blue"), category="Vases"),
    ]
    found = evidence(told, Query(image=swatch((250, 5, 0)), text="vase"))
    assert (found["kind"], found["kind_open"], found["kind_met"]) == ([0, 0], [0, 0], [0, 0])
