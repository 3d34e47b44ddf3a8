"""The local Slack misbehaves on demand, and its sockets behave as Slack's do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Channel, Conditions, Fault, FaultKind, LocalSlack, User

Json = dict[str, Any]
IN_A_HURRY = 0.05
"""Seconds that Slack waits for an ack that is not to come."""
C, OTHER, ALICE = "C0IMAGES", "C0OTHER", "U0ALICE"


class Clock:
    """A clock that stands still until it's moved."""

    def __init__(self) -> None:
        self.now = 1_763_764_306.0

    def __call__(self) -> float:
        return self.now


class RawApp:
    """One WebSocket of an app, by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Json:
        """The next envelope."""
        return dict(await self.socket.receive_json(timeout=5))

    async def ack(self, envelope: Json, payload: Json | None = None) -> None:
        """Acknowledge an envelope."""
        body = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        await self.socket.send_json(body)


@pytest.fixture
def clock() -> Clock:
    """The clock of the local Slack."""
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[LocalSlack]:
    """A local Slack that repeats events at once."""
    channels = [Channel(C, "images"), Channel(OTHER, "other")]
    still = Conditions(rate_limits=False, joined=True)
    async with LocalSlack(
        [User(ALICE)], channels, clock=clock, conditions=still, retry_delays=(0, 0, 0)
    ) as local:
        yield local


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client without its retries."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=slack.app.bot_token, base_url=slack.url, session=session, retry_handlers=[]
        )


async def socket_url(slack: LocalSlack) -> str:
    """A fresh WebSocket address."""
    client = AsyncWebClient(base_url=slack.url)
    return str((await client.apps_connections_open(app_token=slack.app.app_token))["url"])


@asynccontextmanager
async def connected(slack: LocalSlack) -> AsyncIterator[RawApp]:
    """A raw app that has been greeted."""
    async with aiohttp.ClientSession() as session, session.ws_connect(await socket_url(slack)) as socket:
        app = RawApp(socket)
        assert (await app.next())["type"] == "hello"
        yield app


async def post(client: AsyncWebClient, channel: str = C) -> Json:
    """Post a message; the answer or the refusal with its status and Retry-After."""
    try:
        answer = await client.chat_postMessage(channel=channel, text="x")
    except SlackApiError as refused:
        response = refused.response
        return {"status": response.status_code, "after": response.headers.get("Retry-After")}
    return {"status": answer.status_code, "after": None}


async def test_throttled_calls_are_told_when_to_come_back(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Two of them; then the third is done."""
    slack.faults.set(Fault(FaultKind.RATE_LIMITED, "chat.postMessage", times=2, seconds=7))
    answers = [await post(client) for _ in range(3)]

    assert [a["status"] for a in answers] == [429, 429, 200]
    assert answers[0]["after"] == "7"
    assert len(slack.messages(C)) == 1


async def test_a_server_error_does_nothing(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And only for the method it was set for."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, "chat.postMessage", status=502))
    await client.auth_test()

    assert (await post(client))["status"] == 502
    assert slack.messages(C) == []


async def test_a_chosen_error_code_is_answered(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Any of Slack's, for any method."""
    slack.faults.set(Fault(FaultKind.REFUSED, error="restricted_action"))
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=C, text="x")

    assert refused.value.response["error"] == "restricted_action"
    assert slack.ledger.calls[-1].fault == "refused"


@pytest.mark.parametrize(("kind", "stored"), [(FaultKind.DROPPED, 0), (FaultKind.LOST_RESPONSE, 1)])
async def test_a_cut_connection_says_nothing_about_what_was_done(
    slack: LocalSlack, client: AsyncWebClient, kind: FaultKind, stored: int
) -> None:
    """Cut before, nothing is stored; cut after, the message is there."""
    slack.faults.set(Fault(kind, "chat.postMessage"))
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=C, text="x")

    assert len(slack.messages(C)) == stored


async def test_a_lost_response_makes_slack_sdk_post_twice(slack: LocalSlack) -> None:
    """Its default retries connection errors, posts included: the trap this fault is for."""
    slack.faults.set(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"))
    await AsyncWebClient(token=slack.app.bot_token, base_url=slack.url).chat_postMessage(channel=C, text="x")

    assert len(slack.messages(C)) == 2


async def test_a_slow_answer_comes_after_the_thing_is_done(slack: LocalSlack, client: AsyncWebClient) -> None:
    """The message is there while the caller still waits."""
    slack.faults.set(Fault(FaultKind.SLOW, "chat.postMessage", seconds=0.3))
    waiting = asyncio.ensure_future(post(client))
    await slack.until(lambda s: s.messages(C))

    assert not waiting.done()
    assert (await waiting)["status"] == 200


async def test_posts_beyond_one_a_second_are_throttled_per_channel(
    slack: LocalSlack, client: AsyncWebClient, clock: Clock
) -> None:
    """After a burst of three; another channel has its own second."""
    slack.conditions.rate_limits = True
    burst = [(await post(client))["status"] for _ in range(3)]
    fourth = await post(client)
    elsewhere = await post(client, OTHER)
    clock.now += 1
    later = await post(client)

    assert burst == [200, 200, 200]
    assert (fourth["status"], fourth["after"]) == (429, "1")
    assert (elsewhere["status"], later["status"]) == (200, 200)


async def test_other_methods_are_throttled_by_their_tier(slack: LocalSlack, client: AsyncWebClient) -> None:
    """usergroups.list: twenty a minute."""
    slack.conditions.rate_limits = True
    for _ in range(20):
        await client.usergroups_list()
    with pytest.raises(SlackApiError) as refused:
        await client.usergroups_list()

    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "3")


