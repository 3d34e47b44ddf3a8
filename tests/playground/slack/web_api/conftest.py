"""A running local Slack, and slack_sdk's own client."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.playground.slack.web_api.calls import workspace


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A running local Slack."""
    async with workspace() as local:
        yield local


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client with the bot token."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.app.bot_token, base_url=slack.url, session=session)
