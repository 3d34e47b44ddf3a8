"""People at the local Slack: what they can do, what the app is told, what they see."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    App,
    Channel,
    Conditions,
    Fault,
    FaultKind,
    LocalSlack,
    NotOnScreenError,
    Person,
    User,
)
from bot.playground.slack.app import Shortcut
from bot.playground.slack.delivery import Ack, Envelope
from bot.playground.slack.inputs import NoSuchOptionError

Json = dict[str, Any]
C, SECRET, ALICE, BOB = "C0IMAGES", "C0SECRET", "U0ALICE", "U0BOB"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_763_764_306.0

    def __call__(self) -> float:
        return self.now


class Script:
    """A transport that answers with what was laid ready, and keeps what was sent."""

    def __init__(self) -> None:
        self.acks: list[Ack] = []
        self.sent: list[Json] = []
        self.meanwhile: Callable[[], object] = lambda: None

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:  # noqa: ARG002 - the interface
        """The next ack, a bare one when none is left."""
        self.sent.append(envelope.payload)
        self.meanwhile()
        return self.acks.pop(0) if self.acks else Ack()


def plain(text: str = "x") -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    """An option whose text is its value."""
    return {"text": plain(value), "value": value}


def field(block_id: str, element: Json, **more: Any) -> Json:
    """An input block whose element's action_id is ``value``."""
    block = {"type": "input", "block_id": block_id, "label": plain(block_id)}
    return {**block, "element": {"action_id": "value", **element}, **more}


def modal(*blocks: Json, **fields: Any) -> Json:
    """A modal with a submit button."""
    body = {"type": "modal", "callback_id": "f", "title": plain(), "submit": plain(), "blocks": list(blocks)}
    return {**body, **fields}


TEXT = {"type": "plain_text_input"}
KINDS = {"type": "static_select", "options": [option("a"), option("b")]}
NAME = field("name", TEXT)


@pytest.fixture
def clock() -> Clock:
    """The clock of the local Slack."""
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[LocalSlack]:
    """Alice and Bob in a channel, Alice alone in a private one."""
    channels = [Channel(C, "images"), Channel(SECRET, "secret", {ALICE, "U0IMAGEBOT"}, is_private=True)]
    app = App(
        events=frozenset({"app_home_opened", "message.im"}),
        shortcuts=(Shortcut("global"), Shortcut("about", "message")),
    )
    people, joined = [User(ALICE, "alice"), User(BOB)], Conditions(joined=True)
    async with LocalSlack(people, channels, app=app, conditions=joined, clock=clock) as local:
        yield local


@pytest.fixture
def script(slack: LocalSlack) -> Script:
    """What the app answers."""
    script = Script()
    slack.dispatcher.transport = script
    return script


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client with the bot token."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.app.bot_token, base_url=slack.url, session=session)


@pytest.fixture
def alice(slack: LocalSlack) -> Person:
    """The one who acts."""
    return slack.person(ALICE)


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    """The error code of a call that is refused."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


async def opened(slack: LocalSlack, client: AsyncWebClient, view: Json, user: str = ALICE) -> Json:
    """Open a modal for somebody; the view object."""
    trigger = slack.workspace.triggers.issue(user)
    return dict((await client.views_open(trigger_id=trigger, view=view))["view"])


async def post_to(url: str, body: Json) -> tuple[int, Json]:
    """Send an answer to a response_url."""
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as got:
        return got.status, dict(await got.json())


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
    """As its ``response_type`` tells."""
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


async def test_a_response_url_works_five_times(script: Script, alice: Person) -> None:
    """Then it is used up."""
    await alice.command("/image", "x", C)
    url = script.sent[0]["response_url"]
    answers = [await post_to(url, {"text": str(n)}) for n in range(6)]

    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert answers[5][1]["error"] == "used_url"
    assert [m.text for m in alice.sees(C)] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_works_for_half_an_hour(script: Script, alice: Person, clock: Clock) -> None:
    """Then it has expired."""
    await alice.command("/image", "x", C)
    clock.now += 30 * 60
    last = await post_to(script.sent[0]["response_url"], {"text": "just in time"})
    clock.now += 1

    assert last == (200, {"ok": True})
    assert await post_to(script.sent[0]["response_url"], {"text": "x"}) == (
        404,
        {"ok": False, "error": "expired_url"},
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "no_text"), ({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
     ({"delete_original": True}, "message_not_found")],
)  # fmt: skip
async def test_a_bad_answer_to_a_response_url_is_refused(
    slack: LocalSlack, script: Script, alice: Person, body: Json, code: str
) -> None:
    """With Slack's code, and kept as a problem."""
    await alice.command("/image", "x", C)
    status, answer = await post_to(script.sent[0]["response_url"], body)

    assert (status, answer["error"]) == (400, code)
    assert slack.problems[0]["where"] == "response_url"


