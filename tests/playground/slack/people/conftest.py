"""A local Slack with two people, and an app with prepared answers."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    App,
    Channel,
    Conditions,
    LocalSlack,
    Person,
    User,
)
from bot.playground.slack.app import Shortcut
from tests.playground.slack.people.acting import ALICE, BOB, SECRET, C, Clock, Script


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
