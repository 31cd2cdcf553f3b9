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
from search.explain.schema import (
    AttributeComparison,
    AttributionView,
    Explanation,
    Heatmap,
    PairwiseDifference,
    TokenAttribution,
    ViewKey,
)
from search.explain.verdicts import clauses
from search.schema import Aspect, Hit, Product, Verdict
from search.ui import handlers, render
from search.ui.handlers.common import result_of
from search.ui.locale import Words, chinese_words, texts
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


def heat(*values, rest=0.1):
    return Heatmap(np.array([values], np.float32), rest)


def explanation(text="red", **changes):
    views = {
        ViewKey("score"): AttributionView(0.6, "score", heat(0.1, 0.2), heat(0.3, 0.2)),
        ViewKey.part("photo"): AttributionView(0.4, "score", heat(0.1, 0.2), heat(0.1, 0.2)),
        ViewKey.token(0): AttributionView(0.2, "score", None, heat(0.1, -0.2)),
        ViewKey("next"): AttributionView(0.1, "next", heat(0.1, 0.2), heat(0.1, 0.2)),
        ViewKey.attribute("colour"): AttributionView(0.3, "attribute", heat(0.1, 0.2), heat(0.1, 0.2)),
    }
    whole = Explanation(
        parts=PARTS, words=(TokenAttribution(text, 0.2), TokenAttribution(text, -0.1)), photo_map=None, photo_residual=0, product_map=None,
        product_residual=0, sentence="", views=views, patch_similarity=np.array([[1.0, -0.5], [0.25, 0.0]], np.float32), method="occlusion",
        attributes=(AttributeComparison("category", text, text, 0.4, "unsure"), AttributeComparison("colour", text, text, 0.9, "shared")),
        difference=PairwiseDifference(hit(2, text, text=0.1), {"photo": 0.0, "text": 0.1}, (), (("colour", text, text),)),
        rank_without_words=14, facts=(("word_place", {"word": text, "share": 0.25, "place": "top"}),),
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
    assert (sent["h"], sent["w"], sent["values"], sent["window"]) == (1, 2, [0.3, 0.2], [0, 0, 1, 1])
    assert sum(sent["values"]) + sent["rest"] == pytest.approx(0.6)


def test_pairs_keep_their_order_and_ratio():
    assert maps(panel())["pairs"] == [[999, -500], [250, 0]]
    assert maps(panel(patch_similarity=None))["pairs"] is None


def test_parts_words_attributes_and_the_next_hit_can_be_shown():
    assert views(panel()) == ["photo", "score", "token 0", "token 1", "attribute colour", "next"]


def test_a_part_without_a_map_is_text_not_a_button():
    assert "text" not in views(panel())
    assert re.search(r"<dt>Words, by its picture</dt>", panel())


def test_words_carry_their_signed_values():
    assert re.findall(r"<span>red</span><b>([^<]*)</b>", panel()) == ["+0.200", "\u22120.100"]


def test_what_the_photo_shows_is_told_with_its_certainty():
    page = panel()
    assert "not sure, perhaps Red (40%)" in page
    assert "Red (90%)" in page


def test_the_rank_without_the_words_is_told_only_where_there_is_a_photo():
    assert "number 14 of 138" in panel()
    assert "not be among the first 1,000" in panel(rank_without_words=None)
    words_only = {name: view for name, view in explanation().views.items() if str(name) != "photo"}
    assert "Without the words" not in panel(views=words_only)


def test_the_next_hit_is_compared_by_what_differs():
    page = panel()
    assert "Why this and not number 2, red?" in page
    assert "This product scores +0.100 more" in page
    assert "there: Red" in page


def test_the_sentence_is_the_measured_one_in_the_readers_language():
    assert "“red” counts most (0.250), at the top of the product's picture." in unescape(panel())
    assert "“red”一词最重要（0.250），在商品图片的上方。" in panel(Words("zh"))


def test_the_sentence_begins_with_the_verdict_in_the_readers_language():
    asked = [
        Verdict(Aspect("kind", "mug"), "met", "mugs"),
        Verdict(Aspect("colour", "红色"), "not met", "navy blue"),
    ]
    said = {"facts": (("verdicts", {"clauses": clauses(asked)}),)}
    assert "It is a mug; it is navy blue, not red." in panel(**said)
    assert "是马克杯；是藏青色，不是红色。" in panel(Words("zh"), **said)


def test_every_clause_has_its_words_in_every_language():
    for key in TEMPLATES:
        assert f"why_say_{key}" in texts("en")
        assert f"why_say_{key}" in texts("zh")


def test_an_uploaded_photo_has_no_address():
    assert "<img data-upload alt" in panel(photo="")
    assert 'data-place="photo"' not in panel(photo=None)


def test_a_model_without_maps_says_so():
    page = panel(views={ViewKey("score"): AttributionView(0.6)}, patch_similarity=None, difference=None)
    assert "cannot say where" in page
    assert "data-opacity" not in page


def test_chinese_words_of_the_page_stay_together():
    assert {"红色", "连衣裙"} <= chinese_words()
    assert min(map(len, chinese_words())) > 1


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
    assert sum(product["values"]) + product["rest"] == pytest.approx(sent["score"], abs=1e-3)


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
