"""The payloads that an app gets (docs.slack.dev, Interaction payloads and Slash commands)."""

from bot.playground.slack.inputs import Values
from bot.playground.slack.state import TEAM_DOMAIN, TEAM_ID, Channel, Message, User
from bot.playground.slack.surfaces import View
from bot.playground.slack.triggers import ResponseUrl
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

VERIFICATION_TOKEN = "playground"  # noqa: S105 - Slack's deprecated verification token; nothing is checked by it


def response_address(workspace: Workspace, url: ResponseUrl) -> str:
    """The address of a response_url."""
    return f"{workspace.url}/response/{TEAM_ID}/{url.id}"


def slash_command(
    workspace: Workspace, user: User, channel: Channel, command: str, text: str, url: ResponseUrl
) -> JsonObject:
    """A slash command; flat, and ``is_enterprise_install`` is a string."""
    names = {"channels": channel.name, "groups": "privategroup", "im": "directmessage"}
    return {
        "token": VERIFICATION_TOKEN, "team_id": user.team_id, "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id, "channel_name": names[channel.kind], "user_id": user.id,
        "user_name": user.handle, "command": command, "text": text, "api_app_id": workspace.app.id,
        "is_enterprise_install": "false", "response_url": response_address(workspace, url),
        "trigger_id": workspace.triggers.issue(user.id),
    }  # fmt: skip


def interaction(workspace: Workspace, kind: str, user: User) -> JsonObject:
    """What every interactive payload carries."""
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team_id},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def block_actions(
    workspace: Workspace, user: User, where: Message | View, values: Values, action: JsonObject
) -> JsonObject:
    """A click or choice in a message or view."""
    return {
        **interaction(workspace, "block_actions", user),
        **surface(workspace, user, where),
        "trigger_id": workspace.triggers.issue(user.id),
        "state": {"values": values},
        "actions": [action | {"action_ts": workspace.ids.ts()}],
    }


def surface(workspace: Workspace, user: User, where: Message | View) -> JsonObject:
    """The container and what it shows: a view, or a message with its channel and a response_url."""
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
    if where.only_for is None:  # of an ephemeral message only the container can be relied on
        body["message"] = workspace.conversations.wire(where, with_metadata=True)
    return body


def view_submission(workspace: Workspace, user: User, view: View) -> JsonObject:
    """A press on a modal's submit button."""
    return {
        **interaction(workspace, "view_submission", user),
        "trigger_id": workspace.triggers.issue(user.id),
        "view": view.wire(workspace.app),
        "response_urls": _response_urls(workspace, user, view),
    }


def _response_urls(workspace: Workspace, user: User, view: View) -> list[JsonObject]:
    """One response_url for each chosen channel of a select with ``response_url_enabled``."""
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
    """A modal that was dismissed; sent only with ``notify_on_close``."""
    return {
        **interaction(workspace, "view_closed", user),
        "view": view.wire(workspace.app),
        "is_cleared": is_cleared,
    }


def block_suggestion(
    workspace: Workspace, user: User, where: Message | View, block_id: str, action_id: str, query: str
) -> JsonObject:
    """A search in an external select."""
    shown = surface(workspace, user, where)
    shown.pop("response_url", None)
    return {
        **interaction(workspace, "block_suggestion", user),
        **shown,
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
    }


def home_opened(workspace: Workspace, user: User) -> JsonObject:
    """The event of opening the app's home tab."""
    event: JsonObject = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.direct_message(user.id).id,
        "tab": "home",
        "event_ts": workspace.ids.ts(),
    }
    home = workspace.surfaces.home(user.id)
    return event if home is None else event | {"view": home.wire(workspace.app)}


def message_posted(workspace: Workspace, channel: Channel, message: Message) -> JsonObject:
    """The event of a person's message."""
    kinds = {"channels": "channel", "groups": "group", "im": "im"}
    event = workspace.conversations.wire(message)
    return event | {"channel": channel.id, "channel_type": kinds[channel.kind], "event_ts": message.ts}
