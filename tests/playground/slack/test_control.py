"""The control endpoint: another process can see and do everything."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Channel, LocalSlack, User, Usergroup
from bot.playground.slack.delivery import Ack, Envelope

Json = dict[str, Any]
C, ALICE = "C0IMAGES", "U0ALICE"
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
MENU = {
    "type": "external_select",
    "action_id": "find",
    "min_query_length": 0,
}
OPTION = {"text": {"type": "plain_text", "text": "one"}, "value": "1"}
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        },
        {"type": "section", "block_id": "s", "text": {"type": "plain_text", "text": "x"}, "accessory": MENU},
    ],
}


class Script:
    """A transport that answers with what was laid ready."""

    def __init__(self) -> None:
        self.acks: list[Ack] = []
        self.sent: list[Envelope] = []

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:  # noqa: ARG002 - the interface
        """The next ack, a bare one when none is left."""
        self.sent.append(envelope)
        return self.acks.pop(0) if self.acks else Ack()


class Remote:
    """Another process, as far as the local Slack can tell."""

    def __init__(self, session: aiohttp.ClientSession, root: str) -> None:
        self._session = session
        self._root = f"{root}/_control"

    async def get(self, what: str, **query: str) -> Any:
        """Read something."""
        async with self._session.get(f"{self._root}/{what}", params=query) as got:
            return await got.json()

    async def post(self, what: str, **body: Any) -> Any:
        """Do something."""
        async with self._session.post(f"{self._root}/{what}", json=body) as got:
            return await got.json()

    async def act(self, do: str, **body: Any) -> Any:
        """Do something as Alice."""
        return await self.post("act", person=ALICE, do=do, **body)


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack with one person, who is also a usergroup."""
    people, groups = [User(ALICE, "alice")], [Usergroup("S0OPS", "ops")]
    async with LocalSlack(people, [Channel(C, "images")], groups) as local:
        yield local


@pytest.fixture
def script(slack: LocalSlack) -> Script:
    """What the app answers."""
    script = Script()
    slack.dispatcher.transport = script
    return script


@pytest.fixture
async def remote(slack: LocalSlack) -> AsyncIterator[Remote]:
    """The other process."""
    async with aiohttp.ClientSession() as session:
        yield Remote(session, slack.workspace.url)


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    """slack_sdk's client with the bot token."""
    return AsyncWebClient(token=slack.app.bot_token, base_url=slack.url)


async def test_the_state_is_told_in_one_piece(remote: Remote) -> None:
    """People, channels, usergroups, faults, connections."""
    state = await remote.get("state")

    assert [user["id"] for user in state["users"]] == [ALICE, "U0IMAGEBOT"]
    assert [channel["members"] for channel in state["channels"]] == [[ALICE, "U0IMAGEBOT"]]
    assert (state["usergroups"][0]["users"], state["faults"], state["connections"]) == ([], [], 0)


async def test_a_command_and_a_click_are_made_from_afar(
    remote: Remote, script: Script, client: AsyncWebClient
) -> None:
    """The answers are what the person sees."""
    script.acks = [Ack({"text": "done"}), Ack(error="operation_timeout")]
    told = await remote.act("command", command="/image", text="x", channel=C)
    await client.chat_postMessage(channel=C, text="card", blocks=[{"type": "actions", "elements": [BUTTON]}])
    seen = await remote.get("messages", channel=C, person=ALICE)
    stored = await remote.get("messages", channel=C)
    clicked = await remote.act("click", channel=C, ts=seen[-1]["ts"], action_id="go")

    assert (told["text"], told["messages"][0]["only_for"]) == ("done", ALICE)
    assert [m["text"] for m in seen] == ["done", "card"]
    assert [m["text"] for m in stored] == ["card"]
    assert clicked["error"] == "operation_timeout"


