"""The workspace's values: its people, and where they talk."""

from dataclasses import dataclass

from bot.playground.slack.wire import JsonObject

TEAM_ID = "T0PLAYGROUND"
TEAM_DOMAIN = "playground"


@dataclass(frozen=True, slots=True)
class User:
    """A person or bot of the workspace. Another ``team_id``: somebody from a shared channel.

    ``teams`` are further workspaces of the same organization, ``title`` is what they do.
    """

    id: str
    name: str = ""
    real_name: str = ""
    email: str = ""
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    tz_offset: int = 0
    team_id: str = TEAM_ID
    teams: tuple[str, ...] = ()
    title: str = ""
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False

    @property
    def handle(self) -> str:
        """The user name, made from the ID if none was given."""
        return self.name or self.id.lower()

    @property
    def display_name(self) -> str:
        """The name that Slack shows next to a message."""
        return self.real_name or self.handle

    def wire(self, *, with_locale: bool = False, with_email: bool = True) -> JsonObject:
        """Return the user object of users.info; with the locale only on request."""
        profile = {"real_name": self.display_name, "display_name": self.handle, "team": self.team_id,
                   "title": self.title}  # fmt: skip
        if with_email and self.email:
            profile["email"] = self.email
        user = {
            "id": self.id, "team_id": self.team_id, "name": self.handle, "real_name": self.display_name,
            "deleted": self.deleted, "tz": self.tz, "tz_label": self.tz, "tz_offset": self.tz_offset,
            "profile": profile, "is_admin": self.is_admin, "is_owner": False, "is_primary_owner": False,
            "is_restricted": self.is_restricted, "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot, "is_app_user": False, "updated": 0,
        }  # fmt: skip
        if with_locale:
            user["locale"] = self.locale
        return user


@dataclass(frozen=True, slots=True)
class Usergroup:
    """A user group (``S…``); ``is_enabled`` false means disabled by an admin."""

    id: str
    handle: str
    users: tuple[str, ...] = ()
    is_enabled: bool = True

    def wire(self, *, include_users: bool = False) -> JsonObject:
        """Return the usergroup object of usergroups.list."""
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
    """A conversation. ``members`` None at the start means everybody, and the app if it has joined.

    ``user`` is set in a DM, ``is_mpim`` in one of several people; ``is_restricted``: only admins may post.
    """

    id: str
    name: str = ""
    members: set[str] | None = None
    is_private: bool = False
    is_archived: bool = False
    is_mpim: bool = False
    is_restricted: bool = False
    user: str | None = None
    created: int = 0

    @property
    def kind(self) -> str:
        """The family of scopes that can read it: ``channels``, ``groups``, ``im`` or ``mpim``."""
        if self.user is not None:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "groups" if self.is_private else "channels"

    def has(self, user_id: str) -> bool:
        """Whether the user is a member."""
        return self.members is None or user_id in self.members

    def wire(self, app_user: str) -> JsonObject:
        """Return the conversation object of conversations.info."""
        common = {"id": self.id, "created": self.created, "is_archived": self.is_archived,
                  "is_org_shared": False, "is_mpim": self.is_mpim, "context_team_id": TEAM_ID,
                  "updated": self.created * 1000}  # fmt: skip
        if self.user is not None:
            return {**common, "is_im": True, "user": self.user, "is_user_deleted": False, "priority": 0}
        return {
            **common, "name": self.name, "name_normalized": self.name, "is_channel": self.kind == "channels",
            "is_group": self.kind == "groups", "is_im": False, "is_private": self.kind != "channels",
            "is_general": False, "is_shared": False, "is_ext_shared": False, "is_member": self.has(app_user),
            "creator": "USLACKBOT", "num_members": len(self.members or ()), "unlinked": 0,
            "parent_conversation": None,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }  # fmt: skip
