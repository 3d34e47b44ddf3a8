"""People at the local Slack: commands, buttons and shortcuts, what the app is told and what they see."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    LocalSlack,
    NotOnScreenError,
    Person,
)
from bot.playground.slack.delivery import Ack
from tests.playground.slack.people.acting import (
    ALICE,
    BOB,
    KINDS,
    SECRET,
    C,
    Json,
    Script,
    error,
    field,
    modal,
    opened,
    option,
    plain,
    post_to,
)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda s: s.admin.archive(C), "is_archived"),
        (lambda s: s.admin.remove(C, ALICE), "not_in_channel"),
        (lambda s: s.admin.deactivate(ALICE), "account_inactive"),
    ],
)
async def test_a_command_that_slack_does_not_send_reaches_no_app(
    slack: LocalSlack,
    script: Script,
    alice: Person,
    spoil: Callable[[LocalSlack], None],
    code: str,
) -> None:
    """The person is told why."""
    spoil(slack)

    assert (await alice.command("/image", "x", C)).error == code
    assert (await alice.command("/shout", "x", C)).error == "unknown_command"
    assert script.sent == []


@pytest.mark.parametrize(
    ("payload", "seen_by_bob"),
    [({"text": "hi"}, False), ({"text": "hi", "response_type": "in_channel"}, True)],
)
async def test_the_answer_of_a_command_is_ephemeral_unless_it_says_otherwise(
    slack: LocalSlack, script: Script, alice: Person, payload: Json, seen_by_bob: bool
) -> None:
    """As its ``response_type`` says."""
    script.acks = [Ack(payload)]
    answer = await alice.command("/image", "x", C)

    assert (answer.text, [m.text for m in alice.sees(C)]) == ("hi", ["hi"])
    assert bool(slack.person(BOB).sees(C)) is seen_by_bob


async def test_a_command_whose_answer_has_bad_blocks_shows_the_error(
    slack: LocalSlack, script: Script, alice: Person
) -> None:
    """And the problem is kept."""
    script.acks = [Ack({"text": "hi", "blocks": [{"type": "poem"}]})]

    assert (await alice.command("/image", "x", C)).error == "invalid_blocks"
    assert slack.problems[0]["where"] == "ack"


async def test_a_click_tells_what_was_pressed_where_and_by_whom(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """The block_actions payload of a message."""
    buttons = [
        {"type": "button", "action_id": "go", "value": value, "text": plain(value)} for value in ("1", "2")
    ]
    rows = [{"type": "actions", "block_id": b["value"], "elements": [b]} for b in buttons]
    await client.chat_postMessage(channel=C, text="x", blocks=rows)
    await alice.click(alice.sees(C)[0], "go", "2")
    payload = script.sent[0]

    assert (payload["type"], payload["user"]["id"], payload["channel"]["id"]) == ("block_actions", ALICE, C)
    assert payload["actions"][0]["value"] == "2"
    assert payload["actions"][0]["block_id"] == "2"
    assert payload["container"] == {
        "type": "message",
        "message_ts": slack.messages(C)[0].ts,
        "channel_id": C,
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == slack.messages(C)[0].ts


async def test_the_original_of_a_click_can_be_replaced_and_deleted(
    script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """Also an ephemeral one, which chat.update does not reach."""
    row = {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": plain()}]}
    await client.chat_postEphemeral(channel=C, user=ALICE, text="x", blocks=[row])
    await alice.click(alice.sees(C)[0], "go")
    payload = script.sent[0]
    await post_to(payload["response_url"], {"text": "replaced", "replace_original": True})
    replaced = [m.text for m in alice.sees(C)]
    await post_to(payload["response_url"], {"delete_original": True})

    assert "message" not in payload
    assert replaced == ["replaced"]
    assert alice.sees(C) == []


async def test_what_a_person_does_not_see_they_cannot_use(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """Neither others' ephemeral messages nor private channels nor deleted messages."""
    row = {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": plain()}]}
    await client.chat_postMessage(channel=SECRET, text="x", blocks=[row])
    message = alice.sees(SECRET)[0]
    bob = slack.person(BOB)

    with pytest.raises(NotOnScreenError):
        await bob.click(message, "go")
    with pytest.raises(NotOnScreenError):
        await alice.click(message, "stop")
    slack.admin.delete_message(SECRET, message.ts)
    with pytest.raises(NotOnScreenError):
        await alice.click(message, "go")
    with pytest.raises(NotOnScreenError):
        await alice.submit()
    assert bob.sees(SECRET) == []
    assert script.sent == []


async def test_a_change_is_told_where_slack_tells_it(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """Input blocks are silent without ``dispatch_action``; other blocks are not."""
    loud = field("loud", KINDS, dispatch_action=True)
    section = {
        "type": "section",
        "block_id": "side",
        "text": plain(),
        "accessory": {**KINDS, "action_id": "pick"},
    }
    await opened(slack, client, modal(field("quiet", KINDS), loud, section))
    view = alice.modal
    assert view is not None
    await alice.change(view, "quiet", "a")
    await alice.change(view, "loud", "b")
    await alice.click(view, "pick", "a")

    assert [p["actions"][0]["block_id"] for p in script.sent] == ["loud", "side"]
    values = script.sent[1]["view"]["state"]["values"]
    assert [values[b][a]["selected_option"]["value"] for b, a in (("quiet", "value"), ("loud", "value"))] == [
        "a",
        "b",
    ]
    assert script.sent[1]["actions"][0]["selected_option"] == option("a")
    assert script.sent[0]["container"] == {"type": "view", "view_id": view.id}


async def test_choices_in_a_message_are_each_persons_own(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """They come in ``state`` with the next click."""
    menu = {**KINDS, "action_id": "menu"}
    button = {"type": "button", "action_id": "go", "text": plain()}
    more = {"type": "overflow", "action_id": "more", "options": [option("a")]}
    row = {"type": "actions", "block_id": "row", "elements": [menu, button, more]}
    await client.chat_postMessage(channel=C, text="x", blocks=[row])
    message = alice.sees(C)[0]
    await alice.click(message, "menu", "b")
    await alice.click(message, "go")
    await slack.person(BOB).click(message, "go")
    await alice.click(message, "more", "a")
    chosen = [payload["state"]["values"]["row"]["menu"]["selected_option"] for payload in script.sent]

    assert chosen == [option("b"), option("b"), None, option("b")]
    assert script.sent[3]["actions"][0]["selected_option"] == option("a")


async def test_an_external_select_searches_and_offers(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """What was offered can be chosen; bad options are a problem."""
    search = {"type": "external_select", "action_id": "find", "min_query_length": 2}
    await opened(slack, client, modal(field("id", search)))
    view = alice.modal
    assert view is not None
    script.acks = [Ack({"options": [option("ws-1")]}), Ack({"options": [option("x" * 151)]})]

    assert await alice.suggest(view, "find", "w") == []
    assert await alice.suggest(view, "find", "ws") == [option("ws-1")]
    assert (script.sent[0]["type"], script.sent[0]["value"]) == ("block_suggestion", "ws")
    assert await alice.suggest(view, "find", "xx") == []
    assert slack.problems[0]["error"] == "invalid_options"

    await alice.fill({"id": "ws-1"}).submit()

    assert script.sent[-1]["view"]["state"]["values"]["id"]["find"]["selected_option"] == option("ws-1")


async def test_the_home_tab_is_empty_until_published(
    script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """Opening it is an event; the second one carries the view."""
    assert await alice.open_home() is None

    home = (await client.views_publish(user_id=ALICE, view={"type": "home", "blocks": []}))["view"]
    stale = await error(
        client, "views.publish", user_id=ALICE, hash="1.x", view={"type": "home", "blocks": []}
    )
    await alice.open_home()

    assert stale == "hash_conflict"
    assert [("view" in p["event"], p["event"]["tab"]) for p in script.sent] == [
        (False, "home"),
        (True, "home"),
    ]
    assert script.sent[1]["event"]["view"]["id"] == home["id"]


async def test_shortcuts_and_messages_reach_the_app(slack: LocalSlack, script: Script, alice: Person) -> None:
    """Global ones without a channel, those on messages with one; messages as events that were asked for."""
    slack.workspace.install(replace(slack.app, events=frozenset({"message.channels"})))
    said = await alice.say(C, "hello")
    await alice.say(SECRET, "not told")
    await alice.shortcut("global")
    await alice.shortcut("about", said)

    assert [p["type"] for p in script.sent] == ["event_callback", "shortcut", "message_action"]
    assert (script.sent[0]["event"]["text"], script.sent[0]["event"]["channel"]) == ("hello", C)
    assert "channel" not in script.sent[1]
    assert script.sent[2]["message"]["text"] == "hello"


async def test_hand_made_payloads_are_sent_as_they_are(script: Script, alice: Person) -> None:
    """For tests of what a hostile client could send."""
    script.acks = [Ack({"text": "hm"})]
    answer = await alice.send_raw("interactive", {"type": "block_actions", "actions": "none"})

    assert script.sent == [{"type": "block_actions", "actions": "none"}]
    assert answer.ack == {"text": "hm"}


async def test_nobody_unknown_acts(slack: LocalSlack) -> None:
    """The workspace has to have them."""
    with pytest.raises(LookupError, match="U0NOBODY"):
        slack.person("U0NOBODY")
