"""Stories on the page: one at a time, told in a tab while they play in the channels."""

import asyncio
from collections import deque

from bot.playground.page.feed import Pulse
from bot.playground.stage import Stage
from bot.playground.stories import STORIES, Kind, Line, StoryFailed, perform

KEPT = 200


class Telling:
    """Plays stories and keeps their lines; `ended` says how the last one ended."""

    def __init__(self, stage: Stage, pulse: Pulse) -> None:
        self._stage = stage
        self._pulse = pulse
        self.lines: deque[Line] = deque(maxlen=KEPT)
        self.playing = ""
        self.ended = ""
        self._task: asyncio.Task[None] | None = None

    def tell(self, line: Line) -> None:
        """Keep a line, except for changes of the card, which the channel shows anyway."""
        if line.kind is not Kind.CARD:
            self.lines.append(line)
            self._pulse.beat()

    def play(self, name: str) -> None:
        """Start a story, unless one is playing. Raises KeyError for an unknown name."""
        story = STORIES[name]
        if not self.playing:
            self.lines.clear()
            self.playing, self.ended = story.title, ""
            self._task = asyncio.create_task(self._play(name), name=f"story {name}")

    async def stop(self) -> None:
        """Stop in the middle."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _play(self, name: str) -> None:
        try:
            await perform(STORIES[name], self._stage, self.tell)
            self.ended = "It ended as it should."
        except StoryFailed as failed:
            self.ended = f"It did not end as it should: {failed}"
        finally:
            self.playing = ""
            self._pulse.beat()
