"""The installed app: its tokens, and what its manifest declares (docs.slack.dev, App manifest reference)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.playground.slack.wire import JsonObject

ALL_SCOPES = frozenset({
    "channels:history", "channels:join", "channels:read", "chat:write", "commands", "groups:history",
    "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write",
    "reactions:write", "team:read", "usergroups:read", "users:read", "users:read.email",
})  # fmt: skip
"""The bot scopes that the methods here need, except ``chat:write.public``."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. With ``should_escape``, names and links in its text arrive as markup."""

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; ``type`` says where people find it: anywhere, or in a message's menu."""

    callback_id: str
    type: Literal["global", "message"] = "global"
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """The one installed app, with what Slack gave its operator.

    Without a manifest it may do everything except post to public channels it hasn't joined. ``options_url``:
    whether searches have a URL to go to, which only HTTP mode needs.
    """

    id: str = "A0IMAGEBOT"
    name: str = "image-bot"
    bot_id: str = "B0IMAGEBOT"
    bot_user: str = "U0IMAGEBOT"
    bot_token: str = "xoxb-playground"  # noqa: S105 - opens nothing but this playground
    app_token: str = "xapp-playground"  # noqa: S105 - opens nothing but this playground
    signing_secret: str = "playground-signing-secret"  # noqa: S105 - opens nothing but this playground
    scopes: frozenset[str] = ALL_SCOPES
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    events: frozenset[str] = frozenset({"app_home_opened", "message.im"})
    commands: tuple[Command, ...] = (Command("/image"),)
    shortcuts: tuple[Shortcut, ...] = ()
    interactive: bool = True
    options_url: bool = True
    home_enabled: bool = True
    messages_tab_enabled: bool = True
    messages_tab_read_only: bool = False

    def command(self, name: str) -> Command | None:
        """Return the declared command with this name."""
        return next((command for command in self.commands if command.name == name), None)

    def hears(self, event: str) -> bool:
        """Whether the app gets this event type: it subscribed, and has the scope for it."""
        kind, _, family = event.partition(".")
        return event in self.events and (kind != "message" or f"{family}:history" in self.scopes)


OTHER_APP = App("A0OTHERAPP", "other-app", "B0OTHERAPP", "U0OTHERAPP")
"""Somebody else's app, for messages that aren't the bot's own."""


def installed(manifest: Mapping[str, JsonObject], app: App | None = None) -> App:
    """Return the app that this manifest creates: with exactly its scopes, events, commands, shortcuts and
    tabs.
    """
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    home, interactivity = features.get("app_home", {}), settings.get("interactivity", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    return replace(
        app or App(),
        name=features.get("bot_user", {}).get("display_name", "image-bot"),
        scopes=frozenset(scopes.get("bot", ())),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands=tuple(_command(each) for each in features.get("slash_commands", ())),
        shortcuts=tuple(_shortcut(each) for each in features.get("shortcuts", ())),
        interactive=bool(interactivity.get("is_enabled", False)),
        options_url="message_menu_options_url" in interactivity,
        home_enabled=bool(home.get("home_tab_enabled", False)),
        messages_tab_enabled=bool(home.get("messages_tab_enabled", False)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
    )


def _command(declared: JsonObject) -> Command:
    return Command(
        declared["command"],
        declared.get("description", ""),
        declared.get("usage_hint", ""),
        bool(declared.get("should_escape", False)),
    )


def _shortcut(declared: JsonObject) -> Shortcut:
    return Shortcut(
        declared["callback_id"], declared["type"], declared["name"], declared.get("description", "")
    )