@pytest.mark.parametrize("kind", [FaultKind.DROPPED, FaultKind.LOST_RESPONSE])
async def test_an_answer_to_a_response_url_can_be_cut_off(
    slack: LocalSlack, script: Script, alice: Person, kind: FaultKind
) -> None:
    """As any call of the Web API, under the name ``response_url``."""
    slack.faults.set(Fault(kind, "response_url"))
    await alice.command("/image", "x", C)
    with pytest.raises(aiohttp.ClientError):
        await post_to(script.sent[0]["response_url"], {"text": "x"})

    assert len(alice.sees(C)) == (kind is FaultKind.LOST_RESPONSE)


@pytest.mark.parametrize("body", ["{", "[]", "[" * 100_000])
async def test_an_unreadable_answer_to_a_response_url_is_refused(
    script: Script, alice: Person, body: str
) -> None:
    """``invalid_payload``."""
    await alice.command("/image", "x", C)
    url = script.sent[0]["response_url"]
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as got:
        assert (got.status, (await got.json())["error"]) == (400, "invalid_payload")


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


@pytest.mark.parametrize(
    ("seconds", "spent", "code"),
    [
        (0, True, "exchanged_trigger_id"),
        (3.5, False, "expired_trigger_id"),
        (None, False, "invalid_trigger_id"),
    ],
)
async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: LocalSlack, client: AsyncWebClient, clock: Clock, seconds: float | None, spent: bool, code: str
) -> None:
    """One code for each way to miss it."""
    trigger = slack.workspace.triggers.issue(ALICE)
    if spent:
        await client.views_open(trigger_id=trigger, view=modal())
    clock.now += seconds or 0

    assert (
        await error(
            client, "views.open", trigger_id=trigger if seconds is not None else "1.2.3", view=modal()
        )
        == code
    )


async def test_three_views_stack_and_no_more(
    slack: LocalSlack, client: AsyncWebClient, alice: Person
) -> None:
    """``push_limit_reached``; closing goes back one by one."""
    root = await opened(slack, client, modal())
    for _ in range(2):
        trigger = slack.workspace.triggers.issue(ALICE)
        pushed = await client.views_push(trigger_id=trigger, view=modal())
    trigger = slack.workspace.triggers.issue(ALICE)

    assert await error(client, "views.push", trigger_id=trigger, view=modal()) == "push_limit_reached"
    assert (pushed["view"]["root_view_id"], len(slack.workspace.surfaces.stack(ALICE))) == (root["id"], 3)

    await alice.close()
    await alice.close()

    assert alice.modal is not None
    assert alice.modal.id == root["id"]


async def test_an_update_needs_the_newest_hash(slack: LocalSlack, client: AsyncWebClient) -> None:
    """``hash_conflict`` otherwise; without a hash it is done."""
    first = await opened(slack, client, modal())
    await client.views_update(view_id=first["id"], hash=first["hash"], view=modal(NAME))
    stale = await error(client, "views.update", view_id=first["id"], hash=first["hash"], view=modal())

    assert stale == "hash_conflict"
    assert (await client.views_update(view_id=first["id"], view=modal()))["ok"]
    assert await error(client, "views.update", view_id="V0NONE", view=modal()) == "not_found"


