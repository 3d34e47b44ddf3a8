"""What an app is told about commands and in events (docs.slack.dev, Slash commands and Events API)."""

from bot.playground.slack import grid
from bot.playground.slack.message import Message
from bot.playground.slack.state import TEAM_ID, Channel, User
from bot.playground.slack.triggers import ResponseUrl
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

VERIFICATION_TOKEN = "playground"  # noqa: S105 - Slack's deprecated verification token; nothing is checked by it


def response_address(workspace: Workspace, url: ResponseUrl) -> str:
    """Return a response_url's address."""
    return f"{workspace.url}/response/{TEAM_ID}/{url.id}"


def slash_command(
    workspace: Workspace, user: User, channel: Channel, command: str, text: str, url: ResponseUrl
) -> JsonObject:
    """Return a slash command; flat, and ``is_enterprise_install`` is a string."""
    names = {"groups": "privategroup", "im": "directmessage"}
    return {
        "token": VERIFICATION_TOKEN, **grid.command_team(workspace, user),
        "channel_id": channel.id, "channel_name": names.get(channel.kind, channel.name), "user_id": user.id,
        "user_name": user.handle, "command": command, "text": text, "api_app_id": workspace.app.id,
        "is_enterprise_install": "false", "response_url": response_address(workspace, url),
        "trigger_id": workspace.triggers.issue(user.id),
    }  # fmt: skip


_MODAL_ONLY = ("title", "close", "submit", "state")


def home_opened(workspace: Workspace, user: User, tab: str = "home") -> JsonObject:
    """Return the event of opening a tab of the app: ``home`` or ``messages``."""
    event: JsonObject = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.direct_message(user.id).id,
        "tab": tab,
        "event_ts": workspace.ids.ts(),
    }
    home = workspace.surfaces.home(user.id) if tab == "home" else None
    if home is None:
        return event
    view = home.wire(workspace.app)
    return event | {"view": {key: value for key, value in view.items() if key not in _MODAL_ONLY}}


def message_posted(workspace: Workspace, channel: Channel, message: Message) -> JsonObject:
    """Return the event of a person's message."""
    kinds = {"channels": "channel", "groups": "group", "im": "im", "mpim": "mpim"}
    event = workspace.conversations.wire(message)
    return event | {"channel": channel.id, "channel_type": kinds[channel.kind], "event_ts": message.ts}


def message_changed(
    workspace: Workspace, channel: Channel, message: Message, before: JsonObject
) -> JsonObject:
    """Return the event of an edit."""
    event = message_posted(workspace, channel, message)
    kept = ("type", "channel", "channel_type")
    ts = workspace.ids.ts()
    return {key: event[key] for key in kept} | {
        "subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts,
        "message": workspace.conversations.wire(message), "previous_message": before,
    }  # fmt: skip
