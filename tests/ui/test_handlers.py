"""What the page answers, without a browser and without Gradio."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from search import Catalog, Product, SearchEngine, images
from search.errors import ImageError, VitrineError
from search.images import WHOLE
from search.schema import HitGroup
from search.ui import handlers, samples, storefront
from search.ui.context import AppContext
from search.ui.state import State
from search.ui.thumbs import Thumbnails
from tests.conftest import swatch, toy_products
from tests.ui.context import make_context


@pytest.fixture
def context(engine, tmp_path):
    return make_context(engine, tmp_path)


def titles(page: str) -> list[str]:
    return re.findall(r'card__title" title="([^"]*)"', page)


def state_of(page: str) -> dict:
    return json.loads(unescape(re.search(r'data-page="([^"]*)"', page)[1]))["state"]


def test_an_empty_page_is_the_shop_by_category(context):
    page = handlers.on_open(context, [])
    assert "What are you looking for?" in page.results
    assert sorted(titles(page.results)) == ["Blue hat", "Green cup", "Red cup", "Red hat"]
    assert re.findall(r"<h2>([^<]*)<", page.results) == ["Cups", "Hats"]
    assert page.details == ""


def test_words_rank_products(context):
    page = handlers.on_search(context, State(text="green"))
    assert titles(page.results)[0] == "Green cup"


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (State(sample="one"), "Red cup"),
        (State(upload="green.png"), "Green cup"),
        (State(like="cup-red"), "Red hat"),  # itself left out
    ],
)
def test_whatever_stands_in_for_the_photo_is_searched_with(context, state, first):
    assert titles(handlers.on_search(context, state).results)[0] == first


def test_a_new_photo_is_searched_with_the_part_that_is_most_like_a_product(context):
    photo = swatch((120, 120, 120), (100, 100))
    photo.paste("red", (55, 55, 100, 100))
    photo.save(context.uploads / "room.png")
    page = handlers.on_search(context, State(upload="room.png"))
    assert state_of(page.results)["region"] == [0.55, 0.55, 1.0, 1.0]
    assert "in this photo" in page.results
    assert titles(page.results)[0] == "Red cup"

    whole = handlers.on_search(context, State(upload="room.png", region=WHOLE))
    assert state_of(whole.results)["region"] == list(WHOLE), "who asks for the whole photo gets it"
    assert "like this photo" in whole.results

    opened = handlers.on_open(context, [("sample", "one"), ("open", "cup-red")])
    assert state_of(opened.results)["region"] is None, "of a packshot all counts, and the link stays short"
    assert "Red cup" in opened.details


def left_by_chip(page: str) -> dict[str, str]:
    """What each chip of the words says -> the words that its cross leaves."""
    found = re.findall(r'data-left="([^"]*)"[^>]*><span class="part__text">([^<]*)<', page)
    return {unescape(said): unescape(left) for left, said in found}


def test_what_was_typed_stays_and_each_part_of_it_is_a_chip_that_leaves_the_rest(context):
    state = State(text="red without blue under 25")
    page = handlers.on_search(context, state)
    assert State.from_message(state_of(page.results)) == state, "nothing of it sticks to the next search"
    assert titles(page.results) == ["Red cup", "Green cup"]
    left = left_by_chip(page.results)
    assert left["without blue"] == "red under 25"
    assert left["up to 25"] == "red without blue"


def test_a_price_alone_narrows_the_shop_and_stays_in_the_words(context):
    state = State(text="under 15")
    page = handlers.on_search(context, state)
    assert titles(page.results) == ["Red cup"]
    assert State.from_message(state_of(page.results)) == state


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (State(text="not red"), ["Green cup", "Blue hat"]),
        (State(text="不要红色", lang="zh"), ["Green cup", "Blue hat"]),
        (State(exclude=("red",)), ["Green cup", "Blue hat"]),
        (State(text="not red", filters={"category": ("Cups",)}), ["Green cup"]),
        (State(text="not red over 15"), ["Green cup"]),
        (State(text="cheapest"), ["Red cup", "Green cup", "Red hat", "Blue hat"]),
        (State(text="most expensive"), ["Red hat", "Green cup", "Red cup", "Blue hat"]),
    ],
)
def test_words_that_leave_nothing_to_rank_by_show_the_catalog_under_them(context, state, shown):
    page = handlers.on_search(context, state)
    assert titles(page.results) == shown
    assert State.from_message(state_of(page.results)) == state
    if state.text:
        assert left_by_chip(page.results)


def test_filters_alone_narrow_the_shop(context):
    page = handlers.on_search(context, State(filters={"category": ("Hats",)}))
    assert titles(page.results) == ["Red hat", "Blue hat"]
    assert "2 products pass the filters" in page.results


@pytest.mark.parametrize("text", ["", "red"])
def test_filters_that_nothing_passes_can_be_removed_one_by_one(context, text):
    page = handlers.on_search(context, State(text=text, filters={"category": ("Cups",), "colour": ("Blue",)}))
    assert "Nothing passes these filters" in page.results
    assert 'data-drop="filter:colour"' in page.results.split("message__parts")[1]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State(text="x" * 3000), "3,000 characters"),
        (State(like="nobody"), "no product"),
        (State(sample="nowhere"), "no sample photo"),
        (State(upload="gone.png"), "no longer on the server"),
        (State(upload="../one.png"), "no longer on the server"),
        (State(upload="/etc/hostname"), "no longer on the server"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_lost(context, state, said):
    page = handlers.on_search(context, state)
    assert said in page.results
    assert State.from_message(state_of(page.results)) == state
    assert "Traceback" not in page.results


def test_a_photo_that_is_none_is_one_sentence(context):
    (context.uploads / "note.txt").write_text("not a picture")
    page = handlers.on_search(context, State(upload="note.txt", text="red"))
    assert "cannot be read as a picture" in page.results
    assert "无法作为图片读取" in handlers.on_search(context, State(upload="note.txt", lang="zh")).results


def test_an_unexpected_error_is_polite_and_logged(context, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(context.engine, "search", broken)
    monkeypatch.setattr(context.engine, "facets", broken)
    page = handlers.on_search(context, State(text="red"))
    assert "Something went wrong on our side" in page.results
    assert "secret detail" not in "".join([page.header, page.rail, page.refine, page.results])
    assert "secret detail" in caplog.text


def test_an_open_card_in_the_link_is_opened_with_its_score(context):
    page = handlers.on_open(context, [("q", "red"), ("open", "hat-red")])
    assert 'data-detail="hat-red"' in page.details
    assert "What the score is made of" in page.details


def test_a_card_of_a_group_opens_with_its_score_though_it_is_not_among_the_first(context, monkeypatch):
    search = context.engine.search

    def grouped(query, k):
        found = search(query, k)
        first, *others = found.hits
        return replace(found, hits=(first,), groups=(HitGroup((), ("kind",), tuple(others), len(others)),))

    monkeypatch.setattr(context.engine, "search", grouped)
    assert "What the score is made of" in handlers.on_details(context, State(text="red", open="hat-blue"))


def test_a_card_that_was_not_ranked_opens_without_a_score(context):
    panel = handlers.on_details(context, State(open="hat-red"))
    assert 'data-detail="hat-red"' in panel
    assert "What the score is made of" not in panel


def test_opening_a_card_or_changing_the_language_does_not_search_again(context, monkeypatch):
    calls = []
    search = context.engine.search
    monkeypatch.setattr(context.engine, "search", lambda query, k: calls.append(query) or search(query, k))
    handlers.on_search(context, State(text="red", exclude=("blue",)))
    handlers.on_details(context, State(text="red", exclude=("blue",), open="hat-red"))
    handlers.on_search(context, State(text="red", exclude=("blue",), lang="zh"))
    assert len(calls) == 1
    handlers.on_search(context, State(text="red", exclude=("blue",), k=12))
    assert len(calls) == 2


def suggesting(context, monkeypatch, *found: tuple[str, str]) -> list[tuple]:
    """The engine suggests (text, kind) each; what it was asked."""
    asked: list[tuple] = []

    def suggest(*given):
        asked.append(given)
        return [SimpleNamespace(text=text, kind=kind) for text, kind in found]

    monkeypatch.setattr(context.engine, "suggest", suggest, raising=False)
    return asked


def test_suggestions_say_what_they_name_in_the_readers_language(context, monkeypatch):
    asked = suggesting(context, monkeypatch, ("mug", "kind"), ("Kiln & Co", "brand"), ("odd", "made_in"))
    assert handlers.on_suggest(context, "m", "en") == [
        {"text": "mug", "kind": "Kind"},
        {"text": "Kiln & Co", "kind": "Brand"},
        {"text": "odd", "kind": "Made in"},
    ]
    assert [each["kind"] for each in handlers.on_suggest(context, "m", "zh")][:2] == ["种类", "品牌"]
    assert asked == [("m", "en", 8), ("m", "zh", 8)]


def test_nothing_and_very_much_is_not_completed(context, monkeypatch):
    asked = suggesting(context, monkeypatch, ("mug", "kind"))
    assert handlers.on_suggest(context, "  ", "en") == handlers.on_suggest(context, "m" * 81, "en") == []
    assert asked == []


def test_without_suggestions_one_can_still_type(context, monkeypatch):
    monkeypatch.setattr(context.engine, "suggest", None, raising=False)
    assert handlers.on_suggest(context, "m", "en") == []


def test_facets_count_under_the_other_filters(context):
    page = handlers.on_search(context, State(filters={"colour": ("Red",)}))
    counts = dict(re.findall(r'data-value="(\w+)".*?value__count"><span[^>]*>(\d+)<', page.refine))
    assert counts == {"Cups": "1", "Hats": "1", "Red": "2", "Blue": "1", "Green": "1"}


def test_the_page_speaks_chinese_throughout(context):
    page = handlers.on_search(context, State(text="red", lang="zh"))
    whole = re.sub(r"<svg.*?</svg>|data-[\w-]+=\"[^\"]*\"", "", page.header + page.rail + page.refine + page.results)
    said = re.findall(r">([^<]+)<", whole) + re.findall(r'(?:title|aria-label|placeholder)="([^"]+)"', whole)
    catalog = {"Red cup", "Green cup", "Red hat", "Blue hat", "Cups"}
    english = {text for text in said if re.search(r"[A-Za-z]{3,}", text) and not any(name in text for name in catalog)}
    assert {text for text in english if not re.search(r"[\u4e00-\u9fff]", text)} <= {"Vitrine"}


def test_the_http_api_answers_with_plain_json(context):
    answer = handlers.search_api(context, text="red without blue", filters={"price": [None, 50]}, k=2)
    assert json.loads(json.dumps(answer)) == answer
    asked = {name: answer["query"][name] for name in ("text", "exclude", "filters", "photo")}
    assert asked == {"text": "red", "exclude": ["blue"], "filters": {"price": [None, 50.0]}, "photo": False}
    assert [hit["rank"] for hit in answer["hits"]] == [1, 2]
    first = answer["hits"][0]
    assert sum(first["parts"].values()) == first["score"]


def test_the_http_api_takes_a_photo_and_refuses_nothing_at_all(context):
    answer = handlers.search_api(context, image=str(context.uploads / "green.png"), k=1)
    assert answer["hits"][0]["id"] == "cup-green"
    with pytest.raises(VitrineError, match="neither a photo nor words"):
        handlers.search_api(context)


def test_without_sample_photos_the_rail_offers_products(context, engine, tmp_path):
    assert 'data-sample="one"' in handlers.on_open(context, []).rail
    bare = AppContext(engine, context.thumbnails, {}, context.uploads, "toy")
    assert 'data-like="cup-red"' in handlers.on_open(bare, []).rail


def test_thumbnails_are_small_named_by_content_and_never_of_uploads(tmp_path):
    thumbs = Thumbnails(tmp_path / "thumbs")
    picture = Image.new("RGB", (1200, 600), "red")
    first, second, broken = thumbs.urls([picture, picture.copy(), b"not a picture"])
    assert first == second
    assert broken is None
    with Image.open(first.removeprefix("gradio_api/file=")) as small:
        assert (small.size, small.format) == ((400, 200), "WEBP")


def test_a_picture_that_is_small_already_is_given_as_it_is(tmp_path):
    thumbs = Thumbnails(tmp_path / "thumbs")
    small, turned = tmp_path / "small.jpg", tmp_path / "turned.jpg"
    Image.new("RGB", (300, 200), "red").save(small)
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", (300, 200), "red").save(turned, exif=exif)
    assert Path(thumbs.url(small).removeprefix("gradio_api/file=")).read_bytes() == small.read_bytes()
    with Image.open(thumbs.url(turned).removeprefix("gradio_api/file=")) as upright:
        assert upright.size == (200, 300)


def test_sample_photos_outside_their_folder_are_left_out(tmp_path):
    folder = tmp_path / "scenes"
    (folder / "images").mkdir(parents=True)
    for path in (folder / "images" / "a.jpg", tmp_path / "secret.jpg"):
        Image.new("RGB", (16, 16)).save(path)
    (folder / "scenes.csv").write_text(
        "id,image,product_ids,setting,caption,caption_zh\n"
        "a,images/a.jpg,mug-001|vase-002,kitchen,A mug,马克杯\n"
        "b,../secret.jpg,,,,\n"
        "c,images/none.jpg,,,,\n"
    )
    loaded = samples.load(folder)
    assert list(loaded) == ["a"]
    assert loaded["a"].products == ("mug-001", "vase-002")
    assert loaded["a"].words("zh") == "马克杯"
    assert samples.load(None) == samples.load(Path("/nowhere")) == {}


@pytest.fixture
def departments(encoder, tmp_path):
    """A context whose cups are in the kitchen, whose hats are clothes, and where one thing is neither."""
    place = {"Cups": "Kitchen", "Hats": "Clothing"}
    products = [replace(product, attributes={"department": place[product.category]}) for product in toy_products()]
    products.append(Product("odd", "Odd thing", swatch("red")))
    return make_context(SearchEngine.build(Catalog(products), encoder, cache_dir=None), tmp_path)


def headings(page: str) -> list[str]:
    return re.findall(r"<h2>([^<]*)<", page)


def pressed(page: str) -> list[str]:
    return re.findall(r'data-department="([^"]*)" aria-pressed="true"', page)


def test_an_empty_page_is_the_shop_by_department(departments):
    page = handlers.on_open(departments, []).results
    assert headings(page) == ["Clothing", "Kitchen", "Other products"]
    assert pressed(page) == [""]
    assert re.findall(r'class="link-button" data-department="([^"]*)"', page) == ["Clothing", "Kitchen"]


def test_a_department_shows_its_kinds_and_has_a_link(departments):
    page = handlers.on_open(departments, [("department", "clothing")]).results
    assert headings(page) == ["Hats"]
    assert sorted(titles(page)) == ["Blue hat", "Red hat"]
    assert pressed(page) == ["Clothing"]
    assert 'data-category="Hats"' in page
    assert "sentence__intro" not in page


def test_a_department_narrows_a_search_and_can_be_removed(departments):
    page = handlers.on_search(departments, State(text="red", filters={"department": ("Kitchen",)})).results
    assert set(titles(page)) == {"Red cup", "Green cup"}
    assert 'data-drop="filter:department"' in page


def test_a_category_within_a_department_is_a_listing(departments):
    state = State(filters={"department": ("Kitchen",), "category": ("Cups",)})
    assert "2 products pass the filters" in handlers.on_search(departments, state).results


def test_a_department_where_there_are_none_is_passed_over(context):
    page = handlers.on_open(context, [("department", "Kitchen")]).results
    assert headings(page) == ["Cups", "Hats"]
    assert state_of(page)["filters"] == {}


def test_the_shop_follows_what_comes_and_goes(departments):
    handlers.on_open(departments, [])
    departments.engine.add([Product("boot", "Boot", swatch("red"), "Boots", attributes={"department": "Shoes"})])
    assert "Shoes" in headings(handlers.on_open(departments, []).results)


def test_a_large_shop_shows_few_of_its_products(encoder, tmp_path):
    products = [
        Product(f"p{at}", f"P{at}", swatch("red"), f"Kind {at % 200}", attributes={"department": f"D{at % 40}"})
        for at in range(2000)
    ]
    large = make_context(SearchEngine.build(Catalog(products), encoder, cache_dir=None), tmp_path)
    page = handlers.on_open(large, []).results
    assert len(titles(page)) <= storefront.PICTURES
    assert len(re.findall("data-department=", page)) == 1 + 40 + storefront.ROWS
    one = handlers.on_open(large, [("department", "D7")]).results
    assert len(headings(one)) == 5
    assert page.count('loading="eager"') == 8


def test_the_kinds_that_have_no_row_are_named(encoder, tmp_path):
    products = [
        Product(f"p{at}", f"P{at}", swatch("red"), f"Kind {at:02}", attributes={"department": "AB"[at % 2]})
        for at in range(2 * storefront.ROWS + 4)
    ]
    context = make_context(SearchEngine.build(Catalog(products), encoder, cache_dir=None), tmp_path)
    page = handlers.on_open(context, [("department", "A")]).results
    assert headings(page)[-1] == "More kinds"
    assert re.findall(r'class="chip" data-category="([^"]*)"', page) == ["Kind 24", "Kind 26"]


def test_an_opened_product_shows_the_pictures_that_are_sound(encoder, tmp_path):
    more = (swatch("green"), b"broken", tmp_path / "gone.png", swatch("blue"))
    products = [Product("a", "A", swatch("red"), more_images=more), Product("b", "B", swatch("blue"))]
    context = make_context(SearchEngine.build(Catalog(products), encoder, cache_dir=None), tmp_path)
    panel = handlers.on_details(context, State(open="a"))
    assert re.findall(r'aria-label="(Picture \d of \d)"', panel) == [f"Picture {at} of 3" for at in (1, 2, 3)]
    assert 'role="radiogroup"' not in handlers.on_details(context, State(open="b"))
    assert "The colours belong to the first picture." not in panel


def test_a_further_picture_on_the_web_is_fetched_once_and_a_dead_address_is_not_asked_again(tmp_path, monkeypatch):
    asked = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        if "dead" in address:
            raise ImageError("nobody there")
        return images.encoded(swatch("red", (1200, 600)))

    monkeypatch.setattr(images, "fetch", fetch)
    thumbs = Thumbnails(tmp_path / "thumbs")
    pictures = [swatch("green"), "https://x/dead.jpg", "https://x/a.jpg"]
    first, second = thumbs.angles(pictures)
    assert thumbs.angles(pictures) == [first, second]
    assert sorted(asked) == ["https://x/a.jpg", "https://x/dead.jpg"]
    small, large = (Image.open(address.removeprefix("gradio_api/file=")) for address in second)
    assert (small.size, large.size) == ((144, 72), (960, 480))


def facet_counts(page) -> dict[str, str]:
    return dict(re.findall(r'data-value="(\w+)".*?value__count"><span[^>]*>(\d+)<', page.refine))


@pytest.mark.parametrize(
    ("state", "cups", "hats", "red"),
    [
        (State(text="red under 15"), "1", "0", "1"),  # only the red cup costs so little
        (State(text="red", filters={"price": (None, 15.0)}), "1", "0", "1"),
        (State(text="cup without green"), "1", "2", "2"),
    ],
)
def test_counts_are_under_the_price_and_the_exclusions_of_the_words(context, state, cups, hats, red):
    counts = facet_counts(handlers.on_search(context, state))
    assert [counts.get(name, "0") for name in ("Cups", "Hats", "Red")] == [cups, hats, red]


def test_where_nothing_passes_the_price_in_the_words_can_be_taken_out(context):
    page = handlers.on_search(context, State(text="red under 15", filters={"category": ("Hats",)}))
    message = page.results.partition("Nothing passes")[2]
    assert 'data-drop="filter:category"' in message
    assert 'data-left="red"' in message
    assert "up to 15" in message
    assert "Clear all filters" in message
    only = handlers.on_search(context, State(text="red under 5")).results.partition("Nothing passes")[2]
    assert 'data-left="red"' in only
    assert "Clear all filters" not in only, "there is no filter to clear"


def test_a_suggested_pair_says_what_it_is_of(context, monkeypatch):
    suggesting(context, monkeypatch, ("red cup", "pair"))
    assert handlers.on_suggest(context, "red c", "en") == [{"text": "red cup", "kind": "Colour and kind"}]
    assert handlers.on_suggest(context, "red c", "zh")[0]["kind"] == "颜色和种类"


def test_the_kind_that_a_photo_shows_can_be_dropped(context):
    page = handlers.on_search(context, State(like="cup-red", text="red"))
    assert 'data-drop="seen"' in page.results
    dropped = handlers.on_search(context, State(like="cup-red", text="red", read_photo=False))
    assert "as the photo shows" not in dropped.results
    assert titles(dropped.results)


@pytest.mark.parametrize("name", ["\0", "photo.jpg\0", "a" * 5000])
def test_what_no_file_can_be_called_is_a_photo_that_is_gone(context, name):
    assert "no longer on the server" in handlers.on_search(context, State(upload=name, room=True)).results


def test_the_api_finds_nothing_in_an_empty_catalog(context):
    context.engine.remove([product.id for product in context.engine.catalog])
    assert handlers.search_api(context, text="red")["hits"] == []
