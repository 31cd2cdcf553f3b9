"""Groups of hits, and whether the catalog has what was asked, through the engine on swatches."""

import numpy as np
import pytest

from search import Catalog, Product, Query, SearchEngine
from search.calibration import RejectionThreshold
from search.ranking.groups import of_hits
from search.schema import Aspect, Hit, Verdict
from tests.conftest import ToyEncoder, swatch

ROWS = [
    ("mug-red", "Mugs", "red"), ("mug-blue", "Mugs", "blue"), ("mug-green", "Mugs", "green"),
    ("vase-red", "Vases", "red"), ("vase-blue", "Vases", "blue"), ("lamp-green", "Lamps", "green"),
]  # fmt: skip


def build(rows=ROWS, silent=False):
    products = [
        Product(
            id,
            "Thing" if silent else id.replace("-", " "),
            swatch(colour),
            **({} if silent else {"category": kind, "colour": colour}),
        )
        for id, kind, colour in rows
    ]
    return SearchEngine.build(Catalog(products), ToyEncoder(), cache_dir=None)


@pytest.fixture
def engine():
    return build()


def said(result):
    return [(g.met, g.missed, g.total, [hit.product.id for hit in g.hits]) for g in result.groups]


def test_all_that_was_asked_comes_first_then_its_kind_then_the_rest(engine):
    met, kind, colour = said(engine.search(Query(text="red mug")))
    assert met == (("colour", "kind"), (), 1, ["mug-red"])
    assert (kind[:3], set(kind[3])) == ((("kind",), ("colour",), 2), {"mug-blue", "mug-green"})
    assert colour == (("colour",), ("kind",), 1, ["vase-red"])


def test_a_catalog_without_it_says_so_and_shows_both_near_misses(engine):
    found = engine.search(Query(text="red lamp"))
    assert found.in_catalog
    assert [(g.met, g.missed, g.total) for g in found.groups] == [
        (("colour", "kind"), (), 0), (("kind",), ("colour",), 1), (("colour",), ("kind",), 2),
    ]  # fmt: skip
    assert found.groups[0].hits == ()


def test_groups_look_beyond_the_hits_and_number_what_they_find_after_them(engine):
    found = engine.search(Query(text="red mug"), k=1)
    assert [hit.product.id for hit in found.hits] == ["mug-red"]
    ranks = {hit.product.id: hit.rank for group in found.groups for hit in group.hits}
    assert ranks["mug-red"] == 1
    assert sorted(ranks.values()) == list(range(1, len(ranks) + 1))
    assert found.groups[1].total == 2


def test_groups_keep_to_the_filters_and_leave_out_what_must_not_be_there(engine):
    found = engine.search(Query(text="red mug", filters={"colour": ["blue", "green"]}))
    assert [(g.missed, g.total) for g in found.groups] == [((), 0), (("colour",), 2)]
    found = engine.search(Query(text="red mug", exclude="blue"))
    assert [(g.missed, g.total) for g in found.groups] == [((), 1), (("colour",), 1), (("kind",), 1)]


def test_one_thing_asked_makes_no_groups(engine):
    assert engine.search(Query(text="mug")).groups == ()
    assert engine.search(Query(text="mug without red")).groups == ()


def test_where_the_catalog_is_silent_groups_go_by_what_the_model_sees():
    colour, kind = Aspect("colour", "red"), Aspect("kind", "mug")

    def hit(id, **states):
        verdicts = {
            name: Verdict(colour if name == "colour" else kind, state, source="model") for name, state in states.items()
        }
        return Hit(1, 1.0, Product(id, id, b"x"), {}, verdicts=verdicts)

    hits = [
        hit("other", colour="not met", kind="unknown"), hit("blue mug", colour="not met", kind="met"),
        hit("red vase", colour="met", kind="nearly"),
    ]  # fmt: skip
    assert [(g.met, g.missed, [h.product.id for h in g.hits]) for g in of_hits(("colour", "kind"), hits)] == [
        (("colour", "kind"), (), []), (("kind",), ("colour",), ["blue mug"]), (("colour",), ("kind",), ["red vase"]),
    ]  # fmt: skip


@pytest.mark.parametrize("k", [1, 12])
def test_whether_it_is_there_does_not_depend_on_how_many_hits_are_shown_or_filtered(engine, k):
    engine.thresholds = {"photo": RejectionThreshold(1.1, 10), "words": RejectionThreshold(1.1, 10)}
    for words, there in (
        ("mug", True),
        ("红色马克杯", True),
        ("sofa", False),
        ("red sofa", False),
        ("mug for a sofa", False),
        ("red", True),
    ):
        assert engine.search(Query(text=words), k).in_catalog is there, words
        assert engine.search(Query(text=words, filters={"category": ["Lamps"]}), k).in_catalog is there, words


def test_the_kind_just_above_and_what_titles_call_so_are_there(encoder):
    others = (
        "Mugs",
        "Vases",
        "Lamps",
        "Rugs",
        "Clocks",
        "Wallets",
        "Watches",
        "Kettles",
    )  # so that none is seen by chance
    shop = (("Boots", "Tall boots"), ("T-shirts", "Polo T-shirt"), *((kind, "Thing") for kind in others))
    engine = SearchEngine.build(
        Catalog(Product(str(n), title, swatch("red"), category) for n, (category, title) in enumerate(shop)), encoder
    )
    asked = {words: engine.search(Query(text=words)).in_catalog for words in ("wellies", "polo shirt", "sofa")}
    assert asked == {"wellies": True, "polo shirt": True, "sofa": False}


def test_words_that_nobody_knows_are_not_there_unless_the_model_may_know_them(engine):
    assert engine.search(Query(text="blorple")).in_catalog, "a model of an open vocabulary"
    engine.encoder.open_vocabulary = False
    found = engine.search(Query(text="blorple"))
    assert not found.in_catalog
    assert {(hit.band, hit.probability) for hit in found.hits} == {("weak", 0.0)}
    assert engine.search(Query(text="blorple mug")).in_catalog, "a mug is there"


def test_a_kind_that_the_catalog_has_is_likelier_where_all_else_is_met_too(engine):
    found = {hit.product.id: hit.probability for hit in engine.search(Query(text="red mug")).hits}
    assert found["mug-red"] > 0.8 > 0.5 > found["mug-blue"] > found["lamp-green"]


def test_nothing_is_wanted_but_something_unwanted(engine):
    found = engine.search(Query(text="not red"))
    likely = {hit.product.id: hit.probability for hit in found.hits}
    assert found.in_catalog
    assert likely["mug-blue"] == 1
    assert likely.get("mug-red", 0) == 0


def test_a_title_that_is_typed_is_the_answer_and_others_are_not(engine):
    found = {hit.product.id: hit.probability for hit in engine.search(Query(text="mug red")).hits}
    assert found["mug-red"] > 0.9
    assert np.max([likely for id, likely in found.items() if id != "mug-red"]) < 0.3
