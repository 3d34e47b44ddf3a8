"""What one person is told in private, by the first way that works."""

import asyncio

from aiohttp import ClientSession, web
from aiohttp.test_utils import RawTestServer
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from handlers.messages.replies import Replies
from handlers.mrkdwn import Markup
from handlers.transport.payloads import Address
from handlers.views.blocks import Post


async def test_an_answer_to_a_response_url_takes_the_proxy_that_every_call_takes() -> None:
    """A host that reaches Slack through a proxy alone reaches it so for answers, too."""
    asked: list[tuple[str, str]] = []

    async def pass_on(request: web.BaseRequest) -> web.Response:
        asked.append((request.headers["Host"], (await request.json())["text"]))
        return web.Response(text="ok")

    async with RawTestServer(pass_on) as proxy, ClientSession() as session:
        slack = AsyncWebClient("xoxb-1", proxy=f"http://{proxy.host}:{proxy.port}", session=session)
        address = Address("U0ALICE", "C0IMAGES", "http://hooks.slack.invalid/commands/1")
        await Replies(slack).send(address, Post(Markup("Sent.")))

    assert asked == [("hooks.slack.invalid", "Sent.")]


async def test_a_redraw_under_way_gives_way_to_what_a_submission_is_answered_with() -> None:
    """The answer shows what the form has to say now; the redraw was drawn before."""
    asked, let_go, updates = asyncio.Event(), asyncio.Event(), []

    async def update(request: web.BaseRequest) -> web.Response:
        updates.append(await request.post())
        asked.set()
        await let_go.wait()
        return web.json_response({"ok": False, "error": "hash_conflict"})

    async with RawTestServer(update) as server, ClientSession() as session:
        replies = Replies(AsyncWebClient("xoxb-1", base_url=f"{server.make_url('/')}", session=session))
        address, form = Address("U0ALICE", "C0IMAGES", ""), {"type": "modal", "blocks": []}
        redraw = asyncio.create_task(replies.redraw("V1", "1.a", form, address, replies.turn_of("V1")))
        await asked.wait()
        replies.sealed(form, "V1", address)
        let_go.set()
        await redraw

    assert len(updates) == 1


async def test_a_redraw_that_is_drawn_after_the_answer_to_a_submission_is_not_sent() -> None:
    """Its change came before: what counts is when it arrived, not how long it took to draw."""
    replies = Replies(AsyncWebClient("xoxb-1", base_url="http://slack.invalid/"))
    address, form = Address("U0ALICE", "C0IMAGES", ""), {"type": "modal", "blocks": []}
    turn = replies.turn_of("V1")
    replies.sealed(form, "V1", address)

    with capture_logs() as logs:
        await replies.redraw("V1", "1.a", form, address, turn)

    assert logs == []  # had it been sent, nobody would have been there to take it
