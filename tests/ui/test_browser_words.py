"""Words in a real browser: suggestions, what was understood of them, groups, and more results."""

from __future__ import annotations

import pytest

from tests.ui.browsing import in_address, settled, titles

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


def words(page):
    return page.get_by_role("combobox", name="Words")


def chip(page, text: str):
    return page.get_by_role("button", name=f"Remove: {text}", exact=True)


def test_what_was_typed_stays_and_its_parts_are_removed_one_by_one(open_page):
    page = open_page()
    words(page).fill("red mug under 30")
    page.keyboard.press("Enter")
    settled(page)
    assert words(page).input_value() == "red mug under 30"
    chip(page, "up to €30").click()
    in_address(page, "under", there=False)
    settled(page)
    assert words(page).input_value() == "red mug"
    chip(page, "red").click()
    in_address(page, "q=mug")
    settled(page)
    words(page).fill("teapot")
    page.keyboard.press("Enter")
    in_address(page, "q=teapot")
    assert "price=" not in page.url, "a price that was typed once does not stay for the next search"


def test_a_part_of_the_words_becomes_a_filter(open_page):
    page = open_page("?q=red+mug")
    page.get_by_role("button", name="Make it a filter: Category: Mugs").click()
    in_address(page, "category=Mugs")
    settled(page)
    assert words(page).input_value() == "red"
    assert all("mug" in title.lower() for title in titles(page))


def test_more_results_go_on_where_the_reader_is(open_page):
    page = open_page("?q=red+mug")
    more = page.get_by_role("button", name="Show more")
    more.scroll_into_view_if_needed()
    before, count = page.evaluate("scrollY"), len(titles(page))
    more.click()
    in_address(page, "k=48")
    settled(page)
    assert len(page.locator("#results .card").all()) > count
    assert page.evaluate("scrollY") == pytest.approx(before, abs=2)
    assert page.evaluate("document.activeElement.className") == "card__open"


def test_arrows_move_between_cards(open_page):
    page = open_page("?q=red+mug")
    cards = page.locator("#results .card__open")
    cards.first.focus()
    page.keyboard.press("ArrowRight")
    playwright.expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    playwright.expect(cards.first).to_be_focused()


@pytest.fixture
def suggesting(open_page):
    """A page whose server suggests a word that begins as the typed one does, and one with the number of the request."""
    asked: list[str] = []

    def answer(route) -> None:
        typed = route.request.post_data_json["data"][0]
        asked.append(typed)
        found = [{"text": f"{typed}g", "kind": "Kind"}, {"text": f"{typed} {len(asked)}", "kind": "Product"}]
        route.fulfill(json={"data": [found]})

    page = open_page()
    page.route("**/gradio_api/run/suggest", answer)
    page.asked = asked
    return page


def test_suggestions_are_chosen_with_the_arrows_and_taken_with_enter(suggesting):
    page, expect = suggesting, playwright.expect
    words(page).press_sequentially("mu", delay=20)
    listed = page.get_by_role("option")
    expect(listed).to_have_count(2)
    assert page.asked == ["mu"], "one request for what is typed in one go"
    expect(words(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-suggested]")).to_have_text("2 suggestions; the arrow keys choose one")
    page.keyboard.press("ArrowDown")
    expect(words(page)).to_have_attribute("aria-activedescendant", listed.first.get_attribute("id"))
    expect(listed.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    in_address(page, "q=mug")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert words(page).input_value() == "mug"


def test_escape_closes_the_suggestions_and_a_click_takes_one(suggesting):
    page, expect = suggesting, playwright.expect
    words(page).press_sequentially("mu", delay=20)
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert words(page).input_value() == "mu"
    words(page).press_sequentially("g", delay=20)
    page.get_by_role("option").first.click()
    in_address(page, "q=mugg")


def test_the_server_suggests_past_its_queue(open_page, address):
    page = open_page()
    answer = page.request.post(f"{address}gradio_api/run/suggest", data={"data": ["mu", "en"]})
    assert answer.ok
    assert isinstance(answer.json()["data"][0], list)
