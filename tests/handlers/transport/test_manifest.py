"""The manifest is one that Slack takes."""

import json
from pathlib import Path

import jsonschema
import pytest

from handlers.transport.manifest import manifest

SCHEMA = json.loads((Path(__file__).parents[2] / "data/slack/manifest.schema.2.0.0.json").read_text())


@pytest.mark.parametrize("request_url", [None, "https://bot.example.com/slack/events"])
def test_the_manifest_follows_slacks_schema(request_url: str | None) -> None:
    jsonschema.validate(manifest(request_url), SCHEMA)


def test_socket_mode_needs_no_address() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "url" not in manifest()["features"]["slash_commands"][0]


def test_http_mode_names_one_address_for_commands_and_clicks() -> None:
    made = manifest("https://bot.example.com/slack/events")

    assert made["settings"]["socket_mode_enabled"] is False
    assert made["features"]["slash_commands"][0]["url"] == "https://bot.example.com/slack/events"
    assert made["settings"]["interactivity"]["request_url"] == "https://bot.example.com/slack/events"


def test_direct_messages_are_possible() -> None:
    """Slack refuses them with `messages_tab_disabled` while the Messages tab is off."""
    assert manifest()["features"]["app_home"]["messages_tab_enabled"] is True
