"""A bot whose service is scripted, connected to a local Slack over the real wires."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.lifecycle import ENDS, Status
from bot.domain.request import End
from bot.playground.slack import Channel, LocalSlack, Message, User
from handlers.app import build_app
from handlers.i18n import Translations
from handlers.listeners.context import ListenerContext
from handlers.messages.replies import Replies
from handlers.transport.background import Background
from handlers.transport.connection import web_client, web_session
from handlers.transport.manifest import manifest
from handlers.transport.socket_mode import SocketMode
from handlers.views import card
from tests.fakes import NOW, ScriptedService, request
from tests.homes import homes
from tests.machines import nowhere
from tests.ports import FakeDirectory, FakeRegions

CHANNEL = "C0IMAGES"
ALICE, BOB = "U0ALICE", "U0BOB"
WORDS = Translations.read().for_locale()


@dataclass(frozen=True)
class Counter:
    """The local Slack, a client of its Web API, and the service behind the bot."""

    slack: LocalSlack
    client: AsyncWebClient
    service: ScriptedService

    async def card(self, status: Status = Status.PENDING) -> Message:
        """Post the card of the usual request, and return it as the channel shows it."""
        asked = request(status=status, end=End(NOW) if status in ENDS else None)
        post = card.card(asked, NOW, WORDS)
        posted = await self.client.chat_postMessage(channel=CHANNEL, **post.payload())
        return next(each for each in self.slack.messages(CHANNEL) if each.ts == posted["ts"])

    async def told(self, user_id: str, part: str) -> str:
        """Wait until only this person is shown a text that contains `part`; return the text."""

        def found() -> list[str]:
            """The texts that the person has been shown so far."""
            seen = self.slack.person(user_id)
            mine = [m for m in seen.sees(CHANNEL) if m.only_for == user_id] + seen.direct_messages()
            return [each.text for each in mine if part in each.text]

        await self.slack.until(lambda _: found())
        return found()[0]


@asynccontextmanager
async def open_counter() -> AsyncIterator[Counter]:
    """Connect the bot; ends with everything closed."""
    people = [User(ALICE, "alice"), User(BOB, "bob")]
    async with LocalSlack(people, [Channel(CHANNEL, "images")]) as slack, web_session() as session:
        slack.install(manifest())
        client = web_client(slack.app.bot_token, slack.url, session)
        service, background = ScriptedService(), Background()
        directory, replies = FakeDirectory(down=True), Replies(client)
        desk = ListenerContext(
            service,
            Translations.read(),
            directory,
            replies,
            background,
            nowhere(),
            FakeRegions(),
            homes(client),
        )
        app = build_app(client, desk)
        async with SocketMode(app, slack.app.app_token, client, background):
            await slack.until(lambda s: s.sockets.connections)
            yield Counter(slack, client, service)
            assert await background.drain(within=5.0)
