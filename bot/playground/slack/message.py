"""What was said: one version of one message."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.playground.slack.state import TEAM_ID
from bot.playground.slack.wire import JsonObject


@dataclass(frozen=True, slots=True)
class Message:
    """One version of a message, found by (channel, ts). ``only_for`` is who sees an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: tuple[JsonObject, ...] = ()
    attachments: tuple[JsonObject, ...] = ()
    metadata: JsonObject | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    edited_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it's a reply in a thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether it's in the channel itself: first messages, and replies also sent to the channel."""
        return not self.is_reply or self.broadcast

    def with_reaction(self, name: str, user: str) -> "Message":
        """Return the message with one more reaction."""
        return replace(self, reactions={**self.reactions, name: (*self.reactions.get(name, ()), user)})

    def wire(self, *, with_metadata: bool = False) -> JsonObject:
        """Return the message object of conversations.history, without what the thread adds."""
        message: JsonObject = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "team": TEAM_ID,
            "text": self.text,
        }
        optional = {
            "subtype": "thread_broadcast" if self.broadcast else self.subtype,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "thread_ts": self.thread_ts,
            "blocks": list(self.blocks),
            "attachments": list(self.attachments),
            "edited": self.edited_ts and {"user": self.user, "ts": self.edited_ts},
            "reactions": [{"name": n, "users": list(u), "count": len(u)} for n, u in self.reactions.items()],
            "metadata": self.metadata if with_metadata else None,
        }
        return message | {key: value for key, value in optional.items() if value}
