"""Socket Mode and HTTP mode: reached in spite of everything, honest about it, and finished in order."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.domain.lifecycle import Status
from bot.domain.request import Person
from bot.playground.slack import Channel, LocalSlack, User
from bot.service import Service
from bot.service.outcomes import Found
from handlers.app import build_app
from handlers.i18n import Translations
from handlers.listeners.context import ListenerContext
from handlers.messages.replies import Replies
from handlers.transport.background import Background
from handlers.transport.connection import connection, web_client, web_session
from handlers.transport.http_mode import HttpMode, Signatures
from handlers.transport.socket_mode import SocketMode
from tests.fakes import ScriptedService
from tests.homes import homes
from tests.house import House
from tests.machines import nowhere
from tests.ports import FakeDirectory, FakeRegions
from tests.service.test_repeated import fails

ALICE, CHANNEL = "U0ALICE", "C0IMAGES"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - of Slack's own documentation, opens nothing


class PatientService(ScriptedService):
    """Answers `list` once `may_answer` is set; `asked_at` shows that it was asked."""

    def __init__(self) -> None:
        super().__init__(Found(()))
        self.may_answer = asyncio.Event()
        self.was_asked = asyncio.Event()

    async def find(self, person: Person, scope: str, page: int = 1) -> Any:
        """List requests, some time."""
        self.was_asked.set()
        await self.may_answer.wait()
        return await super().find(person, scope, page)


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack."""
    async with LocalSlack([User(ALICE, "alice")], [Channel(CHANNEL, "images")]) as local:
        yield local


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """A client of its Web API."""
    async with web_session() as session:
        yield web_client(slack.app.bot_token, slack.url.rstrip("/"), session)


def build(client: AsyncWebClient, background: Background, service: Service | None = None) -> AsyncApp:
    """The bot's app."""
    service = service or ScriptedService(Found(()))
    directory, replies = FakeDirectory(down=True), Replies(client)
    context = ListenerContext(
        service, Translations.read(), directory, replies, background, nowhere(), FakeRegions(), homes(client)
    )
    return build_app(client, context)


@asynccontextmanager
async def socket_mode(
    slack: LocalSlack, client: AsyncWebClient, *, stagger: float = 0.0, patience: float = 15.0
) -> AsyncIterator[SocketMode]:
    """Socket Mode as it runs, only quicker to lose patience."""
    background = Background()
    app = build(client, background)
    mode = SocketMode(
        app, slack.app.app_token, client, background, stagger=stagger, patience=patience, ping=0.2
    )
    async with mode:
        yield mode


def open_sockets(count: int) -> Callable[[LocalSlack], bool]:
    """Whether so many connections are open and not leaving."""
    return lambda slack: len([each for each in slack.sockets.connections if not each.leaving]) == count


async def answers(slack: LocalSlack) -> bool:
    """Whether the bot answers a command."""
    answer = await slack.person(ALICE).command("/image", "list", CHANNEL)
    return "nothing here" in answer.text


