"""What was said: the messages of every channel, in order, and who can see which."""

from collections import defaultdict
from dataclasses import replace

from bot.playground.slack.changes import Changes
from bot.playground.slack.ids import Ids
from bot.playground.slack.message import Message
from bot.playground.slack.wire import JsonObject


class Conversations:
    """All messages of a workspace. Ephemeral ones share the timestamps, but aren't in the history."""

    def __init__(self, ids: Ids, changes: Changes) -> None:
        self._ids = ids
        self._changes = changes
        self._stored: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self._ephemeral: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self._threads: defaultdict[tuple[str, str], list[str]] = defaultdict(list)

    def post(self, draft: Message) -> Message:
        """Store ``draft`` under a new timestamp; ephemeral ones are kept apart."""
        message = replace(draft, ts=self._ids.ts())
        if message.only_for is not None:
            self._ephemeral[message.channel][message.ts] = message
        else:
            self._stored[message.channel][message.ts] = message
            if message.is_reply and message.thread_ts is not None:
                self._join_thread(message, message.thread_ts)
        self._record("message_posted", message)
        return message

    def _join_thread(self, message: Message, root_ts: str) -> None:
        self._threads[message.channel, root_ts].append(message.ts)
        root = self._stored[message.channel].get(root_ts)
        if root is not None and root.thread_ts is None:
            self._stored[message.channel][root_ts] = replace(root, thread_ts=root_ts)

    def change(self, message: Message) -> Message:
        """Replace a message with a new version."""
        shelf = self._ephemeral if message.only_for is not None else self._stored
        shelf[message.channel][message.ts] = message
        self._record("message_changed", message)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message; the root of a thread leaves a tombstone."""
        if message.only_for is not None:
            del self._ephemeral[message.channel][message.ts]
        elif self._threads.get((message.channel, message.ts)):
            self._stored[message.channel][message.ts] = _tombstone(message)
        else:
            del self._stored[message.channel][message.ts]
            if message.is_reply and message.thread_ts is not None:
                self._threads[message.channel, message.thread_ts].remove(message.ts)
        self._record("message_deleted", message)

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the stored message; ephemeral ones aren't found."""
        return self._stored[channel].get(ts)

    def find_ephemeral(self, channel: str, ts: str) -> Message | None:
        """Return the ephemeral message."""
        return self._ephemeral[channel].get(ts)

    def stored(self, channel: str) -> list[Message]:
        """Return everything stored in the channel, replies included, oldest first."""
        return list(self._stored[channel].values())

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return the first message and its replies, oldest first; empty when there is no such message."""
        root = self.find(channel, ts)
        replies = [self._stored[channel][reply] for reply in self._threads.get((channel, ts), ())]
        return [root, *replies] if root is not None else replies

    def seen_by(self, user: str, channel: str) -> list[Message]:
        """Return what the channel shows this person, replies included, own ephemeral messages in their
        place.
        """
        own = [m for m in self._ephemeral[channel].values() if m.only_for == user]
        return sorted([*self._stored[channel].values(), *own], key=lambda message: message.ts)

    def wire(self, message: Message, *, with_metadata: bool = False) -> JsonObject:
        """Return the message object of conversations.history, with its thread's details."""
        body = message.wire(with_metadata=with_metadata)
        replies = self.thread(message.channel, message.ts)[1:] if not message.is_reply else []
        if not replies:
            return body
        users = list(dict.fromkeys(reply.user for reply in replies))
        return body | {
            "reply_count": len(replies),
            "reply_users": users[:5],
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "subscribed": False,
        }

    def _record(self, kind: str, message: Message) -> None:
        self._changes.record(
            kind,
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            only_for=message.only_for,
            user=message.user,
        )


def _tombstone(message: Message) -> Message:
    """Return what replaces a deleted message that has replies."""
    gone = "This message was deleted."
    return Message(message.channel, message.ts, "USLACKBOT", gone, thread_ts=message.ts, subtype="tombstone")
