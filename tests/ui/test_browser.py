"""The page in a real browser: the app as a user starts it, Debian's chromium, the embedded catalog."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from search.settings import ASSETS
from tests.ui.browsing import in_address, save, settled, titles

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def scene() -> tuple[Path, str]:
    """(a photo of a catalog product in a room, the product's category)."""
    row = rows(ASSETS / "scenes" / "scenes.csv")[0]
    product = row["product_ids"].split("|")[0]
    category = {row["id"]: row["category"] for row in rows(ASSETS / "catalog" / "products.csv")}[product]
    return ASSETS / "scenes" / row["image"], category


def test_a_search_from_photo_to_shared_link(open_page, scene):
    photo, category = scene
    page = open_page()
    expect = playwright.expect
    expect(page.get_by_role("heading", name="What are you looking for?")).to_be_visible()

    page.set_input_files("[data-file]", photo)
    expect(page.locator(".sentence")).to_contain_text("this photo")
    expect(page.get_by_text("Your photo is not part of the link.")).to_be_visible()
    by_photo = titles(page)

    page.get_by_role("combobox", name="Words").fill("in blue, without stripes")
    page.keyboard.press("Enter")
    expect(page.locator(".sentence")).to_contain_text("without stripes")
    settled(page)
    assert titles(page) != by_photo
    in_address(page, "q=in%20blue,%20without%20stripes")
    assert photo.stem not in page.url

    facet = page.locator("details[data-facet=category]")
    facet.get_by_role("button", name="Show all").click()
    value = facet.locator(".value", has_text=category)
    count = int(value.locator(".value__count [aria-hidden]").inner_text())
    value.click()
    expect(page.locator(".sentence")).to_contain_text(f"Category: {category}")
    settled(page)
    assert len(titles(page)) == count
    page.locator("#v-side").evaluate("rail => rail.scrollTo(0, 0)")
    save(page, "app-search")

    page.locator("#results .card__open").first.click()
    dialog = page.locator("dialog.details")
    figures = dialog.get_by_text("Figures", exact=True)
    expect(dialog.get_by_role("heading", name="What the score is made of")).not_to_be_visible()
    figures.click()
    expect(dialog.get_by_role("heading", name="What the score is made of")).to_be_visible()
    values = [float(text.replace("−", "-")) for text in dialog.locator(".part-line__value").all_inner_texts()]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=1e-9)
    save(page, "app-details")

    dialog.get_by_role("button", name="More like this").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator(".sentence")).to_contain_text("like ")
    settled(page)
    in_address(page, "like=")
    in_address(page, "open=", there=False)
    shared, seen = page.url, titles(page)
    assert seen

    other = open_page(shared.split("/", 3)[3])
    assert titles(other) == seen
    assert other.url == shared


def test_the_first_view_is_the_shop_by_department(open_page):
    page = open_page()
    departments = {row["department"] for row in rows(ASSETS / "catalog" / "products.csv")}
    headings = page.locator("#results h2").evaluate_all("all => all.map(heading => heading.firstChild.textContent)")
    assert set(headings) == departments
    assert page.locator("#results img").count() <= 84
    save(page, "app-shop")


def test_every_word_changes_with_the_language_and_the_search_stays(open_page):
    page = open_page("?q=red&category=Mugs")
    page.get_by_role("combobox", name="Words").fill("red and not yet searched")
    page.get_by_role("button", name="中文").click()
    page.wait_for_selector("html[lang=zh-CN]")
    playwright.expect(page.locator(".sentence")).to_contain_text("类别：马克杯")
    assert page.locator("#words").input_value() == "red and not yet searched"
    in_address(page, "lang=zh")
    save(page, "app-chinese")


def test_the_keyboard_is_enough(open_page):
    page = open_page("?q=red+mug")
    page.locator("#results .card__open").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.details")
    playwright.expect(dialog.locator(".detail__title")).to_be_visible()
    page.wait_for_selector("dialog .detail:not(.detail--waiting)")
    in_address(page, "open=")
    page.keyboard.press("Escape")
    playwright.expect(dialog).not_to_be_visible()
    in_address(page, "open=", there=False)
    page.wait_for_function("document.activeElement.className === 'card__open'")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.id === 'words'")


def test_a_part_of_the_photo_can_be_chosen_and_the_same_card_opened_twice(open_page, scene):
    page = open_page()
    page.set_input_files("[data-file]", scene[0])
    playwright.expect(page.locator(".sentence")).to_contain_text("this photo")
    settled(page)
    frame = page.locator("[data-frame]").bounding_box()
    page.mouse.move(frame["x"] + 0.2 * frame["width"], frame["y"] + 0.15 * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.8 * frame["width"], frame["y"] + 0.9 * frame["height"], steps=4)
    page.mouse.up()
    playwright.expect(page.locator(".sentence")).to_contain_text("like a part of this photo")
    settled(page)
    for _ in range(2):
        page.locator("#results .card__open").first.click()
        page.wait_for_selector("dialog .detail:not(.detail--waiting)")
        page.keyboard.press("Escape")


