"""The Slack app manifest that creates the app: https://docs.slack.dev/reference/app-manifest."""

from collections.abc import Mapping
from typing import Any

COMMAND = "/image"
SHORTCUT, MESSAGE_SHORTCUT = "image_create", "image_create_from_message"
EVENTS = ("app_home_opened", "message.im")
READS = ("conversations.history", "conversations.replies")  # was it posted before the answer was lost?
SCOPES: Mapping[str, tuple[str, ...]] = {
    "channels:history": READS,
    "channels:read": ("conversations.members",),  # is the person in the channel that they want to notify?
    "channels:join": ("conversations.join",),
    "chat:write": ("chat.postEphemeral", "chat.postMessage", "chat.update"),
    "chat:write.public": ("chat.postMessage",),  # in public channels that the bot wasn't invited to
    "commands": (COMMAND, SHORTCUT, MESSAGE_SHORTCUT),
    "groups:history": READS,
    "groups:read": ("conversations.members",),
    "im:history": (*READS, "message.im"),
    "im:write": ("conversations.open",),
    "mpim:history": READS,
    "usergroups:read": ("usergroups.list", "usergroups.users.list"),
    "users:read": ("users.info",),
}
"""Every bot scope and what uses it: methods (Slack, each method's page, "Scopes"), events, features."""


def manifest(request_url: str | None = None, usage_hint: str = "") -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP mode if Slack can reach us at `request_url`.

    `usage_hint` is what Slack shows next to the command while somebody types it.
    """
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Image bot",
            "description": "Custom images of WUYING desktops and workstations, on request and with approval",
        },
        "features": _features(request_url, usage_hint),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": _at(request_url, bot_events=list(EVENTS)),
            "interactivity": _at(request_url, is_enabled=True)
            | ({"message_menu_options_url": request_url} if request_url else {}),
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _features(request_url: str | None, usage_hint: str) -> dict[str, Any]:
    """Return what people see of the app; without the Messages tab no direct message arrives."""
    command = {
        "command": COMMAND,
        "description": "Make a custom image of a cloud desktop or workstation",
        "usage_hint": usage_hint,
        "should_escape": True,  # #channel and @user arrive as IDs
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "image-bot", "always_online": True},
        "shortcuts": [
            _shortcut("Request an image", "global", SHORTCUT, "Opens the form for a custom image"),
            _shortcut(
                "Request image", "message", MESSAGE_SHORTCUT, "Opens the form with this message as the reason"
            ),
        ],
        "slash_commands": [command | ({"url": request_url} if request_url else {})],
    }


def _shortcut(name: str, kind: str, callback_id: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": callback_id, "description": description}


def _at(request_url: str | None, **settings: object) -> dict[str, Any]:
    return settings | ({"request_url": request_url} if request_url else {})
