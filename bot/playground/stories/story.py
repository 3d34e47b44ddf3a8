"""A story: a short script that plays on a stage and ends in a check."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.stage import Stage
from bot.playground.stories.scene import Scene
from bot.playground.stories.telling import Tell


@dataclass(frozen=True, slots=True)
class Story:
    """`play` acts in a scene and raises `StoryFailed` when the end is not as it should be.

    Stories leave the stage as they found it, but for what was said and made, so that one can follow another.
    """

    name: str
    title: str
    play: Callable[[Scene], Awaitable[None]]


async def perform(story: Story, stage: Stage, tell: Tell) -> None:
    """Play a story on a stage whose bot runs. Raises `StoryFailed`."""
    async with Scene(stage, tell) as scene:
        await story.play(scene)
