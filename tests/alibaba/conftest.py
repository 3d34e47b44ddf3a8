"""A local cloud whose clock stands still, and the bot's port to it, on the wire."""

from collections.abc import AsyncIterator

import pytest

from bot.alibaba.cloud import AlibabaCloud
from bot.playground.cloud import LocalCloud
from tests.clouds import client_of


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it's pushed."""
    async with LocalCloud(speed=0.0, seconds=100.0) as local:
        yield local


@pytest.fixture
async def cloud(local: LocalCloud) -> AsyncIterator[AlibabaCloud]:
    """The port, on the wire."""
    client = client_of(local)
    yield client
    await client.aclose()
