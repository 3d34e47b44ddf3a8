"""HTTP mode: the same people, the same app, signed requests instead of a WebSocket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Channel, Conditions, LocalSlack, Message, User
from bot.playground.slack.http_mode import sign

Json = dict[str, Any]
C, ALICE = "C0IMAGES", "U0ALICE"


def local_slack(request_url: str = "http://127.0.0.1:9/slack/events") -> LocalSlack:
    """A local Slack that delivers over HTTP and repeats events at once."""
    return LocalSlack(
        [User(ALICE)],
        [Channel(C)],
        conditions=Conditions(joined=True),
        request_url=request_url,
        retry_delays=(0, 0, 0),
    )


@asynccontextmanager
async def served(application: web.Application) -> AsyncIterator[str]:
    """The application on a free port of this machine."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


@asynccontextmanager
async def answering(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[LocalSlack]:
    """A local Slack whose app is one plain handler."""
    application = web.Application()
    application.router.add_post("/slack/events", answer)
    async with served(application) as url, local_slack(url) as slack:
        yield slack


async def test_bolt_answers_signed_requests() -> None:
    """Command, button and event, verified by Bolt itself."""
    async with local_slack() as slack:
        client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.url)
        app = AsyncApp(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)

        @app.command("/image")
        async def on_command(ack: AsyncAck, command: Json) -> None:
            button = {"type": "button", "action_id": "b", "text": {"type": "plain_text", "text": "B"}}
            await client.chat_postMessage(
                channel=C, text=command["text"], blocks=[{"type": "actions", "elements": [button]}]
            )
            await ack({"text": "done", "response_type": "in_channel"})

        @app.action("b")
        async def on_press(ack: AsyncAck, body: Json) -> None:
            await client.chat_postEphemeral(channel=C, user=body["user"]["id"], text="pressed")
            await ack()

        async with served(app.web_app("/slack/events")) as url:
            slack.deliver_over_http(url)
            alice = slack.person(ALICE)

            assert (await alice.command("/image", "x & y", C)).error is None
            assert [m.text for m in alice.sees(C)] == ["x & y", "done"]
            assert (await alice.click(alice.sees(C)[0], "b")).text == "pressed"
            assert await slack.http.verify_url()


async def test_a_wrong_secret_is_refused_by_bolt() -> None:
    """401, which the person sees as a failed dispatch."""
    async with local_slack() as slack:
        client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.url)
        app = AsyncApp(client=client, signing_secret=slack.app.bot_token, process_before_response=True)
        async with served(app.web_app("/slack/events")) as url:
            slack.deliver_over_http(url)

            assert (await slack.person(ALICE).command("/image", "x", C)).error == "dispatch_failed"
            assert not await slack.http.verify_url()


def test_the_signature_is_slacks() -> None:
    """slack_sdk's verifier takes it, and not that of another body."""
    verifier = SignatureVerifier("secret")
    timestamp = str(int(verifier.clock.now()))

    assert verifier.is_valid("body", timestamp, sign("secret", timestamp, b"body"))
    assert not verifier.is_valid("body!", timestamp, sign("secret", timestamp, b"body"))


async def test_plain_text_is_the_text_of_the_answer() -> None:
    """As for a command that is answered with a bare body."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="plain")

    async with answering(answer) as slack:
        assert (await slack.person(ALICE).command("/image", "x", C)).text == "plain"
        assert len(slack.ledger.deliveries[0].acks) == 1


async def test_an_app_that_is_not_there_cannot_be_dispatched_to() -> None:
    """The connection is refused."""
    async with local_slack() as slack:
        assert (await slack.person(ALICE).command("/image", "x", C)).error == "dispatch_failed"
        assert slack.ledger.deliveries[0].acks == []


@pytest.mark.parametrize(
    ("status", "headers", "reasons"),
    [
        (500, {}, ["", "http_error", "http_error", "http_error"]),
        (500, {"X-Slack-No-Retry": "1"}, [""]),
        (200, {}, [""]),
    ],
)
async def test_events_are_repeated_until_taken_or_declined(
    status: int, headers: dict[str, str], reasons: list[str]
) -> None:
    """With X-Slack-Retry-Num and X-Slack-Retry-Reason."""
    seen: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        number = request.headers.get("X-Slack-Retry-Num", "0")
        seen.append((number, request.headers.get("X-Slack-Retry-Reason", "")))
        return web.Response(status=status, headers=headers)

    async with answering(answer) as slack:
        await slack.person(ALICE).open_home()
        await slack.until(
            lambda s: len([d for d in s.ledger.deliveries if d.error or d.acks]) == len(reasons)
        )

    assert seen == [(str(number), reason) for number, reason in enumerate(reasons)]


async def test_an_app_that_answers_too_late_has_timed_out() -> None:
    """The person sees ``operation_timeout``; nothing was acknowledged."""
    told = asyncio.Event()

    async def answer(_request: web.Request) -> web.Response:
        await told.wait()
        return web.json_response({"text": "too late"})

    async with answering(answer) as slack:
        slack.dispatcher.ack_seconds = 0.05
        late = await slack.person(ALICE).command("/image", "x", C)
        told.set()

    assert late.error == "operation_timeout"
    assert slack.ledger.deliveries[0].acks == []


async def test_a_duplicated_request_arrives_twice() -> None:
    """The first answer counts."""
    bodies: list[bytes] = []

    async def answer(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.json_response({"text": "done"})

    async with answering(answer) as slack:
        slack.faults.duplicated_envelopes = 1
        told = await slack.person(ALICE).command("/image", "x", C)
        await slack.until(lambda s: len(s.ledger.deliveries[0].acks) == 2)

    assert told.text == "done"
    assert bodies[0] == bodies[1]


SEARCH = {
    "type": "actions",
    "block_id": "b",
    "elements": [{"type": "external_select", "action_id": "find", "min_query_length": 0}],
}
OPTION = {"text": {"type": "plain_text", "text": "one"}, "value": "1"}


@pytest.mark.parametrize(("declared", "found"), [(True, [OPTION]), (False, [])])
async def test_a_search_needs_an_options_url_in_the_manifest(declared: bool, found: list[Json]) -> None:
    """Socket Mode needs none; over HTTP a search without one goes nowhere."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"options": [OPTION]})

    async with answering(answer) as slack:
        slack.workspace.install(replace(slack.app, options_url=declared))
        card = Message(C, "", slack.app.bot_user, "card", (SEARCH,), app_id=slack.app.id)
        posted = slack.workspace.conversations.post(card)

        assert await slack.person(ALICE).suggest(posted, "find", "") == found
        assert [problem["messages"] for problem in slack.problems] == (
            [] if declared else [["no_options_url"]]
        )
