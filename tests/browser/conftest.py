"""A browser for the page's tests."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.playground.page.server import Page as Playground
from bot.playground.stage import Stage
from tests.browser.chromium import QUIET, find_chromium

MISSING = "NO CHROMIUM: the page was NOT tested in a browser. Install it, on Debian: apt-get install chromium"
SECONDS = 30_000.0

Window = Callable[[str], Awaitable[Page]]


@pytest.fixture
def chromium() -> str:
    """The browser's program. Without one, the tests say so loudly, and fail on CI."""
    found = find_chromium()
    if found is None and os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(MISSING)
    if found is None:
        pytest.skip(MISSING)
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A browser that talks only to us."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage whose bot is running."""
    async with Stage(image_seconds=5.0) as stage:
        await stage.start_bot()
        yield stage


@pytest.fixture
async def playground(stage: Stage) -> AsyncIterator[Playground]:
    """The page on that stage."""
    async with Playground(stage) as playground:
        yield playground


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh session of the browser."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(SECONDS)
    expect.set_options(timeout=SECONDS)
    yield context
    await context.close()


@pytest.fixture
async def window(context: BrowserContext, playground: Playground) -> AsyncIterator[Window]:
    """Opens windows on the page; afterwards none of them may have reported an error or called elsewhere."""
    troubles: list[str] = []

    async def open_window(look: str) -> Page:
        page = await context.new_page()
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: troubles.append(r.url) if not r.url.startswith(allowed) else None)
        await page.goto(f"{playground.url}{look}")
        return page

    allowed = (playground.url, "data:")
    yield open_window

    assert troubles == []
