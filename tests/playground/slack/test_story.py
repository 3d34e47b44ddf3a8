"""An unmodified Bolt app meets the local Slack: command, button, form, errors, submission, home tab."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Channel, Conditions, LocalSlack, User

Json = dict[str, Any]
CHANNEL = "C0IMAGES"


def form(note: str = "") -> Json:
    """A modal with one field and, below it, a note."""
    return {
        "type": "modal",
        "callback_id": "order",
        "title": {"type": "plain_text", "text": "Order"},
        "submit": {"type": "plain_text", "text": "Send"},
        "private_metadata": CHANNEL,
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "value"},
            },
            *([{"type": "section", "text": {"type": "mrkdwn", "text": note}}] if note else []),
        ],
    }


def card(text: str) -> Json:
    """A message with a button in it."""
    button = {
        "type": "button",
        "action_id": "press",
        "value": "42",
        "text": {"type": "plain_text", "text": "Press"},
    }
    return {"text": text, "blocks": [{"type": "actions", "block_id": "row", "elements": [button]}]}


def listeners(app: AsyncApp) -> None:
    """The app of the story."""

    @app.command("/image")
    async def on_command(ack: AsyncAck, say: AsyncSay, command: Json) -> None:
        """Post a card."""
        await say(**card(f"asked: {command['text']}"))
        await ack("on its way")

    @app.action("press")
    async def on_press(ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond) -> None:
        """Open the form and note the press."""
        opened = await client.views_open(trigger_id=body["trigger_id"], view=form())
        await client.views_update(
            view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=form("pressed")
        )
        await respond("only you", replace_original=False)
        await ack()

    @app.view("order")
    async def on_order(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        """Refuse one name, post the others."""
        name = view["state"]["values"]["name"]["value"]["value"]
        if name == "bad":
            await ack(response_action="errors", errors={"name": "Not that one."})
            return
        await client.chat_postMessage(
            channel=view["private_metadata"],
            text=f"ordered {name}",
            metadata={"event_type": "order", "event_payload": {"name": name}},
        )
        await ack()

    @app.event("app_home_opened")
    async def on_home(ack: AsyncAck, event: Json, client: AsyncWebClient) -> None:
        """Publish the home tab."""
        section = {"type": "section", "text": {"type": "plain_text", "text": "Welcome"}}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})
        await ack()


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack with two people, and the story's app connected to it."""
    people = [User("U0ALICE", "alice"), User("U0BOB", "bob")]
    channels, joined = [Channel(CHANNEL, "images")], Conditions(joined=True)
    async with LocalSlack(people, channels, conditions=joined) as local:
        client = AsyncWebClient(token=local.app.bot_token, base_url=local.url)
        app = AsyncApp(client=client, process_before_response=True)
        listeners(app)
        handler = AsyncSocketModeHandler(app, local.app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation
        await local.until(lambda s: s.sockets.connections)
        yield local
        await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation


async def test_a_command_a_button_a_form_and_a_home_tab_work_over_the_real_wires(slack: LocalSlack) -> None:
    """The whole story, as both people see it."""
    alice, bob = slack.person("U0ALICE"), slack.person("U0BOB")

    asked = await alice.command("/image", "create ws-1", CHANNEL)

    assert (asked.text, asked.error) == ("on its way", None)
    assert [m.text for m in bob.sees(CHANNEL)] == ["asked: create ws-1"]

    pressed = await bob.click(bob.sees(CHANNEL)[0], "press")

    assert pressed.text == "only you"
    assert bob.modal is not None
    assert [block["type"] for block in bob.modal.blocks] == ["input", "section"]
    assert alice.modal is None

    empty = await bob.submit()
    bad = await bob.fill({"name": "bad"}).submit()
    good = await bob.fill({"name": "good"}).submit()

    assert (empty.outcome, empty.sent) == ("errors", False)
    assert bad.errors == {"name": "Not that one."}
    assert (good.outcome, good.view) == ("closed", None)
    assert slack.messages(CHANNEL)[-1].metadata == {
        "event_type": "order",
        "event_payload": {"name": "good"},
    }
    assert [m.text for m in alice.sees(CHANNEL)] == ["asked: create ws-1", "on its way", "ordered good"]

    home = await alice.open_home()

    assert home is not None
    assert home.blocks[0]["text"]["text"] == "Welcome"
    assert slack.problems == []


async def test_the_story_goes_on_after_slack_asks_for_a_new_connection(slack: LocalSlack) -> None:
    """``refresh_requested`` makes the app come back over another WebSocket."""
    first = slack.sockets.connections[0].id
    await slack.sockets.disconnect("refresh_requested")
    await slack.until(lambda s: [c.id for c in s.sockets.connections] not in ([], [first]))
    await slack.until(lambda s: first not in [c.id for c in s.sockets.connections])

    assert (await slack.person("U0ALICE").command("/image", "again", CHANNEL)).text == "on its way"