async def test_an_external_id_belongs_to_one_view(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And finds it."""
    await opened(slack, client, modal(external_id="mine"))
    trigger = slack.workspace.triggers.issue(BOB)
    taken = await error(client, "views.open", trigger_id=trigger, view=modal(external_id="mine"))
    found = await client.views_update(external_id="mine", view=modal(NAME, external_id="mine"))

    assert taken == "duplicate_external_id"
    assert len(found["view"]["blocks"]) == 1


async def test_what_was_typed_stays_when_ids_stay(
    slack: LocalSlack, client: AsyncWebClient, alice: Person
) -> None:
    """A choice that is no longer offered is reset; so is one under another block_id."""
    view = await opened(slack, client, modal(NAME, field("kind", KINDS)))
    alice.fill({"name": "typed", "kind": "b"})
    fewer = field("kind", {**KINDS, "options": [option("a")]})
    kept = await client.views_update(view_id=view["id"], view=modal(NAME, fewer))
    renamed = await client.views_update(view_id=view["id"], view=modal(field("name2", TEXT)))

    assert kept["view"]["state"]["values"]["name"]["value"]["value"] == "typed"
    assert kept["view"]["state"]["values"]["kind"]["value"]["selected_option"] is None
    assert renamed["view"]["state"]["values"] == {
        "name2": {"value": {"type": "plain_text_input", "value": None}}
    }


ENTERED: list[tuple[Json, object, Json]] = [
    (TEXT, "x", {"value": "x"}),
    (TEXT, "", {"value": None}),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, {"value": "7"}),
    (KINDS, "b", {"selected_option": option("b")}),
    (KINDS, None, {"selected_option": None}),
    ({**KINDS, "type": "multi_static_select"}, ["b", "a"], {"selected_options": [option("b"), option("a")]}),
    ({"type": "checkboxes", "options": [option("a")]}, ["a"], {"selected_options": [option("a")]}),
    ({"type": "checkboxes", "options": [option("a")]}, None, {"selected_options": []}),
    ({"type": "radio_buttons", "options": [option("a")]}, "a", {"selected_option": option("a")}),
    ({"type": "datepicker"}, "2026-11-21", {"selected_date": "2026-11-21"}),
    ({"type": "timepicker"}, "22:11", {"selected_time": "22:11"}),
    ({"type": "datetimepicker"}, 1_795_000_000, {"selected_date_time": 1_795_000_000}),
    ({"type": "users_select"}, BOB, {"selected_user": BOB}),
    ({"type": "multi_users_select"}, [BOB], {"selected_users": [BOB]}),
    ({"type": "conversations_select"}, C, {"selected_conversation": C}),
    ({"type": "multi_conversations_select"}, [C], {"selected_conversations": [C]}),
    ({"type": "channels_select"}, C, {"selected_channel": C}),
    ({"type": "multi_channels_select"}, C, {"selected_channels": [C]}),
]


@pytest.mark.parametrize(("element", "value", "state"), ENTERED)
async def test_what_is_entered_stands_in_the_submission_as_slack_writes_it(
    slack: LocalSlack,
    script: Script,
    client: AsyncWebClient,
    alice: Person,
    element: Json,
    value: object,
    state: Json,
) -> None:
    """Per element type."""
    await opened(slack, client, modal(field("f", element, optional=True)))
    await alice.fill({"f": value}).submit()
    payload = script.sent[0]

    assert payload["type"] == "view_submission"
    assert payload["view"]["state"]["values"]["f"]["value"] == {"type": element["type"], **state}


async def test_an_option_that_is_not_offered_cannot_be_chosen(
    slack: LocalSlack, client: AsyncWebClient, alice: Person
) -> None:
    """The error tells what is."""
    await opened(slack, client, modal(field("kind", KINDS)))
    with pytest.raises(NoSuchOptionError, match="only a, b"):
        alice.fill({"kind": "c"})


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        (TEXT, None, "complete this required field"),
        ({**TEXT, "min_length": 3}, "ab", "at least 3"),
        ({**TEXT, "max_length": 3}, "abcd", "no more than 3"),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "url_text_input"}, "nowhere", "valid URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "1"}, "1.5", "within the range"),
        (KINDS, None, "complete this required field"),
        ({"type": "checkboxes", "options": [option("a")]}, None, "complete this required field"),
    ],
)
async def test_slacks_client_stops_a_form_that_is_not_filled_in(
    slack: LocalSlack,
    script: Script,
    client: AsyncWebClient,
    alice: Person,
    element: Json,
    value: object,
    complaint: str,
) -> None:
    """The app hears nothing."""
    await opened(slack, client, modal(field("f", element)))
    submission = await alice.fill({"f": value}).submit()

    assert (submission.outcome, submission.sent, script.sent) == ("errors", False, [])
    assert complaint in submission.errors["f"]


@pytest.mark.parametrize(
    ("ack", "outcome", "open_views"),
    [
        (Ack(), "closed", 1),
        (Ack({"response_action": "clear"}), "cleared", 0),
        (Ack({"response_action": "errors", "errors": {"name": "No."}}), "errors", 2),
        (Ack({"response_action": "update", "view": modal()}), "updated", 2),
        (Ack({"response_action": "push", "view": modal()}), "pushed", 3),
        (Ack({"response_action": "errors", "errors": {"other": "No."}}), "failed", 2),
        (Ack({"response_action": "errors", "errors": {}}), "failed", 2),
        (Ack({"response_action": "update", "view": {"type": "modal"}}), "failed", 2),
        (Ack({"response_action": "dance"}), "failed", 2),
        (Ack(error="operation_timeout"), "failed", 2),
    ],
)
async def test_a_submission_ends_as_the_app_answers(
    slack: LocalSlack,
    script: Script,
    client: AsyncWebClient,
    alice: Person,
    ack: Ack,
    outcome: str,
    open_views: int,
) -> None:
    """An answer that Slack would not take leaves the form open."""
    await opened(slack, client, modal())
    await client.views_push(trigger_id=slack.workspace.triggers.issue(ALICE), view=modal(NAME))
    script.acks = [ack]
    submission = await alice.fill({"name": "x"}).submit()

    assert submission.outcome == outcome
    assert len(slack.workspace.surfaces.stack(ALICE)) == open_views


@pytest.mark.parametrize(
    ("ack", "outcome"), [(Ack(), "closed"), (Ack({"response_action": "update", "view": modal()}), "failed")]
)
async def test_a_modal_that_is_gone_before_the_app_answers_stays_gone(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person, ack: Ack, outcome: str
) -> None:
    """Nothing is left to update."""
    await opened(slack, client, modal(NAME))
    script.meanwhile = lambda: slack.workspace.surfaces.close(ALICE)
    script.acks = [ack]

    assert (await alice.fill({"name": "x"}).submit()).outcome == outcome
    assert slack.workspace.surfaces.stack(ALICE) == []


async def test_a_dismissed_modal_is_told_when_asked(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """``view_closed`` with ``notify_on_close`` only."""
    await opened(slack, client, modal())
    await alice.close()
    await opened(slack, client, modal(notify_on_close=True))
    await alice.close(all_views=True)

    assert [(p["type"], p["is_cleared"]) for p in script.sent] == [("view_closed", True)]


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


async def test_a_chosen_channel_gives_a_response_url(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """With ``response_url_enabled`` only."""
    select = {"type": "conversations_select", "response_url_enabled": True}
    await opened(slack, client, modal(field("where", select)))
    await alice.fill({"where": C}).submit()
    url = script.sent[0]["response_urls"][0]
    await post_to(url["response_url"], {"text": "hi", "response_type": "in_channel"})

    assert (url["channel_id"], url["block_id"]) == (C, "where")
    assert [m.text for m in slack.messages(C)] == ["hi"]


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
