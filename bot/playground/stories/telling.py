"""The lines that tell a story, for a terminal, a page or a transcript."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.playground.slack import Message


class Kind(StrEnum):
    """What a line tells."""

    STAGE = "stage"
    """What happens around the people: a fault is switched on, the bot is killed."""
    ACT = "act"
    """What a person does."""
    ANSWER = "answer"
    """What only that person sees."""
    CARD = "card"
    """What the card looks like from now on."""
    POST = "post"
    """What the bot says in a thread or a channel."""
    CHECK = "check"
    """What turned out to be true."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `who` is a name, `text` is mrkdwn; cards and posts come with their message."""

    kind: Kind
    text: str
    who: str = ""
    message: Message | None = None


Tell = Callable[[Line], None]
"""A listener to a story, called as it happens."""


class StoryFailed(Exception):
    """A story didn't end as it should; the message is the sentence that didn't come true."""
