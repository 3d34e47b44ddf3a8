"""Questions to Slack for somebody who sets up the bot: always an answer, never an exception."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.network_words import in_words
from handlers.transport.api_errors import UNREACHABLE, code_of, retry_after, status_of

TRIES = 5
"""How often a question is asked while Slack wants us to come back later."""
LONGEST_WAIT = 60.0
OPEN_SOCKET = "apps.connections.open"


@dataclass(frozen=True)
class Answer:
    """What Slack said: `code` is "" for yes, else Slack's error code, or why there was no answer."""

    code: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether Slack did what we asked."""
        return not self.code

    @property
    def words(self) -> str:
        """The code, or in words what kept Slack from answering."""
        return in_words(self.code)

    @property
    def reached(self) -> bool:
        """Whether Slack itself answered, and not a proxy or nobody."""
        return "ok" in self.body

    @property
    def needed(self) -> str:
        """The scope that a `missing_scope` names."""
        return str(self.body.get("needed") or "")

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the token may do (header x-oauth-scopes); None if Slack didn't say."""
        listed = self.headers.get("x-oauth-scopes")
        return None if listed is None else frozenset(filter(None, map(str.strip, listed.split(","))))

    @property
    def time(self) -> datetime | None:
        """The time by Slack's clock (header Date), in whole seconds."""
        try:
            return parsedate_to_datetime(self.headers.get("Date", ""))
        except ValueError:
            return None


async def ask(
    slack: AsyncWebClient, method: str, *, token: str | None = None, tries: int = TRIES, **asked: object
) -> Answer:
    """Call a Web API method, with another token if one is given; wait when Slack asks us to.

    With one of `tries` there's no wait.
    """
    headers = {"Authorization": f"Bearer {token or slack.token}"}
    for last in (*[False] * (tries - 1), True):
        try:
            response = await slack.api_call(method, params=asked, headers=headers)
        except UNREACHABLE as error:
            if last or status_of(error) != 429:
                return _refusal(error)
            await asyncio.sleep(min(retry_after(error), LONGEST_WAIT))
        else:
            return Answer("", _object(response.data), response.headers)
    raise AssertionError("the last try returns")  # pragma: no cover


def _refusal(error: Exception) -> Answer:
    response = error.response if isinstance(error, SlackApiError) else None
    headers = getattr(response, "headers", None) or {}
    return Answer(code_of(error), _object(getattr(response, "data", None)), headers)


def _object(data: object) -> Mapping[str, Any]:
    return data if isinstance(data, dict) else {}
