"""A workspace, and calls of slack_sdk's own client that are refused."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, Channel, Conditions, LocalSlack, User, Usergroup

Json = dict[str, Any]


C, PRIVATE, ELSEWHERE = "C0IMAGES", "C0SECRET", "C0ELSEWHERE"


ALICE, BOB, GONE = "U0ALICE", "U0BOB", "U0GONE"


SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


METADATA = {"event_type": "image_request", "event_payload": {"request_id": "r1"}}


def workspace(app: App | None = None) -> LocalSlack:
    """Three people, three channels, two usergroups."""
    people = [
        User(ALICE, "alice", email="alice@example.com", locale="zh-CN"),
        User(BOB, "bob"),
        User(GONE, deleted=True, email="gone@example.com"),
    ]
    channels = [
        Channel(C, "images"),
        Channel(PRIVATE, "secret", {ALICE}, is_private=True),
        Channel(ELSEWHERE, "elsewhere", {ALICE}),
    ]
    groups = [Usergroup("S0OPS", "ops", (ALICE,)), Usergroup("S0OLD", "old", is_enabled=False)]
    return LocalSlack(
        people, channels, groups, app=app, conditions=Conditions(rate_limits=False, joined=True)
    )


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> Json:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    answer = refused.value.response.data
    assert isinstance(answer, dict)
    return answer


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    """The error code of a call that is refused."""
    return str((await refusal(client, method, **arguments))["error"])
