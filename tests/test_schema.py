import json
import math

import numpy as np
import pytest
from PIL import Image

from search import Product, Query
from search.errors import FilterError, InputError, QueryError, TextTooLongError
from search.query.correct import Correction
from search.query.parse import ParsedQuery
from search.schema import MAX_EXCLUSIONS, MAX_TEXT, Aspect, Hit, HitGroup, SearchResult, price_range


def test_a_product_needs_an_id_a_title_and_a_sound_price():
    for wrong in ({"id": " "}, {"title": ""}, {"price": -1.0}, {"price": math.inf}, {"price": math.nan}):
        with pytest.raises(InputError):
            Product(**{"id": "a", "title": "A", "image": "a.jpg"} | wrong)


def test_a_product_gives_fields_and_attributes_by_name():
    product = Product("a", "A", "a.jpg", colour="red", attributes={"season": "Fall"})
    assert product.value("colour") == "red"
    assert product.value("season") == "Fall"
    assert product.value("brand") is None


def test_every_field_of_a_product_is_known_by_name():
    product = Product(
        "a", "Red cup", "a.jpg", description="A cup.", tags=("new",), price=5.0, attributes={"title": "?"}
    )
    assert [product.value(name) for name in ("id", "title", "description", "price")] == ["a", "Red cup", "A cup.", 5.0]
    assert product.value("tags") == ("new",)
    assert product.value("attributes") is None, "attributes are asked for one by one"


def test_products_can_be_put_in_sets_though_attributes_is_a_dict():
    assert len({Product("a", "A", "a.jpg", attributes={"x": 1}), Product("b", "B", "a.jpg")}) == 2


def test_a_query_shows_no_bytes_when_printed():
    assert "JFIF" not in repr(Query(image=b"JFIF"))
    assert "JFIF" not in repr(Product("a", "A", b"JFIF"))


@pytest.mark.parametrize(
    ("given", "phrases"),
    [("stripes", ("stripes",)), (["stripes", " ", "dots "], ("stripes", "dots")), ("", ()), (None, ())],
)
def test_exclusions_are_one_phrase_or_several(given, phrases):
    assert Query(text="x", exclude=given).exclusions == phrases


def test_ten_thousand_characters_are_refused_with_the_limit():
    with pytest.raises(TextTooLongError, match=r"10,000 characters; the limit is 2,000"):
        Query(text="x" * 10_000)
    with pytest.raises(TextTooLongError):
        Query(exclude=["x" * (MAX_TEXT + 1)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"balance": 1.5},
        {"balance": math.nan},
        {"region": (0.5, 0, 0.5, 1)},
        {"region": (0, 0, 1.2, 1)},
        {"image": b"x", "like": "a"},
    ],
)
def test_a_query_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(QueryError):
        Query(text="x", **wrong)


@pytest.mark.parametrize("wrong", [5, (1, 2, 3), ("a", 1), (9, 1), (math.nan, 1)])
def test_a_malformed_price_range_is_refused(wrong):
    with pytest.raises(FilterError):
        Query(text="x", filters={"price": wrong})


def test_open_ends_of_a_price_range_are_infinite():
    assert price_range((None, 5)) == (-math.inf, 5)
    assert price_range((3, None)) == (3, math.inf)


def test_further_pictures_are_several():
    assert Product("a", "A", "a.jpg", more_images=["b.jpg", b"x"]).more_images == ("b.jpg", b"x")
    assert Product("a", "A", "a.jpg").more_images == ()
    for wrong in ("b.jpg", b"x"):
        with pytest.raises(InputError, match="one picture"):
            Product("a", "A", "a.jpg", more_images=wrong)


def test_a_result_is_one_json_shape_and_its_parts_still_sum_to_the_score():
    parts = {"photo": 0.1, "text": 0.2, "exclude": -0.05}
    product = Product("a", "A", b"bytes", category="Cups", price=3.0)
    hit = Hit(1, sum(parts.values()), product, parts, "related", 0.654321)
    query = Query(
        image=b"bytes", text="red", filters={"colour": {"red", "blue"}, "price": (None, 5)}, region=(0, 0, 1, 0.5)
    )
    found = SearchResult(query, (hit,), 1, 4, {"encode": 1.25, "search": 2.5}, in_catalog=False).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["query"] == {
        "text": "red", "exclude": [], "filters": {"colour": ["blue", "red"], "price": [None, 5]}, "photo": True,
        "like": None, "region": [0, 0, 1, 0.5], "balance": 0.5,
    }  # fmt: skip
    assert (found["total"], found["size"], found["in_catalog"], found["milliseconds"]) == (1, 4, False, 3.8)
    assert found["hits"] == [
        {"rank": 1, "id": "a", "title": "A", "category": "Cups", "price": 3.0, "score": hit.score, "band": "related",
         "probability": 0.6543, "parts": parts, "verdicts": {}}
    ]  # fmt: skip
    assert sum(found["hits"][0]["parts"].values()) == found["hits"][0]["score"]


