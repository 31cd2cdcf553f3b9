"""An opened card tells why: what it shows is what was measured, and nothing a stranger wrote runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from search.errors import ImageError
from search.explain.narrate import TEMPLATES
from search.explain.pieces import Partners
from search.explain.schema import (
    AttributeComparison,
    AttributionView,
    Explanation,
    Heatmap,
    PairwiseDifference,
    TokenAttribution,
    ViewKey,
)
from search.explain.verdicts import head
from search.images import WHOLE
from search.schema import Aspect, Hit, Product, Verdict
from search.ui import handlers, render
from search.ui.handlers.common import result_of
from search.ui.locale import Words, texts
from search.ui.render.why import Why
from search.ui.state import State
from tests.ui.context import make_context

EN = Words("en")
NASTY = "<img src=x onerror=alert(1)> \"' ${alert(2)} `x` {{y}} </div>"
PARTS = {"photo": 0.4, "text": 0.2, "exclude": 0.0}


def hit(rank=1, name="Mug", **parts):
    parts = PARTS | parts
    product = Product(f"p{rank}", name, "p.jpg", name, colour=name)
    return Hit(rank, sum(parts.values()), product, parts, "related")


PARTNERS = Partners(
    np.array([[0, 0, 1]]),
    np.array([[-1, 0, 1]]),
    np.array([[1.0, -0.5], [0.25, 0.0]], np.float32),
    ((0, 0, 0.5, 1), WHOLE),
)


def heat(*values, rest=0.1):
    return Heatmap(np.array([values], np.float32), rest)


def explanation(text="red", **changes):
    views = {
        ViewKey("score"): AttributionView(0.6, "score", heat(0.1, 0.2), heat(0.3, 0.2)),
        ViewKey.part("photo"): AttributionView(0.4, "score", heat(0.1, 0.2), heat(0.1, 0.2)),
        ViewKey.token(0): AttributionView(0.2, "score", None, heat(0.1, -0.2)),
        ViewKey.token(1): AttributionView(-0.1, "score", None, heat(0.1, -0.2)),
        ViewKey("next"): AttributionView(0.1, "next", heat(0.1, 0.2), heat(0.1, 0.2)),
        ViewKey.attribute("colour"): AttributionView(0.3, "attribute", heat(0.1, 0.2), heat(0.1, 0.2)),
    }
    whole = Explanation(
        parts=PARTS, words=(TokenAttribution(text, 0.2), TokenAttribution(text, -0.1)), photo_map=None, photo_residual=0, product_map=None,
        product_residual=0, sentence="", views=views, partners=PARTNERS, method="occlusion",
        attributes=(AttributeComparison("category", text, text, 0.4, "unsure"), AttributeComparison("colour", text, text, 0.9, "shared")),
        difference=PairwiseDifference(hit(2, text, text=0.1), {"photo": -0.06, "text": 0.12}, (), (("colour", text, text),)),
        words_residual=0.1, rank_without_words=14, facts=(("photo_then_words", {"photo": 0.6, "text": 0.25, "source": "photo"}),),
    )  # fmt: skip
    return replace(whole, **changes)


def panel(words=EN, photo="photo.jpg", **changes):
    return render.details(words, hit().product, "p.jpg", "?open=p1", hit(), Why(explanation(**changes), photo, 138))


def maps(page):
    return json.loads(unescape(re.search(r'data-why="([^"]*)"', page)[1]))


def views(page):
    return re.findall(r'data-view="([^"]*)"', page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_a_stranger_wrote_becomes_markup_or_template_code(lang):
    page = panel(Words(lang), photo=NASTY, text=NASTY)
    assert "<img src=x" not in page
    assert not re.search(r"\$\{|`|\{\{", page)


def test_every_number_of_a_map_travels_and_still_adds_up():
    sent = maps(panel())["views"]["score"]["product"]
    assert (sent["h"], sent["w"], sent["at"], sent["values"], sent["window"]) == (1, 2, None, [999, 666], [0, 0, 1, 1])
    assert sum(sent["values"]) * sent["step"] + sent["rest"] == pytest.approx(0.6)


def test_only_the_cells_that_have_a_value_travel():
    views = {ViewKey("score"): AttributionView(0.6, "score", None, heat(0.0, 0.0, -0.25, 0.5))}
    sent = maps(panel(views=views, difference=None))["views"]["score"]["product"]
    assert (sent["w"], sent["at"]) == (4, [2, 3])
    assert [value * sent["step"] for value in sent["values"]] == pytest.approx([-0.25, 0.5], abs=1e-3)


def test_pairs_keep_their_order_and_ratio():
    """Of the least, -0.5, and the most, 1, 0.25 lies half way."""
    sent = maps(panel())["pairs"]
    assert sent["alike"] == [[999, 0], [500, 333]]
    assert sent["photo"] == {"h": 1, "w": 3, "window": [0, 0, 0.5, 1], "pieces": [0, 0, 1]}
    assert sent["product"]["pieces"] == [-1, 0, 1]
    assert maps(panel(partners=None))["pairs"] is None


def test_parts_words_attributes_and_the_next_hit_can_be_shown():
    assert views(panel()) == ["token 0", "token 1", "attribute colour", "next", "photo", "score"]


def test_a_part_without_a_map_is_text_not_a_button():
    assert "text" not in views(panel())
    assert re.search(r"<dt>Words, by its picture</dt>", panel())


def test_a_part_that_has_a_map_on_the_photo_alone_is_text_too():
    shown = explanation().views | {ViewKey.part("text"): AttributionView(0.2, "score", heat(0.1, 0.2), None)}
    assert "text" not in views(panel(views=shown))


def test_phrases_carry_their_share_of_the_match_and_what_is_left_is_said_once():
    # 0.4 for the photo and 0.2 for the words are the match; the phrases are 0.2, -0.1 and, for any product, 0.1.
    assert re.findall(r"<span>red</span><b>([^<]*)</b>", panel()) == ["33\u2009%", "\u221217\u2009%"]
    assert "Any product gets 17\u2009% of the match from these words" in panel()


def test_no_share_is_above_a_hundred_and_the_score_stands_among_the_figures():
    page = panel()
    told, figures = page.split("data-figures")
    assert max(int(share) for share in re.findall(r"(\d+)\u2009%", page)) <= 100
    assert "0.600" in figures
    assert not re.search(r"[+\u2212]\d\.\d{3}|>0\.\d", re.sub(r'data-why="[^"]*"', "", told))


def test_what_the_photo_shows_is_told_in_words_and_only_where_that_is_likely():
    page = panel()
    told, figures = page.split("data-figures")
    assert "<span>both red</span>" in told
    assert "Category" not in told.split("Beside your photo")[1].split("</section>")[0]
    assert "Red (40%)" in figures
    assert "Red (90%)" in figures


def test_product_and_photo_that_differ_are_told_in_words():
    apart = (AttributeComparison("colour", "Red", "Navy Blue", 0.9, "different"),)
    assert "red, your photo seems to show navy blue" in panel(attributes=apart)
    assert "这件是红色，您的图片看起来是藏青色" in panel(Words("zh"), attributes=apart)
    known = Why(explanation(attributes=apart), "photo.jpg", 138, like=True)
    page = render.details(EN, hit().product, "p.jpg", "?open=p1", hit(), known)
    assert "red, the other is navy blue" in page
    assert "The product you chose" in page


def test_the_rank_without_the_words_is_told_only_where_there_is_a_photo():
    assert "number 14 of 138" in panel()
    assert "not be among the first 1,000" in panel(rank_without_words=None)
    words_only = {name: view for name, view in explanation().views.items() if str(name) != "photo"}
    assert "Without the words" not in panel(views=words_only)


def test_the_next_hit_is_compared_in_words():
    page = panel()
    assert "Why this and not number 2, red?" in page
    assert "It is ahead by 10\u2009% of this match." in page  # 0.12 - 0.06 of 0.6
    assert "Its picture fits the words better: 20\u2009%" in page
    assert "It looks less like the photo: 10\u2009%" in page
    assert "Colour: Red here, Red there" in page


def test_the_three_largest_differences_are_told_the_largest_first():
    apart = {"photo": 0.06, "text": -0.12, "aspects": 0.006, "keywords": 0.018}  # 10, -20, 1 and 3 % of 0.6
    page = panel(difference=PairwiseDifference(hit(2), apart, (), ()))
    said = ("Its picture fits the words less well: 20", "It looks more like the photo: 10", "have more of the words: 3")
    told = [page.index(each) for each in said]
    assert told == sorted(told)
    assert "The catalog says more of what was asked" not in page


def test_a_signal_that_was_added_is_compared_under_its_name():
    difference = PairwiseDifference(hit(2), {"new_season": 0.3, "text": 0.001}, (), ())
    assert "It has more of “New season”: 50\u2009%" in panel(difference=difference)
    even = PairwiseDifference(hit(2), {"photo": 0.0001}, (), ())
    assert "The two are as good as even." in panel(difference=even)
    assert "It looks more like" not in panel(difference=even)


def test_the_sentence_is_the_measured_one_in_the_readers_language():
    assert "Your photo makes up 60\u2009% of the match, your words 25\u2009%." in panel()
    assert "您的图片占匹配的 60\u2009%，您的文字占 25\u2009%。" in panel(Words("zh"))


def test_the_sentence_begins_with_the_verdict_in_the_readers_language():
    asked = [
        Verdict(Aspect("kind", "mug"), "met", "mugs"),
        Verdict(Aspect("pattern", "条纹"), "met", "striped"),
        Verdict(Aspect("colour", "红色"), "not met", "navy blue"),
    ]
    said = {"facts": tuple(head(asked))}
    assert "It is a striped mug, but navy blue, not red." in panel(**said)
    assert "是条纹马克杯，但是藏青色，不是红色。" in panel(Words("zh"), **said)


def test_every_clause_has_its_words_in_every_language():
    for key in TEMPLATES:
        assert f"why_say_{key}" in texts("en")
        assert f"why_say_{key}" in texts("zh")


def test_an_uploaded_photo_has_no_address():
    assert "<img data-upload alt" in panel(photo="")
    assert 'data-place="photo"' not in panel(photo=None)


def test_a_model_without_maps_says_so():
    page = panel(views={ViewKey("score"): AttributionView(0.6)}, partners=None, difference=None, method=None)
    assert "cannot say where" in page
    assert "data-map" not in page


def test_a_map_of_the_score_is_judged_by_what_pictures_can_show():
    """Of 2.6 points the catalog says 2.0, which are in no picture; the places have 0.5 of the other 0.6."""
    parts = PARTS | {"aspects": 2.0}
    views = {ViewKey("score"): AttributionView(2.6, "score", None, heat(0.3, 0.2, rest=2.1))}
    sent = maps(panel(views=views, parts=parts, attributes=(), difference=None))["views"]["score"]
    assert sent["product"] is not None
    views = {ViewKey("score"): AttributionView(2.6, "score", None, heat(0.05, 0.05, rest=2.5))}
    sent = maps(panel(views=views, parts=parts, attributes=(), difference=None))["views"]["score"]
    assert sent["product"] is None
    assert sent["said"]["product"] == "the whole picture counts"


def test_where_a_number_comes_from_is_said_in_words():
    spread = Heatmap(np.zeros((8, 8), np.float32), 0.1)
    corner = Heatmap(np.zeros((8, 8), np.float32), 0.1)
    corner.grid[0, 0] = 0.5
    views = {
        ViewKey("score"): AttributionView(0.6, "score", corner, corner),
        ViewKey.part("photo"): AttributionView(0.4, "score", corner, None),
        ViewKey.token(0): AttributionView(0.2, "score", None, spread),
    }
    sent = maps(panel(views=views, attributes=(), difference=None))["views"]
    assert sent["score"]["said"] == {"photo": "mostly at the top left", "product": "mostly at the top left"}
    assert sent["photo"]["said"]["product"] == "the whole picture counts"  # there is no map of it
    assert sent["token 0"]["said"]["photo"] == ""  # words have no place in the photo


@pytest.fixture
def context(engine, tmp_path):
    return make_context(engine, tmp_path)


@pytest.mark.parametrize(
    ("state", "photo"),
    [
        (State(sample="one", text="blue", open="hat-red"), "src="),
        (State(upload="green.png", text="blue", open="hat-red"), "data-upload"),
        (State(like="cup-red", text="blue", open="hat-red"), "src="),
        (State(text="blue", open="hat-red"), None),
    ],
)
def test_an_opened_card_brings_its_maps_and_the_photo(context, state, photo):
    page = handlers.on_details(context, state)
    sent = maps(page)
    shown = re.search(r'data-place="photo"><div class="place__frame"><img ([\w-]+=?)', page)
    assert (shown[1] if shown else None) == photo
    assert (sent["pairs"] is None) == (photo is None)
    product = sent["views"]["score"]["product"]
    if product is None:  # of swatches the whole picture counts, and that is said
        assert sent["views"]["score"]["said"]["product"] == EN("why_whole")
    else:
        assert sum(product["values"]) * product["step"] + product["rest"] == pytest.approx(sent["score"], abs=2e-3)


def test_the_last_hit_and_the_shop_have_nothing_to_compare_with(context):
    result = result_of(context, State(text="red"))
    last = result.hits[-1].product.id
    assert "Why this and not" not in handlers.on_details(context, State(text="red", open=last))
    assert "data-why" not in handlers.on_details(context, State(open=last))


def test_a_photo_that_went_away_still_opens_the_card(context, monkeypatch):
    def gone(*args, **kwargs):
        raise ImageError("There is no picture at x.", "Check the path.", code="image_missing")

    monkeypatch.setattr(context.engine, "explain", gone)
    page = handlers.on_details(context, State(text="red", open="hat-red"))
    assert "There is no picture at x." in page
    assert "What the score is made of" in page


def test_an_explained_card_speaks_chinese_throughout(context):
    page = handlers.on_details(context, State(sample="one", text="red", exclude=("blue",), lang="zh", open="hat-red"))
    whole = re.sub(r"<svg.*?</svg>|data-[\w-]+=\"[^\"]*\"", "", page)
    said = re.findall(r">([^<]+)<", whole) + re.findall(r'(?:title|aria-label|alt)="([^"]+)"', whole)
    catalog = ("hat", "cup", "red", "Red", "Hats", "Cups")
    english = {text for text in said if re.search(r"[A-Za-z]{3,}", text) and not any(name in text for name in catalog)}
    assert not {text for text in english if not re.search(r"[\u4e00-\u9fff]", text)}