async def test_two_connections_are_opened_one_after_the_other(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """So that Slack does not refresh them at the same time."""
    with capture_logs() as lines:
        async with socket_mode(slack, client, stagger=0.3) as mode:
            await slack.until(open_sockets(1))
            assert await answers(slack)
            await slack.until(open_sockets(2))

            assert mode.connected
    assert next(line for line in lines if line["event"] == "socket_up")["connections"] == 1


async def test_readiness_tells_the_truth(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Not connected before Slack has greeted us, nor after the end."""
    background = Background()
    mode = SocketMode(build(client, background), slack.app.app_token, client, background)
    before = mode.connected
    async with mode:
        await slack.until(open_sockets(1))
        assert await answers(slack)
        during = mode.connected

    assert (before, during, mode.connected) == (False, True, False)


async def test_a_refused_ticket_is_not_tried_for_ever(slack: LocalSlack, client: AsyncWebClient) -> None:
    """slack_sdk alone keeps the address that was refused; the watchdog gets a new one."""
    slack.faults.refused_tickets = 2

    async with socket_mode(slack, client, patience=0.5):
        await slack.until(open_sockets(2), 10.0)

        assert await answers(slack)


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled", "warning"])
async def test_a_connection_that_slack_wants_back_is_replaced(
    slack: LocalSlack, client: AsyncWebClient, reason: str
) -> None:
    """And the bot answers all the while."""
    async with socket_mode(slack, client):
        await slack.until(open_sockets(2))
        old = {each.id for each in slack.sockets.connections}

        await slack.sockets.disconnect(reason)
        await slack.until(
            lambda s: open_sockets(2)(s) and not old & {each.id for each in s.sockets.connections}, 10.0
        )

        assert await answers(slack)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
async def test_a_dropped_connection_comes_back(
    slack: LocalSlack, client: AsyncWebClient, reset: bool
) -> None:
    """With a close frame or without."""
    async with socket_mode(slack, client):
        await slack.until(open_sockets(2))

        await slack.sockets.drop(reset=reset)
        await slack.until(open_sockets(2), 10.0)

        assert await answers(slack)


async def test_a_silent_peer_is_left(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Pings without pongs."""
    async with socket_mode(slack, client):
        await slack.until(open_sockets(2))
        old = {each.id for each in slack.sockets.connections}
        slack.faults.silent = True
        await slack.until(lambda s: not old & {each.id for each in s.sockets.connections}, 10.0)

        slack.faults.silent = False
        await slack.until(open_sockets(2), 10.0)

        assert await answers(slack)


async def test_a_stop_waits_for_the_answer_in_hand(slack: LocalSlack, client: AsyncWebClient) -> None:
    """No acknowledgement is lost."""
    background, service = Background(), PatientService()
    mode = SocketMode(build(client, background, service), slack.app.app_token, client, background)
    await mode.start()
    await slack.until(open_sockets(1))
    asking = asyncio.create_task(slack.person(ALICE).command("/image", "list", CHANNEL))
    await service.was_asked.wait()
    stopping = asyncio.create_task(mode.stop(within=5.0))
    service.may_answer.set()

    answer = await asking
    await stopping

    assert "nothing here" in answer.text
    assert slack.sockets.connections == []


async def test_a_stop_does_not_wait_for_ever(slack: LocalSlack, client: AsyncWebClient) -> None:
    """What hangs is left behind."""
    background, service = Background(), PatientService()
    mode = SocketMode(build(client, background, service), slack.app.app_token, client, background)
    await mode.start()
    await slack.until(open_sockets(1))
    asking = asyncio.create_task(slack.person(ALICE).command("/image", "list", CHANNEL))
    await service.was_asked.wait()

    await mode.stop(within=0.1)

    service.may_answer.set()
    asking.cancel()
    assert not mode.connected


async def test_a_stop_leaves_nothing_open_when_slack_says_no_goodbye(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """A task of a connection that outlived it would be the only one who could close its session."""
    background = Background()
    mode = SocketMode(build(client, background), slack.app.app_token, client, background)
    before = asyncio.all_tasks()
    await mode.start()
    await slack.until(open_sockets(1))
    assert await answers(slack)
    slack.sockets.deafen()

    await mode.stop(within=0.0)

    await asyncio.sleep(0)  # what was canceled ends
    names = {str(getattr(task.get_coro(), "__qualname__", "")) for task in asyncio.all_tasks() - before}
    assert {name for name in names if name.startswith(("Supervised", "SocketModeClient", "Client"))} == set()


def test_without_any_secret_there_is_no_connection(client: AsyncWebClient) -> None:
    """The settings say so earlier; nobody gets past this."""
    background = Background()

    with pytest.raises(ValueError, match="signing secret"):
        connection(
            build(client, background), client, background, time.time, app_token=None, signing_secret=None
        )


class Server:
    """HTTP mode behind a web server."""

    def __init__(self, mode: HttpMode, url: str, session: aiohttp.ClientSession) -> None:
        self.mode = mode
        self.url = url
        self.session = session

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Send a request; its status and body."""
        async with self.session.post(f"{self.url}/slack/events", data=body, headers=headers) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def server(client: AsyncWebClient) -> AsyncIterator[Server]:
    """HTTP mode, running."""
    async with serving(client) as server:
        yield server


@asynccontextmanager
async def serving(
    client: AsyncWebClient,
    service: Service | None = None,
    answered: Callable[[str, float], None] | None = None,
) -> AsyncIterator[Server]:
    """Run HTTP mode the way a process does."""
    background = Background(answered)
    mode = HttpMode(build(client, background, service), SECRET, background)
    application = web.Application()
    application.add_routes(mode.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await mode.start()
    async with aiohttp.ClientSession() as session:
        yield Server(mode, f"http://127.0.0.1:{runner.addresses[0][1]}", session)
    await runner.cleanup()


def command(text: str) -> bytes:
    """A slash command as Slack sends it."""
    fields = {"command": "/image", "text": text, "user_id": ALICE, "team_id": "T1", "channel_id": CHANNEL}
    return urlencode(fields | {"trigger_id": "1.2.x", "response_url": "https://127.0.0.1:1/"}).encode()


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers that Slack sends with the body."""
    timestamp = str(int(time.time() if at is None else at))
    base = b"v0:" + timestamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return form | {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


async def test_a_signed_request_is_answered(server: Server) -> None:
    """With the answer in the acknowledgement."""
    status, text = await server.post(command("list"), signed(command("list")))

    assert status == 200
    assert "nothing here" in json.loads(text)["text"]


def form(payload: dict[str, Any]) -> bytes:
    """An interaction as Slack sends it."""
    return urlencode({"payload": json.dumps(payload)}).encode()


async def test_answers_are_counted_by_kind_as_in_socket_mode(client: AsyncWebClient) -> None:
    """What isn't Slack's is no delivery: who sends it mustn't make the bot look quick."""
    challenge = {"type": "url_verification", "challenge": "c"}
    bodies = [
        command("list"),
        form({"type": "block_actions", "actions": [], "user": {"id": ALICE}, "team": {"id": "T1"}}),
        json.dumps(challenge).encode(),
        json.dumps({"type": "event_callback", "event": {"type": "message"}}).encode(),
    ]
    kinds: list[str] = []

    async with serving(client, answered=lambda kind, _: kinds.append(kind)) as server:
        for body in bodies:
            content = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
            await server.post(body, signed(body) | {"Content-Type": content})
        await server.post(command("list"), signed(command("list"), secret="another"))  # noqa: S106 - opens nothing

    assert kinds == ["slash_commands", "interactive", "events_api", "events_api"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"X-Slack-Signature": ""}, id="no signature"),
        pytest.param({"X-Slack-Signature": "v0=" + "0" * 64}, id="a wrong signature"),
        pytest.param({"X-Slack-Signature": "v0=é"}, id="a signature that is no ASCII"),
        pytest.param({"X-Slack-Request-Timestamp": ""}, id="no timestamp"),
        pytest.param({"X-Slack-Request-Timestamp": "abc"}, id="a timestamp that is no number"),
        pytest.param({"X-Slack-Request-Timestamp": "1e9"}, id="a timestamp that is nearly one"),
        pytest.param({"X-Slack-Request-Timestamp": "-1"}, id="a negative timestamp"),
        pytest.param({"X-Slack-Request-Timestamp": "9" * 400}, id="a timestamp beyond all time"),
        pytest.param(signed(command("list"), time.time() - 301), id="a stale request"),
        pytest.param(signed(command("list"), time.time() + 86_400), id="a request from the future"),
        pytest.param(signed(command("list"), secret="another"), id="another"),  # noqa: S106 - opens nothing
    ],
)
async def test_a_request_that_is_not_slacks_is_unauthorized(server: Server, change: dict[str, str]) -> None:
    """Missing, wrong, stale or malformed: 401, and nothing of it in the log."""
    with capture_logs() as logs:
        status, _ = await server.post(command("list"), signed(command("list")) | change)

    assert status == 401
    assert [entry["event"] for entry in logs] == ["request_refused"]
    assert "trigger_id" not in str(logs)


async def test_a_request_that_is_sent_again_is_refused(server: Server) -> None:
    """Slack signs again what it sends again; only somebody else repeats a signature."""
    headers = signed(command("list"))

    first, _ = await server.post(command("list"), headers)
    second, _ = await server.post(command("list"), headers)

    assert (first, second) == (200, 401)


async def test_a_request_that_is_sent_again_after_a_restart_is_done_once(
    client: AsyncWebClient, cabin: House
) -> None:
    """The new process knows no signature that the last one saw; the database knows what was done."""
    request = await cabin.submit()
    body = command(f"retry {request.id}")
    headers = signed(body)
    seen = []

    for _ in range(2):
        await fails(cabin, request.id)
        async with serving(client, cabin.service) as process:
            _, answer = await process.post(body, headers)
        kept = await cabin.get(request)
        seen.append((kept.status, kept.attempt.number, "nothing was done again" in answer))

    assert seen == [(Status.APPROVED, 2, False), (Status.FAILED, 2, True)]


@pytest.mark.parametrize(
    "body",
    [
        b"payload=%7Bnot-json",
        b"\xff\xfe",
        b"payload=%5B%5D",
        b"payload=1",
        b"payload=null",
        pytest.param(b"payload=" + b"[" * 100_000, id="a deep nest"),
        pytest.param(b"payload=" + b'{"a":' * 100_000, id="a deep nest of objects"),
    ],
)
async def test_a_signed_body_that_cannot_be_read_is_a_bad_request(server: Server, body: bytes) -> None:
    """Never a 500."""
    status, _ = await server.post(body, signed(body))

    assert status == 400


async def test_a_stopping_process_takes_no_more_requests(server: Server) -> None:
    """Slack shows the person that; half an answer would be worse."""
    await server.mode.stop(within=1.0)

    status, _ = await server.post(command("list"), signed(command("list")))

    assert (status, server.mode.connected) == (503, False)


async def test_a_request_that_does_not_arrive_holds_up_no_stop(server: Server) -> None:
    """Anybody can send half of one; if it breaks off, that isn't our error."""
    host, port = server.url.removeprefix("http://").split(":")
    _, peer = await asyncio.open_connection(host, int(port))
    peer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 9\r\n\r\nhalf")
    await server.post(b"", {})  # the half one is there by now

    with capture_logs() as logs:
        await server.mode.stop(within=1.0)
    peer.close()
    await peer.wait_closed()

    assert logs == []


def test_a_signature_is_good_to_the_fifth_minute() -> None:
    """Either way."""
    now = time.time()
    signatures = Signatures(SECRET, lambda: now)

    def refusal(at: float) -> str:
        headers = signed(b"x", at)
        return signatures.refusal(b"x", headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"])

    assert [refusal(now + seconds) for seconds in (-302, -299, 299, 302)] == ["stale", "", "", "stale"]


@pytest.mark.parametrize("signature", ["", "v0=", "v0=\udcff\udcfe", "v0=ä"], ids=ascii)
def test_a_signature_of_any_bytes_is_wrong_and_breaks_nothing(signature: str) -> None:
    """aiohttp hands on bytes that are no UTF-8 as lone surrogates."""
    now = time.time()

    assert Signatures(SECRET, lambda: now).refusal(b"x", str(int(now)), signature) == "signature"
