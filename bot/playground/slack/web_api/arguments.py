"""The arguments of a call, from wherever the client put them."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.playground.slack.wire import ApiError, JsonObject, invalid_arguments

_JSON = "application/json"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_arguments(request: web.Request) -> JsonObject:
    """Return query, form and JSON body merged, with the body winning: slack_sdk uses all three."""
    merged: JsonObject = dict(request.query)
    body = await request.read()
    if request.method != "POST" or not body.strip():
        return merged
    if request.content_type == _JSON:
        return merged | _json_object(body)
    if request.content_type in _FORMS:
        return merged | {
            key: value for key, value in (await request.post()).items() if isinstance(value, str)
        }
    raise ApiError("invalid_post_type")


def _json_object(body: bytes) -> JsonObject:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise ApiError("json_not_object")
    return parsed


class Arguments:
    """Typed access to one call's arguments."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return a string argument; numbers become text."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Return a string argument that must be there."""
        if not self.text(name):
            raise invalid_arguments(f"missing required field: {name}")
        return self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean argument: ``true``, ``1`` and True are true."""
        value = self.given.get(name)
        return default if value is None else str(value).lower() in ("true", "1")

    def number(self, name: str, default: int, at_most: int) -> int:
        """Return an integer argument between 1 and ``at_most``."""
        text = self.text(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= at_most:
            raise ApiError("invalid_limit") if name == "limit" else invalid_arguments(f"invalid {name}")
        return int(text)

    def structure(self, name: str, wrong: str) -> object:
        """Return a JSON argument, also from a string; None if missing, error ``wrong`` if invalid."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except (ValueError, RecursionError):
            raise ApiError(wrong) from None
