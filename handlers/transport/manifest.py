"""The Slack app manifest that creates the app: https://docs.slack.dev/reference/app-manifest."""

from typing import Any

COMMAND = "/image"
HINT = (
    "create <instance-id> | again | why | list | show | history | images | cancel | retry "
    "| approvers | delegate | whoami | help"
)
SCOPES = (
    "channels:read",  # is a person in the channel that they want to notify?
    "channels:history",  # was a message posted before the answer was lost?
    "chat:write",
    "chat:write.public",  # cards in public channels that the bot was not invited to
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
)


def manifest(request_url: str | None = None) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP mode when Slack can reach us at `request_url`."""
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Make a custom image of a cloud desktop or workstation",
        "usage_hint": HINT,
        "should_escape": True,  # #channel and @user arrive as ids
    }
    interactivity: dict[str, Any] = {"is_enabled": True}
    if request_url is not None:
        command["url"] = interactivity["request_url"] = request_url
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Image bot",
            "description": "Custom images of WUYING desktops and workstations, on request and with approval",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,  # without it Slack refuses every direct message
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "image-bot", "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }
