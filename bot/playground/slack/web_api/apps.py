"""auth.test, apps.connections.open, bots.info, team.info, reactions.add."""

from bot.playground.slack import grid
from bot.playground.slack.state import TEAM_DOMAIN, TEAM_ID
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.lookups import conversation, stored_message
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace


def auth_test(workspace: Workspace, _arguments: Arguments) -> JsonObject:
    """auth.test: who the token belongs to."""
    app = workspace.app
    return {"url": f"{workspace.url}/", "team": TEAM_DOMAIN, "user": app.name, "team_id": TEAM_ID,
            "user_id": app.bot_user, "bot_id": app.bot_id, "is_enterprise_install": False,
            **grid.identity(workspace)}  # fmt: skip


def open_connection(workspace: Workspace, _arguments: Arguments) -> JsonObject:
    """Return a WebSocket URL with a ticket in it."""
    address = workspace.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={workspace.tickets.issue()}&app_id={workspace.app.id}"}


def bots_info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """bots.info: what's known about the app's bot."""
    app = workspace.app
    if arguments.text("bot", app.bot_id) != app.bot_id:
        raise ApiError("bot_not_found")
    bot = {"id": app.bot_id, "deleted": False, "name": app.name, "updated": 0, "app_id": app.id,
           "user_id": app.bot_user, "icons": {}}  # fmt: skip
    return {"bot": bot}


def team_info(_workspace: Workspace, arguments: Arguments) -> JsonObject:
    """team.info: what's known about the workspace."""
    if arguments.text("team", TEAM_ID) != TEAM_ID:
        raise ApiError("team_not_found")
    team = {"id": TEAM_ID, "name": "Playground", "domain": TEAM_DOMAIN, "email_domain": "", "icon": {}}
    return {"team": team}


def add_reaction(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """reactions.add: put an emoji under a message."""
    name = arguments.required("name").strip(":")
    channel = conversation(workspace, arguments.required("channel"))
    message = stored_message(workspace, channel, arguments.required("timestamp"))
    user = workspace.app.bot_user
    if user in message.reactions.get(name, ()):
        raise ApiError("already_reacted")
    workspace.conversations.change(message.with_reaction(name, user))
    return {}
