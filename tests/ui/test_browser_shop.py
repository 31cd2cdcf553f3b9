"""The shop and a product's pictures in a real browser, over a small catalog with departments and angles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.ui.browsing import in_address, serving, settled, titles

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

#: Department -> its kinds; each kind in three colours, each product in three pictures.
DEPARTMENTS = {"Clothing": ("Dresses", "Coats"), "Home": ("Mugs", "Lamps", "Vases")}
COLOURS = ("red", "green", "blue")


def write_catalog(folder: Path) -> Path:
    lines = ["id,title,category,department,colour,price,image,images"]
    for department, kinds in DEPARTMENTS.items():
        for kind in kinds:
            for at, colour in enumerate(COLOURS):
                key = f"{kind}-{colour}".lower()
                for picture, name in enumerate((key, f"{key}-angle", f"{key}-detail")):
                    drawn = Image.new("RGB", (240, 240), "white")
                    left = 20 + 50 * picture
                    ImageDraw.Draw(drawn).rectangle((left, 60, left + 90, 190), fill=colour)
                    drawn.save(folder / f"{name}.webp")
                more = f"{key}-angle.webp|{key}-detail.webp"
                lines.append(f"{key},{colour} {kind},{kind},{department},{colour},{10 + at},{key}.webp,{more}")
    (folder / "products.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    catalog = write_catalog(tmp_path_factory.mktemp("shop"))
    with serving(tmp_path_factory.mktemp("served"), "--catalog", str(catalog)) as url:
        yield url


def headings(page) -> list[str]:
    return page.locator("#results h2").evaluate_all("all => all.map(heading => heading.firstChild.textContent)")


def test_the_first_view_is_the_shop_and_a_department_is_one_click_away(open_page):
    page = open_page()
    expect = playwright.expect
    assert headings(page) == ["Home", "Clothing"]
    page.get_by_role("navigation", name="Departments").get_by_role("button", name="Clothing").click()
    settled(page)
    in_address(page, "department=Clothing")
    assert headings(page) == ["Coats", "Dresses"]
    chip = page.get_by_role("navigation", name="Departments").get_by_role("button", name="Clothing")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_be_focused()

    page.get_by_role("combobox", name="Words").fill("red")
    page.keyboard.press("Enter")
    expect(page.locator(".sentence")).to_contain_text("Department: Clothing")
    settled(page)
    assert {title.split()[1] for title in titles(page)} == {"Coats", "Dresses"}

    page.get_by_role("button", name="Clear the words").click()
    settled(page)
    assert headings(page) == ["Coats", "Dresses"]
    page.get_by_role("navigation", name="Departments").get_by_role("button", name="All").click()
    settled(page)
    in_address(page, "department", there=False)
    assert headings(page) == ["Home", "Clothing"]


def test_a_tick_in_the_rail_keeps_the_department(open_page):
    page = open_page("?department=Home")
    page.locator("details[data-facet=colour] .value", has_text="Red").click()
    playwright.expect(page.locator(".sentence")).to_contain_text("Department: Home")
    settled(page)
    assert sorted(titles(page)) == ["red Lamps", "red Mugs", "red Vases"]


def test_a_product_of_the_shop_opens_without_a_score_and_finds_its_like(open_page):
    page = open_page()
    page.locator("#results .card__open").first.click()
    dialog = page.locator("dialog.details")
    dialog.locator(".facts").wait_for()
    assert dialog.get_by_role("heading", name="What the score is made of").count() == 0
    dialog.get_by_role("button", name="More like this").click()
    playwright.expect(page.locator(".sentence")).to_contain_text("like ")


def shown(page) -> str:
    """Which of the pictures is seen large: the one on top at the frame's middle."""
    return page.locator("dialog [data-angle-frame]").evaluate(
        """frame => Array.from(frame.querySelectorAll('img'))
            .filter(image => image.checkVisibility({ visibilityProperty: true }))
            .map(image => image.className || 'first').join()"""
    )


def test_the_angles_are_shown_by_click_and_by_key_and_maps_stay_with_the_first(open_page):
    page = open_page("?q=red&open=mugs-red")
    expect = playwright.expect
    dialog = page.locator("dialog.details")
    dialog.locator("[data-why]").wait_for()
    angles = dialog.get_by_role("radio")
    expect(angles).to_have_count(3)
    expect(angles.nth(0)).to_be_checked()
    assert shown(page) == "first"
    canvas = dialog.locator("[data-place=product] canvas")
    expect(canvas).to_be_visible()

    angles.nth(1).click()
    expect(angles.nth(1)).to_be_checked()
    expect(canvas).not_to_be_visible()
    expect(dialog.get_by_text("The colours belong to the first picture.")).to_be_visible()
    assert shown(page) == "angle-shown"
    second = dialog.locator(".angle-shown").get_attribute("src")
    assert dialog.locator(".angle-shown").get_attribute("alt") == "red Mugs, Picture 2 of 3"

    page.keyboard.press("ArrowRight")
    expect(angles.nth(2)).to_be_focused()
    expect(angles.nth(2)).to_be_checked()
    assert dialog.locator(".angle-shown").get_attribute("src") != second
    page.keyboard.press("ArrowRight")  # round to the first again
    expect(canvas).to_be_visible()
    assert shown(page) == "first"

    angles.nth(2).click()
    expect(canvas).not_to_be_visible()
    dialog.locator(".word[data-view]").first.click()
    expect(canvas).to_be_visible()


def test_a_phone_has_the_shop_and_the_angles_without_sticking_out(open_page):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = open_page("?lang=zh", **phone)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#results .card__open").first.tap()
    dialog = page.locator("dialog.details")
    dialog.get_by_role("radio", name="第 2 张图片，共 3 张").tap()
    playwright.expect(dialog.locator(".angle-shown")).to_be_visible()
    assert page.locator(".details__body").evaluate("body => body.scrollWidth - body.clientWidth") == 0
