"""What was understood of a query is said in words: chips, verdicts on cards, headings, notices."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from search.query.parse import Correction, ParsedQuery, Span
from search.ranking.verdicts import numbered
from search.schema import Aspect, Hit, HitGroup, Product, Query, SearchResult, Verdict
from search.ui import render
from search.ui.locale import Words
from search.ui.render.aspects import AspectWords
from search.ui.render.groups import heading, nothing_of
from search.ui.render.results import View
from search.ui.render.sentence import without
from search.ui.state import State

VALUES = {"category": ["Mugs", "Armchairs"], "colour": ["red", "navy blue"], "brand": ["Puma"], "gender": ["men"]}
EN, ZH = AspectWords(Words("en"), VALUES), AspectWords(Words("zh"), VALUES)

KIND = Aspect("kind", "mug", ("kinds:mug",), span=(4, 7))
RED = Aspect("colour", "red", ("colours:red",), span=(0, 3))
LEATHER = Aspect("material", "leather", ("materials:leather",))
PUMA = Aspect("brand", "puma", values=("puma",))
MEN = Aspect("audience", "for men", ("audiences:men",))
NO_STRIPES = Aspect("pattern", "stripes", ("patterns:striped",), excluded=True)
WORDS = Aspect("words", "nordvik", values=("nordvik",))


def hit(rank: int = 1, band: str = "weak", **verdicts: Verdict) -> Hit:
    return Hit(rank, 0.5, Product(f"p{rank}", "Mug", "p.jpg", price=9.5), {"text": 0.5}, band, 0.83, verdicts)


def result(text: str, *hits: Hit, aspects=(), groups=(), **parsed) -> SearchResult:
    words = ParsedQuery(text, original=text, aspects=tuple(aspects), **parsed)
    return SearchResult(
        Query(text=text), hits, 720, 1000, {"search": 1.0}, parsed=words, aspects=tuple(aspects), groups=tuple(groups)
    )


def page_of(found: SearchResult, lang: str = "en", **state) -> str:
    view = View(Words(lang), State(text=found.parsed.original, lang=lang, **state), currency="EUR", values=VALUES)
    return render.ranked(view, found, {})


def headings(page: str) -> list[str]:
    return re.findall(r"<h2>([^<]*)<", page)


RED_MUG = hit(kind=Verdict(KIND, "met", "mugs", "catalog"), colour=Verdict(RED, "not met", "navy blue", "catalog"))


@pytest.mark.parametrize(
    ("lang", "spoken"), [("en", ["mug: yes", "red: no, navy blue"]), ("zh", ["马克杯：是", "红色：否，藏青色"])]
)
def test_a_card_says_what_the_product_answers_to_each_thing_asked(lang, spoken):
    page = page_of(result("red mug", RED_MUG), lang)
    assert re.findall(r'visually-hidden">([^<]*)</span><span aria-hidden="true">', page) == spoken
    assert re.findall(r'verdict verdict--[\w-]+"[^>]*>.*?#icon-(\w+)', page) == ["check", "cross"]


def test_the_name_of_a_cards_button_says_rank_band_verdict_and_price():
    page = page_of(result("red mug", RED_MUG))
    name = unescape(re.search(r'data-open="p1" aria-label="([^"]*)"', page)[1])
    assert name == "Details of Mug: rank 1, Weak, 83\u2009%; mug: yes; red: no, navy blue; 9.50"


def test_what_only_the_picture_says_is_marked_and_an_exclusion_says_what_is_there():
    seen = hit(
        material=Verdict(LEATHER, "unknown"),
        colour=Verdict(RED, "met", "red", "model", 0.7),
        pattern=Verdict(NO_STRIPES, "not met", "striped", "catalog"),
    )
    page = page_of(result("red", seen))
    assert re.findall(r'visually-hidden">([^<]*)</span><span aria-hidden', page) == [
        "leather: not known", "red: yes", "no stripes: no, striped",
    ]  # fmt: skip
    assert page.count("as the picture looks") == 1
    assert "as the picture looks" not in page_of(result("red mug", RED_MUG))


@pytest.mark.parametrize(
    ("met", "missed", "english", "chinese"),
    [
        ([RED, KIND], [], "Red mugs", "红色马克杯"),
        ([KIND], [RED], "Mugs in other colours", "其他颜色的马克杯"),
        ([RED], [KIND], "Red, but not mugs", "红色，但不是马克杯"),
        ([RED, LEATHER], [KIND, MEN], "Red leather, but not mugs, for others", "其他人群的红色皮革，但不是马克杯"),
        ([KIND, PUMA, MEN], [], "Mugs by Puma for men", "Puma、男士的马克杯"),
        ([KIND], [RED, PUMA], "Mugs in other colours, by other brands", "其他颜色、其他品牌的马克杯"),
        ([PUMA], [KIND], "By Puma, but not mugs", "Puma，但不是马克杯"),
        ([RED], [], "Red products", "红色商品"),
        ([KIND, NO_STRIPES], [], "Mugs without stripes", "不带条纹的马克杯"),
        ([KIND], [NO_STRIPES], "Mugs with stripes", "带条纹的马克杯"),
        ([KIND, WORDS], [], "Mugs with “nordvik”", "含“nordvik”的马克杯"),
        ([KIND], [WORDS], "Mugs without “nordvik”", "不含“nordvik”的马克杯"),
        ([], [KIND], "Other products", "其他商品"),
    ],
)
def test_a_heading_says_what_its_products_are(met, missed, english, chinese):
    names = numbered([*met, *missed])
    group = HitGroup(tuple(names)[: len(met)], tuple(names)[len(met) :], (), 0)
    assert heading(EN, group, names) == english
    assert heading(ZH, group, names) == chinese


def test_a_second_aspect_of_a_name_has_a_name_of_its_own():
    blue = replace(RED, text="blue", concepts=("colours:blue",))
    names = numbered([RED, KIND, blue])
    assert list(names) == ["colour", "kind", "colour 2"]
    group = HitGroup(("colour", "colour 2", "kind"), (), (), 0)
    assert heading(EN, group, names) == "Red and blue mugs"


@pytest.mark.parametrize(
    ("speech", "said"), [(EN, "No red mugs here. The nearest:"), (ZH, "这里没有红色马克杯。最接近的有：")]
)
def test_what_the_catalog_does_not_have_is_said_before_the_nearest(speech, said):
    assert nothing_of(speech, HitGroup(("colour", "kind"), (), (), 0), numbered([RED, KIND])) == said


def test_groups_stand_under_their_headings_with_what_there_is_and_weak_hits_are_folded():
    mugs, red, rest = hit(1), hit(2), hit(3)
    groups = [
        HitGroup(("colour", "kind"), (), (), 0),
        HitGroup(("kind",), ("colour",), (mugs,), 9),
        HitGroup(("colour",), ("kind",), (red,), 31),
        HitGroup((), ("colour", "kind"), (rest,), 680),
    ]
    page = page_of(result("red mug", mugs, red, rest, aspects=[RED, KIND], groups=groups))
    assert headings(page) == ["No red mugs here. The nearest:", "Mugs in other colours", "Red, but not mugs"]
    assert re.findall(r'class="tally"[^>]*><span aria-hidden="true">(\d+)<', page) == ["9", "31"]
    fold = page.index('<details class="section fold"')
    assert page.index('data-card="p2"') < fold < page.index('data-card="p3"')
    assert "1 weaker match" in page[fold:]
    assert "No close match" not in page


def test_a_group_offers_all_of_it_by_its_words_without_what_it_misses():
    groups = [HitGroup(("colour",), ("kind",), (hit(1),), 56), HitGroup(("kind",), ("colour",), (hit(2),), 1)]
    page = page_of(result("red mug", hit(1), hit(2), aspects=[RED, KIND], groups=groups))
    offered = re.findall(r'data-narrow="([^"]*)">See all (\d+)', page)
    assert [(json.loads(unescape(change)), count) for change, count in offered] == [
        ({"text": "red", "exclude": ["mug"]}, "56"),
    ]  # fmt: skip


def test_cards_in_groups_have_no_rank_and_that_is_explained():
    groups = [HitGroup(("colour",), ("kind",), (hit(7),), 1)]
    page = page_of(result("red mug", hit(7), aspects=[RED, KIND], groups=groups))
    assert 'class="rank"' not in page
    assert "rank among all results" in page
    plain = page_of(result("mug", hit(7)))
    assert 'class="rank">7<' in plain
    assert "rank among all results" not in plain


def test_where_all_hits_are_weak_the_first_row_of_them_stands_open():
    groups = [HitGroup(("colour", "kind"), (), (), 0)]
    page = page_of(result("red mug", *map(hit, range(1, 12)), aspects=[RED, KIND], groups=groups))
    assert headings(page) == ["No red mugs here. The nearest:"]
    fold = page.index('<details class="section fold"')
    assert page.index('data-card="p8"') < fold < page.index('data-card="p9"')
    assert "3 weaker matches" in page


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "No red mugs up to €60 without stripes here."), ("zh", "这里没有€60以内、不带条纹的红色马克杯。")],
)
def test_a_price_and_an_exclusion_stand_in_the_sentence_that_there_is_nothing(lang, said):
    asked = [RED, KIND, NO_STRIPES]
    groups = [HitGroup(("colour", "kind"), (), (), 0)]
    found = result("red mug under 60 without stripes", hit(1), aspects=asked, groups=groups)
    found = replace(found, query=replace(found.query, filters={"price": (None, 60.0)}))
    assert headings(page_of(found, lang))[0].startswith(said)


def test_headings_say_each_thing_once_and_as_it_stands_before_a_noun():
    striped = Aspect("pattern", "with stripes", ("patterns:striped",))
    names = numbered([RED, KIND, replace(RED), replace(KIND), striped])
    assert heading(EN, HitGroup(tuple(names), (), (), 0), names) == "Red striped mugs"
    phones = numbered([Aspect("kind", "iPhones", ("kinds:phone",))])
    assert heading(EN, HitGroup(("kind",), (), (), 0), phones) == "iPhones"
    women = numbered([KIND, Aspect("audience", "for Women", ("audiences:women",))])
    assert heading(EN, HitGroup(tuple(women), (), (), 0), women) == "Mugs for women"


def test_what_was_read_in_a_chinese_title_is_said_in_english():
    assert (
        EN.found(Verdict(Aspect("kind", "specs", ("kinds:spectacles",)), "not met", "太阳镜", "text")) == "sunglasses"
    )


def test_of_many_groups_the_first_are_shelves_and_the_weak_rest_is_folded():
    groups = [HitGroup(("kind",), ("colour",), (hit(at),), 1) for at in range(1, 6)]
    groups += [HitGroup(("colour",), ("kind",), (hit(6), hit(7, "related")), 2)]
    page = page_of(result("red mug", *map(hit, range(1, 6)), aspects=[RED, KIND], groups=groups))
    assert headings(page) == ["Mugs in other colours"] * 5 + ["Red, but not mugs"]
    assert "1 weaker match" in page
    assert page.index("1 weaker match") < page.index('data-card="p6"')


def test_without_groups_only_what_is_weaker_than_the_rest_is_folded():
    page = page_of(result("mug", hit(1, "related"), hit(2), hit(3)))
    assert headings(page) == ["Related"]
    assert "2 weaker matches" in page
    assert "weaker" not in page_of(result("mug", hit(1), hit(2)))


def test_hits_in_the_order_of_their_prices_stay_in_it():
    dear_last = [hit(1, "related"), hit(2, "very_close"), hit(3), hit(4, "related")]
    page = page_of(result("cheap mug", *dear_last, sort="price"))
    assert headings(page) == ["Cheapest first"]
    assert re.findall(r'data-card="(p\d)"', page) == ["p1", "p2", "p4", "p3"]
    assert "1 weaker match" in page


@pytest.mark.parametrize(("k", "more"), [(24, "48"), (471, "480"), (480, None)])
def test_more_can_be_shown_up_to_what_a_page_holds(k, more):
    found = re.search(r'data-show-more="(\d+)"', page_of(result("mug", hit()), k=k))
    assert (found and found[1]) == more


def chips(page: str) -> list[tuple[str, str]]:
    """(what a chip of the words says, what its cross leaves)."""
    found = re.findall(r'data-left="([^"]*)"[^>]*><span class="part__text">([^<]*)<', page)
    return [(unescape(said), unescape(left)) for left, said in found]


def test_every_aspect_can_be_taken_out_of_the_words():
    parsed = result("red mug", hit(), aspects=[RED, KIND])
    assert chips(page_of(parsed)) == [("red", "mug"), ("mug", "red")]


def test_an_exclusion_a_price_and_a_wish_for_cheap_ones_are_chips_too():
    text = "cheap mug without stripes under 60"
    stripes = replace(NO_STRIPES, span=(18, 25))
    spans = (Span(0, 5, "sort", "price"), Span(10, 25, "exclusion", "stripes"), Span(26, 34, "price", (None, 60.0)))
    mug = replace(KIND, span=(6, 9))
    found = result(text, hit(), aspects=[mug, stripes], spans=spans, sort="price")
    assert chips(page_of(found)) == [
        ("cheapest first", "mug without stripes under 60"),
        ("mug", "cheap without stripes under 60"),
        ("without stripes", "cheap mug under 60"),
        ("up to €60", "cheap mug without stripes"),
    ]
    assert ("不要条纹", "cheap mug under 60") in chips(page_of(found, "zh"))


@pytest.mark.parametrize(
    ("text", "start", "end", "left"),
    [
        ("mug in red", 7, 10, "mug"),
        ("in red, mug", 3, 6, ", mug".strip(", ")),
        ("红色的杯子", 0, 2, "杯子"),
        ("shoes by Puma for men", 9, 13, "shoes for men"),
    ],
)
def test_what_only_joined_a_part_goes_with_it(text, start, end, left):
    assert without(text, start, end) == left


def test_an_aspect_becomes_a_filter_where_the_catalog_has_its_value():
    kind = replace(KIND, text="cup", concepts=("kinds:mug", "kinds:cups"), span=(4, 7))
    found = result("red cup", hit(), aspects=[RED, kind, replace(LEATHER, span=(0, 0))])
    narrowed = [json.loads(unescape(each)) for each in re.findall(r'data-narrow="([^"]*)"', page_of(found))]
    assert narrowed == [
        {"text": "cup", "filters": {"colour": ["red"]}},
        {"text": "red", "filters": {"category": ["Mugs"]}},
    ]


def test_what_is_excluded_cannot_become_a_filter():
    assert EN.facet_of(replace(RED, excluded=True)) is None


def test_what_was_read_from_the_photo_is_said_and_can_become_a_filter():
    seen = replace(KIND, text="Mugs", source="photo", span=None)
    found = result("in red", hit(), aspects=[seen])
    found = replace(found, parsed=replace(found.parsed, aspects=()))
    page = page_of(found, sample="s")
    assert "mug, as the photo shows" in page
    assert 'data-drop="seen"' in page
    assert {"text": "in red", "filters": {"category": ["Mugs"]}} in [
        json.loads(unescape(each)) for each in re.findall(r'data-narrow="([^"]*)"', page)
    ]


def test_a_correction_is_said_and_can_be_taken_back():
    found = result("red mgu", hit(), aspects=[RED, KIND], corrections=(Correction("mgu", "mug", (4, 7)),))
    page = page_of(found)
    assert "Showing results for “red mug”." in page
    assert re.search(r"data-as-typed>([^<]*)<", page)[1] == "Search for “red mgu” instead"
    assert "data-as-typed" not in page_of(result("red mug", hit()))


def test_a_word_that_nobody_knows_is_said_beside_those_that_are_known():
    page = page_of(result("red toaster", hit(), aspects=[RED], unknown=("toaster",)))
    assert "Nothing here is called “toaster”." in page
    assert "The other words were searched with." in page
    assert chips(page) == [("red", "toaster"), ("“toaster”, not known here", "red")]
    assert "<h2>Weak" in page


TOASTER = Aspect("kind", "toaster", ("kinds:toaster",), span=(0, 7))


@pytest.mark.parametrize(("lang", "said"), [("en", "No toasters here."), ("zh", "这里没有烤面包机。")])
def test_a_kind_that_the_catalog_does_not_have_is_a_state_of_its_own(lang, said):
    skirt = hit(kind=Verdict(TOASTER, "not met", "skirts", "catalog"))
    found = replace(result("toaster", skirt, aspects=[TOASTER]), in_catalog=False)
    page = page_of(found, lang)
    assert said in page.split('class="message"')[1]
    assert page.index('<details class="section fold"') < page.index('data-card="p1"')
    near = page_of(replace(found, in_catalog=True), lang)
    assert headings(near)[0].startswith(said)
    assert "fold" not in near, "what is like it is shown"


def test_what_is_weak_but_met_is_not_called_absent():
    found = result("toaster", hit(kind=Verdict(TOASTER, "met", "toasters", "catalog")), aspects=[TOASTER])
    assert headings(page_of(found)) == ["Weak"]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Nothing here is called “toaster”."), ("zh", "没有叫“toaster”的商品")]
)
def test_words_that_nobody_knows_are_a_state_of_their_own_with_what_to_try_next(lang, said):
    page = page_of(result("toaster", hit(1, "very_close"), unknown=("toaster",)), lang)
    assert said in page.split('class="message"')[1]
    assert re.findall(r'data-instead-category="([^"]*)"', page) == VALUES["category"]
    assert page.index('<details class="section fold"') < page.index('data-card="p1"'), "what looks near is folded"
    assert "Very close" not in headings(page)


def test_a_photo_answers_even_where_the_words_are_unknown():
    page = page_of(result("toaster", hit(1, "very_close"), unknown=("toaster",)), sample="s")
    assert headings(page) == ["Very close"]


@pytest.mark.parametrize(("currency", "name"), [("CNY", "¥100"), ("USD", "$100"), ("SEK", "SEK 100")])
def test_a_price_in_another_currency_was_not_used_and_that_is_said(currency, name):
    span = Span(4, 18, "foreign_price", (None, 100.0))
    found = result("mug under 100 yuan", hit(), foreign_price=(None, 100.0), currency=currency, spans=(span,))
    page = page_of(found)
    assert f"The limit “up to {name}” was not used: prices here are in euros." in page
    assert (f"up to {name}", "mug") in chips(page)
    assert "was not used" not in page_of(result("mug under 100", hit(), price=(None, 100.0)))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_that_was_typed_or_found_becomes_markup_or_template_code(lang):
    nasty = "<img src=x onerror=alert(1)> \"' ${alert(2)} `x` {{y}} </div>"
    aspects = [
        Aspect(name, nasty, values=(nasty,), span=(0, 3)) for name in ("kind", "colour", "brand", "words", "made in")
    ]
    said = {each.name: Verdict(each, "not met", nasty, "model") for each in aspects}
    groups = [HitGroup(("kind", "brand"), ("colour", "words", "made in"), (hit(**said),), 1)]
    understood = {
        "corrections": (Correction(nasty[:3], nasty, (0, 3)),),
        "unknown": (nasty,),
        "foreign_price": (None, 1.0),
        "currency": nasty,
        "spans": (Span(3, 6, "exclusion", nasty),),
    }
    for grouped in (groups, []):
        page = page_of(result(nasty, hit(**said), aspects=aspects, groups=grouped, **understood), lang)
        assert "<img src=x" not in page
        assert not re.search(r"\$\{|`|\{\{", page)


def test_two_typing_errors_are_both_corrected_where_they_stand():
    errors = (Correction("rd", "crimson", (0, 2)), Correction("mgu", "mug", (3, 6)))
    page = page_of(result("rd mgu", hit(), corrections=errors))
    assert "Showing results for “crimson mug”." in page


def test_a_heading_has_the_name_of_what_was_asked_for_by_its_purpose():
    pots = {"kind": Aspect("kind", "for plants", ("kinds:flowerpot",))}
    assert nothing_of(EN, HitGroup(("kind",), (), (), 0), pots).startswith("No flowerpots here.")
    bags = {"kind": Aspect("kind", "bag for my laptop", ("kinds:laptop-bag",))}
    assert nothing_of(EN, HitGroup(("kind",), (), (), 0), bags).startswith("No bags for my laptop here.")
