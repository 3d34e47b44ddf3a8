"""An app has what its manifest declares, and Slack refuses or keeps back everything else."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, Channel, LocalSlack, NotOnScreenError, User
from bot.playground.slack.app import Command, Shortcut, installed
from bot.playground.slack.delivery import Ack, Envelope

Json = dict[str, Any]
C, PRIVATE, GROUP, ALICE = "C0IMAGES", "C0SECRET", "G0GROUP", "U0ALICE"
MANIFEST: Json = {
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "image-bot"},
        "slash_commands": [
            {"command": "/image", "description": "Images", "usage_hint": "list", "should_escape": True}
        ],
        "shortcuts": [
            {"callback_id": "anywhere", "type": "global", "name": "Ask", "description": "Ask for it"},
            {"callback_id": "about", "type": "message", "name": "Ask", "description": "Ask for this"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history", "im:write"]}},
    "settings": {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
    },
}


class Kept:
    """A transport that acknowledges everything and keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[Json] = []

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:  # noqa: ARG002 - the interface
        """A bare ack."""
        self.sent.append(envelope.payload)
        return Ack()


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A workspace with the app as the manifest makes it."""
    channels = [
        Channel(C, "images", {ALICE, "U0IMAGEBOT"}),
        Channel(PRIVATE, "secret", {ALICE}, is_private=True),
        Channel(GROUP, "mpdm-alice--bob-1", {ALICE, "U0IMAGEBOT"}, is_mpim=True),
    ]
    async with LocalSlack([User(ALICE, "alice")], channels) as local:
        local.install(MANIFEST)
        yield local


@pytest.fixture
def kept(slack: LocalSlack) -> Kept:
    """What the app is told."""
    slack.dispatcher.transport = kept = Kept()
    return kept


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client with the bot token."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.app.bot_token, base_url=slack.url, session=session)


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> Json:
    """The answer of a call that is refused, with its headers."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    response = refused.value.response
    assert isinstance(response.data, dict)
    return response.data | {"headers": response.headers}


def without(*path: str) -> Json:
    """The manifest less one of its parts."""
    first, *rest = path
    part = dict(MANIFEST)
    part[first] = {k: v for k, v in MANIFEST[first].items() if k != rest[0]}
    return part


def test_an_app_is_what_its_manifest_says() -> None:
    """Every part of it that Slack acts on."""
    app = installed(MANIFEST)

    assert app.scopes == {"chat:write", "commands", "im:history", "im:write"}
    assert app.events == {"app_home_opened", "message.im"}
    assert app.commands == (Command("/image", "Images", "list", should_escape=True),)
    assert [(each.callback_id, each.type) for each in app.shortcuts] == [
        ("anywhere", "global"),
        ("about", "message"),
    ]
    assert (app.interactive, app.home_enabled, app.messages_tab_enabled) == (True, True, True)


def test_an_empty_manifest_gives_nothing() -> None:
    """What is left out is off, as in Slack."""
    app = installed({})

    assert (app.scopes, app.events, app.commands, app.shortcuts) == (frozenset(), frozenset(), (), ())
    assert [app.interactive, app.home_enabled, app.messages_tab_enabled] == [False] * 3


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("users.info", {"user": ALICE}, "users:read"),
        ("usergroups.list", {}, "usergroups:read"),
        ("conversations.join", {"channel": C}, "channels:join"),
        ("conversations.history", {"channel": C}, "channels:history"),
        ("conversations.history", {"channel": GROUP}, "mpim:history"),
        ("conversations.info", {"channel": GROUP}, "mpim:read"),
        ("reactions.add", {"channel": C, "timestamp": "1.0", "name": "eyes"}, "reactions:write"),
    ],
)
async def test_a_scope_that_is_not_in_the_manifest_is_missing(
    client: AsyncWebClient, method: str, arguments: Json, needed: str
) -> None:
    """The answer says which, what there is, and the headers say both as well."""
    answer = await refusal(client, method, **arguments)

    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert answer["provided"] == answer["headers"]["x-oauth-scopes"]
    assert answer["provided"] == "chat:write,commands,im:history,im:write"
    assert needed in answer["headers"]["x-accepted-oauth-scopes"].split(",")


@pytest.mark.parametrize("to", [ALICE, "D0ALICE"])
async def test_a_direct_message_needs_the_messages_tab(
    slack: LocalSlack, client: AsyncWebClient, to: str
) -> None:
    """By the person's id and by that of the conversation."""
    await client.conversations_open(users=ALICE)
    slack.install(without("features", "app_home"))

    assert (await refusal(client, "chat.postMessage", channel=to, text="x"))[
        "error"
    ] == "messages_tab_disabled"

    slack.install(MANIFEST)

    assert (await client.chat_postMessage(channel=to, text="x"))["channel"] == "D0ALICE"


