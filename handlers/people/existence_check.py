"""Whether people, usergroups and channels exist in Slack: for `policy check --live` and `doctor`."""

import asyncio
from enum import StrEnum

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackDoesNotTell
from bot.ports import Profile, Usergroups
from handlers.people.directory import NO_SUCH_USER, NO_USERGROUPS, Home, profile_of, usergroups_of
from handlers.transport.connection import web_client, web_session
from handlers.transport.questions import ask

UNKNOWN_USER = NO_SUCH_USER | {"users_not_found"}
ARCHIVED = frozenset({"channel_archive", "group_archive"})
"""Subtypes of the last message of a channel that was archived (Slack, "message event")."""


class ChannelState(StrEnum):
    """What a channel is to the bot. A private one that it isn't in can't be told from none."""

    MEMBER = "member"
    OUTSIDE = "outside"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"


async def channel_state(slack: AsyncWebClient, channel_id: str) -> ChannelState:
    """Ask for the channel's last message, which takes no scope of its own; raise `SlackDoesNotTell`."""
    answer = await ask(slack, "conversations.history", channel=channel_id, limit=1)
    match answer.code:
        case "channel_not_found":
            return ChannelState.UNKNOWN
        case "is_archived":
            return ChannelState.ARCHIVED
        case "not_in_channel":
            return ChannelState.OUTSIDE
        case "":
            last = [message.get("subtype") for message in answer.body.get("messages") or ()]
            return ChannelState.ARCHIVED if ARCHIVED.intersection(last) else ChannelState.MEMBER
    raise SlackDoesNotTell(answer.code, answer.needed)


async def profile(slack: AsyncWebClient, user_id: str, home: Home) -> Profile | None:
    """Who this is, None for nobody; raise `SlackDoesNotTell`."""
    answer = await ask(slack, "users.info", user=user_id)
    if answer.code in UNKNOWN_USER:
        return None
    if not answer.ok:
        raise SlackDoesNotTell(answer.code, answer.needed)
    return profile_of(answer.body["user"], home)


async def usergroups(slack: AsyncWebClient) -> Usergroups:
    """All usergroups that are switched on; raise `SlackDoesNotTell`."""
    answer = await ask(slack, "usergroups.list", include_users="true")
    if answer.code in NO_USERGROUPS:
        return Usergroups()
    if not answer.ok:
        raise SlackDoesNotTell(answer.code, answer.needed)
    return usergroups_of(answer.body)


class SlackExistenceCheck:
    """Tells whether there is such a one, as `bot.allowlist.check` asks it. Waits where Slack asks to wait.

    A deactivated person and a disabled usergroup count as gone.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        self._api_url = api_url
        self._usergroups: Usergroups | None = None

    def __call__(self, kind: str, name: str) -> bool:
        """Whether there is one of `users`, `usergroups` or `channels` with this id; `SlackDoesNotTell`."""
        return asyncio.run(self._exists(kind, name))

    async def _exists(self, kind: str, name: str) -> bool:
        async with web_session() as session:
            slack = web_client(self._token, self._api_url, session)
            match kind:
                case "users":
                    found = await profile(slack, name, Home("", ""))
                    return found is not None and not found.deactivated
                case "usergroups":
                    if self._usergroups is None:
                        self._usergroups = await usergroups(slack)
                    return name in self._usergroups.handles
            return await channel_state(slack, name) is not ChannelState.UNKNOWN
