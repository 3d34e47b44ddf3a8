"""Whether people, usergroups and channels exist in Slack: for `image-bot policy check --live`."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from handlers.people.directory import NO_USERGROUPS

UNKNOWN_USER = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
UNKNOWN_CHANNEL = frozenset({"channel_not_found"})
MEMBERS_ONLY = frozenset({"not_in_channel", "is_archived"})
CALL_SECONDS = 10


class SlackDoesNotTell(Exception):
    """Slack could not be asked. Field `code`: Slack's code, or the kind of breakage."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack does not tell who and what exists: {code}")
        self.code = code


class SlackExistenceCheck:
    """Tells whether there is such a one, as `bot.allowlist.check` asks it. Waits where Slack asks to wait.

    A deactivated person and a disabled usergroup count as gone. A private channel that the bot is not in
    cannot be told from none, and is of no use to it either.
    """

    def __init__(self, token: str, api_url: str) -> None:
        base_url = api_url if api_url.endswith("/") else f"{api_url}/"
        self._slack = WebClient(token, base_url, timeout=CALL_SECONDS)
        self._slack.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=5))
        self._usergroups: frozenset[str] | None = None

    def __call__(self, kind: str, name: str) -> bool:
        """Whether there is one of `users`, `usergroups` or `channels` with this id; `SlackDoesNotTell`."""
        try:
            match kind:
                case "users":
                    return self._has_user(name)
                case "usergroups":
                    return self._has_usergroup(name)
            return self._has_channel(name)
        except SlackApiError as error:
            raise SlackDoesNotTell(_code(error)) from None
        except (SlackClientError, OSError) as error:
            raise SlackDoesNotTell(type(error).__name__) from None

    def _has_user(self, user_id: str) -> bool:
        try:
            return not self._slack.users_info(user=user_id)["user"].get("deleted")
        except SlackApiError as error:
            return _unless(UNKNOWN_USER, error)

    def _has_usergroup(self, usergroup: str) -> bool:
        if self._usergroups is None:
            self._usergroups = self._list_usergroups()
        return usergroup in self._usergroups

    def _list_usergroups(self) -> frozenset[str]:
        try:
            listed = self._slack.usergroups_list()["usergroups"]
        except SlackApiError as error:
            _unless(NO_USERGROUPS, error)
            return frozenset()
        return frozenset(group["id"] for group in listed)

    def _has_channel(self, channel: str) -> bool:
        """Ask for its last message: what the bot is allowed to, without a scope of its own for it."""
        try:
            self._slack.conversations_history(channel=channel, limit=1)
        except SlackApiError as error:
            return _code(error) in MEMBERS_ONLY or _unless(UNKNOWN_CHANNEL, error)
        return True


def _unless(unknown: frozenset[str], error: SlackApiError) -> bool:
    """False for a code that means "there is none"; any other code is raised on."""
    if _code(error) not in unknown:
        raise error
    return False


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "")
