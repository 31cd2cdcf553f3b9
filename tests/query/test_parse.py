"""What people type, and what is read in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query import parse as parsing
from search.query.parse import ParsedQuery, Span, parse
from search.query.vocabulary import Value, Vocabulary
from search.schema import MAX_TEXT
from tests.query.shop import vocabulary

#: typed -> what is left for the model, what is excluded, the price range.
PHRASES = {
    # exclusions, English
    "dress without stripes": ("dress", ("stripes",), None),
    "without any stripes": ("", ("stripes",), None),
    "shoes, not leather": ("shoes", ("leather",), None),
    "red bag but not leather and not black": ("red bag", ("leather", "black"), None),
    "sneakers not in white for men": ("sneakers for men", ("white",), None),
    "no logo t-shirt": ("t-shirt", ("logo",), None),
    "no logo t-shirt for men": ("t-shirt for men", ("logo",), None),
    "not striped shirt": ("shirt", ("striped",), None),
    "no logo or hood sweatshirt": ("sweatshirt", ("logo", "hood"), None),
    "skirt, not striped shirt": ("skirt", ("striped shirt",), None),
    "no running shoes": ("", ("running shoes",), None),
    "not dark orange": ("", ("dark orange",), None),
    "no dark blue": ("", ("dark blue",), None),
    "no bloopers": ("", ("bloopers",), None),
    "no thin whatsits": ("whatsits", ("thin",), None),
    "not thin whatsits": ("", ("thin whatsits",), None),
    "without striped shirt": ("", ("striped shirt",), None),
    "dress with no floral": ("dress", ("floral",), None),
    "mug with no handle and blue": ("mug blue", ("handle",), None),
    "dress that has no sleeves and is blue": ("dress is blue", ("sleeves",), None),
    "not red or blue dress": ("dress", ("red", "blue"), None),
    "no stripes or dots": ("", ("stripes", "dots"), None),
    "shirt, no pockets, no logo": ("shirt", ("pockets", "logo"), None),
    "shirt no pockets no logo": ("shirt", ("pockets", "logo"), None),
    "nothing in leather": ("", ("leather",), None),
    "nothing made of wool": ("", ("wool",), None),
    "anything but red": ("", ("red",), None),
    "chairs except for the black ones": ("chairs", ("black ones",), None),
    "everything excluding shoes": ("everything", ("shoes",), None),
    "I don't want stripes": ("", ("stripes",), None),
    "a shirt that isn't red": ("a shirt", ("red",), None),
    "I don’t want dots": ("", ("dots",), None),
    "a bag which does not have a zip": ("a bag", ("zip",), None),
    "bag w/o logo": ("bag", ("logo",), None),
    "Shoes NOT Leather": ("Shoes", ("Leather",), None),
    "not striped, not striped": ("", ("striped",), None),
    # ... and what only looks like one
    "not bad jeans": ("not bad jeans", (), None),
    "dress without a doubt elegant": ("dress without a doubt elegant", (), None),
    "not only red dresses": ("not only red dresses", (), None),
    "not too long skirt": ("not too long skirt", (), None),
    "no iron shirt": ("no iron shirt", (), None),
    "no-show socks": ("no-show socks", (), None),
    "why not a hat": ("why not a hat", (), None),
    "red or not": ("red or not", (), None),
    "a coat without": ("a coat without", (), None),
    "not without pockets": ("not without pockets", (), None),
    "nothing but jeans": ("nothing but jeans", (), None),
    "shoes that do not hurt": ("shoes that do not hurt", (), None),
    "chanel no 5": ("chanel no 5", (), None),
    "notebook": ("notebook", (), None),
    "knot bag": ("knot bag", (), None),
    "nordic lamp": ("nordic lamp", (), None),
    "sleeveless dress": ("sleeveless dress", (), None),
    # exclusions, Chinese
    "不要条纹": ("", ("条纹",), None),
    "不要条纹 夏天的": ("夏天的", ("条纹",), None),
    "不要 条纹": ("", ("条纹",), None),
    "不要条纹的连衣裙": ("连衣裙", ("条纹",), None),
    "手提包，不要皮革": ("手提包", ("皮革",), None),
    "没有logo的T恤": ("T恤", ("logo",), None),
    "不要条纹连衣裙": ("连衣裙", ("条纹",), None),
    "裙子 不要条纹衬衫": ("裙子", ("条纹衬衫",), None),
    "非皮革手提包": ("手提包", ("皮革",), None),
    "不要运动鞋": ("", ("运动鞋",), None),
    "非皮革": ("", ("皮革",), None),
    "非皮革的鞋": ("鞋", ("皮革",), None),
    "不带帽子": ("", ("帽子",), None),
    "不是黑色的包": ("包", ("黑色",), None),
    "除了红色以外的包": ("包", ("红色",), None),
    "不要条纹和波点的裙子": ("裙子", ("条纹", "波点"), None),
    "不要条纹、波点": ("", ("条纹", "波点"), None),
    "裙子 不要条纹 要纯色": ("裙子 要纯色", ("条纹",), None),
    "不要紧身裤": ("", ("紧身裤",), None),
    "非常好看的裙子": ("非常好看的裙子", (), None),
    "没有问题的鞋": ("没有问题的鞋", (), None),
    "不要和服": ("", ("和服",), None),
    "非洲 裙子": ("非洲 裙子", (), None),
    "不要太长的裙子": ("不要太长的裙子", (), None),
    "没有不带口袋的": ("没有不带口袋的", (), None),
    "除非": ("除非", (), None),
    # prices, English
    "red dress under 60": ("red dress", (), (None, 60)),
    "under 60 red dress": ("red dress", (), (None, 60)),
    "mug under €20": ("mug", (), (None, 20)),
    "under 50€": ("", (), (None, 50)),
    "sofa under 1,299": ("sofa", (), (None, 1299)),
    "sofa under €1.299,50": ("sofa", (), (None, 1299.5)),
    "sofa under 2000": ("sofa", (), (None, 2000)),
    "bag for under 60": ("bag", (), (None, 60)),
    "bag more than 20 euros": ("bag", (), (20, None)),
    "bag more than 20": ("bag", (), (20, None)),
    "jackets over 40 for men": ("jackets for men", (), (40, None)),
    "bag over 20 under 40.50": ("bag", (), (20, 40.5)),
    "dress for women under 60": ("dress for women", (), (None, 60)),
    "women over 150": ("women", (), (150, None)),
    "gifts for kids under 50": ("gifts for kids", (), (None, 50)),
    "bags up to 60": ("bags", (), (None, 60)),
    "cheaper than 30 mugs": ("mugs", (), (None, 30)),
    "mugs less than 30 dollars": ("mugs", (), (None, 30)),
    "no more than 40": ("", (), (None, 40)),
    "between 20 and 60": ("", (), (20, 60)),
    "between 60 and 20": ("", (), (20, 60)),
    "mugs between 15 and 20 in blue": ("mugs in blue", (), (15, 20)),
    "bags from 20 to 60": ("bags", (), (20, 60)),
    "bags from 20": ("bags", (), (20, None)),
    "bags 20-40 euros": ("bags", (), (20, 40)),
    "bags $20 to $40": ("bags", (), (20, 40)),
    "bags 20€ – 40€": ("bags", (), (20, 40)),
    "price 20-40": ("", (), (20, 40)),
    "price: under 40 lamps": ("lamps", (), (None, 40)),
    "sofa, budget 900": ("sofa", (), (None, 900)),
    "cups 20 dollars or less": ("cups", (), (None, 20)),
    "max 60": ("", (), (None, 60)),
    "boots over 3 cm heel under 100": ("boots over 3 cm heel", (), (None, 100)),
    "under 40, under 60": ("under 60", (), (None, 40)),
    "in red, not striped, under 60": ("in red", ("striped",), (None, 60)),
    # ... and what only looks like one
    "boots over 3 cm heel": ("boots over 3 cm heel", (), None),
    "over 3-inch heels": ("over 3-inch heels", (), None),
    "shoes from 2020": ("shoes from 2020", (), None),
    "lamps from 1950 to 1970": ("lamps from 1950 to 1970", (), None),
    "lamps between 1950 and 1970": ("lamps between 1950 and 1970", (), None),
    "over 40 jackets": ("over 40 jackets", (), None),
    "at least 3 pockets": ("at least 3 pockets", (), None),
    "desk with at least 3": ("desk with at least 3", (), None),
    "between 2 and 4 seats": ("between 2 and 4 seats", (), None),
    "up to 15 inch laptop sleeve": ("up to 15 inch laptop sleeve", (), None),
    "table for up to 4 people": ("table for up to 4 people", (), None),
    "size 36-40": ("size 36-40", (), None),
    "shoes size under 40": ("shoes size under 40", (), None),
    "36-40": ("36-40", (), None),
    "nike air max 90": ("nike air max 90", (), None),
    "iphone 12 max": ("iphone 12 max", (), None),
    "under 1234567890123": ("under 1234567890123", (), None),
    "women over 50": ("women over 50", (), None),
    "kids under 5": ("kids under 5", (), None),
    "mp3 player under 3h": ("mp3 player under 3h", (), None),
    "rug 40 x 60": ("rug 40 x 60", (), None),
    "below -5 degrees": ("below -5 degrees", (), None),
    "under 0": ("under 0", (), None),
    "$20 mugs": ("mugs", (), (None, 20)),
    "100元的包": ("包", (), (None, 100)),
    "lamp around 100": ("lamp", (), (80, 120)),
    "about £50 lamp": ("lamp", (), (40, 60)),
    "两百左右的包": ("包", (), (160, 240)),
    "sofa for 1000": ("sofa", (), (None, 1000)),
    "table for 6": ("table for 6", (), None),
    "less than 1k sofa": ("sofa", (), (None, 1000)),
    "sofa 2k": ("sofa", (), (None, 2000)),
    "monitor 4k": ("monitor 4k", (), None),
    "沙发预算一千以内": ("沙发", (), (None, 1000)),
    "百搭的鞋": ("百搭的鞋", (), None),
    "20 pound dumbbells": ("20 pound dumbbells", (), None),
    "over 60 under 20": ("over 60 under 20", (), None),
    "over the knee boots": ("over the knee boots", (), None),
    # prices, Chinese
    "红色手提包 100元以下": ("红色手提包", (), (None, 100)),
    "100元以下的包": ("包", (), (None, 100)),
    "100以下的包": ("包", (), (None, 100)),
    "价格 不超过50 的 杯子": ("杯子", (), (None, 50)),
    "低于60": ("", (), (None, 60)),
    "低于60 包": ("包", (), (None, 60)),
    "低于50元以下的碗": ("碗", (), (None, 50)),
    "60以上": ("", (), (60, None)),
    "20到40元": ("", (), (20, 40)),
    "20-40元之间的杯子": ("杯子", (), (20, 40)),
    "介于20和40之间": ("", (), (20, 40)),
    "一百五十元以下的包": ("包", (), (None, 150)),
    "两千块以内的沙发": ("沙发", (), (None, 2000)),
    "十元以下": ("", (), (None, 10)),
    "一起穿的裙子": ("一起穿的裙子", (), None),
    "超过一半是羊毛": ("超过一半是羊毛", (), None),
    "预算300 沙发": ("沙发", (), (None, 300)),
    "６０元以下": ("", (), (None, 60)),
    "超过40岁": ("超过40岁", (), None),
    "3岁以下的玩具": ("3岁以下的玩具", (), None),
    "高于3厘米的鞋跟": ("高于3厘米的鞋跟", (), None),
    "低于60件": ("低于60件", (), None),
    "2020年以后的鞋": ("2020年以后的鞋", (), None),
    "一百个": ("一百个", (), None),
    "50到100的包": ("包", (), (50, 100)),
    "36到40的鞋": ("36到40的鞋", (), None),
    "": ("", (), None),
    "   ": ("", (), None),
}


SHOP = vocabulary()


def test_phrases_are_read_as_people_mean_them():
    wrong = {}
    for typed, expected in PHRASES.items():
        parsed = parse(typed)
        if (parsed.text, parsed.exclusions, parsed.price) != expected:
            wrong[typed] = (parsed.text, parsed.exclusions, parsed.price)
    assert not wrong
    assert len(PHRASES) >= 80


CURRENCIES = {
    "under 60": None,
    "under $60": "USD",
    "under US$60": "USD",
    "under 60 euros": "EUR",
    "20-40 pounds": "GBP",
    "£20 to £40": "GBP",
    "100元以下": "CNY",
    "¥100以下": "CNY",
    "under 900 rupees": "INR",
    "over 20 under 40 dollars": "USD",
    "不超过50欧元": "EUR",
    "低于3000日元": "JPY",
}


def test_a_currency_that_is_named_is_noted():
    assert {typed: parse(typed).currency for typed in CURRENCIES} == CURRENCIES


def test_where_there_are_no_prices_a_limit_stays_with_the_words():
    parsed = parse("dress under 60 not red", prices=False)
    assert (parsed.text, parsed.exclusions, parsed.price) == ("dress under 60", ("red",), None)


def test_a_lowest_price_above_the_highest_is_no_limit_and_an_equal_one_is():
    parsed = parse("bag over 60 under 20")
    assert (parsed.text, parsed.price, parsed.spans) == ("bag over 60 under 20", None, ())
    assert parse("bag over 60 under 60").price == (60, 60)


def test_each_part_says_where_it_stood_and_what_it_became():
    typed = "red dress without stripes, under 60"
    assert parse(typed).spans == (
        Span(typed.index("without"), typed.index(","), "exclusion", "stripes"),
        Span(typed.index("under"), len(typed), "price", (None, 60)),
    )


def test_the_words_that_join_a_part_go_with_it():
    said = [typed[span.start : span.end] for typed in ("mug with no handle and blue",) for span in parse(typed).spans]
    assert said == ["with no handle and"]
    assert [span.start for span in parse("bag for under 60").spans] == [len("bag ")]
    assert [span.end for span in parse("100元以下的包").spans] == [len("100元以下的")]


def test_segments_put_the_text_together_again():
    typed = " in red, not striped, under 60 "
    segments = parse(typed).segments
    assert "".join(typed[part.start : part.end] for part in segments) == typed
    assert [part.kind for part in segments] == ["words", "exclusion", "words", "price", "words"]


WORDS = st.sampled_from(
    [
        *"的和或、，,.-€$¥ \n",
        *(word for phrase in PHRASES for word in phrase.split()),
        "20",
        "60",
        "not",
        "under",
        "不要",
        "元",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join)
)


@given(text=TEXTS, prices=st.booleans())
@settings(max_examples=600, deadline=None, derandomize=True, database=None)
def test_any_text_is_parsed_into_spans_and_words_that_cover_it(text, prices):
    parsed = parse(text, prices=prices)
    assert parsed.original == text
    at = 0
    for span in parsed.spans:
        assert at <= span.start < span.end <= len(text)
        assert span.kind in ("exclusion", "price", "sort")
        at = span.end
    assert "".join(text[part.start : part.end] for part in parsed.segments) == text
    # Nothing that means something is lost: letters and digits are in the words or in a span.
    kept = "".join(text[part.start : part.end] for part in parsed.segments if part.kind == "words")
    assert [c for c in parsed.text if c.isalnum()] == [c for c in kept if c.isalnum()]
    assert set(parsed.exclusions) == {span.value for span in parsed.spans if span.kind == "exclusion"}
    assert all(phrase.strip() == phrase != "" for phrase in parsed.exclusions)
    assert (parsed.price is None) == (not any(span.kind == "price" for span in parsed.spans))
    if parsed.price:
        low, high = parsed.price
        assert prices
        assert low is None or high is None or low <= high


LONG = ["1", " ", "(", ",", "not ", "no 1 ", "没有", "不要和", "under ", "under 1 ", "1-", "1,", "over 2 under 1 ", "from 1 to ",
        "a", "a'", "一", "百元", "$", "price ", "or ", "not a or ", "的", "without stripes ", '"', '"a" ', "“", "red ", "红", "木马",
        "mug ", "mug or ", "haedphones ", "redmug", "🍌", "red hinges ", "size 4 "]  # fmt: skip


@pytest.mark.parametrize("piece", LONG)
def test_ten_times_the_text_takes_about_ten_times_as_long(piece, monkeypatch):
    monkeypatch.setattr(parsing, "MAX_TEXT", 10**9)

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        return min(timed(text) for _ in range(2))

    def timed(text: str) -> float:
        start = time.process_time()
        parse(text, SHOP)
        return time.process_time() - start

    # Quadratic growth would be a hundredfold; the floor keeps the clock's grain out of the ratio.
    assert seconds(20_000) < 35 * max(seconds(2_000), 0.002)


@pytest.mark.parametrize("piece", ["1", " "])
def test_a_text_that_is_too_long_is_left_as_it_is(piece):
    text = piece * (MAX_TEXT + 1)
    assert parse(text) == ParsedQuery(text, original=text)
    assert parse("mug not red".ljust(MAX_TEXT)).exclusions == ("red",)


def test_a_range_that_ends_the_query_is_a_price_where_it_is_no_size():
    assert parse("mugs 19-25", SHOP).price == (19, 25)
    assert parse("mugs 19-25", SHOP).text == "mugs"
    assert parse("mugs 19-25 cm", SHOP).price is None
    assert parse("19-25 mugs", SHOP).price is None
    assert parse("mugs 2019-2020", SHOP).price is None  # years
    sized = Vocabulary(values=SHOP.values | {"42": (Value("size", "42", "42"),)}, words=SHOP.words, texts=SHOP.texts)
    assert parse("boots 36-40", sized).price is None
