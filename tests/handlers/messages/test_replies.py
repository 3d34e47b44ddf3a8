"""What one person is told in private, by the first way that works."""

from aiohttp import ClientSession, web
from aiohttp.test_utils import RawTestServer
from slack_sdk.web.async_client import AsyncWebClient

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