async def test_a_form_is_filled_in_from_afar(
    slack: LocalSlack, remote: Remote, script: Script, client: AsyncWebClient
) -> None:
    """Typed, searched, changed, submitted with an error, submitted, dismissed."""
    for _ in range(2):
        await client.views_open(trigger_id=slack.workspace.triggers.issue(ALICE), view=FORM)
    script.acks = [
        Ack({"options": [OPTION]}),
        Ack(),
        Ack({"response_action": "errors", "errors": {"name": "No."}}),
        Ack(),
    ]
    filled = await remote.act("fill", values={"name": "x"})
    offered = await remote.act("suggest", action_id="find", query="one")
    changed = await remote.act("change", view_id=filled["id"], block_id="s", value="1")
    wrong = await remote.act("submit")
    right = await remote.act("submit", values={"name": "y"})

    assert filled["state"]["values"]["name"]["value"]["value"] == "x"
    assert (offered, changed["error"]) == ([OPTION], None)
    assert (wrong["outcome"], wrong["errors"]) == ("errors", {"name": "No."})
    assert right["outcome"] == "closed"
    assert (await remote.get("screen", person=ALICE))["modals"] == []

    await client.views_open(trigger_id=slack.workspace.triggers.issue(ALICE), view=FORM)

    assert await remote.act("close", all_views=True) is None


async def test_the_rest_of_what_people_do_works_from_afar(
    remote: Remote, script: Script, client: AsyncWebClient
) -> None:
    """Home tab, messages, threads, shortcuts, hand-made payloads."""
    await client.views_publish(user_id=ALICE, view={"type": "home", "blocks": []})
    await client.chat_postMessage(channel=ALICE, text="psst")
    home = await remote.act("open_home")
    said = await remote.act("say", channel=C, text="hello")
    await remote.act("say", channel=C, text="again", thread_ts=said["ts"])
    await remote.act("shortcut", callback_id="about", channel=C, ts=said["ts"])
    await remote.act("shortcut", callback_id="global")
    await remote.act("send_raw", kind="interactive", payload={"type": "hostile"})
    screen = await remote.get("screen", person=ALICE)
    thread = await remote.get("thread", channel=C, ts=said["ts"], person=ALICE)

    assert home["type"] == screen["home"]["type"] == "home"
    assert [m["text"] for m in screen["direct_messages"]] == ["psst"]
    assert [m["text"] for m in thread] == ["hello", "again"]
    assert await remote.get("thread", channel=C, ts=said["ts"]) == thread
    assert [e.payload["type"] for e in script.sent[1:]] == ["message_action", "shortcut", "hostile"]


async def test_faults_are_switched_from_afar(slack: LocalSlack, remote: Remote) -> None:
    """Set, counted, cleared."""
    set_ = await remote.post("fault", kind="rate_limited", method="chat.update", times=2, seconds=3)
    switched = await remote.post("switches", rate_limits=True, refused_tickets=1)

    assert set_["waiting"][0]["method"] == "chat.update"
    assert (switched["rate_limits"], slack.faults.refused_tickets) == (True, 1)
    assert (await remote.post("fault", clear=True))["waiting"] == []
    assert not slack.faults.rate_limits


@pytest.mark.parametrize("do", ["disconnect", "drop", "reset"])
async def test_sockets_are_cut_from_afar(
    slack: LocalSlack, remote: Remote, client: AsyncWebClient, do: str
) -> None:
    """Whichever way."""
    url = str((await client.apps_connections_open(app_token=slack.app.app_token))["url"])
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        await remote.post("sockets", do=do, reason="link_disabled")
        last = await socket.receive(timeout=5)

    assert do == "disconnect" or last.type != aiohttp.WSMsgType.TEXT
    await slack.until(lambda s: not s.sockets.connections)


async def test_an_admins_doings_are_done_from_afar(slack: LocalSlack, remote: Remote) -> None:
    """Each row of the table once."""
    said = await remote.act("say", channel=C, text="gone soon")
    for body in (
        {"do": "delete_message", "channel": C, "ts": said["ts"]},
        {"do": "remove", "channel": C},
        {"do": "invite", "channel": C},
        {"do": "archive", "channel": C},
        {"do": "make_guest", "user": ALICE},
        {"do": "move_to_team", "user": ALICE, "team_id": "T0OTHER"},
        {"do": "set_locale", "user": ALICE, "locale": "zh-CN"},
        {"do": "deactivate", "user": ALICE},
        {"do": "set_usergroup_users", "usergroup": "S0OPS", "users": [ALICE]},
        {"do": "set_paid_plan", "paid": False},
    ):
        assert await remote.post("admin", **body) == {"ok": True}, body
    user = slack.workspace.users[ALICE]

    assert slack.messages(C) == []
    assert slack.workspace.channels[C].is_archived
    assert (user.is_restricted, user.team_id, user.locale, user.deleted) == (True, "T0OTHER", "zh-CN", True)
    assert slack.workspace.usergroups["S0OPS"].users == (ALICE,)


