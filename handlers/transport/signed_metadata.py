"""The channel that a form was opened in, remembered in its metadata so that nobody can change it.

What a form carries comes back through a client, and the channel counts in policies (`slack:ChannelId`). So
it is sealed, for the one person who has the form; what was tampered with is no channel.
"""

import hashlib
import hmac
import json


class SignedMetadata:
    """Seals with a secret that every process of the bot has; it never leaves them."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"image-bot-form:" + secret.encode()).digest()

    def add(self, metadata: str, channel_id: str, user_id: str) -> str:
        """The form's metadata with the channel in it."""
        sealed = {"channel": channel_id, "seal": self._of(channel_id, user_id)}
        return json.dumps((json.loads(metadata) if metadata else {}) | sealed)

    def channel(self, metadata: str, user_id: str) -> str:
        """The channel in the metadata, "" when there is none or it was not sealed for this person."""
        try:
            given = json.loads(metadata)
            channel_id, seal = str(given["channel"]), str(given["seal"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return ""
        return (
            channel_id if hmac.compare_digest(seal.encode(), self._of(channel_id, user_id).encode()) else ""
        )

    def _of(self, channel_id: str, user_id: str) -> str:
        return hmac.new(self._key, json.dumps([channel_id, user_id]).encode(), hashlib.sha256).hexdigest()
