"""Who is in which usergroup, and who people are, as Slack tells it.

All usergroups and their members come in one call (usergroups.list, `include_users`): asked one by one, twenty
of them would be more than Slack lets an app ask in a minute (usergroups.users.list, Tier 2).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Posted, Profile, Usergroups
from handlers.people.remembered import Remembered
from handlers.transport.api_errors import code_of

NO_USERGROUPS = frozenset({"plan_upgrade_required", "paid_teams_only"})
"""A plan without usergroups, so nobody is in one."""
NO_SUCH_CHANNEL = frozenset({"channel_not_found", "method_not_supported_for_channel_type"})
PAGE, MOST_PAGES = 999, 20
"""Members of a channel that are asked for at a time, and how often: beyond 20,000 it counts as not known."""
NO_SUCH_USER = frozenset({"user_not_found", "user_not_visible"})


@dataclass(frozen=True)
class Home:
    """The bot's own workspace with its URL, and the organization (Enterprise Grid) it's in, "" for none."""

    team_id: str
    organization: str
    url: str = ""


class SlackDirectory:
    """Implements `bot.ports.Directory`; `home` is asked for when it is first needed and not given."""

    def __init__(
        self, slack: AsyncWebClient, clock: Callable[[], float] = time.monotonic, home: Home | None = None
    ) -> None:
        self._slack = slack
        self._usergroups = Remembered(self._ask_usergroups, clock)
        self._profiles = Remembered(self._ask_profile, clock)
        self._channels = Remembered(self._ask_members, clock)
        self._home = home

    def permalink(self, posted: Posted) -> str:
        """Return a link to a message, as chat.getPermalink makes it.

        "" while the workspace's URL isn't known.
        """
        url = self._home.url.rstrip("/") if self._home else ""
        return f"{url}/archives/{posted.channel}/p{posted.ts.replace('.', '')}" if url else ""

    async def usergroups(self) -> Usergroups:
        """Return all enabled usergroups; none on a plan without them."""
        return await self._usergroups.get("")

    async def profile(self, user_id: str) -> Profile:
        """Return the person's profile; somebody unknown to Slack has no permissions."""
        return await self._profiles.get(user_id)

    async def in_channel(self, user_id: str, channel: str) -> bool:
        """Tell whether somebody is in a channel; False for one that the bot can't see."""
        return user_id in await self._channels.get(channel)

    async def _ask_members(self, channel: str) -> frozenset[str]:
        """List who is in a channel (conversations.members, Tier 4: over a hundred pages a minute)."""
        members: set[str] = set()
        cursor = ""
        try:
            for _ in range(MOST_PAGES):
                answer = await self._slack.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
                members.update(answer["members"])
                cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
                if not cursor:
                    break
        except SlackApiError as error:
            if code_of(error) in NO_SUCH_CHANNEL:
                return frozenset()
            raise
        return frozenset(members)

    async def _ask_usergroups(self, _: str) -> Usergroups:
        try:
            answer = await self._slack.usergroups_list(include_users=True)
        except SlackApiError as error:
            if code_of(error) in NO_USERGROUPS:
                return Usergroups()
            raise
        return usergroups_of(answer.data)  # type: ignore[arg-type]  # a dict: JSON

    async def _ask_home(self) -> Home:
        """Say where the bot is installed; that never changes while it runs."""
        if self._home is None:
            self._home = home_of((await self._slack.auth_test()).data)  # type: ignore[arg-type]  # a dict: JSON
        return self._home

    async def _ask_profile(self, user_id: str) -> Profile:
        try:
            answer = await self._slack.users_info(user=user_id, include_locale=True)
        except SlackApiError as error:
            if code_of(error) in NO_SUCH_USER:
                return Profile(user_id, "", user_id, deactivated=True, external=True)
            raise
        return profile_of(answer["user"], await self._ask_home())


def home_of(answer: Mapping[str, Any]) -> Home:
    """Read where the bot is installed from the answer to auth.test (`enterprise_id` on Enterprise Grid)."""
    return Home(str(answer["team_id"]), str(answer.get("enterprise_id") or ""), str(answer.get("url") or ""))


def usergroups_of(answer: Mapping[str, Any]) -> Usergroups:
    """Read the answer to usergroups.list with `include_users` (Slack, "Usergroup object")."""
    listed: list[dict[str, Any]] = answer["usergroups"]
    return Usergroups(
        {str(group["id"]): str(group["handle"]) for group in listed},
        {str(group["id"]): frozenset(group.get("users") or ()) for group in listed},
    )


def profile_of(user: Mapping[str, Any], home: Home) -> Profile:
    """Read the user object of users.info (Slack, "User object").

    `is_stranger` is only for people who share no channel with us. External people who do share one have
    another workspace, and no organization or another one. Slack always names an external person's workspace;
    a user object without one is ours. `enterprise_user.teams` are a colleague's workspaces.
    """
    team = str(user.get("team_id") or (user.get("profile") or {}).get("team") or home.team_id)
    colleague = user.get("enterprise_user") or {}
    teams = frozenset(str(each) for each in colleague.get("teams") or ())
    organization = str(colleague.get("enterprise_id") or "")
    of_ours = organization != "" and organization == home.organization
    at_home = of_ours or home.team_id in {team, *teams}
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
        teams=teams | {home.team_id} if at_home else teams,
    )