async def test_clearing_the_faults_makes_slack_behave(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Whatever was switched on."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, times=100))
    slack.faults.silent = slack.faults.socket_conflicts = True
    slack.faults.clear()

    assert (await post(client))["status"] == 200
    assert not slack.faults.silent
    assert not slack.faults.socket_conflicts


async def test_without_a_connection_a_command_fails_to_dispatch(slack: LocalSlack) -> None:
    """At once."""
    assert (await slack.person(ALICE).command("/image", "x", C)).error == "dispatch_failed"


async def test_an_envelope_carries_what_slack_documents(slack: LocalSlack) -> None:
    """Type, payload, whether an answer is taken."""
    async with connected(slack) as app:
        asked = asyncio.ensure_future(slack.person(ALICE).command("/image", "create x", C))
        envelope = await app.next()
        await app.ack(envelope, {"text": "done"})

        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert (envelope["payload"]["text"], envelope["payload"]["channel_name"]) == ("create x", "images")
        assert envelope["payload"]["is_enterprise_install"] == "false"
        assert (await asked).text == "done"


async def test_a_command_without_an_ack_times_out_and_a_late_ack_is_recorded(slack: LocalSlack) -> None:
    """The person sees ``operation_timeout``; the ledger sees both."""
    slack.dispatcher.ack_seconds = IN_A_HURRY
    async with connected(slack) as app:
        answer = await slack.person(ALICE).command("/image", "x", C)
        await app.ack(await app.next(), {"text": "too late"})
        await slack.until(lambda s: s.ledger.deliveries[0].acks)

    assert answer.error == "operation_timeout"
    assert slack.ledger.deliveries[0].error == "operation_timeout"
    assert slack.person(ALICE).sees(C) == []


async def test_a_listener_that_is_missing_or_breaks_leaves_the_person_waiting(slack: LocalSlack) -> None:
    """Bolt sends no ack then."""
    slack.dispatcher.ack_seconds = IN_A_HURRY
    client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.url)
    handler = AsyncSocketModeHandler(
        AsyncApp(client=client, process_before_response=True), slack.app.app_token
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation
    await slack.until(lambda s: s.sockets.connections)
    answer = await slack.person(ALICE).command("/image", "x", C)
    await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation

    assert answer.error == "operation_timeout"


async def test_envelopes_take_turns_over_all_connections(slack: LocalSlack) -> None:
    """And an ack counts over any of them."""
    async with connected(slack) as first, connected(slack) as second:
        for here, there in ((second, first), (first, second)):
            asked = asyncio.ensure_future(slack.person(ALICE).command("/image", "x", C))
            await there.ack(await here.next(), {"text": "done"})

            assert (await asked).text == "done"


async def test_a_duplicated_envelope_arrives_twice_with_one_id(slack: LocalSlack) -> None:
    """The first ack counts."""
    slack.faults.duplicated_envelopes = 1
    async with connected(slack) as app:
        asked = asyncio.ensure_future(slack.person(ALICE).command("/image", "x", C))
        first, second = await app.next(), await app.next()
        await app.ack(second, {"text": "one"})
        await app.ack(first, {"text": "two"})
        answer = await asked
        await slack.until(lambda s: len(s.ledger.deliveries[0].acks) == 2)

    assert first == second
    assert (answer.text, slack.ledger.deliveries[0].copies) == ("one", 2)


async def test_an_event_without_an_ack_is_sent_again_three_times(slack: LocalSlack) -> None:
    """With the attempt and its reason."""
    slack.dispatcher.ack_seconds = IN_A_HURRY
    async with connected(slack) as app:
        await slack.person(ALICE).open_home()
        frames = [await app.next() for _ in range(4)]

    assert [f["retry_attempt"] for f in frames] == [0, 1, 2, 3]
    assert [f["retry_reason"] for f in frames] == ["", "timeout", "timeout", "timeout"]
    assert len({f["payload"]["event_id"] for f in frames}) == 1


async def test_a_refused_ticket_stays_refused(slack: LocalSlack) -> None:
    """A ticket opens one connection, once."""
    slack.faults.refused_tickets = 1
    url = await socket_url(slack)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(url)
            assert refused.value.status == 403

    async with connected(slack):
        assert len(slack.sockets.connections) == 1


async def test_the_eleventh_connection_is_sent_away(slack: LocalSlack) -> None:
    """Greeted first, then sent away with ``too_many_websockets``."""
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(await socket_url(slack)) for _ in range(10)]
        await slack.until(lambda s: len(s.sockets.connections) == 10)
        one_more = await session.ws_connect(await socket_url(slack))
        hello, frame = await one_more.receive_json(), await one_more.receive_json()
        closed = await one_more.receive()

        assert hello["type"] == "hello"
        assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
        assert closed.type == aiohttp.WSMsgType.CLOSE
        assert len(sockets) == len(slack.sockets.connections)