async def test_a_home_tab_has_to_be_enabled(slack: LocalSlack, client: AsyncWebClient, kept: Kept) -> None:
    """Nor does anybody open it."""
    slack.install(without("features", "app_home"))
    answer = await refusal(client, "views.publish", user_id=ALICE, view={"type": "home", "blocks": []})
    await slack.person(ALICE).open_home()
    await slack.person(ALICE).open_messages()

    assert answer["error"] == "not_enabled"
    assert kept.sent == []


async def test_what_the_manifest_declares_is_delivered(
    slack: LocalSlack, client: AsyncWebClient, kept: Kept
) -> None:
    """Command, both shortcuts, both tabs, a direct message."""
    dm = str((await client.conversations_open(users=ALICE))["channel"]["id"])
    alice = slack.person(ALICE)
    await alice.types("/image list", C)
    await alice.shortcut("anywhere")
    await alice.shortcut("about", await alice.say(C, "hello"))
    await alice.open_home()
    await alice.open_messages()
    await alice.say(dm, "help")

    assert [each.get("event", each).get("type", each.get("command")) for each in kept.sent] == [
        "/image", "shortcut", "message_action", "app_home_opened", "app_home_opened", "message",
    ]  # fmt: skip
    assert [each["event"]["tab"] for each in kept.sent[3:5]] == ["home", "messages"]
    assert (kept.sent[5]["event"]["channel_type"], kept.sent[5]["event"]["text"]) == ("im", "help")


@pytest.mark.parametrize(
    ("path", "act"),
    [
        (("settings", "event_subscriptions"), lambda person: person.open_home()),
        (("settings", "event_subscriptions"), lambda person: person.say("D0ALICE", "help")),
        (("features", "slash_commands"), lambda person: person.types("/image list", C)),
    ],
    ids=["home", "message", "command"],
)
async def test_what_the_manifest_does_not_declare_is_not_delivered(
    slack: LocalSlack, kept: Kept, path: tuple[str, ...], act: Callable[[Any], Any]
) -> None:
    """Not even to an app that would listen."""
    slack.workspace.direct_message(ALICE)
    slack.install(without(*path))
    await act(slack.person(ALICE))

    assert kept.sent == []


async def test_an_event_needs_the_scope_behind_it(slack: LocalSlack, kept: Kept) -> None:
    """``message.im`` without ``im:history`` is not told."""
    dm = slack.workspace.direct_message(ALICE).id
    slack.install(MANIFEST | {"oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    await slack.person(ALICE).say(dm, "help")

    assert kept.sent == []


@pytest.mark.parametrize("callback_id", ["about", "unknown"])
async def test_a_shortcut_that_is_not_offered_cannot_be_used(slack: LocalSlack, callback_id: str) -> None:
    """One for messages is not offered elsewhere."""
    with pytest.raises(NotOnScreenError):
        await slack.person(ALICE).shortcut(callback_id)


async def test_nobody_writes_to_an_app_whose_messages_are_read_only(slack: LocalSlack) -> None:
    """Slack shows no message box there."""
    dm = slack.workspace.direct_message(ALICE).id
    slack.workspace.install(App(messages_tab_read_only=True))

    with pytest.raises(NotOnScreenError):
        await slack.person(ALICE).say(dm, "help")


def test_the_default_app_may_use_shortcuts_only_when_it_declares_them() -> None:
    """As any other."""
    assert App().shortcuts == ()
    assert App(shortcuts=(Shortcut("x"),)).shortcuts[0].type == "global"


async def test_an_app_hears_its_own_messages_and_edits(
    slack: LocalSlack, client: AsyncWebClient, kept: Kept
) -> None:
    """With its ``bot_id``, so that it can tell; not in conversations it doesn't listen to."""
    await client.chat_postMessage(channel=C, text="card")
    posted = await client.chat_postMessage(channel=ALICE, text="done")
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="done, really")
    await slack.until(lambda _: len(kept.sent) == 2)
    said, edited = (each["event"] for each in kept.sent)

    assert (said["text"], said["bot_id"], said["channel_type"]) == ("done", slack.app.bot_id, "im")
    assert (edited["subtype"], edited["message"]["text"], edited["previous_message"]["text"]) == (
        "message_changed",
        "done, really",
        "done",
    )
