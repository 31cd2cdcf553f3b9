"""The page's script in a real browser against a toy engine: what the other browser tests cannot bring about."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from search import Catalog, SearchEngine
from search.settings import Settings
from tests.conftest import ToyEncoder, toy_products
from tests.ui.browsing import in_address, mounted, settled, titles
from tests.ui.conftest import PATIENCE_MS

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

#: Under a prefix, as behind the proxy of a company or a Space: every address must be relative.
PREFIX = "/shop/"


class SlowEncoder(ToyEncoder):
    """Takes `seconds` for words, and remembers which it was given."""

    seconds = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode_texts(self, texts):
        self.asked += texts
        time.sleep(self.seconds)
        return super().encode_texts(texts)


@pytest.fixture(scope="module")
def slow() -> SlowEncoder:
    return SlowEncoder()


@pytest.fixture(scope="module")
def address(slow, tmp_path_factory) -> Iterator[str]:
    settings = Settings(catalog="toy", cache_dir=tmp_path_factory.mktemp("cache"), samples=None)
    engine = SearchEngine.build(Catalog(toy_products(), name="toy"), slow, cache_dir=None)
    with mounted(engine, settings, PREFIX) as url:
        yield url


@pytest.fixture(autouse=True)
def quick_again(slow) -> Iterator[None]:
    slow.asked.clear()
    yield
    slow.seconds = 0.0


@pytest.fixture
def troubled(browser, address):
    """The page in a browser whose console may report errors."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#results[data-page]")
    yield page
    context.close()


def ask(page, words: str) -> None:
    page.locator("#words").fill(words)
    page.keyboard.press("Enter")


def test_the_page_works_under_a_prefix(open_page, address):
    asked: list[str] = []
    page = open_page()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_selector("#results[data-page]")
    scripts = [url for url in asked if url.endswith(".js") and "/page-" in url]
    assert len(scripts) == len(set(scripts)) > 25  # none is fetched twice
    assert all(url.startswith(f"{address}gradio_api/file=") for url in scripts)
    ask(page, "red")
    in_address(page, "q=red")
    assert titles(page)[0] == "Red cup"
    assert page.url.startswith(address)


def test_the_last_of_three_quick_searches_is_what_is_shown(open_page, slow):
    page = open_page()
    slow.seconds = 6.0  # longer than typing all three takes, on a busy machine too
    for words in ("a red one", "a green one", "a blue one"):
        ask(page, words)
        page.wait_for_timeout(100)
    settled(page)
    playwright.expect(page.locator(".sentence")).to_contain_text("blue")
    assert page.locator("#words").input_value() == "a blue one"
    assert titles(page)[0] == "Blue hat"
    in_address(page, "q=a%20blue%20one")
    assert slow.asked == ["a red one", "a blue one"]  # nobody waits for the second any more


def test_what_is_typed_while_an_answer_is_on_its_way_stays(open_page, slow):
    page = open_page()
    slow.seconds = 1.0
    ask(page, "red hats")
    page.locator("#words").fill("red hats and")
    settled(page)
    assert page.locator("#words").input_value() == "red hats and"


def test_a_slow_answer_is_waited_for(open_page, slow):
    page = open_page()
    slow.seconds = 7.0
    ask(page, "green")
    page.wait_for_timeout(6000)
    assert page.locator("#results [role=alert]").count() == 0
    settled(page)
    assert titles(page)[0] == "Green cup"


def test_a_server_that_is_gone_is_noticed_and_asked_again(troubled, slow):
    page = troubled
    slow.seconds = 20.0
    ask(page, "green cups")
    page.wait_for_timeout(200)
    page.route("**/waiting.js", lambda route: route.abort())  # which is what the script asks for
    started = time.monotonic()
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    assert time.monotonic() - started < 10
    page.unroute("**/waiting.js")
    again.click()
    settled(page)
    assert titles(page)[0] == "Green cup"


def test_an_error_of_the_server_is_said_where_the_answer_would_be(troubled, address, monkeypatch):
    from search.ui import handlers

    def broken(*arguments):
        raise RuntimeError("not today")

    page = troubled
    with monkeypatch.context() as patch:
        patch.setattr(handlers, "on_search", broken)
        ask(page, "red")
        playwright.expect(page.locator("#results [role=alert]")).to_be_visible()
        patch.setattr(handlers, "on_details", broken)
        page.goto(address)
        page.locator("#results .card__open").first.click()
        playwright.expect(page.locator("dialog [role=alert]")).to_be_visible()
    page.locator("dialog").get_by_role("button", name="Try again").click()
    playwright.expect(page.locator("dialog.details")).not_to_be_visible()
    settled(page)
    assert len(titles(page)) == 4