async def test_sockets_that_are_opened_together_conflict_by_switch(slack: LocalSlack, clock: Clock) -> None:
    """409 for the second within a second; its ticket is spent."""
    slack.faults.socket_conflicts = True
    async with aiohttp.ClientSession() as session, session.ws_connect(await socket_url(slack)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(await socket_url(slack))
        clock.now += 2
        async with session.ws_connect(await socket_url(slack)) as later:
            hello = await later.receive_json()

    assert (refused.value.status, hello["num_connections"]) == (409, 2)


@pytest.mark.parametrize(
    ("reason", "error"), [("warning", "operation_timeout"), ("link_disabled", "dispatch_failed")]
)
async def test_after_a_disconnect_no_envelopes_come_except_after_a_warning(
    slack: LocalSlack, reason: str, error: str
) -> None:
    """The app is to open another connection."""
    slack.dispatcher.ack_seconds = IN_A_HURRY
    async with connected(slack) as app:
        await slack.sockets.disconnect(reason)
        frame = await app.next()

        assert (frame["type"], frame["reason"]) == ("disconnect", reason)
        assert (await slack.person(ALICE).command("/image", "x", C)).error == error


@pytest.mark.parametrize(
    ("reset", "ends"),
    [(False, aiohttp.WSMsgType.CLOSE), (True, aiohttp.WSMsgType.CLOSED)],
    ids=["close", "reset"],
)
async def test_a_dropped_socket_ends_with_or_without_a_close_frame(
    slack: LocalSlack, reset: bool, ends: aiohttp.WSMsgType
) -> None:
    """And Slack forgets it."""
    async with connected(slack) as app:
        await slack.sockets.drop(reset=reset)
        last = await app.socket.receive(timeout=5)
        await slack.until(lambda s: not s.sockets.connections)

    assert last.type in (ends, aiohttp.WSMsgType.ERROR)


async def test_a_silent_peer_answers_neither_pings_nor_commands(slack: LocalSlack) -> None:
    """Until it is switched off."""
    async with connected(slack) as app:
        slack.faults.silent = True
        slack.dispatcher.ack_seconds, patience = IN_A_HURRY, slack.dispatcher.ack_seconds
        await app.socket.ping(b"there?")
        error = (await slack.person(ALICE).command("/image", "x", C)).error
        slack.faults.silent, slack.dispatcher.ack_seconds = False, patience
        asked = asyncio.ensure_future(slack.person(ALICE).command("/image", "y", C))
        envelope = await app.next()
        await app.ack(envelope)

        assert error == "operation_timeout"
        assert envelope["payload"]["text"] == "y"
        assert (await asked).error is None


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "[]",
        "1",
        '{"payload": {}}',
        '{"envelope_id": ["x"]}',
        '{"envelope_id": "x", "payload": "y"}',
        "[" * 100_000,
    ],
)
async def test_a_frame_that_is_no_ack_is_kept_as_a_problem(slack: LocalSlack, frame: str) -> None:
    """The connection stays."""
    async with connected(slack) as app:
        await app.socket.send_str(frame)
        await slack.until(lambda s: s.problems)

        assert slack.problems[0]["error"] == "invalid_ack"
        assert len(slack.sockets.connections) == 1


async def test_bolt_comes_back_after_a_dropped_socket(slack: LocalSlack) -> None:
    """The unmodified client reconnects on its own."""
    client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.url)
    app = AsyncApp(client=client, process_before_response=True)

    @app.command("/image")
    async def on_command(ack: AsyncAck) -> None:
        await ack("here")

    handler = AsyncSocketModeHandler(app, slack.app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation
    await slack.until(lambda s: s.sockets.connections)
    first = slack.sockets.connections[0].id
    await slack.sockets.drop()
    await slack.until(lambda s: [c.id for c in s.sockets.connections] not in ([], [first]))
    answer = await slack.person(ALICE).command("/image", "x", C)
    await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation

    assert answer.text == "here"
