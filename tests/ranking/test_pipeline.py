"""A score is the sum of the signals, in their order, and a signal is added in a class."""

import numpy as np
import pytest

from search import Catalog, Product, Query, SearchEngine
from search.calibration import ScoreCalibration
from search.index.faiss_flat import FaissIndex
from search.query.choices import Choices
from search.query.fusion import Weights, fuse
from search.query.photo import SAME_PICTURE
from search.ranking import SIGNALS, Assessor, Context, Judge, rank, signal
from search.ranking.candidates import depth
from search.ranking.pipeline import breakdown, rank_order
from tests.conftest import ToyEncoder, swatch

X, Y, Z = np.eye(3)


@pytest.fixture(autouse=True)
def only_the_signals_that_ship():
    before = dict(SIGNALS)
    yield
    SIGNALS.clear()
    SIGNALS.update(before)


def seasons() -> Catalog:
    rows = [("winter-red", (255, 0, 0), "Winter"), ("summer-red", (250, 5, 0), "Summer"), ("blue", (0, 0, 255), "")]
    return Catalog(
        [
            Product(id, id, swatch(colour), attributes={"season": season} if season else {})
            for id, colour, season in rows
        ]
    )


def ids(result):
    return [hit.product.id for hit in result.hits]


def lift_blue() -> None:
    """A signal that puts the blue product before all others."""

    @signal("blue", weight=2.0)
    class Blue:
        def score(self, ctx):
            return np.array([float(ctx.catalog.at(row).id == "blue") for row in ctx.rows])


#: Near the red products, and not their very picture (cosine 0.995).
REDDISH = (250, 0, 25)


def test_a_signal_is_a_class_of_a_few_lines_and_can_be_taken_away_again():
    engine = SearchEngine.build(seasons(), ToyEncoder(), cache_dir=None)
    query = Query(image=swatch(REDDISH))
    before = engine.search(query)
    assert ids(before) == ["winter-red", "summer-red", "blue"]

    @signal("season", weight=0.05)
    class Season:
        def score(self, ctx):
            return (ctx.column("season") == "summer").astype(float)

    lifted = engine.search(query)
    assert ids(lifted) == ["summer-red", "winter-red", "blue"]
    for hit in lifted.hits:
        assert tuple(hit.parts) == (*before.hits[0].parts, "season")
        assert hit.parts["season"] == (0.05 if hit.product.id == "summer-red" else 0.0)
        assert sum(hit.parts.values()) == hit.score
    likely = {hit.product.id: hit.probability for hit in before.hits}
    assert {hit.product.id: hit.probability for hit in lifted.hits} == likely, "what is preferred is no better match"

    del SIGNALS["season"]
    assert engine.search(query).hits == before.hits


def test_a_signal_may_lift_what_the_index_put_below_the_page():
    engine = SearchEngine.build(seasons(), ToyEncoder(), cache_dir=None)

    lift_blue()
    assert ids(engine.search(Query(image=swatch(REDDISH)), k=1)) == ["blue"]


def test_the_product_whose_picture_the_photo_is_comes_first_unless_words_want_it_changed():
    engine = SearchEngine.build(seasons(), ToyEncoder(), cache_dir=None)

    lift_blue()
    (first,) = engine.search(Query(image=swatch("red")), k=1).hits
    assert (first.product.id, first.band, first.parts["named"]) == ("winter-red", "exact", 3.0)
    assert all(hit.parts["named"] == 0 for hit in engine.search(Query(image=swatch("red"), text="in blue")).hits)


def test_only_further_signals_make_the_index_look_deeper():
    assert depth(7) == 7
    signal("more")(type("More", (), {"score": lambda self, ctx: np.zeros(len(ctx))}))
    assert (depth(7), depth(50)) == (200, 500)


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="there is a signal 'photo' already: Photo"):
        signal("photo")(type("Other", (), {}))


@pytest.mark.parametrize("values", [[1.0], [1.0, 2.0, np.nan], [[1.0], [2.0], [3.0]]])
def test_a_signal_that_gives_something_else_than_a_number_for_each_product_is_named(engine, values):
    signal("odd")(type("Odd", (), {"score": lambda self, ctx: np.array(values)}))
    with pytest.raises(ValueError, match="'odd' gave"):
        breakdown(context(engine.catalog, photo=X)[0])


def context(catalog, query=None, rows=(0, 1, 2), products=(X, Y, Z), **given):
    fused = fuse(Weights(1, 1, 0.5), **given)
    made = Context(query or Query(text="x"), given, fused, catalog, np.array(rows), np.array(products))
    scale = ScoreCalibration(np.zeros(3), 4, {"photo": 0.1, "words": 0.1})
    index = FaissIndex(3)
    index.add([0, 1, 2], np.eye(3))
    judge = Judge(made.says, lambda name: Choices.of(catalog, made.says, name), ToyEncoder().encode_texts)
    return made, Assessor(scale, {}, judge, index, unknown=0, corrected=False, open_vocabulary=True, filtered=False)


def test_the_parts_are_the_formula_term_by_term(engine):
    ctx, _ = context(engine.catalog, photo=X, text=Y, exclude=Z, products=[[0.6, 0, 0.8]], rows=[0])
    length = np.sqrt(1**2 + 1**2 + 0.5**2)
    parts = breakdown(ctx)
    assert list(parts) == ["photo", "text", "exclude", "aspects", "keywords", "named", "photo_kind"]
    assert {name: values[0] for name, values in parts.items() if values[0]} == pytest.approx(
        {"photo": 0.6 / length, "exclude": -0.5 * 0.8 / length}
    )


def test_equal_scores_keep_the_catalogs_order(engine):
    ctx, assessor = context(engine.catalog, photo=X, rows=(3, 1, 2), products=(X, Y, X))
    hits = rank(ctx, 3, assessor)
    assert [engine.catalog.row(hit.product.id) for hit in hits] == [2, 3, 1]


def test_a_photo_that_is_the_very_picture_is_exact_and_the_next_hit_is_not(engine):
    near = np.array([SAME_PICTURE - 0.001, np.sqrt(1 - (SAME_PICTURE - 0.001) ** 2), 0])
    ctx, assessor = context(engine.catalog, Query(image=b"x"), photo=X, products=(X, near, Y))
    assert [hit.band == "exact" for hit in rank(ctx, 3, assessor)] == [True, False, False]


def test_a_title_among_the_words_is_exact_only_where_there_is_no_photo(engine):
    """With a photo, "red cup" says what to change in it; the product of that name is a hit like any other."""
    named = Query(text="Red Cup")
    ctx, assessor = context(engine.catalog, named, text=X)
    assert rank(ctx, 1, assessor)[0].product.title == "Red cup"
    assert rank(ctx, 1, assessor)[0].band == "exact"
    ctx, assessor = context(engine.catalog, Query(image=b"x", text="Red cup"), photo=Y, text=X)
    assert rank(ctx, 3, assessor)[0].product.title == "Red cup"
    assert rank(ctx, 1, assessor)[0].band != "exact"


def test_of_nothing_found_there_are_no_hits_and_nothing_is_denied(engine):
    ctx, assessor = context(engine.catalog, photo=X, rows=np.zeros(0, int), products=np.zeros((0, 3)))
    assert rank(ctx, 5, assessor) == ()
    assert assessor.in_catalog(ctx)


def test_scores_that_differ_by_rounding_alone_keep_the_catalogs_order():
    scores = np.array([0.3, 0.1 + 0.2, 0.3 + 1e-6])
    assert rank_order(scores, np.array([0, 1, 2])).tolist() == [2, 0, 1]
