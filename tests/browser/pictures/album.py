"""Takes pictures of one playground, each on desktop and phone, light and dark."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize

from bot.playground.cast import IMAGES
from bot.playground.page.server import Page as Playground
from bot.playground.stage import Stage
from bot.playground.stories.scene import Scene

FOLDER = Path("build/pictures")
"""Where all of them go; only what the documentation shows is kept."""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES: dict[str, ViewportSize] = {
    "desk": {"width": 960, "height": 2400},
    "phone": {"width": 390, "height": 2400},
}
WIDE: dict[str, ViewportSize] = {"wide": {"width": 1560, "height": 900}}

Prepare = Callable[[Page], Awaitable[None]]


@dataclass
class Album:
    """The pictures of one language; `taken` has their names, in order, by the chapter that took them."""

    stage: Stage
    playground: Playground
    browser: Browser
    language: str
    taken: dict[str, list[str]] = field(default_factory=dict)
    chapter: str = ""

    async def take(
        self,
        name: str,
        look: str,
        selector: str,
        prepare: Prepare | None = None,
        sizes: dict[str, ViewportSize] = SIZES,
    ) -> None:
        """Save what `selector` shows, after `prepare` has prepared the page."""
        for size, viewport in sizes.items():
            context = await self.browser.new_context(viewport=viewport)
            page = await context.new_page()
            await page.goto(f"{self.playground.url}{look}")
            if prepare is not None:
                await prepare(page)
            for theme in THEMES:
                await page.emulate_media(color_scheme=theme)
                shown = page.locator(selector).first
                await shown.wait_for()
                await page.wait_for_timeout(250)  # fonts and scrolling need to settle; nothing tells when
                await shown.screenshot(path=self.path(name, size, theme), animations="disabled")
            await context.close()
        if sizes is SIZES:
            self.taken.setdefault(self.chapter, []).append(name)

    def path(self, name: str, size: str, theme: str) -> Path:
        """Return where a picture is kept."""
        return FOLDER / f"{name}-{self.language}-{size}-{theme}.png"

    async def card(self, name: str, scene: Scene, who: str) -> None:
        """Take the newest card as somebody sees it."""
        await self.take(name, f"?as={who}&in={IMAGES}", f'[data-where="{IMAGES}/{scene.card.ts}"]')

    async def answer(self, name: str, who: str, text: str) -> None:
        """Take the private answer to a command."""
        answer = await self.stage.person(who).command("/image", text, IMAGES)
        where = f"{IMAGES}/{answer.messages[-1].ts}"
        await self.take(name, f"?as={who}&in={IMAGES}", f'[data-where="{where}"]')
