"""The objects of a photo in a real browser: dots, taps, drags, the room, and the way back. A toy engine that finds a green
thing at the left of every photo and a red one at the right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import Catalog, SearchEngine
from search.query.objects import Object
from search.settings import Settings
from tests.conftest import ToyEncoder, swatch, toy_products
from tests.ui.browsing import in_address, mounted, settled, titles

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

GREEN, RED = (0.0, 0.0, 0.45, 1.0), (0.55, 0.0, 1.0, 1.0)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Finding(SearchEngine):
    """Finds the same two objects in every photo, but for one in which they stand close together."""

    def objects(self, image):
        if "crowded" in str(image):
            return tuple(
                Object((x, 0.48, x + 0.1, 0.52), name=name) for x, name in ((0.4, "kinds:mug"), (0.5, "kinds:hat"))
            )
        return Object(RED, name="kinds:hat", certainty=0.9), Object(GREEN, name="kinds:mug", certainty=0.9)

    def focus(self, image):
        return self.objects(image)[0].box


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    """Grey in the middle."""
    folder = tmp_path_factory.mktemp("photos")
    picture = swatch((120, 120, 120), (300, 200))
    picture.paste(swatch("green", (135, 200)), (0, 0))
    picture.paste(swatch("red", (135, 200)), (165, 0))
    picture.save(folder / "room.png")
    (folder / "scenes.csv").write_text("id,image,product_ids,setting,caption,caption_zh\nroom,room.png,,,A room,房间\n")
    return folder / "room.png"


@pytest.fixture(scope="module")
def address(photo, tmp_path_factory) -> Iterator[str]:
    settings = Settings(catalog="toy", cache_dir=tmp_path_factory.mktemp("cache"), samples=photo.parent)
    engine = Finding.build(Catalog(toy_products(), name="toy"), ToyEncoder(), cache_dir=None)
    with mounted(engine, settings) as url:
        yield url


@pytest.fixture
def searched(open_page, photo):
    """The page after the photo was uploaded."""

    def opened(**options):
        page = open_page(**options)
        page.set_input_files("[data-file]", photo)
        playwright.expect(page.locator(".sentence")).to_contain_text("like the hat in this photo")
        settled(page)
        return page

    return opened


def region(page) -> list[float] | None:
    return json.loads(page.locator("#results").get_attribute("data-page"))["state"]["region"]


def says(page, text: str) -> None:
    playwright.expect(page.locator(".sentence")).to_contain_text(text)
    settled(page)


def drag(page, start: tuple[float, float], end: tuple[float, float]) -> None:
    frame = page.locator("[data-frame]").bounding_box()
    places = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def test_a_tap_on_a_dot_switches_the_search_and_back_leads_through_every_step(searched):
    page = searched()
    assert titles(page)[0] == "Red cup"
    mug = page.get_by_role("button", name="1 of 2: mug")
    mug.click()
    assert mug.get_attribute("aria-pressed") == "true", "before the answer is there"
    says(page, "like the mug in this photo")
    assert titles(page)[0] == "Green cup"
    assert page.locator("[data-region]").bounding_box()["width"] < page.locator("[data-frame]").bounding_box()["width"]

    page.get_by_role("button", name="Whole photo").click()
    says(page, "like this photo")
    playwright.expect(page.locator("[data-region]")).to_be_hidden()
    page.go_back()
    says(page, "like the mug in this photo")
    page.go_back()
    says(page, "like the hat in this photo")
    page.go_back()
    playwright.expect(page.get_by_role("heading", name="What are you looking for?")).to_be_visible()
    playwright.expect(page.locator("[data-photo-image]")).to_be_hidden()
    page.go_forward()
    says(page, "like the hat in this photo")
    page.wait_for_function("document.querySelector('[data-photo-image]').naturalWidth === 300")


def test_a_drag_draws_a_part_and_a_tap_on_an_object_chooses_it(searched):
    page = searched()
    drag(page, (0.1, 0.1), (0.3, 0.7))
    says(page, "like a part of this photo")
    assert region(page) == pytest.approx([0.1, 0.1, 0.3, 0.7], abs=0.02)
    drag(page, (0.76, 0.5), (0.3, 0.2))  # from the dot of the hat, the other way round
    page.wait_for_function("document.querySelector('[data-photo-label]').textContent === 'Your own part'")
    settled(page)
    assert region(page) == pytest.approx([0.3, 0.2, 0.76, 0.5], abs=0.02)

    frame = page.locator("[data-frame]").bounding_box()
    page.mouse.click(frame["x"] + 0.02 * frame["width"], frame["y"] + 0.95 * frame["height"])  # far from its dot
    says(page, "like the mug in this photo")
    page.mouse.click(frame["x"] + 0.5 * frame["width"], frame["y"] + 0.05 * frame["height"])  # on neither
    says(page, "like the mug in this photo")


def test_where_the_targets_of_two_dots_overlap_the_nearer_one_is_meant(open_page, photo, tmp_path):
    shutil.copy(photo, tmp_path / "crowded.png")
    page = open_page()
    page.set_input_files("[data-file]", tmp_path / "crowded.png")
    says(page, "like the mug in this photo")
    mug, hat = (page.locator("[data-thing]").nth(at).bounding_box() for at in (0, 1))
    assert mug["x"] + mug["width"] > hat["x"] + 8
    below = mug["y"] + mug["height"] / 2
    page.mouse.click(mug["x"] + mug["width"] - 4, below)
    says(page, "like the hat in this photo")
    page.mouse.click(hat["x"] + 4, below)
    says(page, "like the mug in this photo")


def test_the_keyboard_goes_from_dot_to_dot_and_moves_the_part(searched):
    page = searched()
    page.get_by_role("button", name="2 of 2: hat").focus()
    page.keyboard.press("ArrowRight")  # round to the first
    playwright.expect(page.get_by_role("button", name="1 of 2: mug")).to_be_focused()
    assert page.locator("[data-thing][tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    says(page, "like the mug in this photo")
    playwright.expect(page.get_by_role("button", name="1 of 2: mug")).to_be_focused()

    page.locator("[data-region]").focus()
    page.keyboard.press("ArrowRight")
    says(page, "like a part of this photo")
    assert region(page) == pytest.approx([0.02, 0.0, 0.47, 1.0])
    page.get_by_role("button", name="Whole photo").click()
    says(page, "like this photo")
    page.get_by_role("button", name="Choose a part").click()
    says(page, "like a part of this photo")
    playwright.expect(page.locator("[data-region]")).to_be_focused()


def test_the_room_is_a_row_for_each_object_with_its_own_small_picture_and_a_link(open_page):
    page = open_page("?sample=room")
    page.get_by_role("button", name="Shop the room").click()
    says(page, "like each of the 2 objects in this photo")
    in_address(page, "room=yes")
    headings = page.locator("#results .section--row h2").all_inner_texts()
    assert headings == ["Hat", "Mug"]
    middles = page.locator("canvas[data-crop-of]").evaluate_all(
        "all => all.map(canvas => [...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data])"
    )
    (red, green) = middles
    assert red[0] > 200 > 50 > red[1]
    assert green[1] > 200 > 50 > green[0]

    row = page.locator("#results .section--row").nth(1)
    row.locator(".card__open").first.click()
    page.wait_for_selector("dialog .detail:not(.detail--waiting)")
    in_address(page, "region=0,0,0.45,1")
    page.go_back()
    playwright.expect(page.locator("dialog.details")).not_to_be_visible()
    in_address(page, "region=", there=False)

    row.get_by_role("button", name="See all: Mug").click()
    says(page, "like the mug in this photo")
    in_address(page, "room=yes", there=False)
    page.go_back()
    says(page, "like each of the 2 objects in this photo")
    shared = page.url
    other = open_page(shared.split("/", 3)[3])
    assert other.locator("#results .section--row h2").all_inner_texts() == headings


def test_a_reload_keeps_the_uploaded_photo_and_the_object(searched):
    page = searched()
    page.get_by_role("button", name="1 of 2: mug").click()
    says(page, "like the mug in this photo")
    page.reload()
    says(page, "like the mug in this photo")
    page.wait_for_function("document.querySelector('[data-photo-image]').naturalWidth === 300")
    playwright.expect(page.get_by_role("button", name="1 of 2: mug")).to_have_attribute("aria-pressed", "true")


def test_closing_a_card_is_a_step_back_and_the_next_search_a_step_on(open_page):
    page = open_page("?q=red")
    before = page.evaluate("history.length")
    for _ in range(3):
        page.locator("#results .card__open").first.click()
        page.wait_for_selector("dialog .detail:not(.detail--waiting)")
        in_address(page, "open=")
        page.keyboard.press("Escape")
        in_address(page, "open=", there=False)
    assert page.evaluate("history.length") == before + 1, "a card that was closed leaves nothing behind"
    page.locator("#results .card__open").first.click()
    dialog = page.locator("dialog.details")
    dialog.get_by_role("button", name="More like this").click()
    in_address(page, "like=")
    settled(page)
    page.go_back()
    playwright.expect(dialog.locator(".detail__title")).to_be_visible()
    in_address(page, "open=")
    page.go_back()
    in_address(page, "open=", there=False)
    playwright.expect(dialog).not_to_be_visible()

    page.locator("#words").fill("green")
    page.keyboard.press("Enter")
    in_address(page, "q=green")
    page.go_back()
    in_address(page, "q=red")
    settled(page)
    assert (titles(page)[0], page.locator("#words").input_value()) == ("Red cup", "red")


def test_a_phone_has_targets_for_a_finger_and_a_drag_that_draws(searched):
    page = searched(**PHONE)
    for dot in page.locator("[data-thing]").all():
        box = dot.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.locator("[data-thing]").first.tap()
    says(page, "like the mug in this photo")
    frame = page.locator("[data-frame]").bounding_box()
    at = [
        {"x": frame["x"] + x * frame["width"], "y": frame["y"] + y * frame["height"]}
        for x, y in ((0.3, 0.2), (0.7, 0.8))
    ]
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at[:1]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": at[1:]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    says(page, "like a part of this photo")
    assert region(page) == pytest.approx([0.3, 0.2, 0.7, 0.8], abs=0.03)
    assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_below_the_photo_moves_when_its_objects_are_known(open_page, photo):
    page = open_page()
    page.evaluate("""() => {
      window.heights = new Set();
      new ResizeObserver(([entry]) => window.heights.add(entry.contentRect.height)).observe(document.querySelector(".photo__set"));
    }""")
    page.set_input_files("[data-file]", photo)
    page.wait_for_function("document.querySelector('[data-photo-image]').naturalWidth === 300")
    page.wait_for_timeout(100)
    page.evaluate("window.heights.clear()")
    says(page, "like the hat in this photo")
    page.wait_for_timeout(300)
    assert page.evaluate("window.heights.size") <= 1


def test_dots_come_with_one_pulse_and_with_none_for_who_wants_no_motion(searched):
    running = "getComputedStyle(document.querySelector('[data-thing]'), '::after').animationName"
    assert searched().evaluate(running) == "arrive"
    assert searched(reduced_motion="reduce").evaluate(running) == "none"


def test_a_photo_that_the_browser_cannot_draw_is_searched_with_all_the_same(searched, photo, tmp_path):
    from PIL import Image

    page = searched()
    with Image.open(photo) as picture:
        picture.save(tmp_path / "room.tiff")
    page.set_input_files("[data-file]", tmp_path / "room.tiff")
    playwright.expect(page.locator(".photo__stage .card__blank")).to_be_visible()
    playwright.expect(page.locator("[data-frame]")).to_be_hidden()
    settled(page)
    assert titles(page)[0] == "Red cup"
