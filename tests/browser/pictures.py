"""Pictures of the real page, for the README: every status of the card, the forms, a refusal; in both themes.

make pictures
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.playground.cast import ALICE, BOB, CAROL, DAVE, DESKTOP, IMAGES, MEI, WORKSTATION
from bot.playground.cloud import Kind
from bot.playground.page.server import Page as Playground
from bot.playground.stage import Stage
from bot.playground.stories.scene import Scene
from tests.browser.chromium import QUIET, find_chromium

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LOCALES = Path(__file__).parents[2] / "handlers" / "locales"
THEMES = ("light", "dark")
WIDE: ViewportSize = {"width": 1560, "height": 900}
NARROW: ViewportSize = {"width": 960, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TALL: ViewportSize = {"width": 900, "height": 1500}
ASK = f'/image create {WORKSTATION} --name build-tools --reason "the new compiler for everybody"'
CREATE = "CreateImageByInstance"


class Album:
    """Takes pictures of one playground, each in both themes."""

    def __init__(self, stage: Stage, playground: Playground, browser: Browser) -> None:
        self.stage = stage
        self._playground = playground
        self._browser = browser

    async def take(
        self,
        name: str,
        look: str,
        selector: str = "body",
        prepare: Callable[[Page], Awaitable[None]] | None = None,
        *,
        size: ViewportSize = NARROW,
    ) -> None:
        """Save what `selector` shows as `<name>-<theme>.png`, after `prepare` has prepared the page."""
        for theme in THEMES:
            async with self._window(theme, look, size) as page:
                if prepare is not None:
                    await prepare(page)
                shown = page.locator(selector).first
                await shown.wait_for()
                await page.wait_for_timeout(300)  # fonts and scrolling come to rest; nothing tells when
                await shown.screenshot(path=FOLDER / f"{name}-{theme}.png", animations="disabled")

    async def card(self, name: str, scene: Scene) -> None:
        """Take the newest card as Bob sees it."""
        ts = scene.card.ts
        await self.take(f"card-{name}", f"?as={BOB}&in={IMAGES}", f'[data-where="{IMAGES}/{ts}"]')

    @asynccontextmanager
    async def _window(self, theme: str, look: str, size: ViewportSize) -> AsyncIterator[Page]:
        context = await self._browser.new_context(
            viewport=size,
            color_scheme="dark" if theme == "dark" else "light",
        )
        page = await context.new_page()
        await page.goto(f"{self._playground.url}{look}")
        yield page
        await context.close()


async def requested(album: Album, ask: str = ASK) -> Scene:
    """Let Alice ask for an image."""
    scene = Scene(album.stage, lambda _: None)
    await scene.types(ALICE, ask)
    await scene.status_is("pending")
    return scene


async def approved(album: Album) -> Scene:
    """Let Alice ask, and Bob approve."""
    scene = await requested(album)
    await scene.presses(BOB, "request_approve")
    return scene


async def good_end(album: Album) -> None:
    """Pending, creating, available, and the whole window."""
    clock = album.stage.cloud.clock
    scene = await requested(album)
    await album.card("pending", scene)
    clock.speed = 2.0
    await scene.presses(BOB, "request_approve")
    await scene.until(lambda: "░" in str(scene.card.blocks), "The card shows progress.")
    clock.speed = 0.0
    await album.card("creating", scene)
    thread = f"?as={BOB}&in={IMAGES}&thread={scene.card.ts}&tab=cloud"
    await album.take("creating", thread, size=WIDE)
    clock.speed = 60.0
    await scene.available()
    await album.card("available", scene)
    await album.take("window", thread, size=WIDE)
    await album.take("phone", f"?as={BOB}&in={IMAGES}", size=PHONE)


async def other_ends(album: Album) -> None:
    """In line, rejected, cancelled, failed and expired."""
    cloud = album.stage.cloud
    scene = await requested(album)
    await scene.presses(BOB, "request_reject")
    await scene.submits(BOB, {"reason": "that workstation is renewed tomorrow"})
    await scene.ends("rejected")
    await album.card("rejected", scene)
    scene = await requested(album)
    await scene.presses(ALICE, "request_cancel")
    await scene.ends("cancelled")
    await album.card("cancelled", scene)
    cloud.faults.add(Kind.CREATION_FAILS, CREATE)
    scene = await approved(album)
    await scene.ends("failed")
    await album.card("failed", scene)
    async with scene.rules(("approvals:\n", "approvals:\n  - {name: quick, expires: 2s}\n")):
        scene = await requested(album)
        await scene.ends("expired")
    await album.card("expired", scene)
    cloud.images.slots = 0
    scene = await approved(album)
    await scene.until(lambda: "in line" in str(scene.card.blocks), "The request waits in line.")
    await album.card("approved", scene)


async def two_approvals(album: Album) -> None:
    """Deleting user data, half approved."""
    scene = await requested(
        album, f'/image create {DESKTOP} --clean-userdata --reason "for the new colleague"'
    )
    await scene.presses(CAROL, "request_approve")
    await scene.until(lambda: f"<@{CAROL}>" in str(scene.card.blocks), "The card names who approved.")
    await album.card("two-approvals", scene)


async def forms_and_refusals(album: Album) -> None:
    """What one person sees, in every language that the bot speaks."""
    people = {"en": ALICE} | ({"zh": MEI} if list(LOCALES.glob("zh*")) else {})
    for language, person in people.items():
        place = f"?as={person}&in={IMAGES}"
        for machine in ("design", "finance"):
            await album.take(
                f"form-{machine}-{language}",
                place,
                "#modal",
                form_of(machine),
                size=TALL,
            )
        await album.stage.person(person).close()
        await album.stage.person(person).command("/image", "why ws-secret1 --name hidden", IMAGES)
        await album.take(f"why-{language}", f"?as={person}&in={IMAGES}", ".message.ephemeral >> nth=-1")
    scene = Scene(album.stage, lambda _: None)
    await scene.types(DAVE, f"/image create {WORKSTATION} --name mine")
    await scene.hears(DAVE, "You don't have permission", "Dave is told why.")
    await album.take("denied-en", f"?as={DAVE}&in={IMAGES}", ".message.ephemeral >> nth=-1")


def form_of(machine: str) -> Callable[[Page], Awaitable[None]]:
    """Return what opens the form and chooses a machine."""

    async def open_form(page: Page) -> None:
        await page.keyboard.press("Escape")  # the form of the picture before
        await page.locator("#modal form").wait_for(state="detached")
        await page.locator("#compose").fill("/image ")
        await page.keyboard.press("Escape")
        await page.locator("#compose").press("Enter")
        await page.locator("[data-block=instance_id] input").fill(machine)
        await page.locator("[data-block=instance_id] li").first.click()
        await page.locator("#modal .context").first.wait_for()

    return open_form


async def main() -> int:
    """Take every picture; the exit status."""
    chromium = find_chromium()
    if chromium is None:
        print("no Chromium: on Debian, apt-get install chromium", file=sys.stderr)  # noqa: T201 - a program
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with (
        Stage(image_seconds=10.0) as stage,
        Playground(stage) as playground,
        async_playwright() as driver,
    ):
        await stage.start_bot()
        browser = await driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        album = Album(stage, playground, browser)
        for chapter in (good_end, two_approvals, other_ends, forms_and_refusals):
            await chapter(album)
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
