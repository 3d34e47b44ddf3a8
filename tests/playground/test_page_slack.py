"""What the page shows and does of Slack itself: tabs, shortcuts, searches, admins, other apps."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.cast import ALICE, BOB, DAVE, IMAGES
from bot.playground.page.server import Page
from bot.playground.page.switches import CLOUD, SLACK
from bot.playground.page.workspace_acts import CHANNEL_ACTS, CONDITIONS, PERSON_ACTS
from bot.playground.slack import Message
from bot.playground.slack.delivery import Ack
from bot.playground.slack.refusals import REFUSALS
from bot.playground.stage import Stage
from tests.playground.slack.test_app import MANIFEST, Kept
from tests.playground.visits import does, shown

OPTION = {
    "text": {"type": "plain_text", "text": "design-station · Windows"},
    "description": {"type": "plain_text", "text": "stopped"},
    "value": "ws-1",
}
CHOSEN = {"text": OPTION["text"], "value": OPTION["value"]}  # a state leaves the description out
FORM: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "instance_id",
            "label": {"type": "plain_text", "text": "Machine"},
            "element": {"type": "external_select", "action_id": "value", "min_query_length": 0},
        }
    ],
}


class Script(Kept):
    """A transport that answers with what was laid ready."""

    def __init__(self) -> None:
        super().__init__()
        self.acks: list[Ack] = []

    async def send(self, envelope: Any, copies: int, seconds: float) -> Ack:
        """The next ack, a bare one when none is left."""
        bare = await super().send(envelope, copies, seconds)
        return self.acks.pop(0) if self.acks else bare


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage whose app has everything; the bot is not started."""
    async with Stage(manifest=MANIFEST) as stage:
        yield stage


@pytest.fixture
def script(stage: Stage) -> Script:
    """What the app is told and answers."""
    stage.slack.dispatcher.transport = script = Script()
    return script


