"""What a story is told in: lines, one after another, for a terminal, a page or a transcript."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.playground.slack import Message


class Kind(StrEnum):
    """What a line tells."""

    STAGE = "stage"
    """What happens around the people: a switch is thrown, the bot is killed."""
    ACT = "act"
    """What a person does."""
    ANSWER = "answer"
    """What only that person is shown."""
    CARD = "card"
    """How the card looks from now on."""
    POST = "post"
    """What the bot says in a thread or a channel."""
    CHECK = "check"
    """What turned out to be true."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `who` is a name, `text` is mrkdwn; a card and a post carry their message."""

    kind: Kind
    text: str
    who: str = ""
    message: Message | None = None


Tell = Callable[[Line], None]
"""Anybody who listens to a story; called as it happens."""


class StoryFailed(Exception):
    """A story did not end as it should; the message is the sentence that did not come true."""
