"""Cursor pagination (docs.slack.dev, Pagination)."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.wire import ApiError, JsonObject

Item = TypeVar("Item")


def page(
    items: Sequence[Item], arguments: Arguments, default: int, at_most: int
) -> tuple[list[Item], JsonObject]:
    """Return one page of ``items`` and the ``response_metadata`` with the cursor of the next page."""
    limit = arguments.number("limit", default, at_most)
    start = _decode(arguments.text("cursor"))
    following = start + limit
    cursor = _encode(following) if following < len(items) else ""
    return list(items[start:following]), {"response_metadata": {"next_cursor": cursor}}


def _encode(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _decode(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.b64decode(cursor, validate=True).decode()
    except ValueError:
        raise ApiError("invalid_cursor") from None
    position = text.removeprefix("next:")
    if position == text or not position.isdecimal():
        raise ApiError("invalid_cursor")
    return int(position)
