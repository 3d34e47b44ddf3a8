"""Where a form was opened, kept in its metadata so that nobody can change it.

What a form carries comes back through a client, and channel and workspace count in policies
(`slack:ChannelId`, `slack:TeamId`). So they are sealed for one form and one person. The form is identified by
an `external_id` that is new every time and, once it's open, by Slack's own ID for it; Slack sends both with a
submission (Slack, "View payload"). A seal from another form is invalid.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.untrusted_json import from_json

View = Mapping[str, Any]


@dataclass(frozen=True)
class Origin:
    """Whose form it is, and where they opened it, as Slack's IDs."""

    user_id: str
    team_id: str
    channel_id: str


class SignedMetadata:
    """Seals with a secret that every process of the bot has; it never leaves them."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"image-bot-form:" + secret.encode()).digest()

    def opening(self, view: View, origin: Origin) -> dict[str, Any]:
        """Return a form, about to be opened, with its origin sealed into it."""
        external_id = secrets.token_hex(16)
        return {**self._sealed(view, origin, external_id), "external_id": external_id}

    def redrawing(self, view: View, origin: Origin, view_id: str) -> dict[str, Any]:
        """Return what an open form will show next, sealed for that form only."""
        return self._sealed(view, origin, view_id)

    def origin(self, view: View, user_id: str) -> Origin | None:
        """Return where a person opened a form; None if nothing was sealed for them in this form."""
        given = from_json(str(view.get("private_metadata") or ""))
        try:
            origin = Origin(user_id, str(given["team"]), str(given["channel"]))
            seal = str(given.pop("seal")).encode()
        except (KeyError, TypeError, AttributeError, UnicodeError):
            return None
        forms = [str(view[name]) for name in ("external_id", "id") if view.get(name)]
        expected = (self._seal(view, given, user_id, form).encode() for form in forms)
        return origin if any(hmac.compare_digest(seal, each) for each in expected) else None

    def _sealed(self, view: View, origin: Origin, form: str) -> dict[str, Any]:
        metadata = str(view.get("private_metadata") or "")
        content = json.loads(metadata) if metadata else {}
        content |= {"channel": origin.channel_id, "team": origin.team_id}
        content["seal"] = self._seal(view, content, origin.user_id, form)
        return {**view, "private_metadata": json.dumps(content)}

    def _seal(self, view: View, content: Mapping[str, Any], user_id: str, form: str) -> str:
        """Seal everything that the metadata holds, for one kind of form, one form and one person."""
        whole = [view.get("callback_id"), form, user_id, content]
        return hmac.new(self._key, json.dumps(whole, sort_keys=True).encode(), hashlib.sha256).hexdigest()
