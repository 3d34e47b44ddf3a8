"""The manifest is one that Slack takes, and asks for exactly what is used."""

import ast
import json
from pathlib import Path

import jsonschema
import pytest
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from handlers.commands.table import USAGE_HINT
from handlers.transport.manifest import SCOPES, manifest

SCHEMA = json.loads((Path(__file__).parents[2] / "data/slack/manifest.schema.2.0.0.json").read_text())
URL = "https://bot.example.com/slack/events"

HISTORIES = frozenset({"channels:history", "groups:history", "im:history", "mpim:history"})
METHODS = {
    "apps_connections_open": frozenset(),  # of the app-level token
    "auth_test": frozenset(),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write", "chat:write.public"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": HISTORIES,
    "conversations_join": frozenset({"channels:join"}),
    "conversations_members": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": HISTORIES,
    "usergroups_list": frozenset({"usergroups:read"}),
    "usergroups_users_list": frozenset({"usergroups:read"}),
    "users_info": frozenset({"users:read"}),
    "views_open": frozenset(),
    "views_publish": frozenset(),
    "views_push": frozenset(),
    "views_update": frozenset(),
}
"""The bot scopes of each method (Slack, the methods' pages)."""


def called() -> set[str]:
    """The methods of the Web API that the code calls, by their names in slack_sdk."""
    names = set()
    for path in Path(handlers.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and "_" in node.attr.strip("_"):
                names.add(node.attr)
    return {name for name in names if hasattr(AsyncWebClient, name) and name != "api_call"}


@pytest.mark.parametrize("request_url", [None, URL])
def test_the_manifest_follows_slacks_schema(request_url: str | None) -> None:
    jsonschema.validate(manifest(request_url, USAGE_HINT), SCHEMA)


def test_every_method_that_is_called_has_its_scopes_and_no_scope_is_unused() -> None:
    needed = frozenset().union(*(METHODS[name] for name in called()))

    assert needed | {"commands"} == set(SCOPES)


def test_socket_mode_needs_no_address() -> None:
    made = manifest()

    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made)


def test_http_mode_names_one_address_for_everything_that_slack_sends() -> None:
    made = manifest(URL)

    assert made["settings"]["socket_mode_enabled"] is False
    assert made["features"]["slash_commands"][0]["url"] == URL
    assert made["settings"]["interactivity"]["request_url"] == URL
    assert made["settings"]["interactivity"]["message_menu_options_url"] == URL
    assert made["settings"]["event_subscriptions"]["request_url"] == URL


def test_people_can_write_to_the_bot_and_it_to_them() -> None:
    """A manifest without `app_home` leaves the Messages tab off, and no direct message arrives."""
    assert manifest()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened", "message.im"]
    assert manifest()["features"]["slash_commands"][0]["should_escape"] is True
    shortcuts = {(each["type"], each["callback_id"]) for each in manifest()["features"]["shortcuts"]}
    assert shortcuts == {("global", "image_create"), ("message", "image_create_from_message")}
