"""The engine on a toy catalog: four products, three dimensions, rankings worked out by hand."""

import threading
from dataclasses import replace

import pytest

from search import Catalog, Product, Query, SearchEngine
from search.calibration import RejectionThreshold
from search.errors import CatalogError, EmptyQueryError, ImageError, InputError, QueryError
from search.query.fusion import Weights
from tests.conftest import ToyEncoder, swatch, toy_products


def ids(result):
    return [hit.product.id for hit in result.hits]


def test_a_photo_finds_its_colour_first(engine):
    result = engine.search(Query(image=swatch("blue")), k=2)
    assert ids(result)[0] == "hat-blue"
    assert [hit.rank for hit in result.hits] == [1, 2]
    assert result.hits[0].parts["photo"] == pytest.approx(1, abs=1e-4)


def test_words_find_their_colour_first(engine):
    assert ids(engine.search(Query(text="something green")))[0] == "cup-green"


def test_a_photo_and_words_meet_in_between(engine):
    # red + blue halfway: the two red ones and the blue one before the green one.
    hits = engine.search(Query(image=swatch("red"), text="blue")).hits
    assert min(hits, key=lambda hit: hit.parts["photo"] + hit.parts["text"]).product.id == "cup-green"


def test_what_the_catalog_says_is_excluded_is_not_found_and_not_counted(engine):
    lime = swatch((150, 255, 0))
    every = engine.search(Query(image=lime))
    assert ids(every)[0] == "cup-green"
    without = engine.search(Query(image=lime, exclude="green"))
    assert set(ids(without)) == set(ids(every)) - {"cup-green"}
    assert (every.total, without.total) == (4, 3)


def test_an_exclusion_typed_among_the_words_is_one(engine):
    typed = engine.search(Query(text="red without green under 25"))
    given = engine.search(Query(text="red", exclude="green", filters={"price": (None, 25)}))
    assert typed.query == given.query
    assert ids(typed) == ids(given) == ["cup-red"]


def test_a_price_typed_and_a_price_set_both_hold(engine):
    result = engine.search(Query(text="red under 25", filters={"price": (15, 100)}))
    assert result.query.filters["price"] == (15, 25)
    assert ids(result) == ["cup-green"]


def test_the_parts_of_a_hit_sum_to_its_score_exactly(engine):
    result = engine.search(Query(image=swatch((90, 120, 40)), text="blue red", exclude=["green"]))
    for hit in result.hits:
        assert tuple(hit.parts)[:3] == ("photo", "text", "exclude")
        assert sum(hit.parts.values()) == hit.score


def test_scores_fall_with_the_rank(engine):
    scores = [hit.score for hit in engine.search(Query(image=swatch((90, 120, 40)), text="blue")).hits]
    assert scores == sorted(scores, reverse=True)


def test_the_balance_moves_from_the_photo_to_the_words(engine):
    query = Query(image=swatch("red"), text="green")
    assert ids(engine.search(replace(query, balance=0)))[0] == "cup-red"
    assert ids(engine.search(replace(query, balance=1)))[0] == "cup-green"


def test_a_region_is_what_is_searched_for(engine):
    picture = swatch("red", (40, 20))
    picture.paste((0, 0, 255), (20, 0, 40, 20))
    assert ids(engine.search(Query(image=picture, region=(0.5, 0, 1, 1))))[0] == "hat-blue"
    assert ids(engine.search(Query(image=picture, region=(0, 0, 0.5, 1))))[0] == "cup-red"


def test_more_like_this_leaves_out_this(engine):
    result = engine.search(Query(like="cup-red"))
    assert ids(result)[0] == "hat-red"
    assert "cup-red" not in ids(result)


def test_filters_are_applied_during_the_search_not_after(engine):
    result = engine.search(Query(text="green", filters={"category": ["Hats"]}), k=2)
    assert set(ids(result)) == {"hat-red", "hat-blue"}
    assert (result.total, result.size) == (2, 4)


def test_a_filter_that_nothing_passes_gives_an_empty_result(engine):
    result = engine.search(Query(text="red", filters={"colour": ["mauve"]}))
    assert result.hits == ()
    assert result.total == 0


