"""Every story plays against the unmodified bot in a process of its own, one after another on one stage."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.playground.stage import Stage
from bot.playground.stories import STORIES, Kind, Line, perform

IMAGE_SECONDS = 1.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A stage whose bot runs."""
    async with Stage(image_seconds=IMAGE_SECONDS) as stage:
        await stage.start_bot()
        yield stage


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", STORIES)
async def test_the_story_ends_as_it_should_and_slack_refused_nothing(name: str, stage: Stage) -> None:
    """Each story ends in a check of its own; here it is that it plays, and that it is told."""
    told: list[Line] = []

    await perform(STORIES[name], stage, told.append)

    assert stage.slack.problems == []
    assert {Kind.ACT, Kind.CHECK} <= {line.kind for line in told}
