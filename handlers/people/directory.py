"""Who is in which usergroup, and who people are, as Slack tells it, remembered for a short while.

An answer is used for `FRESH` seconds, so a right that was taken away is gone within a minute; while Slack
does not answer, for `STALE` seconds; after that nobody can say, and the core denies.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DirectoryDown
from bot.ports import Profile
from handlers.transport.api_errors import UNREACHABLE, code_of

FRESH = 50.0
STALE = 300.0
WAIT = 2.0
"""Seconds that anybody waits for Slack: the acknowledgement is due in three."""
REMEMBERED = 20_000
NO_SUCH_GROUP = frozenset({"no_such_subteam", "subteam_not_found", "plan_upgrade_required"})

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Answers by key: asked for once at a time, and for `STALE` seconds good enough when asking fails."""

    def __init__(self, ask: Callable[[str], Awaitable[Value]], clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._answers: TTLCache[str, tuple[float, Value]] = TTLCache(REMEMBERED, STALE, clock)
        self._asking: dict[str, asyncio.Task[Value]] = {}

    async def get(self, key: str) -> Value:
        """The answer. Raises `DirectoryDown`."""
        known = self._answers.get(key)
        if known is not None and self._clock() - known[0] < FRESH:
            return known[1]
        try:
            async with asyncio.timeout(WAIT):
                return await asyncio.shield(self._asked(key))
        except UNREACHABLE as error:
            if known is None or self._clock() - known[0] >= STALE:
                raise DirectoryDown(code_of(error)) from error
            return known[1]

    def _asked(self, key: str) -> asyncio.Task[Value]:
        """The question under way; whoever comes meanwhile waits for the same answer."""
        if key not in self._asking:
            task = asyncio.ensure_future(self._remember(key))
            self._asking[key] = task
            task.add_done_callback(lambda done: self._answered(key, done))
        return self._asking[key]

    async def _remember(self, key: str) -> Value:
        asked_at = self._clock()
        answer = await self._ask(key)
        self._answers[key] = (asked_at, answer)
        return answer

    def _answered(self, key: str, task: asyncio.Task[Value]) -> None:
        del self._asking[key]
        if not task.cancelled():
            task.exception()  # whoever still waits has it; nobody has to


@dataclass(frozen=True)
class Home:
    """The bot's own workspace, and the organization (Enterprise Grid) that it belongs to, "" for none."""

    team_id: str
    organization: str


class SlackDirectory:
    """Implements `bot.ports.Directory`."""

    def __init__(self, slack: AsyncWebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._slack = slack
        self._members = Remembered(self._ask_members, clock)
        self._profiles = Remembered(self._ask_profile, clock)
        self._handles = Remembered(self._ask_handles, clock)
        self._home = Remembered(self._ask_home, clock)

    async def groups_of(self, user_id: str, among: frozenset[str]) -> frozenset[str]:
        """The usergroups of `among` (ids) that the user is in."""
        groups = sorted(among)
        members = await asyncio.gather(*(self.members(group) for group in groups))
        return frozenset(group for group, users in zip(groups, members, strict=True) if user_id in users)

    async def members(self, usergroup: str) -> frozenset[str]:
        """The user ids of a usergroup; none for one that does not exist, or on a plan without usergroups."""
        return await self._members.get(usergroup)

    async def handles(self) -> Mapping[str, str]:
        """The usergroups' handles by id; none on a plan without usergroups."""
        return await self._handles.get("")

    async def profile(self, user_id: str) -> Profile:
        """Who this is; somebody whom Slack does not know is nobody who may do anything."""
        return await self._profiles.get(user_id)

    async def _ask_members(self, usergroup: str) -> frozenset[str]:
        try:
            answer = await self._slack.usergroups_users_list(usergroup=usergroup)
        except SlackApiError as error:
            if code_of(error) in NO_SUCH_GROUP:
                return frozenset()
            raise
        return frozenset(answer["users"])

    async def _ask_handles(self, _: str) -> Mapping[str, str]:
        try:
            answer = await self._slack.usergroups_list(include_disabled=True)
        except SlackApiError as error:
            if code_of(error) in NO_SUCH_GROUP:
                return {}
            raise
        return {str(group["id"]): str(group["handle"]) for group in answer["usergroups"]}

    async def _ask_home(self, _: str) -> Home:
        """Where the bot is installed (auth.test)."""
        answer = await self._slack.auth_test()
        return Home(str(answer["team_id"]), str(answer.get("enterprise_id") or ""))

    async def _ask_profile(self, user_id: str) -> Profile:
        try:
            answer = await self._slack.users_info(user=user_id, include_locale=True)
        except SlackApiError as error:
            if code_of(error) in ("user_not_found", "user_not_visible"):
                return Profile(user_id, "", user_id, deactivated=True, external=True)
            raise
        return profile_of(answer["user"], await self._home.get(""))


def profile_of(user: dict[str, Any], home: Home) -> Profile:
    """The user object of users.info (Slack, "User object").

    `is_stranger` is only for people who share no channel with us; who does and is from elsewhere has another
    workspace, and is of no organization or another one. Slack always names the workspace of somebody from
    elsewhere; a user object without one is of ours.
    """
    team = str(user.get("team_id") or (user.get("profile") or {}).get("team") or home.team_id)
    organization = str((user.get("enterprise_user") or {}).get("enterprise_id") or "")
    at_home = team == home.team_id or (organization and organization == home.organization)
    return Profile(
        user_id=str(user["id"]),
        team_id=team,
        name=str(user.get("real_name") or user.get("name") or user["id"]),
        tz=str(user.get("tz") or "UTC"),
        locale=str(user.get("locale") or "en-US"),
        deactivated=bool(user.get("deleted")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        external=bool(user.get("is_stranger")) or not at_home,
        bot=bool(user.get("is_bot")),
    )