async def test_the_ledger_and_the_problems_are_told(
    remote: Remote, script: Script, client: AsyncWebClient
) -> None:
    """From a number on."""
    await client.auth_test()
    await remote.act("command", command="/image", text="x", channel=C)
    everything = await remote.get("ledger")
    later = await remote.get("ledger", after="1")
    await client.api_call("chat.postMessage", data={"channel": C, "text": "x"})

    assert [call["method"] for call in everything["calls"]] == ["auth.test"]
    assert [d["kind"] for d in everything["deliveries"]] == ["slash_commands"]
    assert (later["calls"], len(later["deliveries"])) == ([], 1)
    assert await remote.get("problems") == []
    assert len(script.sent) == 1


async def test_changes_are_waited_for(slack: LocalSlack, remote: Remote) -> None:
    """At once when there are some, an empty list when none came."""
    after = str(slack.changes.last)
    none = await remote.get("changes", after=after, wait="0.05")
    await remote.act("say", channel=C, text="hello")
    some = await remote.get("changes", after=after, wait="5")

    assert none == []
    assert [change["kind"] for change in some] == ["message_posted"]
    assert (some[0]["details"]["channel"], some[0]["number"]) == (C, int(after) + 1)


async def test_changes_stream_line_by_line_until_the_end(slack: LocalSlack) -> None:
    """Closing the local Slack ends the stream."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.workspace.url}/_control/stream?after=0") as got,
    ):
        first = json.loads(await got.content.readline())
        await slack.person(ALICE).say(C, "hello")
        lines = [json.loads(await got.content.readline())["kind"]]
        await slack.aclose()
        lines += [json.loads(line)["kind"] async for line in got.content]

    assert first["number"] == 1
    assert "message_posted" in lines
    assert lines[-1] == "closed"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("act", {"person": "U0NOBODY", "do": "submit"}),
        ("act", {"person": ALICE, "do": "dance"}),
        ("act", {"person": ALICE, "do": "submit"}),
        ("act", {"person": ALICE, "do": "click", "channel": C, "ts": "1.2", "action_id": "x"}),
        ("act", {"person": ALICE, "do": "click", "view_id": "V0", "action_id": "x"}),
        ("act", {}),
        ("fault", {"kind": "earthquake"}),
        ("fault", {"kind": "slow", "colour": "red"}),
        ("switches", {"gravity": False}),
        ("admin", {"do": "archive"}),
        ("admin", {"do": "archive", "channel": "C0NOWHERE"}),
        ("admin", {"do": "deactivate", "user": "U0NOBODY"}),
        ("admin", {"do": "delete_message", "channel": C, "ts": "1.2"}),
        ("admin", {"do": "set_usergroup_users", "usergroup": "S0NONE", "users": []}),
    ],
)
async def test_wrong_use_is_answered_with_400_and_a_reason(
    slack: LocalSlack, remote: Remote, what: str, body: Json
) -> None:
    """Never a 500."""
    assert "error" in await remote.post(what, **body)

    async with aiohttp.ClientSession() as session:
        for data in ("{", "[]"):
            headers = {"Content-Type": "application/json"}
            url = f"{slack.workspace.url}/_control/{what}"
            async with session.post(url, data=data, headers=headers) as got:
                assert got.status == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://example.com"}, {"Host": "example.com"}], ids=["origin", "rebinding"]
)
async def test_pages_from_elsewhere_are_kept_out(slack: LocalSlack, headers: dict[str, str]) -> None:
    """A browser would otherwise carry their requests to this machine."""
    async with aiohttp.ClientSession(headers=headers) as session:
        for path in ("state", "stream"):
            async with session.get(f"{slack.workspace.url}/_control/{path}") as got:
                assert got.status == 403


async def test_a_form_post_controls_nothing(slack: LocalSlack) -> None:
    """JSON is asked for, which a page from elsewhere cannot post unasked."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.workspace.url}/_control/fault", data={"clear": "1"}) as got,
    ):
        assert got.status == 400
