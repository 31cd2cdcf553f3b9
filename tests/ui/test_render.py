"""What a catalog or a visitor says is shown as text, and figures that are shown add up."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from jinja2 import UndefinedError

from search.catalog import FacetValue
from search.schema import Hit, Product, Query, SearchResult
from search.ui import render
from search.ui.locale import Words
from search.ui.render.results import Choice, Section, View
from search.ui.render.shell import TabLink
from search.ui.state import State

NASTY = "<img src=x onerror=alert(1)> \"' ${alert(2)} `x` {{y}} </div>"
EN = Words("en")
CHOICE = Choice("department", [(NASTY, 1)], 1, NASTY)


def hit(rank: int = 1, band: str = "very_close", title: str = "Mug", **parts: float) -> Hit:
    parts = {"photo": 0.0, "text": 0.0, "exclude": 0.0, **parts}
    return Hit(rank, sum(parts.values()), Product(f"p{rank}", title, "p.jpg", "Mugs", price=9.5), parts, band)


def result(*hits: Hit) -> SearchResult:
    return SearchResult(Query(text="mug"), hits, total=720, size=1000, timings={"encode": 30.2, "search": 1.1})


def memory(page: str) -> dict:
    return json.loads(unescape(re.search(r'data-page="([^"]*)"', page)[1]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_a_stranger_wrote_becomes_markup_or_template_code(lang):
    words = Words(lang)
    product = Product(
        NASTY, NASTY, "p.jpg", NASTY, brand=NASTY, colour=NASTY, material=NASTY, description=NASTY, tags=(NASTY,),
        attributes={"currency": NASTY, "made in": NASTY, NASTY: "x"}, price=1.0,
    )  # fmt: skip
    state = State(text=NASTY, exclude=(NASTY,), filters={"colour": (NASTY,), "price": (1, 2)}, like=NASTY, open=NASTY)
    view = View(words, state, product, photo=NASTY, photo_label=NASTY, currency=NASTY)
    nasty = Hit(1, 0.5, product, {"photo": 0.5}, "related")
    pages = [
        render.ranked(view, result(nasty), {NASTY: NASTY}),
        render.listing(view, [(product, None)], 1),
        render.nothing(view),
        render.failure(view, NASTY),
        render.details(words, product, NASTY, NASTY, nasty),
        render.details(words, product, NASTY, NASTY, angles=[(NASTY, NASTY), (NASTY, NASTY)]),
        render.storefront(view, CHOICE, [Section("department", NASTY, 1, [(product, NASTY)])], [NASTY]),
        render.department(view, CHOICE, [Section("category", NASTY, 1, [(product, NASTY)])], [(NASTY, 1)]),
        render.rail(words, [("sample", NASTY, NASTY, NASTY)]),
        render.refine(words, state, {"colour": [FacetValue(NASTY, 1)]}, (1, 2), NASTY),
        render.header(words, NASTY, 1, [], [TabLink("search", NASTY, NASTY), TabLink(NASTY, NASTY, NASTY)], NASTY),
    ]
    for page in pages:
        assert "<img src=x" not in page
        assert not re.search(r"\$\{|`|\{\{", page)
    assert memory(pages[0])["state"]["text"] == NASTY


def test_a_hostile_title_stays_inside_its_attribute_and_its_address():
    product = Product("p", NASTY, "p.jpg")
    page = render.listing(View(EN, State()), [(product, f"file={NASTY}")], 1)
    assert re.search(r'<h3 class="card__title" title="([^"]*)">', page)[1] == re.search(r'alt="([^"]*)"', page)[1]
    assert unescape(re.search(r'src="([^"]*)"', page)[1]) == f"file={NASTY}"
    assert unescape(re.search(r'card__title" title="([^"]*)"', page)[1]) == NASTY
    link = render.details(EN, product, None, State(text=NASTY, open="p").link())
    assert not set("<>\"'`{} ") & set(re.search(r'data-link="([^"]*)"', link)[1])


def test_a_page_has_one_heading_of_the_first_level():
    view, rows = View(EN, State()), [Section("category", "Mugs", 1, [(hit().product, None)])]
    choice = Choice("department", [("Kitchen", 1)], 1, "Kitchen")
    for page in (
        render.storefront(view, choice, rows, []),
        render.department(view, choice, rows, []),
        render.ranked(view, result(hit()), {}),
        render.panel(view, "map", "Map", "<p>here</p>"),
    ):
        assert page.count("<h1") == 1


def test_a_name_that_a_template_does_not_know_is_an_error(tmp_path):
    (tmp_path / "gap.html").write_text("{{ forgotten }}")
    with pytest.raises(UndefinedError, match="forgotten"):
        render.environment(tmp_path).get_template("gap.html").render()


def test_line_breaks_between_tags_are_not_drawn_and_errors_name_their_line(tmp_path):
    (tmp_path / "lines.html").write_text("<p>\n  <b>{{ a }}</b>\n  {{ 1 / b }}\n</p>\n")
    template = render.environment(tmp_path).get_template("lines.html")
    assert template.render(a="<", b=1) == "<p><b>&lt;</b>1.0</p>"
    with pytest.raises(ZeroDivisionError) as caught:
        template.render(a="", b=0)
    assert caught.traceback[-1].lineno + 1 == 3


def test_hits_stand_in_their_bands_best_first():
    page = render.ranked(
        View(EN, State(text="mug")), result(hit(1, "very_close"), hit(2, "related"), hit(3, "related")), {}
    )
    assert re.findall(r"<h2>([^<]*)</h2>", page) == ["Very close", "Related"]
    assert "No close match" not in page
    assert "3 of 720" in page


def test_only_weak_hits_are_called_no_close_match():
    page = render.ranked(View(EN, State(text="mug")), result(hit(1, "weak")), {})
    assert "No close match" in page


def test_every_part_of_the_query_can_be_removed():
    state = State(
        text="in red", exclude=("stripes",), sample="s", filters={"category": ("Mugs", "Vases"), "price": (None, 60)}
    )
    page = render.ranked(View(EN, state, currency="EUR"), result(hit()), {})
    assert re.findall(r'data-drop="([^"]*)"', page) == ["photo", "text", "exclude:stripes", "filter:category", "price"]
    said = " ".join(re.findall(r'part__text">([^<]*)<', page))
    assert said == "like this photo described as “in red” without stripes Category: Mugs or Vases up to €60"


def test_the_page_remembers_the_state_and_its_link_without_the_open_card():
    page = render.ranked(View(EN, State(text="mug", open="p1")), result(hit()), {})
    assert memory(page)["link"] == "?q=mug&lang=en"
    assert memory(page)["state"]["open"] == "p1"


def test_a_missing_picture_and_a_missing_price_leave_no_hole():
    page = render.listing(View(EN, State()), [(Product("p", "Plain", "p.jpg"), None)], 1)
    assert "No picture" in page
    assert "card__price" not in page


def test_details_show_the_score_as_a_sum():
    product_hit = hit(photo=0.4, text=0.2, exclude=-0.1)
    page = render.details(EN, product_hit.product, None, "?open=p1", product_hit)
    assert re.findall(r'part-line__value">([^<]*)<', page) == ["+0.400", "+0.200", "−0.100", "0.500"]


def test_details_without_a_query_have_no_score():
    page = render.details(EN, hit().product, None, "?open=p1")
    assert "What the score is made of" not in page
    assert "Category" in page


def test_a_chosen_value_is_ticked_and_never_folded_away():
    values = [FacetValue(f"v{at}", 9 - at) for at in range(10)]
    page = render.refine(EN, State(filters={"brand": ("v9",)}), {"brand": values}, None)
    assert len(re.findall("value--beyond", page)) == 1  # v8 is, v9 is not
    assert re.search(r'data-value="v9" checked', page)


def test_the_balance_works_only_with_both():
    assert "disabled" in render.refine(EN, State(text="red"), {}, None)
    assert "disabled" not in render.refine(EN, State(text="red", like="p1"), {}, None)


def test_every_icon_that_is_used_is_drawn():
    from search.ui.theme import ASSETS

    drawn = set(re.findall(r'id="icon-([a-z]+)"', (ASSETS / "icons.svg").read_text(encoding="utf-8")))
    view = View(EN, State(text="mug", filters={"colour": ("red",)}))
    pages = (
        render.header(EN, "toy", 1)
        + render.rail(EN, [])
        + render.refine(EN, view.state, {"colour": [FacetValue("red", 1)]}, (1, 2))
        + render.ranked(view, result(hit(1, "weak")), {})
        + render.nothing(view)
        + render.details(EN, hit().product, None, "?", hit())
    )
    assert set(re.findall(r'href="#icon-([a-z]+)"', pages)) <= drawn


def test_a_query_that_nothing_fits_is_told_so_before_the_nearest_products():
    shown = {
        fits: render.ranked(View(EN, State(text="mug")), replace(result(hit(band="weak")), in_catalog=fits), {})
        for fits in (True, False)
    }
    assert shown[False].index("No good match in this catalog.") < shown[False].index('data-card="p1"')
    assert "No good match" not in shown[True]


@pytest.mark.parametrize(("probability", "said"), [(0.839, "83\u2009%"), (0.9999, "99\u2009%"), (0.0, "&lt;1\u2009%")])
def test_a_hit_says_how_likely_it_is_and_never_that_it_is_certain(probability, said):
    page = render.ranked(View(EN, State(text="mug")), result(replace(hit(), probability=probability)), {})
    assert f">{said}</span>" in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_signal_that_was_added_shows_in_the_score_under_its_name(lang):
    season = hit(text=0.3, new_season=0.05)
    page = render.details(Words(lang), season.product, None, "?", season)
    assert "New season" in page
    assert "0.050" in page
