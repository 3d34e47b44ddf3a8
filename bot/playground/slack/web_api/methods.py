"""The table of all Web API methods that the local Slack has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.playground.slack.web_api import apps, chat, conversations, users, views
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

Implementation = Callable[[Workspace, Arguments], JsonObject]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what it does, the bot scope it needs, its rate tier (calls a minute; 0: special).

    ``app_level`` methods need the app-level token (``xapp-``) instead of the bot's. conversations.* check
    the scope of the kind of conversation themselves: ``reads`` is its second half.
    """

    call: Implementation
    per_minute: int
    scope: str | None = None
    app_level: bool = False
    reads: str = ""

    @property
    def accepted(self) -> str:
        """The scopes, one of which is enough, as the header ``x-accepted-oauth-scopes`` lists them."""
        if self.reads:
            return ",".join(f"{kind}:{self.reads}" for kind in ("channels", "groups", "im", "mpim"))
        return self.scope or ""


METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(apps.open_connection, 1, "connections:write", app_level=True),
    "auth.test": Method(apps.auth_test, 100),
    "bots.info": Method(apps.bots_info, 50, "users:read"),
    "chat.delete": Method(chat.delete, 50, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, 100),
    "chat.postEphemeral": Method(chat.post_ephemeral, 100, "chat:write"),
    "chat.postMessage": Method(chat.post_message, 0, "chat:write"),
    "chat.update": Method(chat.update, 50, "chat:write"),
    "conversations.history": Method(conversations.history, 50, reads="history"),
    "conversations.info": Method(conversations.info, 50, reads="read"),
    "conversations.join": Method(conversations.join, 50, "channels:join"),
    "conversations.list": Method(conversations.list_channels, 20, reads="read"),
    "conversations.members": Method(conversations.members, 100, reads="read"),
    "conversations.open": Method(conversations.open_dm, 50, "im:write"),
    "conversations.replies": Method(conversations.replies, 50, reads="history"),
    "reactions.add": Method(apps.add_reaction, 50, "reactions:write"),
    "team.info": Method(apps.team_info, 50, "team:read"),
    "usergroups.list": Method(users.list_usergroups, 20, "usergroups:read"),
    "usergroups.users.list": Method(users.list_usergroup_users, 20, "usergroups:read"),
    "users.info": Method(users.info, 100, "users:read"),
    "users.list": Method(users.list_users, 20, "users:read"),
    "users.lookupByEmail": Method(users.lookup_by_email, 50, "users:read.email"),
    "views.open": Method(views.open_view, 100),
    "views.publish": Method(views.publish, 100),
    "views.push": Method(views.push, 100),
    "views.update": Method(views.update, 100),
}
"""Tiers and scopes: docs.slack.dev/reference/methods, each method's own page."""
