"""What only a browser can show of Slack's own ways: searching while typing, menus, numbered lines."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from bot.playground.cast import ALICE, BOB, IMAGES
from bot.playground.slack.delivery import Ack
from bot.playground.slack.web_api.views import read_view
from bot.playground.stage import Stage
from tests.browser.conftest import Window
from tests.playground.slack.test_app import MANIFEST
from tests.playground.test_page_slack import CHOSEN, FORM, OPTION, Script


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage without a bot."""
    async with Stage(manifest=MANIFEST) as stage:
        yield stage


@pytest.fixture
def script(stage: Stage) -> Script:
    """What the app is told and answers."""
    stage.slack.dispatcher.transport = script = Script()
    return script


async def test_a_search_begins_with_the_focus_and_goes_on_with_each_letter(
    stage: Stage, script: Script, window: Window
) -> None:
    """What is chosen, with the keyboard too, is what is submitted."""
    stage.slack.workspace.surfaces.open(ALICE, FORM)
    script.acks = [Ack({"options": [OPTION]}), Ack({"options": [OPTION]})]
    page = await window(f"?as={ALICE}&in={IMAGES}")
    field = page.get_by_role("combobox", name="Machine")
    await expect(page.get_by_role("option", name="design-station")).to_be_visible()
    await field.fill("des")
    await stage.slack.until(lambda _: len(script.sent) == 2)
    await expect(page.get_by_role("option", name="design-station")).to_be_visible()
    await field.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(field).to_have_value("design-station · Windows")
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    assert [each.get("value") for each in script.sent[:2]] == ["", "des"]
    assert script.sent[2]["view"]["state"]["values"]["instance_id"]["value"]["selected_option"] == CHOSEN


async def test_shortcuts_are_in_the_message_box_and_in_a_messages_menu(
    stage: Stage, script: Script, window: Window
) -> None:
    """One press opens the list, the next uses the shortcut."""
    await stage.person(BOB).say(IMAGES, "ws-1 is full")
    page = await window(f"?as={ALICE}&in={IMAGES}")
    await page.get_by_text("⚡").click()
    await page.get_by_role("button", name="Ask for it").click()
    await page.get_by_text("ws-1 is full").hover()
    await page.get_by_text("⋮").click()
    await page.get_by_role("button", name="Ask image-bot").click()
    await stage.slack.until(lambda _: len(script.sent) == 2)

    assert [each["type"] for each in script.sent] == ["shortcut", "message_action"]


async def test_the_allowlist_has_line_numbers_and_old_findings_are_grey(stage: Stage, window: Window) -> None:
    """The numbers are those of the text as typed."""
    page = await window(f"?as={ALICE}&in={IMAGES}&tab=allowlist")
    rules, findings = page.get_by_label("The file"), page.locator(".findings")
    lines = stage.cast.allowlist.count("\n")
    await rules.fill(f"{stage.cast.allowlist}nonsense: 1\n")
    await expect(findings).to_have_attribute("aria-busy", "true")
    await expect(page.get_by_text(f"line {lines + 1}")).to_be_visible()
    await expect(findings).not_to_have_attribute("aria-busy", "true")
    numbers = (await page.locator(".numbers").text_content() or "").split()

    assert numbers == [str(number) for number in range(1, lines + 3)]


async def test_the_same_choice_of_a_menu_can_be_made_twice(
    stage: Stage, script: Script, window: Window
) -> None:
    """An overflow menu on the home tab keeps no choice."""
    option = {"text": {"type": "plain_text", "text": "History"}, "value": "history"}
    menu = {"type": "overflow", "action_id": "more", "options": [option]}
    text = {"type": "mrkdwn", "text": "build-tools"}
    section = {"type": "section", "text": text, "accessory": menu}
    workspace = stage.slack.workspace
    workspace.surfaces.publish(BOB, read_view(workspace, {"type": "home", "blocks": [section]}, ("home",)))
    page = await window(f"?as={BOB}&in=home")
    for _ in range(2):
        await page.get_by_label("More", exact=True).select_option("history")
        await expect(page.get_by_label("More", exact=True)).to_have_value("")
    await stage.slack.until(lambda _: len(script.sent) == 3)

    chosen = [each["actions"][0]["selected_option"]["value"] for each in script.sent[1:]]
    assert chosen == ["history", "history"]
