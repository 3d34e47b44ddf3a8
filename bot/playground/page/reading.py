"""What only the page knows about people: how far they've read, and what was wrong with their last form."""

from collections.abc import Mapping

from bot.playground.slack import Submission
from bot.playground.slack.screen import TROUBLE
from bot.playground.slack.workspace import Workspace


class Reading:
    """Marks of every person in every channel, and errors by view."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._read: dict[tuple[str, str], str] = {}
        self._errors: dict[str, dict[str, str]] = {}

    def read_up_to(self, who: str, channel: str) -> str:
        """Return the ts of the last message they've seen, "" for none."""
        return self._read.get((who, channel), "")

    def has_read(self, who: str, channel: str) -> None:
        """Record that they see the channel as it is now."""
        seen = self._workspace.conversations.seen_by(who, channel)
        if seen:
            self._read[who, channel] = seen[-1].ts

    def unread(self, who: str, channel: str) -> int:
        """Return how many messages in the channel are new to them."""
        after = self.read_up_to(who, channel)
        seen = self._workspace.conversations.seen_by(who, channel)
        return sum(m.ts > after and m.user != who and m.in_channel for m in seen)

    def errors_of(self, view_id: str) -> Mapping[str, str]:
        """Return block ID to sentence; "" is for the whole form."""
        return self._errors.get(view_id, {})

    def submitted(self, view_id: str, outcome: Submission) -> None:
        """Keep what was wrong with the form, until it is submitted again or changed."""
        self._errors[view_id] = outcome.errors | ({"": TROUBLE} if outcome.error else {})

    def changed(self, view_id: str, block_id: str) -> None:
        """Record that a field was changed, so its error no longer counts."""
        self._errors.get(view_id, {}).pop(block_id, None)
