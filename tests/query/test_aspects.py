"""What a text asks for by name, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Catalog, Product
from search.query.parse import parse
from search.query.vocabulary import Vocabulary
from tests.query.shop import products, vocabulary

SHOP = vocabulary()
#: typed -> the aspects in order, as "name: words" ("-" before the name of what is excluded).
ASPECTS = {
    "red mug": ["colour: red", "kind: mug"],
    "Black leather BOOTS for men": ["colour: Black", "material: leather", "kind: BOOTS", "audience: for men"],
    "sofa in navy": ["kind: sofa", "colour: navy"],
    "light blue shirt": ["colour: light blue", "kind: shirt"],
    "white sneakers women": ["colour: white", "kind: sneakers", "audience: women"],  # not one label "white sneakers"
    "wool sweater": ["material: wool", "kind: sweater"],
    "running shoes": ["kind: running shoes"],
    "summer dress": ["season: summer", "kind: dress"],
    "vase for the living room": ["kind: vase", "room: living room"],
    "something to sit on": ["kind: something to sit on"],
    # values that only the catalog knows
    "Kiln & Co": ["brand: Kiln & Co"],
    "kiln co mugs": ["brand: kiln co", "kind: mugs"],
    "nordvik sofas": ["brand: nordvik", "kind: sofas"],
    "green frobnicator": ["colour: green", "kind: frobnicator"],
    "glazed mug": ["finish: glazed", "kind: mug"],
    "boots size 42": ["kind: boots", "size: size 42"],
    "42码靴子": ["size: 42码", "kind: 靴子"],
    "XL shirt": ["size: XL", "kind: shirt"],
    # several of a kind
    "red and white mug": ["colour: red", "colour: white", "kind: mug"],
    "red or blue mug": ["colour: red / blue", "kind: mug"],
    "mugs and dresses": ["kind: mugs / dresses"],
    "red/blue mug": ["colour: red / blue", "kind: mug"],
    "red + blue mug": ["colour: red", "colour: blue", "kind: mug"],
    "mug/sofa": ["kind: mug / sofa"],
    # what else decides between meanings
    "orange": ["colour: orange"],  # a fruit, too, but this shop has sofas
    "orange dress": ["colour: orange", "kind: dress"],
    "handbag bag": ["kind: handbag bag"],
    "shoe rack": ["kind: shoe rack"],
    "sun glasses": ["kind: sun glasses"],
    "tshirt": ["kind: tshirt"],
    "ONLY dress": ["brand: ONLY", "kind: dress"],
    "only a dress": ["kind: dress"],
    # words that only the titles have
    "quiet hinges": ["words: quiet hinges"],
    "wobbly frobnicator": ["words: wobbly", "kind: frobnicator"],
    # what is not wanted
    "dress without flowers": ["kind: dress", "-pattern: flowers"],
    "boots, not leather": ["kind: boots", "-material: leather"],
    "mug without hinges": ["kind: mug", "-words: hinges"],
    "mug, not red mug": ["kind: mug", "-colour: red"],
    "mug without red or without blue": ["kind: mug", "-colour: red", "-colour: blue"],
    "mug not red or not blue": ["kind: mug", "-colour: red", "-colour: blue"],
    "mug without red/blue": ["kind: mug", "-colour: red", "-colour: blue"],
    "mug with or without stripes": ["kind: mug", "pattern: stripes"],
    "dress but not leather boots": ["kind: dress", "-kind: boots"],
    # Chinese
    "女士红色连衣裙": ["audience: 女士", "colour: 红色", "kind: 连衣裙"],
    "深蓝色的马克杯": ["colour: 深蓝色", "kind: 马克杯"],
    "运动鞋": ["kind: 运动鞋"],
    "我想买一双白色的靴子": ["colour: 白色", "kind: 靴子"],
    "红色或蓝色的杯子": ["colour: 红色/蓝色", "kind: 杯子"],
    "港湾沙发": ["words: 港湾", "kind: 沙发"],
    "男鞋": ["audience: 男", "kind: 鞋"],
    "女包": ["audience: 女", "kind: 包"],
    "童鞋": ["audience: 童", "kind: 鞋"],
    "红色男装": ["colour: 红色", "audience: 男", "kind: 装"],
    "女装连衣裙": ["audience: 女装", "kind: 连衣裙"],
    "女鞋 黑色 不要高跟鞋": ["audience: 女", "kind: 鞋", "colour: 黑色", "-kind: 高跟鞋"],
    "不要高跟 女鞋": ["-kind: 高跟", "audience: 女", "kind: 鞋"],
    "mug for her": ["kind: mug", "audience: for her"],
    "red shoes or blue shoes": ["colour: red / blue", "kind: shoes"],
    "红色或者蓝色的鞋": ["colour: 红色/蓝色", "kind: 鞋"],
    "shoes -leather": ["kind: shoes", "-material: leather"],
    "non-leather boots": ["-material: leather", "kind: boots"],
    "cotton-free dress": ["-material: cotton", "kind: dress"],
    "off-white t-shirt": ["colour: off-white", "kind: t-shirt"],
    "non-stick pan": ["kind: non-stick pan"],
    "wooden table not walnut": ["material: wooden", "kind: table", "-material: walnut"],
    "gift for her": ["audience: for her"],
    "something red to wear under a shirt": ["colour: red"],
    "连衣裙，不要碎花": ["kind: 连衣裙", "-pattern: 碎花"],
}


def said(text: str) -> list[str]:
    return [f"{'-' * a.excluded}{a.name}: {a.text}" for a in parse(text, SHOP).aspects]


@pytest.mark.parametrize("typed", ASPECTS)
def test_what_is_asked_for_is_named(typed):
    assert said(typed) == ASPECTS[typed]


def test_an_aspect_says_which_concepts_and_which_values_answer_it_and_where_it_stands():
    colour, kind = parse("a red mug", SHOP).aspects
    assert (colour.concepts, colour.values, colour.span) == (("colours:red",), ("red",), (2, 5))
    assert (kind.concepts, kind.values, kind.span) == (("kinds:mug",), ("mugs",), (6, 9))
    (unlisted,) = parse("frobnicators", SHOP).aspects
    assert (unlisted.name, unlisted.concepts, unlisted.values) == ("kind", (), ("frobnicators",))
    assert parse("杯子", SHOP).aspects[0].concepts == ("kinds:cup", "kinds:mug"), "every sense that the word has"


def test_colours_of_one_thing_are_asked_for_together_and_those_of_two_things_are_not():
    black, white = (aspect for aspect in parse("黑白靴子", SHOP).aspects if aspect.name == "colour")
    assert (black.beside, white.beside) == (("colours:white",), ("colours:black",))
    assert all(not aspect.beside for aspect in parse("black boots, white mug", SHOP).aspects)
    assert all(not aspect.beside for aspect in parse("black boots without white", SHOP).aspects)


@pytest.mark.parametrize("typed", ["toast rack", "🍌", "asdfgh", "纺锤", "qwx mug"])
def test_a_word_that_nothing_knows_is_said_to_be_unknown(typed):
    expected = {"toast rack": ("toast",), "qwx mug": ("qwx",)}.get(typed, (typed,))
    assert parse(typed, SHOP).unknown == expected


def test_what_joins_a_known_word_to_an_unknown_one_belongs_to_neither():
    parsed = parse("hinges of zorp", SHOP)
    assert ([aspect.text for aspect in parsed.aspects], parsed.unknown) == (["hinges"], ("zorp",))


@pytest.mark.parametrize(
    "typed", ["a nice mug please", "I am looking for a beautiful dress", "我想要一个好看的杯子", "mug!"]
)
def test_words_that_ask_for_nothing_are_not_unknown(typed):
    parsed = parse(typed, SHOP)
    assert (parsed.unknown, len(parsed.aspects)) == ((), 1)


@pytest.mark.parametrize("typed", ["mug-002", "MUG-002", "Navy mug", "海军蓝马克杯"])
def test_a_text_that_is_an_id_or_a_title_names_its_product(typed):
    parsed = parse(typed, SHOP)
    assert (parsed.products, parsed.unknown) == (("mug-002",), ())


def test_without_a_catalog_the_lexicon_is_known_and_nothing_is_unknown():
    parsed = parse("red frobnicator")
    assert ([aspect.name for aspect in parsed.aspects], parsed.unknown) == (["colour"], ())


@pytest.mark.parametrize(
    ("typed", "text", "sort"),
    [
        ("cheap shoes", "shoes", "price"),
        ("cheapest red mug", "red mug", "price"),
        ("budget-friendly sofa", "sofa", "price"),
        ("便宜的杯子", "杯子", "price"),
        ("不要太贵的杯子", "杯子", "price"),
        ("the most expensive watch", "watch", "-price"),
        ("最贵的手表", "手表", "-price"),
        ("not cheap mug", "not cheap mug", ""),
        ("cheaper than 30 mugs", "mugs", ""),
        ("luxury mug", "luxury mug", ""),
    ],
)
def test_cheap_things_are_an_order_by_price(typed, text, sort):
    parsed = parse(typed, SHOP)
    assert (parsed.text, parsed.sort) == (text, sort)


def test_a_name_that_only_titles_have_is_not_taken_apart():
    maker = [
        Product(f"t{n}", f"Red Tape {what}", products()[0].image) for n, what in enumerate(("shoes", "boots", "belt"))
    ]
    shop = Vocabulary.of(Catalog([*products(), *maker]))
    assert [(a.name, a.values) for a in parse("red tape shoes", shop).aspects] == [
        ("words", ("red", "tape")),
        ("kind", ()),
    ]
    assert [a.name for a in parse("red shoes", shop).aspects] == ["colour", "kind"]
    assert [a.name for a in parse("red hinges", shop).aspects] == ["colour", "words"], "hinges are not always red"


def test_a_brand_is_known_with_all_its_signs_and_no_longer_than_a_product_has_it():
    picture = products()[0].image
    knits, fruit = (
        Product("k1", "Cardigan", picture, brand="St. John's Knits Co."),
        Product("f1", "Banana 🍌", picture),
    )
    catalog = Catalog([*products(), knits, fruit])
    assert [(a.name, a.values) for a in parse("st. john's knits co. dress", Vocabulary.of(catalog)).aspects] == [
        ("brand", ("st. john's knits co.",)), ("kind", ("dresses",)),
    ]  # fmt: skip
    assert parse("Banana 🍌", Vocabulary.of(catalog)).unknown == (), "all of it is a title"
    catalog.remove(["k1"])
    assert "brand" not in [aspect.name for aspect in parse("st. john's knits", Vocabulary.of(catalog)).aspects]


PIECES = st.sampled_from(
    [*ASPECTS, *(word for typed in ASPECTS for word in typed.split()), "cheap", "便宜", "under 60", "100元以下", "🍌", "纺锤",
     "or", "and", "without", "不要", "的", "和", '"', "“", "”", "「", "」", "haedphones", "mug-001"]
)  # fmt: skip


@given(text=st.one_of(st.text(max_size=60), *(st.lists(PIECES, max_size=12).map(join.join) for join in ("", " "))))
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_aspects_of_any_text_stand_inside_it_and_do_not_overlap(text):
    parsed = parse(text, SHOP)
    at = 0
    for aspect in parsed.aspects:
        assert aspect.span is not None
        assert at <= aspect.span[0] < aspect.span[1] <= len(text)
        assert aspect.concepts or aspect.values
        at = aspect.span[1]
    assert "".join(text[part.start : part.end] for part in parsed.segments) == text


def test_a_kind_that_the_shop_does_not_have_at_all_is_a_name_where_several_titles_have_the_word():
    titles = [f"Locomotive {what} shirt" for what in ("blue", "checked", "long")]
    picture = products()[0].image
    few, many = (
        Vocabulary.of(Catalog([*products(), *(Product(t, t, picture, "Shirts") for t in titles[:count])]))
        for count in (2, 3)
    )
    assert [(a.name, a.values) for a in parse("locomotive", many).aspects] == [("words", ("locomotive",))]
    assert [a.name for a in parse("locomotive", few).aspects] == ["kind"], "two may be toys"
    safe = [Product(t, f"{t} plate", picture, "Plates", description="Dishwasher safe.") for t in ("Red", "Big", "Old")]
    assert [a.name for a in parse("dishwasher", Vocabulary.of(Catalog(safe))).aspects] == ["kind"], (
        "no title opens with it"
    )
    shoes = Vocabulary.of(Catalog([Product(n, f"Loafers {n}", picture, "Shoes") for n in ("one", "two", "three")]))
    assert [a.name for a in parse("loafers", shoes).aspects] == ["kind"], "the shop has the broader kind"


def asked(text: str, *titles: str, **columns: str) -> list[str]:
    """What a text asks for in a shop of products with these titles."""
    shop = Catalog(Product(str(at), title, b"", **columns) for at, title in enumerate(titles))
    return [f"{each.name}: {each.text}" for each in parse(text, Vocabulary.of(shop)).aspects]


POLO = ("Classic Polo Men Grey T-shirt", "Classic Polo Men Blue T-shirt", "Classic Polo Women Dress")


def test_what_titles_begin_with_is_a_brand_though_a_word_of_it_names_a_kind():
    assert asked("classic polo", *POLO) == ["brand: classic polo"]
    assert asked("grey t-shirt by classic polo", *POLO) == ["colour: grey", "kind: t-shirt", "brand: classic polo"]
    assert asked("polo", *POLO) == ["kind: polo"]
    assert asked("classic polo", *POLO[:2]) == ["kind: polo"], "two titles are no custom"
    assert asked("classic polo", "Classic polo in grey", "Classic polo in red", "Classic polo") == ["kind: polo"]
    assert asked("classic polo", *POLO, *["Wide Classic Polo"] * 2) == ["kind: polo"], "it stands elsewhere, too"
    assert "brand: classic polo" not in asked("classic polo", *POLO, brand="Nordvik"), "where brands are said"


def test_a_kind_that_the_shop_has_not_is_a_word_where_products_have_all_the_words():
    shop = ("Women Deccan Chargers blue shirt", "Phone case")
    assert "words: chargers" in asked("women chargers blue", *shop)
    assert "kind: chargers" in asked("chargers", *shop), "alone it is the thing"
    assert "kind: chargers" in asked("women chargers red", *shop)
    plate = {"description": "White porcelain. 可放入洗碗机。Dishwasher safe."}
    assert asked("洗碗机", "Plate", **plate) == ["kind: 洗碗机"], "a description says what a thing goes with"
    assert "kind: dishwasher" in asked("white porcelain dishwasher", "Plate", **plate)


def test_of_two_kinds_beside_each_other_that_one_is_meant_that_products_are():
    assert asked("speaker bookshelf", "Bookshelf speaker", "Oak shelf") == ["kind: speaker", "words: bookshelf"]
    assert "kind: bookshelf" in asked("speaker bookshelf", "Speaker", "Bookshelf for a speaker")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a tie to go with a blue shirt", ["kind: tie"]),
        ("black belt to wear with grey trousers", ["colour: black", "kind: belt"]),
        ("搭配蓝色衬衫的领带", ["kind: 领带"]),
        ("blue shirt with pockets", ["colour: blue", "kind: shirt"]),
    ],
)
def test_what_the_thing_goes_with_is_not_asked_for(text, wanted):
    found = [f"{each.name}: {each.text}" for each in parse(text, SHOP).aspects]
    assert [each for each in found if not each.startswith("words")] == wanted


def test_womens_shirts_are_blouses_where_there_are_any_and_else_shirts_for_women():
    assert asked("women's shirts", "White shirt") == ["audience: women's", "kind: shirts"]
    assert asked("women's shirts", "White shirt", "White blouse") == ["kind: women's shirts"]


def test_chinese_words_are_not_read_across_a_space_and_not_without_their_small_characters():
    assert asked("手提包 小号", "小号手提包", category="Handbags") == ["kind: 手提包"], "not 手提包小, a top-handle bag"
    assert asked("超薄 手表", "超薄手表") == ["words: 超薄", "kind: 手表"]
    assert asked("薄 手表", "超薄手表") == ["kind: 手表"]


def test_a_quality_that_is_silent_alone_is_asked_for_with_its_word_where_the_texts_have_both():
    shop = ("Linen dress with long sleeves", "Sleeveless dress")
    assert asked("long sleeve dress", *shop) == ["words: long sleeve", "kind: dress"]
    assert asked("dress with long sleeves", *shop) == ["kind: dress", "words: long sleeves"], "and no long-sleeve top"
    assert asked("long sleeve dress", "Dress with wide sleeves") == ["words: sleeve", "kind: dress"]


def test_a_word_with_a_hyphen_is_a_name_only_where_the_texts_have_all_of_it():
    parts = ("Backpack to carry on the back",)
    assert asked("carry-on", *parts) == ["kind: carry-on"]
    assert asked("carry-all", "Carry-all the bear") == ["words: carry-all"]


def test_a_toy_is_any_kind_of_toy():
    (toy,) = parse("toy", SHOP).aspects
    assert "kinds:toys" in toy.concepts, "building blocks and soft toys are toys"


@pytest.mark.parametrize("text", ["t-shirt without a pattern", "t-shirt, no pattern", "没有图案的T恤", "不要图案的T恤"])
def test_what_has_no_pattern_is_plain(text):
    patterns = [each for each in parse(text, SHOP).aspects if each.name == "pattern"]
    assert [("patterns:solid" in each.concepts, each.excluded) for each in patterns] == [(True, False)]


def test_no_pattern_or_another_thing_leaves_out_both():
    found = parse("t-shirt without pattern or logo", SHOP).aspects
    assert [each.text for each in found if each.name == "pattern" and not each.excluded] == []
