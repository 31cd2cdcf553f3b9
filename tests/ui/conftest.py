"""A browser, and pages of the app in it that complain about what goes wrong in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.browsing import ARGUMENTS, CHROMIUM, serving

#: An explanation takes 3 seconds of computing; beside renders on the same two cores it took half a minute.
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The app as a user starts it, with the embedded catalog; a module that needs another one has its own."""
    with serving(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture
def open_page(browser, address):
    """Opens the page; at the end nothing may have gone wrong in it, or been asked of another host."""
    contexts, problems = [], []

    def opened(link: str = "", **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: message.type == "error" and problems.append(message.text))
        page.on("request", lambda request: _local(request.url, address) or problems.append(request.url))
        page.goto(address + link)
        page.wait_for_selector("#results[data-page]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def _local(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))