def test_a_result_says_what_was_understood_and_which_hits_its_groups_have_beyond_it():
    colour = Aspect("colour", "red", ("colours:red",), span=(0, 3))
    kind = Aspect("kind", "mug", ("kinds:mug",), source="photo", certainty=0.87654)
    hits = [Hit(rank, 1.0 / rank, Product(id, id, b"x"), {}) for rank, id in enumerate("abc", start=1)]
    groups = (HitGroup(("colour", "kind"), (), (), 0), HitGroup(("kind",), ("colour",), (hits[0], hits[2], hits[1]), 9))
    parsed = ParsedQuery(
        "red mug blorple", corrections=(Correction("mgu", "mug", (4, 7)),), unknown=("blorple",), sort="price"
    )
    result = SearchResult(Query(text="red"), (hits[0],), 1, 4, {}, aspects=(colour, kind), groups=groups, parsed=parsed)
    found = json.loads(json.dumps(result.to_dict()))
    assert [(a["name"], a["text"], a["span"], a["source"], a["certainty"]) for a in found["aspects"]] == [
        ("colour", "red", [0, 3], "words", 1.0), ("kind", "mug", None, "photo", 0.8765),
    ]  # fmt: skip
    assert found["groups"] == [
        {"met": ["colour", "kind"], "missed": [], "total": 0, "ids": []},
        {"met": ["kind"], "missed": ["colour"], "total": 9, "ids": ["a", "c", "b"]},
    ]
    assert [hit["id"] for hit in found["further"]] == ["b", "c"], "what the hits have is not said twice"
    assert found["corrections"] == [{"typed": "mgu", "meant": "mug", "span": [4, 7]}]
    assert (found["unknown"], found["sort"]) == (["blorple"], "price")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": 5}, {"text": ["a"]}, {"text": b"x"}, {"exclude": 5}, {"exclude": [5]}, {"exclude": b"x"},
        {"filters": 5}, {"filters": "a"}, {"filters": [1]}, {"filters": {1: "x"}}, {"filters": {"colour": math.inf}},
        {"balance": "a"}, {"balance": None}, {"like": ["a"]}, {"region": 5}, {"region": "abcd"}, {"region": (0, 0, 1)},
        {"region": (None,) * 4}, {"region": (0, 0, math.nan, 1)},
    ],
)  # fmt: skip
def test_a_query_of_other_types_is_refused_with_a_code_of_its_own(wrong):
    with pytest.raises((QueryError, FilterError)) as caught:
        Query(**{"text": "x"} | wrong)
    assert caught.value.code in {"bad_text", "bad_filter", "bad_balance", "bad_region"}


def test_a_query_holds_plain_numbers_and_no_halves_of_characters():
    query = Query(text="red \ud800", exclude=(each for each in ["a", None, "a"]), balance=np.float32(0.5))
    assert (query.text, query.exclusions, type(query.balance)) == ("red \ufffd", ("a",), float)
    assert json.dumps(Query(text="x", filters={"price": (0, math.inf)}).to_dict()["filters"]) == '{"price": [0, null]}'


def test_exclusions_are_limited_in_number_and_in_all():
    assert len(Query(exclude=[f"w{n}" for n in range(MAX_EXCLUSIONS)]).exclusions) == MAX_EXCLUSIONS
    with pytest.raises(QueryError, match="51 phrases"):
        Query(exclude=[f"w{n}" for n in range(MAX_EXCLUSIONS + 1)])
    with pytest.raises(TextTooLongError, match="2,001 characters"):
        Query(exclude=["x" * 1_000, "y" * 1_001])


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 5}, {"title": 5}, {"title": math.nan}, {"price": "12"}, {"price": [1]}, {"price": 10**400},
        {"category": ["a"]}, {"brand": {"a": 1}}, {"tags": ([1],)}, {"attributes": {5: "x"}}, {"attributes": [1]},
    ],
)  # fmt: skip
def test_a_product_of_other_types_is_refused(wrong):
    with pytest.raises(InputError):
        Product(**{"id": "a", "title": "A", "image": "a.jpg"} | wrong)


def test_a_product_holds_numbers_as_text_and_no_halves_of_characters():
    product = Product(
        "a", "A\ud800", "a.jpg", category=5, colour=math.nan, material=2.0, price=3, tags=("x", 7, None),
        attributes={"k\udfff": "v\udfff", "n": 1},
    )  # fmt: skip
    assert (product.title, product.category, product.colour, product.material) == ("A\ufffd", "5", None, "2")
    assert (product.price, type(product.price), product.tags) == (3.0, float, ("x", "7"))
    assert product.attributes == {"k\ufffd": "v\ufffd", "n": 1}
    assert Product("a", "A", "a.jpg", tags="mug").tags == ("mug",)


def test_no_tags_and_no_further_pictures_may_be_said_as_none():
    product = Product("a", "A", "a.jpg", tags=None, more_images=None)
    assert (product.tags, product.more_images) == ((), ())
    for wrong in ({"tags": 3}, {"more_images": 3}, {"more_images": Image.new("RGB", (9, 9))}):
        with pytest.raises(InputError):
            Product("a", "A", "a.jpg", **wrong)


def test_a_region_of_any_numbers_is_one_of_plain_numbers():
    edges = np.array([0, 0.25, 0.5, 1], np.float32)
    for region in (edges, tuple(edges), [np.float32(0), 0.25, 0.5, 1]):
        assert json.dumps(Query(image="a.jpg", region=region).to_dict()["region"]) == "[0.0, 0.25, 0.5, 1.0]"


@pytest.mark.parametrize("price", ["12", {5, 10}])
def test_letters_and_sets_are_no_price_range(price):
    with pytest.raises(FilterError):
        price_range(price)
