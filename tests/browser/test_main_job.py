"""The main job in a real browser: two people in two windows, by keyboard and by mouse."""

import re

from playwright.async_api import Page, expect

from bot.playground.stage import Stage
from tests.browser.conftest import Window


async def fill_in_the_form_by_keyboard(alice: Page) -> None:
    """Open the form with the command, make a mistake, fix it."""
    await alice.keyboard.press("Tab")
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_label("Message #images")).to_be_focused()
    await alice.keyboard.type("/im")
    await expect(alice.get_by_role("option", name="/image")).to_be_visible()
    await alice.keyboard.press("Tab")
    await alice.keyboard.press("Enter")
    machine = alice.get_by_role("combobox", name="Machine", exact=True)
    await expect(machine).to_be_focused()
    await alice.keyboard.type("my station")
    await choose_the_first(alice, "Use “my station”")
    await alice.get_by_role("button", name="Request image").press("Enter")
    await expect(alice.get_by_role("alert")).to_contain_text("has no machine “my station”")
    await machine.fill("design")
    await choose_the_first(alice, "design-station")
    await expect(alice.get_by_text("Workstation · Windows")).to_be_visible()
    await alice.get_by_role("button", name="Request image").press("Enter")
    await expect(alice.get_by_role("dialog")).to_have_count(0)


async def choose_the_first(page: Page, name: str) -> None:
    """Take the first machine that was found, by keyboard; it is called so."""
    option = page.get_by_role("option").first
    await expect(option).to_contain_text(name)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(option).to_be_hidden()


async def test_the_main_job_survives_a_kill_with_two_people_in_two_windows(
    stage: Stage, window: Window
) -> None:
    """Alice asks by keyboard, Bob approves by mouse, kills the bot and starts it; both see the image."""
    alice = await window("?as=U0ALICE&in=C0IMAGES")
    bob = await window("?as=U0BOB&in=C0GENERAL&tab=bot")

    await fill_in_the_form_by_keyboard(alice)
    await expect(alice.get_by_text("Only visible to you")).to_be_visible()
    await expect(bob.get_by_role("link", name=re.compile("images 1"))).to_have_class("unread")

    await bob.get_by_role("link", name=re.compile("images 1")).click()
    await expect(bob.get_by_text("Only visible to you")).to_have_count(0)
    await bob.get_by_role("button", name="Approve").click()
    await expect(alice.get_by_text("Making image: ")).to_be_visible()

    await bob.get_by_role("button", name="Kill the bot").click()
    await expect(bob.get_by_text("The bot is not running.")).to_be_visible()
    assert not stage.bot.is_running
    await bob.get_by_role("button", name="Start the bot").click()

    for page in (alice, bob):
        await expect(page.locator(".message").filter(has_text="Image ready: ").first).to_be_visible()
        await expect(page.get_by_text("is ready:").first).to_be_visible()
    assert [stage.cloud.images.status(image) for image in stage.cloud.images] == ["AVAILABLE"]
    assert stage.slack.problems == []
