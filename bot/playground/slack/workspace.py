"""One workspace with one installed app: the state that the Web API, the transports and the people share."""

from collections.abc import Iterable
from dataclasses import replace

from bot.playground.slack.app import App
from bot.playground.slack.changes import Changes
from bot.playground.slack.conditions import Conditions
from bot.playground.slack.conversations import Conversations
from bot.playground.slack.ids import Clock, Ids
from bot.playground.slack.inputs import Choices
from bot.playground.slack.ledger import Ledger
from bot.playground.slack.state import Channel, User, Usergroup
from bot.playground.slack.surfaces import Surfaces
from bot.playground.slack.triggers import ResponseUrls, Tickets, Triggers
from bot.playground.slack.wire import JsonObject


class Workspace:
    """Users, channels, usergroups, messages and views, and a record of what happened to them."""

    def __init__(
        self,
        app: App,
        people: Iterable[User],
        channels: Iterable[Channel],
        usergroups: Iterable[Usergroup],
        clock: Clock,
        conditions: Conditions | None = None,
    ) -> None:
        self.conditions = conditions or Conditions()
        self.clock = clock
        self.url = ""
        self.changes = Changes()
        self.ids = Ids(clock)
        self.ledger = Ledger(clock, self.changes)
        self.users = {user.id: user for user in people}
        self.install(app)
        self.usergroups = {group.id: group for group in usergroups}
        self.has_paid_plan = True
        self.channels: dict[str, Channel] = {}
        for channel in channels:
            self.add_channel(channel)
        self.conversations = Conversations(self.ids, self.changes)
        self.surfaces = Surfaces(self.ids, self.changes)
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(self.ids, clock)
        self.tickets = Tickets(self.ids)
        self.choices = Choices()
        self.problems: list[JsonObject] = []

    def install(self, app: App) -> None:
        """Replace the app with another version."""
        self.app = app
        self.users[app.bot_user] = User(app.bot_user, name=app.name, is_bot=True)

    def add_channel(self, channel: Channel) -> Channel:
        """Add a conversation; without a member list everybody is in it, and the app only if it has joined."""
        members = set(self.users) if channel.members is None else set(channel.members)
        if channel.members is None and channel.kind == "channels" and not self.conditions.joined:
            members.discard(self.app.bot_user)
        self.channels[channel.id] = replace(
            channel, members=members, created=channel.created or int(self.clock())
        )
        self.changes.record("channel_changed", channel=channel.id)
        return self.channels[channel.id]

    def add_user(self, user: User) -> None:
        """Add a person, or replace one who changed (deactivated, other locale)."""
        self.users[user.id] = user
        self.changes.record("user_changed", user=user.id)

    def set_usergroup(self, group: Usergroup) -> None:
        """Add a usergroup, or replace one that changed."""
        self.usergroups[group.id] = group
        self.changes.record("usergroup_changed", usergroup=group.id)

    def channel_named(self, name: str) -> Channel | None:
        """Return the channel by its name, with or without ``#``."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and c.user is None), None)

    def direct_message(self, user: str) -> Channel:
        """Return the conversation between the app and this person, opening it if there is none."""
        for channel in self.channels.values():
            if channel.user == user:
                return channel
        return self.add_channel(Channel(f"D0{user[2:]}", members={user, self.app.bot_user}, user=user))

    def refused(self, where: str, error: str, messages: Iterable[str], sent: JsonObject) -> None:
        """Keep a refusal for the problems panel."""
        problem = {
            "where": where,
            "error": error,
            "messages": list(messages),
            "sent": sent,
            "at": self.clock(),
        }
        self.problems.append(problem)
        self.changes.record("problem", where=where, error=error, messages=problem["messages"])
