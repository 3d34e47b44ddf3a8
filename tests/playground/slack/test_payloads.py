"""Payloads carry what @slack/bolt's types and Slack's pages list, and nothing else."""

from typing import Any

import pytest

from bot.playground.slack import App, Channel, Conditions, LocalSlack, Message, Person, User
from bot.playground.slack.app import Shortcut
from bot.playground.slack.grid import ENTERPRISE_ID
from bot.playground.slack.web_api.views import read_view
from bot.playground.slack.workspace import Workspace
from tests.playground.slack.test_app import Kept

Json = dict[str, Any]
C, ALICE = "C0IMAGES", "U0ALICE"
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}
SEARCH = {"type": "external_select", "action_id": "find", "min_query_length": 0}
BLOCKS = [{"type": "actions", "block_id": "b", "elements": [BUTTON, SEARCH]}]
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "notify_on_close": True,
    "blocks": BLOCKS,
}

ACTED = {"type", "user", "token", "team", "is_enterprise_install"}
VIEW = {"id", "team_id", "type", "blocks", "private_metadata", "callback_id", "external_id", "state", "hash",
        "title", "close", "submit", "clear_on_close", "notify_on_close", "root_view_id", "previous_view_id",
        "app_id", "app_installed_team_id", "bot_id"}  # fmt: skip
ON_MESSAGE = {"container", "channel", "message", "response_url"}
CLICK = ACTED | {"api_app_id", "trigger_id", "state", "actions", "container"}
SHAPES: dict[str, set[str]] = {
    "shortcut": ACTED | {"action_ts", "callback_id", "trigger_id"},
    "message_action": ACTED
    | {"action_ts", "callback_id", "trigger_id", "message_ts", "channel", "message", "response_url"},
    "click on a message": CLICK | ON_MESSAGE,
    "click on an ephemeral message": CLICK | ON_MESSAGE - {"message"},
    "click in a modal": CLICK | {"view"},
    "click at home": CLICK | {"view"},
    "search in a message": ACTED
    | {"api_app_id", "block_id", "action_id", "value", "container", "channel", "message"},
    "search in a modal": ACTED | {"api_app_id", "block_id", "action_id", "value", "container", "view"},
    "submission": ACTED | {"api_app_id", "trigger_id", "view", "response_urls"},
    "closing": ACTED | {"api_app_id", "view", "is_cleared"},
}
USERS = {
    "shortcut": {"id", "username", "team_id"},
    "message_action": {"id", "username", "name", "team_id"},
    "block_actions": {"id", "username", "name", "team_id"},
    "block_suggestion": {"id", "name", "team_id"},
    "view_submission": {"id", "name", "team_id"},
    "view_closed": {"id", "name", "team_id"},
}


def card(workspace: Workspace, **more: Any) -> Message:
    """A message of the app with a button and a select."""
    draft = Message(C, "", workspace.app.bot_user, "card", tuple(BLOCKS), app_id=workspace.app.id, **more)
    return workspace.conversations.post(draft)


async def acted(workspace: Workspace, alice: Person) -> None:
    """Everything in `SHAPES`, in that order."""
    posted, ephemeral = card(workspace), card(workspace, only_for=ALICE)
    home = workspace.surfaces.publish(
        ALICE, read_view(workspace, {"type": "home", "blocks": BLOCKS}, ("home",))
    )
    modal = workspace.surfaces.open(ALICE, read_view(workspace, FORM))
    await alice.shortcut("anywhere")
    await alice.shortcut("about", posted)
    for where in (posted, ephemeral, modal, home):
        await alice.click(where, "go")
    await alice.suggest(posted, "find", "")
    await alice.suggest(modal, "find", "")
    await alice.submit()
    workspace.surfaces.open(ALICE, read_view(workspace, FORM))
    await alice.close()


@pytest.mark.parametrize("grid", [False, True], ids=["one workspace", "Enterprise Grid"])
async def test_interactions_have_the_documented_keys(grid: bool) -> None:
    """On Grid also the organization; whatever shows a view shows it whole."""
    app = App(shortcuts=(Shortcut("anywhere"), Shortcut("about", "message")))
    slack = LocalSlack(
        [User(ALICE, "alice")], [Channel(C, "images")], app=app, conditions=Conditions(grid=grid)
    )
    slack.dispatcher.transport = kept = Kept()
    await acted(slack.workspace, slack.person(ALICE))

    assert len(kept.sent) == len(SHAPES)
    for (name, keys), payload in zip(SHAPES.items(), kept.sent, strict=True):
        assert payload.keys() == keys | ({"enterprise"} if grid else set()), name
        assert payload["user"].keys() == USERS[payload["type"]], name
        assert payload.get("view", dict.fromkeys(VIEW)).keys() == VIEW, name
        assert (payload["user"]["team_id"] == ENTERPRISE_ID) is grid, name


async def test_the_event_of_the_home_tab_shows_the_view_as_its_page_does() -> None:
    """Without what only modals have."""
    slack = LocalSlack([User(ALICE, "alice")], [Channel(C, "images")])
    slack.dispatcher.transport = kept = Kept()
    slack.workspace.surfaces.publish(
        ALICE, read_view(slack.workspace, {"type": "home", "blocks": []}, ("home",))
    )
    await slack.person(ALICE).open_home()

    assert kept.sent[0]["event"]["view"].keys() == VIEW - {"title", "close", "submit", "state"}
