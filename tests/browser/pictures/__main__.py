"""Take every picture in every language: `make pictures`, or with the names of chapters only those."""

import asyncio
import shutil
import sys
from collections.abc import Iterable
from dataclasses import replace

from playwright.async_api import Browser, async_playwright

from bot.playground.cast import Cast, default_cast
from bot.playground.page.server import Page as Playground
from bot.playground.stage import Stage
from tests.browser.chromium import QUIET, find_chromium, lacks_chinese
from tests.browser.pictures import sheets
from tests.browser.pictures.album import FOLDER, THEMES, Album
from tests.browser.pictures.scenes import CHAPTERS

LANGUAGES = ("en", "zh-CN")
SHOWN = ("window-{language}-wide", "two-approvals-{language}-desk")
"""What the documentation shows on its own."""


async def take(browser: Browser, language: str, chapters: Iterable[str]) -> None:
    """Play the chapters to people who all read one language."""
    async with (
        Stage(_cast(language), {"DEFAULT_LOCALE": language}, image_seconds=10.0) as stage,
        Playground(stage) as playground,
    ):
        await stage.start_bot()
        album = Album(stage, playground, browser, language)
        for album.chapter in chapters:
            for scenes in CHAPTERS[album.chapter]:
                await scenes(album)
    await sheets.make(browser, album)


def keep() -> None:
    """Copy what the documentation shows to where it looks for it."""
    names = [f"{name}-{theme}.png" for name in SHOWN for theme in THEMES]
    for name in (each.format(language=language) for each in names for language in LANGUAGES):
        if (FOLDER / name).exists():
            shutil.copy(FOLDER / name, sheets.KEPT / name)


def _cast(language: str) -> Cast:
    cast = default_cast()
    return replace(cast, people=tuple(replace(each, locale=language) for each in cast.people))


async def main(chapters: Iterable[str]) -> int:
    """Take the pictures; the exit status."""
    chromium = find_chromium()
    if chromium is None:
        print("no Chromium: on Debian, apt-get install chromium", file=sys.stderr)  # noqa: T201 - a program
        return 2
    if lacks_chinese():
        print("no Chinese font: on Debian, apt-get install fonts-noto-cjk", file=sys.stderr)  # noqa: T201 - a program
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        for language in LANGUAGES:
            await take(browser, language, chapters)
        await browser.close()
    keep()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:] or CHAPTERS)))
