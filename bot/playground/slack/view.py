"""A modal or home tab on one person's screen."""

from dataclasses import dataclass, field

from bot.playground.slack.app import App
from bot.playground.slack.inputs import Values
from bot.playground.slack.state import TEAM_ID
from bot.playground.slack.wire import JsonObject


@dataclass(frozen=True, slots=True)
class View:
    """One version of a view on a person's screen. ``body`` is what the app sent, with IDs filled in."""

    id: str
    user: str
    body: JsonObject
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: Values = field(default_factory=dict)

    @property
    def blocks(self) -> list[JsonObject]:
        """The blocks on it."""
        return list(self.body.get("blocks") or ())

    @property
    def callback_id(self) -> str:
        """The app's name for it."""
        return str(self.body.get("callback_id") or "")

    def wire(self, app: App) -> JsonObject:
        """Return the view object of view_submission payloads and of the views methods' answers."""
        defaults: JsonObject = {
            "private_metadata": "", "callback_id": "", "external_id": "", "title": None, "close": None,
            "submit": None, "clear_on_close": False, "notify_on_close": False,
        }  # fmt: skip
        if self.body["type"] == "home":
            defaults["title"] = {"type": "plain_text", "text": "View Title", "emoji": True}
        return defaults | self.body | {
            "id": self.id, "team_id": TEAM_ID, "app_id": app.id, "bot_id": app.bot_id,
            "app_installed_team_id": TEAM_ID, "hash": self.hash, "root_view_id": self.root_view_id,
            "previous_view_id": self.previous_view_id, "state": {"values": self.values},
        }  # fmt: skip
