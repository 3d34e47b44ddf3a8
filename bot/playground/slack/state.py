"""The workspace's values: who is there, where they talk, and what was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.playground.slack.wire import JsonObject

TEAM_ID = "T0PLAYGROUND"
TEAM_DOMAIN = "playground"

ALL_SCOPES = frozenset({
    "channels:history", "channels:join", "channels:read", "chat:write", "commands", "groups:history",
    "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write",
    "reactions:write", "team:read", "usergroups:read", "users:read", "users:read.email",
})  # fmt: skip
"""The bot scopes that the methods here ask for, less ``chat:write.public``."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or bot of the workspace. Another ``team_id``: somebody from a shared channel."""

    id: str
    name: str = ""
    real_name: str = ""
    email: str = ""
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    tz_offset: int = 0
    team_id: str = TEAM_ID
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False

    @property
    def handle(self) -> str:
        """The user name, made from the id when none was given."""
        return self.name or self.id.lower()

    @property
    def display_name(self) -> str:
        """What Slack shows beside a message."""
        return self.real_name or self.handle

    def wire(self, *, with_locale: bool = False, with_email: bool = True) -> JsonObject:
        """The user object of users.info; the locale is given only when asked for."""
        profile = {"real_name": self.display_name, "display_name": self.handle, "team": self.team_id}
        if with_email and self.email:
            profile["email"] = self.email
        user = {
            "id": self.id, "team_id": self.team_id, "name": self.handle, "real_name": self.display_name,
            "deleted": self.deleted, "tz": self.tz, "tz_label": self.tz, "tz_offset": self.tz_offset,
            "profile": profile, "is_admin": self.is_admin, "is_owner": False, "is_primary_owner": False,
            "is_restricted": self.is_restricted, "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot, "is_app_user": False, "updated": 0,
        }  # fmt: skip
        if self.team_id != TEAM_ID:
            user["is_stranger"] = True
        if with_locale:
            user["locale"] = self.locale
        return user


@dataclass(frozen=True, slots=True)
class Usergroup:
    """A user group (``S…``); ``is_enabled`` false means switched off by an admin."""

    id: str
    handle: str
    users: tuple[str, ...] = ()
    is_enabled: bool = True

    def wire(self, *, include_users: bool = False) -> JsonObject:
        """The usergroup object of usergroups.list."""
        group: JsonObject = {
            "id": self.id, "team_id": TEAM_ID, "is_usergroup": True, "name": self.handle,
            "handle": self.handle, "description": "", "is_external": False, "date_create": 0,
            "date_update": 0, "date_delete": 0 if self.is_enabled else 1, "auto_type": None,
            "created_by": "USLACKBOT", "updated_by": "USLACKBOT", "deleted_by": None,
            "user_count": len(self.users),
        }  # fmt: skip
        return {**group, "users": list(self.users)} if include_users else group


@dataclass(slots=True)
class Channel:
    """A conversation. ``members`` None at the start: everybody, the app included. ``user`` is set in a DM."""

    id: str
    name: str = ""
    members: set[str] | None = None
    is_private: bool = False
    is_archived: bool = False
    user: str | None = None
    created: int = 0

    @property
    def kind(self) -> str:
        """The scope family that reads it: ``channels``, ``groups`` or ``im``."""
        if self.user is not None:
            return "im"
        return "groups" if self.is_private else "channels"

    def has(self, user_id: str) -> bool:
        """Whether the user is a member."""
        return self.members is None or user_id in self.members

    def wire(self, app_user: str) -> JsonObject:
        """The conversation object of conversations.info."""
        common = {"id": self.id, "created": self.created, "is_archived": self.is_archived,
                  "is_org_shared": False, "is_mpim": False, "context_team_id": TEAM_ID,
                  "updated": self.created * 1000}  # fmt: skip
        if self.user is not None:
            return {**common, "is_im": True, "user": self.user, "is_user_deleted": False, "priority": 0}
        return {
            **common, "name": self.name, "name_normalized": self.name, "is_channel": not self.is_private,
            "is_group": self.is_private, "is_im": False, "is_private": self.is_private, "is_general": False,
            "is_shared": False, "is_ext_shared": False, "is_member": self.has(app_user),
            "creator": "USLACKBOT", "num_members": len(self.members or ()), "unlinked": 0,
            "parent_conversation": None,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class App:
    """The one app that is installed, with what Slack gave its operator."""

    id: str = "A0IMAGEBOT"
    name: str = "image-bot"
    bot_id: str = "B0IMAGEBOT"
    bot_user: str = "U0IMAGEBOT"
    bot_token: str = "xoxb-playground"  # noqa: S105 - opens nothing but this playground
    app_token: str = "xapp-playground"  # noqa: S105 - opens nothing but this playground
    signing_secret: str = "playground-signing-secret"  # noqa: S105 - opens nothing but this playground
    scopes: frozenset[str] = ALL_SCOPES
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    events: frozenset[str] = frozenset({"app_home_opened"})
    commands: frozenset[str] = frozenset({"/image"})
    home_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One version of a message, found by (channel, ts). ``only_for`` is the one who sees an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: tuple[JsonObject, ...] = ()
    attachments: tuple[JsonObject, ...] = ()
    metadata: JsonObject | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    edited_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, below its first message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether the channel itself shows it: first messages, and replies also sent to the channel."""
        return not self.is_reply or self.broadcast

    def with_reaction(self, name: str, user: str) -> "Message":
        """The message with one more reaction."""
        return replace(self, reactions={**self.reactions, name: (*self.reactions.get(name, ()), user)})

    def wire(self, *, with_metadata: bool = False) -> JsonObject:
        """The message object of conversations.history, less what the thread adds."""
        message: JsonObject = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "team": TEAM_ID,
            "text": self.text,
        }
        optional = {
            "subtype": "thread_broadcast" if self.broadcast else self.subtype,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "thread_ts": self.thread_ts,
            "blocks": list(self.blocks),
            "attachments": list(self.attachments),
            "edited": self.edited_ts and {"user": self.user, "ts": self.edited_ts},
            "reactions": [{"name": n, "users": list(u), "count": len(u)} for n, u in self.reactions.items()],
            "metadata": self.metadata if with_metadata else None,
        }
        return message | {key: value for key, value in optional.items() if value}
