"""What a person sees: answers, submissions, and the elements on their screen."""

from dataclasses import dataclass, field
from typing import Literal

from bot.playground.slack.inputs import elements
from bot.playground.slack.message import Message
from bot.playground.slack.state import Channel, User
from bot.playground.slack.view import View
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows in a modal if the app's answer was wrong."""


class NotOnScreenError(LookupError):
    """The person can't see what they were told to use. Fields: ``who``, ``what``, ``there``."""

    def __init__(self, who: str, what: str, there: list[str]) -> None:
        super().__init__(f"{who} does not see {what}, only {', '.join(there) or 'nothing'}")
        self.who = who
        self.what = what
        self.there = there


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a command or click.

    ``messages``: what the app showed only this person, and what the command's ack posted, in order.
    ``error``: what Slack tells the person instead: ``operation_timeout``, ``dispatch_failed`` …
    ``ack``: the payload that the app acknowledged with.
    """

    error: str | None = None
    messages: tuple[Message, ...] = ()
    ack: JsonObject | None = None

    @property
    def text(self) -> str:
        """The newest message's text, empty if there is none."""
        return self.messages[-1].text if self.messages else ""

    @property
    def blocks(self) -> tuple[JsonObject, ...]:
        """The blocks of the newest message."""
        return self.messages[-1].blocks if self.messages else ()


Outcome = Literal["closed", "cleared", "errors", "updated", "pushed", "failed"]


@dataclass(frozen=True, slots=True)
class Submission:
    """The result of pressing a modal's submit button.

    ``errors``: block_id to sentence. ``sent`` is false when Slack's own client found them and told no app.
    ``error``: with ``failed``, why. ``view``: what is on top afterwards.
    """

    outcome: Outcome
    errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    sent: bool = True
    view: View | None = None


def find_element(
    who: str, blocks: tuple[JsonObject, ...] | list[JsonObject], action_id: str, value: str | None = None
) -> tuple[JsonObject, JsonObject]:
    """Return the element with this action_id (and button value), with its block."""
    found = [(block, element) for block, element in elements(blocks) if element.get("action_id") == action_id]
    for block, element in found:
        if value is None or element.get("value") in (None, value):
            return block, element
    there = [element["action_id"] for _, element in elements(blocks) if "action_id" in element]
    raise NotOnScreenError(who, action_id if value is None else f"{action_id} with {value}", there)


def find_input(
    who: str, blocks: tuple[JsonObject, ...] | list[JsonObject], block_id: str
) -> tuple[JsonObject, JsonObject]:
    """Return the first element in the block with this ID, with its block."""
    for block, element in elements(blocks):
        if block["block_id"] == block_id and "action_id" in element:
            return block, element
    raise NotOnScreenError(who, block_id, [block["block_id"] for block in blocks])


class Screen:
    """What one person has on their screen."""

    def __init__(self, user_id: str, workspace: Workspace) -> None:
        self.id = user_id
        self._workspace = workspace

    @property
    def user(self) -> User:
        """Who they are now."""
        return self._workspace.users[self.id]

    @property
    def modal(self) -> View | None:
        """The top view of their stack."""
        return self._workspace.surfaces.modal(self.id)

    @property
    def home(self) -> View | None:
        """The app's home tab, None until one is published for them."""
        return self._workspace.surfaces.home(self.id)

    def sees(self, channel: str) -> list[Message]:
        """Return what the channel shows them: first messages, replies also sent there, and ephemeral messages
        for them.
        """
        if not self.channel(channel).has(self.id):
            return []
        return [m for m in self._workspace.conversations.seen_by(self.id, channel) if m.in_channel]

    def sees_thread(self, channel: str, ts: str) -> list[Message]:
        """Return what the thread shows them, including their own ephemeral messages."""
        if not self.channel(channel).has(self.id):
            return []
        seen = self._workspace.conversations.seen_by(self.id, channel)
        return [m for m in seen if m.ts == ts or m.thread_ts == ts]

    def direct_messages(self) -> list[Message]:
        """Their conversation with the app."""
        channel = next((c.id for c in self._workspace.channels.values() if c.user == self.id), None)
        return self.sees(channel) if channel else []

    def top(self) -> View:
        """Return the open modal."""
        if self.modal is None:
            raise NotOnScreenError(self.id, "a modal", [])
        return self.modal

    def current(self, view: View) -> View:
        """Return the view as it is now."""
        current = self._workspace.surfaces.find(view.id)
        if current is None or current.user != self.id:
            raise NotOnScreenError(self.id, view.id, [v.id for v in self._workspace.surfaces.stack(self.id)])
        return current

    def visible(self, message: Message) -> Message:
        """Return the message as it is now."""
        seen = self._workspace.conversations.seen_by(self.id, message.channel)
        current = next((m for m in seen if m.ts == message.ts), None)
        if current is None or not self.channel(message.channel).has(self.id):
            raise NotOnScreenError(self.id, f"message {message.ts}", [m.ts for m in seen])
        return current

    def channel(self, channel: str) -> Channel:
        """Return the conversation by its ID."""
        if channel not in self._workspace.channels:
            raise NotOnScreenError(self.id, channel, list(self._workspace.channels))
        return self._workspace.channels[channel]