@pytest.fixture
async def http(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the page."""
    async with Page(stage) as page, aiohttp.ClientSession(page.url) as session:
        yield session


async def test_personas_are_called_by_their_names_with_the_role_beside(http: aiohttp.ClientSession) -> None:
    """The role is in the switcher and nowhere else."""
    html = await shown(http, f"?as={ALICE}")

    assert "You are <strong>Alice</strong> <small>asks for images</small>" in html
    assert "Alice (" not in html


@pytest.mark.parametrize(("tab", "told"), [("home", "home"), ("messages", "messages")])
async def test_opening_a_tab_of_the_app_is_an_event(
    stage: Stage, script: Script, http: aiohttp.ClientSession, tab: str, told: str
) -> None:
    """As when somebody clicks on the app in their sidebar."""
    await shown(http, f"?as={DAVE}&in={tab}")
    await stage.slack.until(lambda _: script.sent)

    assert [(each["event"]["type"], each["event"]["tab"]) for each in script.sent] == [
        ("app_home_opened", told)
    ]


async def test_a_direct_message_to_the_app_is_typed_and_told(
    stage: Stage, script: Script, http: aiohttp.ClientSession
) -> None:
    """The app gets ``message.im``."""
    dm = stage.slack.workspace.direct_message(DAVE).id
    await does(http, "type", **{"as": DAVE}, channel=dm, text="what can you do?")

    assert (script.sent[0]["event"]["channel_type"], script.sent[0]["event"]["user"]) == ("im", DAVE)
    assert "what can you do?" in await shown(http, f"?as={DAVE}&in=messages")


@pytest.mark.parametrize("tab", ["home", "messages"])
async def test_a_tab_that_the_manifest_leaves_out_is_not_there(
    stage: Stage, http: aiohttp.ClientSession, tab: str
) -> None:
    """As in Slack."""
    assert f"in={tab}" in await shown(http, f"?as={ALICE}")

    stage.slack.install({})

    assert f"in={tab}" not in await shown(http, f"?as={ALICE}")


async def test_the_shortcuts_of_the_manifest_are_offered_and_used(
    stage: Stage, script: Script, http: aiohttp.ClientSession
) -> None:
    """One at the message box, one at each message."""
    said = stage.slack.workspace.conversations.post(Message(IMAGES, "", BOB, "ws-1 is full"))
    html = await shown(http, f"?as={ALICE}&in={IMAGES}")
    await does(http, "shortcut", **{"as": ALICE}, action="anywhere", where="")
    await does(http, "shortcut", **{"as": ALICE}, action="about", where=f"{IMAGES}/{said.ts}")

    assert ('data-action="anywhere"' in html, 'data-action="about"' in html) == (True, True)
    assert [(each["type"], each["callback_id"]) for each in script.sent] == [
        ("shortcut", "anywhere"),
        ("message_action", "about"),
    ]
    assert script.sent[1]["message"]["text"] == "ws-1 is full"


async def test_an_external_select_is_searched_and_submitted(
    stage: Stage, script: Script, http: aiohttp.ClientSession
) -> None:
    """An empty query is sent where the element takes it; an earlier offer can still be chosen."""
    stage.slack.workspace.surfaces.open(ALICE, FORM)
    view = stage.person(ALICE).top()
    where = f"view/{view.id}"
    script.acks = [Ack({"options": [OPTION]}), Ack({"options": []})]
    found = await does(http, "search", **{"as": ALICE}, where=where, action="value", query="")
    await does(http, "search", **{"as": ALICE}, where=where, action="value", query="nothing")
    await does(http, "submit", **{"as": ALICE}, view=view.id, values={"instance_id": "ws-1"})

    assert found == {"options": [{"value": "ws-1", "text": "design-station · Windows", "about": "stopped"}]}
    assert [each["value"] for each in script.sent[:2]] == ["", "nothing"]
    state = script.sent[2]["view"]["state"]["values"]["instance_id"]["value"]
    assert state == {"type": "external_select", "selected_option": CHOSEN}


async def test_an_option_that_was_chosen_from_the_start_can_be_submitted(
    stage: Stage, script: Script, http: aiohttp.ClientSession
) -> None:
    """Without a search."""
    element = FORM["blocks"][0]["element"] | {"initial_option": OPTION}
    stage.slack.workspace.surfaces.open(ALICE, FORM | {"blocks": [FORM["blocks"][0] | {"element": element}]})
    view = stage.person(ALICE).top()
    await does(http, "submit", **{"as": ALICE}, view=view.id, values={"instance_id": "ws-1"})

    assert stage.person(ALICE).modal is None
    assert script.sent[0]["type"] == "view_submission"


CLOSED = {
    "archive": "This channel has been archived.",
    "restrict": "Only admins can post in this channel.",
}


@pytest.mark.parametrize(("do", "sentence"), CLOSED.items())
async def test_where_nobody_can_write_the_page_says_why(
    http: aiohttp.ClientSession, do: str, sentence: str
) -> None:
    """There is no message box, and what was typed meanwhile is answered with the reason."""
    await does(http, "channel", channel=IMAGES, do=do)
    html = await shown(http, f"?as={ALICE}&in={IMAGES}")

    assert (sentence in html, "data-compose" in html) == (True, False)
    assert await does(http, "type", **{"as": ALICE}, channel=IMAGES, text="hi") == {"toast": sentence}


async def test_what_an_admin_does_can_be_undone(stage: Stage, http: aiohttp.ClientSession) -> None:
    """Every act of the tab, one after another, leaves things as they were."""
    workspace = stage.slack.workspace
    before = (str(workspace.channels[IMAGES]), workspace.users[BOB])
    for do in CHANNEL_ACTS:
        await does(http, "channel", channel=IMAGES, do=do)
    for do in PERSON_ACTS:
        await does(http, "person", who=BOB, do=do)

    assert workspace.users[BOB] == before[1]
    assert workspace.channels[IMAGES].has("U0IMAGEBOT")
    assert [workspace.channels[IMAGES].is_archived, workspace.channels[IMAGES].is_restricted] == [False] * 2


async def test_a_forged_card_is_another_apps(
    stage: Stage, script: Script, http: aiohttp.ClientSession
) -> None:
    """It says approved; a press of its button is none of the bot's business."""
    assert "no card" in (await does(http, "forge"))["toast"]

    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Approve"}}
    metadata = {"event_type": "image_request", "event_payload": {"request_id": "r-1", "status": "pending"}}
    block = {"type": "actions", "block_id": "b", "elements": [button]}
    card = Message(IMAGES, "", "U0IMAGEBOT", "card", (block,), metadata=metadata, app_id="A0IMAGEBOT")
    stage.slack.workspace.conversations.post(card)
    await does(http, "forge")
    forged = stage.slack.messages(IMAGES)[-1]
    await stage.person(ALICE).click(forged, "a")

    assert (forged.app_id, (forged.metadata or {})["event_payload"]["status"]) == ("A0OTHERAPP", "approved")
    assert script.sent == []


@pytest.mark.parametrize("name", CONDITIONS)
async def test_every_condition_can_be_turned_over(
    stage: Stage, http: aiohttp.ClientSession, name: str
) -> None:
    """And stays when the faults are switched off."""
    before = getattr(stage.slack.conditions, name)
    await does(http, "condition", value=name)
    await does(http, "clear")

    assert getattr(stage.slack.conditions, name) is not before


async def test_a_refusal_is_set_for_a_method_and_listed(http: aiohttp.ClientSession) -> None:
    """Once, three times, or until it is switched off."""
    await does(http, "refuse", error="org_login_required", method="chat.update", times="until switched off")
    await does(http, "refuse", error="update_failed", method="*", times="three times")
    html = await shown(http, "?tab=faults")

    assert "Slack: org_login_required for every chat.update" in html
    assert "Slack: update_failed for 3 × *" in html
    assert all(code in html for code in REFUSALS)


@pytest.mark.parametrize("name", [*CLOUD, *SLACK])
async def test_every_switch_says_what_to_look_for(name: str) -> None:
    """In a sentence."""
    for table in (CLOUD, SLACK):
        if name in table:
            assert table[name].look.endswith(".")
