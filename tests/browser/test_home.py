"""App Home in a browser: opened by mouse, approved by keyboard, on a phone."""

from playwright.async_api import Page, expect

from bot.playground.cast import ALICE, BOB, IMAGES, WORKSTATION
from bot.playground.stage import Stage
from tests.browser.conftest import Window


async def chosen(page: Page, menu: str, shown: str) -> None:
    """Choose in a menu; it's selected once the bot has redrawn the Home."""
    await page.locator(f"[data-action={menu}]").select_option(label=shown)
    await expect(page.locator(f"[data-action={menu}] option:checked")).to_have_text(shown)


async def test_what_waits_is_approved_at_home_by_keyboard_and_a_home_fits_a_phone(
    stage: Stage, window: Window
) -> None:
    """What waits is approved and gone; quiet hours are two menus, the second there once it's needed."""
    await stage.person(ALICE).command("/image", f"create {WORKSTATION} --name at-home", IMAGES)
    page = await window(f"?as={BOB}&in={IMAGES}")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_text("at-home of design-station")).to_be_visible()

    await chosen(page, "choice_quiet_from", "From 21:00")
    await chosen(page, "choice_quiet_until", "Until 07:00")
    await page.locator("[data-action=choice_waiting]").scroll_into_view_if_needed()
    await page.set_viewport_size({"width": 360, "height": 700})
    assert await page.evaluate("document.querySelector('.home').scrollWidth") <= 360

    await page.get_by_role("button", name="Approve").press("Enter")

    await expect(page.get_by_text("Nothing is waiting for you.")).to_be_visible()
    await expect(page.locator("[data-action=choice_quiet_until] option:checked")).to_have_text("Until 07:00")
