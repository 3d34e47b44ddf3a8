"""What tests of people need: blocks, a clock that stands still, and an app with prepared answers."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    LocalSlack,
)
from bot.playground.slack.delivery import Ack, Envelope

Json = dict[str, Any]


C, SECRET, ALICE, BOB = "C0IMAGES", "C0SECRET", "U0ALICE", "U0BOB"


class Clock:
    """A clock that stands still until it's moved."""

    def __init__(self) -> None:
        self.now = 1_763_764_306.0

    def __call__(self) -> float:
        return self.now


class Script:
    """A transport that answers with prepared acks, and keeps what was sent."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.acks: list[Ack] = []
        self.sent: list[Json] = []
        self.meanwhile = meanwhile

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:  # noqa: ARG002 - the interface
        """The next ack, a bare one when none is left."""
        self.sent.append(envelope.payload)
        self.meanwhile()
        return self.acks.pop(0) if self.acks else Ack()


def plain(text: str = "x") -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    """An option whose text is its value."""
    return {"text": plain(value), "value": value}


def field(block_id: str, element: Json, **more: Any) -> Json:
    """An input block whose element's action_id is ``value``."""
    block = {"type": "input", "block_id": block_id, "label": plain(block_id)}
    return {**block, "element": {"action_id": "value", **element}, **more}


def modal(*blocks: Json, **fields: Any) -> Json:
    """A modal with a submit button."""
    body = {"type": "modal", "callback_id": "f", "title": plain(), "submit": plain(), "blocks": list(blocks)}
    return {**body, **fields}


TEXT = {"type": "plain_text_input"}


KINDS = {"type": "static_select", "options": [option("a"), option("b")]}


NAME = field("name", TEXT)


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    """The error code of a call that is refused."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


async def opened(slack: LocalSlack, client: AsyncWebClient, view: Json, user: str = ALICE) -> Json:
    """Open a modal for somebody; the view object."""
    trigger = slack.workspace.triggers.issue(user)
    return dict((await client.views_open(trigger_id=trigger, view=view))["view"])


async def post_to(url: str, body: Json) -> tuple[int, Json]:
    """Send an answer to a response_url."""
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as got:
        return got.status, dict(await got.json())