#: A photo, words and an exclusion, with a card open.
EXPLAINED = "?sample=scene-011&q=brown%20armchair&not=fabric&open=armchair-006"


def coloured(page, place: str) -> int:
    """How many of the points over a picture have a colour on them."""
    return page.locator(f"dialog [data-place={place}] canvas").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
        ".filter((value, at) => at % 4 === 3 && value > 8).length"
    )


def test_an_opened_card_shows_where_by_key_and_by_click(open_page):
    page = open_page(EXPLAINED)
    dialog = page.locator("dialog.details")
    dialog.locator("[data-why]").wait_for()
    page.wait_for_function("Array.from(document.querySelectorAll('dialog img')).every(image => image.complete)")
    page.wait_for_timeout(300)
    assert coloured(page, "photo") > 0 < coloured(page, "product")
    save(page, "app-explained")

    word = dialog.get_by_role("button", name="armchair", exact=False).and_(dialog.locator("[data-view='token 1']"))
    word.focus()
    page.keyboard.press("Enter")
    playwright.expect(word).to_have_attribute("aria-pressed", "true")
    playwright.expect(dialog.locator("[data-stage-said]")).to_have_text(
        re.compile(r"Shown: “armchair”, \d+\s% of the match")
    )
    assert coloured(page, "photo") == 0  # words have no place in the photo

    dialog.locator("[data-pick=photo]").focus()
    page.keyboard.press("ArrowUp")
    playwright.expect(dialog.locator("[data-stage-said]")).to_contain_text("The ring in the other picture")
    assert 0 < coloured(page, "photo") < coloured(page, "product")  # a ring here, a map there

    dialog.get_by_text("Figures", exact=True).click()
    dialog.get_by_role("button", name="Score", exact=True).click()
    assert coloured(page, "product") > 0
    dialog.get_by_label("Show where").uncheck()
    assert coloured(page, "product") == 0


def test_the_figures_stay_open_for_whoever_opened_them(open_page):
    page = open_page("?q=red+mug&open=mug-006")
    figures = page.locator("dialog [data-figures]")
    figures.locator("summary").click()
    page.keyboard.press("Escape")
    page.locator("#results .card__open").nth(1).click()
    page.wait_for_selector("dialog .detail:not(.detail--waiting)")
    playwright.expect(figures).to_have_attribute("open", "")
    page.reload()
    playwright.expect(figures).to_have_attribute("open", "")


def test_one_tap_asks_for_the_same_in_another_colour(open_page):
    page = open_page("?q=red+mug&colour=red&open=mug-006")
    page.get_by_role("button", name="The same in Blue").click()
    playwright.expect(page.locator(".sentence")).to_contain_text("like ")
    settled(page)
    in_address(page, "like=mug-006")
    in_address(page, "q=blue")
    in_address(page, "colour=red", there=False)
    assert "navy" in titles(page)[0] or "blue" in titles(page)[0]


def test_an_explained_card_fits_a_phone_and_tells_why_before_its_pictures(open_page):
    page = open_page(EXPLAINED + "&lang=zh", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("dialog [data-why]").wait_for()
    assert page.locator(".details__body").evaluate("body => body.scrollWidth - body.clientWidth") == 0
    sentence, stage = (page.locator(f"dialog {name}").bounding_box() for name in (".why__sentence", ".stage"))
    assert sentence["y"] + sentence["height"] < stage["y"] < 844
    for button in page.locator("dialog :is(button, summary):visible").all():
        assert button.bounding_box()["height"] >= 43.5, button.evaluate("button => button.outerHTML.slice(0, 200)")
    save(page, "app-explained-phone")


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1920])
def test_nothing_sticks_out_sideways(open_page, width):
    page = open_page("?q=red+mug&not=stripes&category=Mugs", viewport={"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_has_two_cards_across_and_the_filters_in_a_sheet(open_page):
    page = open_page("?q=red+mug", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    edges = [page.locator("#results .card").nth(at).bounding_box() for at in range(3)]
    assert edges[0]["y"] == edges[1]["y"] < edges[2]["y"]
    playwright.expect(page.locator("#refine")).not_to_be_visible()
    page.locator("[data-sheet]").tap()
    playwright.expect(page.locator("#refine")).to_be_visible()
    page.get_by_role("button", name="Show products").tap()
    playwright.expect(page.locator("#refine")).not_to_be_visible()
    page.locator("#results").evaluate("element => element.scrollIntoView()")
    save(page, "app-phone")


def test_dark_follows_the_system_until_it_is_switched(open_page):
    page = open_page("?q=red+mug", color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    save(page, "app-dark")
    page.get_by_role("button", name="Switch to light colours").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    page.reload()
    page.wait_for_selector("#results[data-page]")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
