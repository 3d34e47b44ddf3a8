"""What admins and other people do to the workspace behind the app's back."""

from dataclasses import replace

from bot.playground.slack.app import App
from bot.playground.slack.blocks import with_ids
from bot.playground.slack.message import Message
from bot.playground.slack.state import Channel, User
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace


class Admin:
    """Channels, members, messages and people, changed from outside."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, which leaves a message there (Slack, "channel_archive"), or bring it back."""
        found = self._channel(channel)
        if archived and not found.is_archived:
            subtype = "group_archive" if found.is_private else "channel_archive"
            text = "archived the channel"
            self._workspace.conversations.post(Message(found.id, "", "USLACKBOT", text, subtype=subtype))
        found.is_archived = archived
        self._workspace.changes.record("channel_changed", channel=channel)

    def remove(self, channel: str, user: str | None = None) -> None:
        """Remove somebody from a channel; without ``user``, the app."""
        (self._channel(channel).members or set()).discard(user or self._workspace.app.bot_user)
        self._workspace.changes.record("channel_changed", channel=channel)

    def invite(self, channel: str, user: str | None = None) -> None:
        """Invite somebody into a channel; without ``user``, the app."""
        (self._channel(channel).members or set()).add(user or self._workspace.app.bot_user)
        self._workspace.changes.record("channel_changed", channel=channel)

    def restrict(self, channel: str, *, restricted: bool = True) -> None:
        """Let only admins post in a channel; the app gets ``restricted_action``."""
        self._channel(channel).is_restricted = restricted
        self._workspace.changes.record("channel_changed", channel=channel)

    def post_as(
        self,
        other: App,
        channel: str,
        text: str,
        *,
        blocks: tuple[JsonObject, ...] = (),
        metadata: JsonObject | None = None,
        thread_ts: str | None = None,
    ) -> Message:
        """Let another app post anything, even forged metadata."""
        self._workspace.users.setdefault(other.bot_user, User(other.bot_user, name=other.name, is_bot=True))
        draft = Message(
            channel=self._channel(channel).id,
            ts="",
            user=other.bot_user,
            text=text,
            blocks=tuple(with_ids(blocks, self._workspace.ids)),
            metadata=metadata,
            thread_ts=thread_ts,
            bot_id=other.bot_id,
            app_id=other.id,
        )
        return self._workspace.conversations.post(draft)

    def delete_message(self, channel: str, ts: str) -> None:
        """Delete a message, as an admin may."""
        message = self._workspace.conversations.find(channel, ts)
        if message is None:
            raise LookupError(f"no message {ts} in {channel}")
        self._workspace.conversations.delete(message)

    def deactivate(self, user: str, *, deleted: bool = True) -> None:
        """Deactivate a person's account, or bring it back."""
        self._workspace.add_user(replace(self._user(user), deleted=deleted))

    def make_guest(self, user: str, *, restricted: bool = True) -> None:
        """Make a person a guest, or a full member again."""
        self._workspace.add_user(replace(self._user(user), is_restricted=restricted))

    def move_to_team(self, user: str, team_id: str) -> None:
        """Move a person to another workspace, as in a shared channel."""
        self._workspace.add_user(replace(self._user(user), team_id=team_id))

    def set_locale(self, user: str, locale: str) -> None:
        """Change the language of a person's Slack, for example to ``zh-CN``."""
        self._workspace.add_user(replace(self._user(user), locale=locale))

    def set_usergroup_users(self, usergroup: str, users: list[str]) -> None:
        """Make exactly these people the members of a usergroup."""
        if usergroup not in self._workspace.usergroups:
            raise LookupError(f"no usergroup {usergroup}")
        self._workspace.set_usergroup(replace(self._workspace.usergroups[usergroup], users=tuple(users)))

    def set_paid_plan(self, *, paid: bool) -> None:
        """Set whether the plan has usergroups; if not, their methods answer ``plan_upgrade_required``."""
        self._workspace.has_paid_plan = paid
        self._workspace.changes.record("plan_changed", paid=paid)

    def _channel(self, channel: str) -> Channel:
        if channel not in self._workspace.channels:
            raise LookupError(f"no channel {channel}")
        return self._workspace.channels[channel]

    def _user(self, user: str) -> User:
        if user not in self._workspace.users:
            raise LookupError(f"no user {user}")
        return self._workspace.users[user]
