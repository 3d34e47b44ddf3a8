"""A story: a short script that plays on a stage and ends with a check."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.stage import Stage
from bot.playground.stories.scene import Scene
from bot.playground.stories.telling import Tell


@dataclass(frozen=True, slots=True)
class Story:
    """`play` acts in a scene and raises `StoryFailed` if it doesn't end as it should.

    A story leaves the stage as it found it, except for messages and images, so that another can follow.
    """

    name: str
    title: str
    play: Callable[[Scene], Awaitable[None]]


async def perform(story: Story, stage: Stage, tell: Tell) -> None:
    """Play a story on a stage whose bot is running. Raises `StoryFailed`."""
    async with Scene(stage, tell) as scene:
        await story.play(scene)