def test_the_same_photo_is_encoded_once(engine, encoder):
    before = encoder.encoded
    for text in ("red", "blue", "green"):
        engine.search(Query(image=swatch("red"), text=text))
    assert encoder.encoded == before + 1


@pytest.mark.parametrize(
    ("query", "error", "code"),
    [
        (Query(), EmptyQueryError, "empty_query"),
        (Query(text="   "), EmptyQueryError, "empty_query"),
        (Query(filters={"colour": ["Red"]}), EmptyQueryError, "empty_query"),
        (Query(image=b"broken"), ImageError, "image_unreadable"),
        (Query(like="cup-rd"), QueryError, "no_product"),
        (Query(text="red", filters={"size": ["L"]}), InputError, "unknown_field"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(engine, query, error, code):
    with pytest.raises(error) as refused:
        engine.search(query)
    assert refused.value.code == code


def test_only_what_must_not_be_there_shows_the_catalog_without_it_in_its_order(engine):
    result = engine.search(Query(text="without red"))
    assert ids(result)[:2] == ["cup-green", "hat-blue"]
    assert ids(engine.search(Query(exclude="green")))[:3] == ["cup-red", "hat-red", "hat-blue"]


def test_a_quoted_phrase_has_to_stand_in_a_products_texts(engine):
    result = engine.search(Query(text='"red cup"'))
    assert (ids(result), result.total) == (["cup-red"], 1)
    assert engine.search(Query(text='"cup red"')).hits == ()


def test_an_id_or_a_title_in_any_language_comes_first_and_is_exact(encoder):
    products = [replace(product, attributes={"title_zh": "红色 杯子"}) if product.id == "cup-red" else product
                for product in toy_products()]  # fmt: skip
    engine = SearchEngine.build(Catalog(products), encoder, cache_dir=None)
    for words in ("HAT-blue", "blue  hat"):
        assert next((hit.product.id, hit.band) for hit in engine.search(Query(text=words)).hits) == (
            "hat-blue",
            "exact",
        )
    assert next((hit.product.id, hit.band) for hit in engine.search(Query(text="红色杯子")).hits) == (
        "cup-red",
        "exact",
    )


def test_words_on_a_products_data_find_what_its_picture_does_not_show(encoder):
    products = [replace(product, brand="Zorbet" if product.id == "hat-red" else "Other") for product in toy_products()]
    engine = SearchEngine.build(Catalog(products), encoder, cache_dir=None)
    first = engine.search(Query(text="Zorbet")).hits[0]
    assert first.product.id == "hat-red"
    assert first.parts["keywords"] > 0 < first.parts["aspects"]


def test_what_the_catalog_says_is_excluded_whatever_the_picture_shows(encoder):
    products = [*toy_products(), Product("odd", "Odd hat", swatch("green"), "Hats", colour="Red")]
    engine = SearchEngine.build(Catalog(products), encoder, cache_dir=None)
    result = engine.search(Query(text="hat without red"))
    assert ids(result) == ["hat-blue", "cup-green"]


def test_k_is_positive(engine):
    with pytest.raises(QueryError):
        engine.search(Query(text="red"), k=0)


def test_added_products_are_found_and_removed_ones_are_not(engine):
    engine.add([Product("cup-blue", "Blue cup", swatch("blue"), "Cups", colour="Blue")])
    assert set(ids(engine.search(Query(text="blue"), k=2))) == {"hat-blue", "cup-blue"}
    engine.remove(["hat-blue"])
    assert ids(engine.search(Query(text="blue"), k=1)) == ["cup-blue"]
    assert "hat-blue" not in ids(engine.search(Query(text="blue"), k=10))


def test_adding_is_all_or_nothing(engine):
    sound, broken = Product("a", "A", swatch("red")), Product("b", "B", b"broken")
    with pytest.raises(ImageError, match="'b'"):
        engine.add([sound, broken])
    with pytest.raises(InputError):
        engine.add([sound, Product("cup-red", "Again", swatch("red"))])
    assert len(engine.catalog) == len(engine.index) == 4


def test_damaged_pictures_are_left_out_and_reported(encoder):
    products = [*toy_products(), Product("broken", "B", b"broken"), Product("broken-too", "B", b"broken")]
    engine = SearchEngine.build(Catalog(products), encoder, cache_dir=None)
    assert len(engine.catalog) == 4
    assert {issue.where for issue in engine.catalog.report.errors} == {"broken", "broken-too"}


def test_a_catalog_without_a_usable_picture_is_refused(encoder):
    with pytest.raises(CatalogError):
        SearchEngine.build(Catalog([Product("b", "B", b"broken")]), encoder, cache_dir=None)


def test_adding_ten_to_ten_thousand_encodes_ten(tmp_path):
    first = ToyEncoder()
    SearchEngine.build(Catalog(toy_products()), first, cache_dir=tmp_path)
    assert first.encoded == 4
    second = ToyEncoder()
    more = [*toy_products(), Product("new", "New", swatch((1, 2, 3)))]
    SearchEngine.build(Catalog(more), second, cache_dir=tmp_path)
    assert second.encoded == 1


def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path, monkeypatch):
    from search import indexing as module

    monkeypatch.setattr(module, "_CHUNK", 2)

    def interrupt(done, total):
        raise KeyboardInterrupt

    first, second = ToyEncoder(), ToyEncoder()
    with pytest.raises(KeyboardInterrupt):
        SearchEngine.build(Catalog(toy_products()), first, cache_dir=tmp_path, progress=interrupt)
    done = []
    SearchEngine.build(Catalog(toy_products()), second, cache_dir=tmp_path, progress=lambda *now: done.append(now))
    assert (first.encoded, second.encoded) == (2, 2)
    assert done == [(2, 4), (4, 4)]


def test_a_cache_that_cannot_be_written_only_costs_time(encoder, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert len(SearchEngine.build(Catalog(toy_products()), encoder, cache_dir=tmp_path / "file").index) == 4


def test_searching_while_products_come_and_go(engine):
    stop, errors = threading.Event(), []

    def search():
        while not stop.is_set():
            try:
                engine.search(Query(text="red"), k=4)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(60):
        engine.add([Product(f"new-{n}", "New", swatch((n, 9, 9)))])
        engine.remove([f"new-{n}"])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_weights_are_the_engines(encoder):
    words_only = SearchEngine.build(Catalog(toy_products()), encoder, weights=Weights(0.01, 1, 0), cache_dir=None)
    assert ids(words_only.search(Query(image=swatch("red"), text="green")))[0] == "cup-green"


def test_a_price_limit_is_only_words_where_nothing_has_a_price(encoder):
    bare = [replace(product, price=None) for product in toy_products()]
    engine = SearchEngine.build(Catalog(bare), encoder, cache_dir=None)
    result = engine.search(Query(text="red under 60"))
    assert result.query.text == "red under 60"
    assert len(result.hits) == 4


def test_the_background_follows_what_comes_and_goes(engine):
    before = engine.calibration
    engine.add([Product("new", "New", swatch("blue"))])
    vectors = engine.index.vectors(engine.catalog.rows().tolist())
    assert engine.calibration.centre == pytest.approx(vectors.mean(axis=0), abs=1e-6)
    engine.remove(["new"])
    assert engine.calibration.centre == pytest.approx(before.centre, abs=1e-6)


def test_only_the_first_picture_is_encoded(encoder):
    products = [replace(product, more_images=(b"never opened", "nowhere.jpg")) for product in toy_products()]
    engine = SearchEngine.build(Catalog(products), encoder, cache_dir=None)
    assert encoder.encoded == len(engine.catalog) == 4
    assert not engine.catalog.report.errors


def test_a_photo_like_nothing_in_the_catalog_is_told_so(engine):
    engine.thresholds = {"photo": RejectionThreshold(0.99, 10), "words": RejectionThreshold(0.99, 10)}
    near, far = Query(image=swatch("red")), Query(image=swatch((120, 120, 120)))
    assert engine.search(near).in_catalog
    assert not engine.search(far).in_catalog
    assert engine.search(far).hits, "the nearest are shown all the same"


def test_a_product_of_the_catalog_always_has_its_like(engine):
    engine.thresholds = {"photo": RejectionThreshold(1.1, 10), "words": RejectionThreshold(1.1, 10)}
    assert engine.search(Query(like="cup-red")).in_catalog


def test_a_filter_changes_what_is_shown_not_what_it_is_worth(engine):
    everything = {hit.product.id: hit.probability for hit in engine.search(Query(text="red cup")).hits}
    shown = engine.search(Query(text="red cup", filters={"colour": ["green"]})).hits
    assert shown
    assert {hit.product.id: pytest.approx(hit.probability) for hit in shown}.items() <= everything.items()


def test_of_one_kind_a_hit_that_is_nearer_is_likelier(engine):
    hits = engine.search(Query(image=swatch("red"))).hits
    for kind in ("Cups", "Hats"):
        likely = [hit.probability for hit in hits if hit.product.category == kind]
        assert len(likely) == 2
        assert likely == sorted(likely, reverse=True)
        assert all(0 <= p <= 1 for p in likely)


def test_the_very_picture_and_the_very_name_are_exact(engine):
    assert engine.search(Query(image=swatch("red"))).hits[0].band == "exact"
    named = engine.search(Query(text=engine.catalog.get("cup-green").title)).hits
    assert [hit.band == "exact" for hit in named] == [True] + [False] * (len(named) - 1)
    assert "exact" not in {hit.band for hit in engine.search(Query(text="something green")).hits}


def test_where_nothing_fits_no_hit_is_called_close(engine):
    engine.thresholds = {"photo": RejectionThreshold(1.1, 10), "words": RejectionThreshold(1.1, 10)}
    hits = engine.search(Query(image=swatch((250, 25, 0)))).hits
    assert {hit.band for hit in hits} == {"weak"}
    assert {hit.probability for hit in hits} == {0.0}
    assert engine.search(Query(image=swatch("red"))).hits[0].band == "exact", "the very picture is there, whatever"


@pytest.mark.parametrize(
    ("words", "ids"), [("under 25", ["cup-red", "cup-green"]), ("over 15", ["cup-green", "hat-red"])]
)
def test_a_price_alone_lists_the_catalog_by_price(engine, words, ids):
    result = engine.search(Query(text=words))
    assert [hit.product.id for hit in result.hits] == ids
    assert {hit.score for hit in result.hits} == {0.0}
    assert {hit.probability for hit in result.hits} <= {0.0, 1.0}


def test_of_words_alone_the_balance_changes_nothing(engine):
    plain = engine.search(Query(text="red", exclude="green"))
    for balance in (0.0, 0.9, 1.0):
        moved = engine.search(Query(text="red", exclude="green", balance=balance))
        assert [(hit.product.id, hit.score) for hit in moved.hits] == [
            (hit.product.id, hit.score) for hit in plain.hits
        ]


def test_an_exclusion_that_is_said_twice_counts_once(engine):
    """The exclusions become one mean vector, which a repetition would pull towards itself."""
    once = engine.search(Query(image=swatch("red"), exclude=["green", "blue"]))
    twice = engine.search(Query(image=swatch("red"), text="not green", exclude=["green", "blue", "green"]))
    assert twice.query.exclusions == ("green", "blue")
    assert [hit.score for hit in twice.hits] == [hit.score for hit in once.hits]


def test_with_a_photo_words_that_are_a_title_name_no_product(engine):
    photo = swatch((200, 0, 120))
    assert engine.search(Query(text="Red cup")).hits[0].band == "exact"
    hits = engine.search(Query(image=photo, text="Red cup")).hits
    assert hits[0].product.title == "Red cup"
    assert "exact" not in {hit.band for hit in hits}


def test_where_a_hit_would_stand_without_the_words_is_counted_under_the_filters(engine):
    """By the red photo alone cup-green is third of four; of the two cups it is second."""
    for filters, rank in (({}, 3), ({"category": ["Cups"]}, 2)):
        result = engine.search(Query(image=swatch((255, 40, 0)), text="green", filters=filters))
        hit = next(hit for hit in result.hits if hit.product.id == "cup-green")
        assert engine.explain(result, hit).rank_without_words == rank


def test_where_a_hit_would_stand_without_the_words_follows_the_catalog(engine):
    """An orange hat comes, and the orange photo is taken for a hat: three hats and the red cup stand before cup-green."""
    result = engine.search(Query(image=swatch((255, 40, 0)), text="green"))
    hit = next(hit for hit in result.hits if hit.product.id == "cup-green")
    assert engine.explain(result, hit).rank_without_words == 3
    engine.add([Product("hat-orange", "Orange hat", swatch((200, 90, 0)), "Hats", colour="Orange")])
    assert engine.explain(result, hit).rank_without_words == 5


def test_without_the_words_a_product_is_no_more_like_itself_than_with_them(engine):
    result = engine.search(Query(like="cup-red", text="green"))
    hit = next(hit for hit in result.hits if hit.product.id == "hat-red")
    assert engine.explain(result, hit).rank_without_words == 1


def counted(monkeypatch, owner, name):
    """How often a function is called from now on: the length of the list."""
    calls, original = [], getattr(owner, name)

    def count(*args, **kwargs):
        calls.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, count)
    return calls


def test_a_query_is_parsed_fused_and_scored_once(engine, monkeypatch):
    from search import searching as module
    from search.query import resolve

    parsed, fused = counted(monkeypatch, resolve, "parse"), counted(monkeypatch, module, "fuse")
    searched = counted(monkeypatch, engine.index, "search")
    engine.search(Query(image=swatch("red"), text="green without blue", filters={"category": ["Cups"]}))
    assert [len(calls) for calls in (parsed, fused)] == [1, 1]
    assert len(searched) == 1, "for the products nearest to the photo"
    scored = counted(monkeypatch, engine.index, "scores")
    engine.search(Query(text="green"))
    assert (len(searched), len(scored)) == (1, 1)
    engine.search(Query(text="green", filters={"category": ["Cups"]}))
    assert (len(searched), len(scored)) == (2, 2), "filtered words are weighed against the best product of all"


def test_opening_cards_neither_searches_nor_fuses_nor_counts_again(engine, monkeypatch):
    from search import searching as module

    result = engine.search(Query(image=swatch("red"), text="green"))
    searched, counts = counted(monkeypatch, engine.index, "search"), counted(monkeypatch, engine.catalog, "facets")
    for hit in result.hits:
        engine.explain(result, hit)
    assert len(searched) == 1, "to read the photo, once for all cards of the result"
    assert len(counts) == 0, "the search has counted them to read the photo"
    engine.explain(engine.search(Query(image=swatch("red"))), result.hits[0])
    fused = counted(monkeypatch, module, "fuse")
    engine.explain(engine.search(Query(text="green")), result.hits[0])
    assert (len(fused), len(counts)) == (1, 0)

    engine.add([Product("mug", "Mug", swatch("blue"), "Mugs", colour="Blue")])
    engine.explain(engine.search(Query(image=swatch("red"))), result.hits[0])
    assert len(counts) == 1, "the catalog has another revision"


def test_a_result_that_no_search_gave_is_not_explained(engine):
    result = engine.search(Query(text="red"))
    with pytest.raises(QueryError, match="does not come from a search"):
        engine.explain(replace(result, fused=None), result.hits[0])


def test_a_result_says_which_part_of_the_words_became_what(engine):
    parsed = engine.search(Query(text="red without green under 25")).parsed
    assert [(span.kind, span.value) for span in parsed.spans] == [("exclusion", "green"), ("price", (None, 25.0))]


def test_an_empty_catalog_finds_nothing_with_and_without_filters(engine):
    engine.remove([product.id for product in engine.catalog])
    assert engine.search(Query(text="red")).hits == ()
    assert engine.search(Query(text="red", filters={"category": ["Cups"]})).hits == ()
    engine.add([])
    assert len(engine.index) == 0


def test_an_id_is_not_taken_for_its_letters(encoder):
    one, two, both = (Product(id, "Cup", swatch("red")) for id in ("1", "2", "12"))
    engine = SearchEngine.build(Catalog([one, two, both]), encoder, cache_dir=None)
    for wrong in ("12", None, 12, [["12"]]):
        with pytest.raises(InputError):
            engine.remove(wrong)
    assert len(engine.catalog) == 3


def test_what_is_no_product_query_or_result_is_refused(engine):
    result = engine.search(Query(text="red"))
    calls = [
        lambda: engine.add(None),
        lambda: engine.add([7]),
        lambda: engine.search("red"),
        lambda: engine.explain(None, result.hits[0]),
        lambda: engine.explain(result, None),
    ]
    for call in calls:
        with pytest.raises(InputError, match="Give"):
            call()
    assert len(engine.catalog) == 4
