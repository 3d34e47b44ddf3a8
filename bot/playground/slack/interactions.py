"""What an app is told about clicks, forms, searches and shortcuts (docs.slack.dev, Interaction payloads)."""

from collections.abc import Mapping

from bot.playground.slack import grid
from bot.playground.slack.inputs import Values
from bot.playground.slack.message import Message
from bot.playground.slack.payloads import VERIFICATION_TOKEN, response_address
from bot.playground.slack.state import User
from bot.playground.slack.view import View
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

_USER_KEYS: Mapping[str, tuple[str, ...]] = {
    "shortcut": ("id", "username", "team_id"),
    "message_action": ("id", "username", "name", "team_id"),
    "block_actions": ("id", "username", "name", "team_id"),
    "view_submission": ("id", "name", "team_id"),
    "view_closed": ("id", "name", "team_id"),
    "block_suggestion": ("id", "name", "team_id"),
}
"""What the app is told about the person who acts (@slack/bolt's types)."""


def interaction(workspace: Workspace, kind: str, user: User) -> JsonObject:
    """Return what every interactive payload contains."""
    return {**_acted(workspace, kind, user), "api_app_id": workspace.app.id}


def _acted(workspace: Workspace, kind: str, user: User) -> JsonObject:
    known = {"id": user.id, "username": user.handle, "name": user.handle,
             "team_id": grid.acting_team(workspace, user)}  # fmt: skip
    return {
        "type": kind,
        "user": {key: known[key] for key in _USER_KEYS[kind]},
        "token": VERIFICATION_TOKEN,
        "team": grid.team(workspace),
        **grid.enterprise(workspace),
        "is_enterprise_install": False,
    }


def shortcut(workspace: Workspace, user: User, callback_id: str, kind: str = "shortcut") -> JsonObject:
    """Return a global shortcut: no channel, no response_url (docs.slack.dev, Shortcuts interaction
    payload).
    """
    return {
        **_acted(workspace, kind, user),
        "action_ts": workspace.ids.ts(),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user.id),
    }


def message_action(workspace: Workspace, user: User, callback_id: str, message: Message) -> JsonObject:
    """Return a shortcut on a message."""
    shown = surface(workspace, user, message)
    return {
        **shortcut(workspace, user, callback_id, "message_action"),
        "message_ts": message.ts,
        **{key: shown[key] for key in ("channel", "message", "response_url")},
    }


def block_actions(
    workspace: Workspace, user: User, where: Message | View, values: Values, action: JsonObject
) -> JsonObject:
    """Return a click or choice in a message or view."""
    return {
        **interaction(workspace, "block_actions", user),
        **surface(workspace, user, where),
        "trigger_id": workspace.triggers.issue(user.id),
        "state": {"values": values},
        "actions": [action | {"action_ts": workspace.ids.ts()}],
    }


def surface(workspace: Workspace, user: User, where: Message | View) -> JsonObject:
    """Return the container and its content: a view, or a message with its channel and a response_url."""
    if isinstance(where, View):
        return {"container": {"type": "view", "view_id": where.id}, "view": where.wire(workspace.app)}
    container: JsonObject = {
        "type": "message",
        "message_ts": where.ts,
        "channel_id": where.channel,
        "is_ephemeral": where.only_for is not None,
    }
    if where.is_reply:
        container["thread_ts"] = where.thread_ts
    url = workspace.response_urls.issue(user.id, where.channel, where.ts)
    channel = workspace.channels[where.channel]
    body: JsonObject = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "response_url": response_address(workspace, url),
    }
    if where.only_for is None:  # for an ephemeral message, only the container is reliable
        body["message"] = workspace.conversations.wire(where, with_metadata=True)
    return body


def view_submission(workspace: Workspace, user: User, view: View) -> JsonObject:
    """Return a press on a modal's submit button."""
    return {
        **interaction(workspace, "view_submission", user),
        **({"team": None} if workspace.conditions.grid else {}),
        "trigger_id": workspace.triggers.issue(user.id),
        "view": view.wire(workspace.app),
        "response_urls": _response_urls(workspace, user, view),
    }


def _response_urls(workspace: Workspace, user: User, view: View) -> list[JsonObject]:
    """Return one response_url per chosen channel of a select with ``response_url_enabled``."""
    urls: list[JsonObject] = []
    for block in view.blocks:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        chosen = view.values[block["block_id"]][element["action_id"]]
        channel = chosen.get("selected_conversation") or chosen.get("selected_channel")
        if channel:
            address = response_address(workspace, workspace.response_urls.issue(user.id, channel))
            urls.append({"block_id": block["block_id"], "action_id": element["action_id"],
                         "channel_id": channel, "response_url": address})  # fmt: skip
    return urls


def view_closed(workspace: Workspace, user: User, view: View, *, is_cleared: bool) -> JsonObject:
    """Return a modal that was dismissed; sent only with ``notify_on_close``."""
    return {
        **interaction(workspace, "view_closed", user),
        "view": view.wire(workspace.app),
        "is_cleared": is_cleared,
    }


def block_suggestion(
    workspace: Workspace, user: User, where: Message | View, block_id: str, action_id: str, query: str
) -> JsonObject:
    """Return a search in an external select."""
    shown = surface(workspace, user, where)
    shown.pop("response_url", None)
    return {
        **interaction(workspace, "block_suggestion", user),
        **shown,
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
    }
