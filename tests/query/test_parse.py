import pytest

from search.query.parse import Wording, understand


@pytest.mark.parametrize(
    ("typed", "text", "exclusions"),
    [
        ("dress without stripes", "dress", ("stripes",)),
        ("shoes, not leather", "shoes", ("leather",)),
        ("red bag but not leather and not black", "red bag", ("leather", "black")),
        ("sneakers not in white for men", "sneakers for men", ("white",)),
        ("no logo t-shirt", "t-shirt", ("logo",)),
        ("without any stripes", "", ("stripes",)),
        ("dress with no floral", "dress", ("floral",)),
        ("不要条纹", "", ("条纹",)),
        ("不要条纹的连衣裙", "连衣裙", ("条纹",)),
        ("手提包，不要皮革", "手提包", ("皮革",)),
        ("没有logo的T恤", "T恤", ("logo",)),
    ],
)
def test_negations_become_exclusions(typed, text, exclusions):
    assert understand(typed) == Wording(text, exclusions)


@pytest.mark.parametrize(
    ("typed", "text", "price"),
    [
        ("red dress under 60", "red dress", (None, 60)),
        ("mug under €20", "mug", (None, 20)),
        ("bag more than 20 euros", "bag", (20, None)),
        ("bag over 20 under 40.50", "bag", (20, 40.5)),
        ("红色手提包 100元以下", "红色手提包", (None, 100)),
        ("价格 不超过50 的 杯子", "价格 的 杯子", (None, 50)),
    ],
)
def test_price_limits_become_a_range(typed, text, price):
    assert understand(typed) == Wording(text, (), price)


@pytest.mark.parametrize(
    "typed",
    ["notebook", "knot bag", "over the knee boots", "off shoulder top", "sleeveless dress", "not too long skirt",
     "a watch over ear headphones", "非洲 裙子", "nordic lamp", "", "   "],
)  # fmt: skip
def test_what_only_looks_like_one_stays_with_the_words(typed):
    assert understand(typed) == Wording(typed.strip())


def test_everything_at_once():
    assert understand("in red, not striped, under 60") == Wording("in red", ("striped",), (None, 60))


@pytest.mark.parametrize("typed", ["not " * 400, "没有" * 500, "(" * 500, "under 1" + "0" * 400])
def test_nonsense_is_read_quickly_and_without_an_error(typed):
    understand(typed)


def test_where_there_are_no_prices_a_limit_stays_with_the_words():
    assert understand("dress under 60 not red", prices=False) == Wording("dress under 60", ("red",))
