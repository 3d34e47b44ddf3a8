"""What only a browser can show: dialogs, fields that come and go, typed text that stays, small windows."""

import re

from playwright.async_api import BrowserContext, expect

from bot.playground.cast import ALICE, BOB, DESKTOP, IMAGES, WORKSTATION
from bot.playground.page.server import Page as Playground
from bot.playground.stage import Stage
from tests.browser.conftest import Window


async def test_a_dangerous_approval_is_asked_about_first(stage: Stage, window: Window) -> None:
    """Saying no sends nothing; the form shows its warning for a cloud desktop only."""
    alice = await window(f"?as={ALICE}&in={IMAGES}")
    await alice.get_by_label("Message #images").fill("/image ")
    await alice.keyboard.press("Escape")
    await alice.keyboard.press("Enter")
    machine = alice.get_by_role("combobox", name="Machine", exact=True)
    clean = alice.locator("[data-block=auto_clean_userdata] input")
    await machine.fill("design")
    await alice.get_by_role("option", name="design-station").click()
    await expect(alice.get_by_text("Workstation · Windows")).to_be_visible()
    await expect(clean).to_have_count(0)
    await machine.fill(DESKTOP)
    await alice.get_by_role("option", name="finance-desktop").click()
    await clean.check()
    await alice.get_by_role("button", name="Request image").click()

    bob = await window(f"?as={BOB}&in={IMAGES}")
    approve = bob.get_by_role("button", name="Approve")
    await approve.click()
    await bob.locator("#confirm button[value=deny]").click()
    asked = len(stage.slack.ledger.deliveries)
    await approve.click()
    await expect(bob.locator("#confirm button[value=deny]")).to_be_visible()
    assert len(stage.slack.ledger.deliveries) == asked
    await bob.locator("#confirm button[value=confirm]").click()
    await expect(bob.get_by_text("1 of 2 given").first).to_be_visible()


async def test_what_is_being_typed_stays_while_the_channel_moves_on(stage: Stage, window: Window) -> None:
    """So do the caret, an open list and a chosen element."""
    page = await window(f"?as={ALICE}&in={IMAGES}&tab=cloud")
    box = page.get_by_label("Message #images")
    await box.press_sequentially("half a sen")
    await page.get_by_text("ListWuyingServer").or_(page.get_by_text("None yet.")).first.wait_for()

    await stage.person(BOB).say(IMAGES, "a message in between")
    await expect(page.get_by_text("a message in between")).to_be_visible()
    await box.press_sequentially("tence")

    await expect(box).to_have_value("half a sentence")
    await expect(box).to_be_focused()


async def test_an_edited_allowlist_counts_in_the_next_answer(stage: Stage, window: Window) -> None:
    """Its mistakes are found while it is typed; saved without them, the bot follows it."""
    page = await window(f"?as={ALICE}&in={IMAGES}&tab=allowlist")
    rules = page.get_by_label("The file")
    text = stage.cast.allowlist.replace("[U0ALICE, U0MEI]", "[U0MEI]")
    await rules.fill(f"{text}\nnonsense: 1\n")
    await expect(page.get_by_text("nonsense: is not known here")).to_be_visible()
    await rules.fill(text)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("the bot follows it from now on")).to_be_visible()

    await page.get_by_label("Message #images").fill(f"/image create {WORKSTATION}")
    await page.get_by_label("Message #images").press("Enter")

    await expect(page.get_by_text("You don't have permission to request images")).to_be_visible()


async def test_the_page_fits_a_phone_in_both_themes(
    stage: Stage, playground: Playground, context: BrowserContext
) -> None:
    """Nothing sticks out sideways, and the channels come and go with a button."""
    await stage.person(ALICE).command("/image", f"create {WORKSTATION} --name phone", IMAGES)
    page = await context.new_page()
    await page.set_viewport_size({"width": 360, "height": 700})
    await page.goto(f"{playground.url}?as={BOB}&in={IMAGES}")
    await expect(page.get_by_role("button", name="Approve")).to_be_visible()
    await page.emulate_media(color_scheme="dark")
    night = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.emulate_media(color_scheme="light")
    day = await page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert (day, night) == ("rgb(255, 255, 255)", "rgb(26, 29, 33)")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await expect(page.get_by_role("link", name=re.compile("general"))).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await expect(page.get_by_role("link", name=re.compile("general"))).to_be_visible()
    await page.get_by_role("button", name="Channels").click()
    await page.get_by_role("button", name="Reject").click()
    await page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    await expect(page.get_by_role("alert")).to_contain_text("required")
    assert await page.evaluate("document.querySelector('#modal').getBoundingClientRect().right") <= 360
