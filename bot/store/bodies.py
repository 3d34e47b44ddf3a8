"""Requests as the JSON of a row's body; its shape has a version, and a rolling deploy has two at a time.

What a newer version of the program wrote and this one doesn't know stays in the body when this one writes:
the request's own fields for good, an attempt's for as long as the attempt.
"""

import json
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from bot.domain.request import Attempt, Request

VERSION = 1
"""Increased with every change after which an older program would misread a body."""

BODY: TypeAdapter[Request] = TypeAdapter(Request)
REQUEST = frozenset(field.name for field in fields(Request)) | {"version"}
ATTEMPT = frozenset(field.name for field in fields(Attempt))


def read(body: str) -> Request:
    """Return the request in a body; raise ValueError when there is none."""
    request, stored = BODY.validate_json(body), json.loads(body)
    newer, of_attempt = _unknown(stored, REQUEST), _unknown(stored.get("attempt", {}), ATTEMPT)
    if stored.get("version", 0) > VERSION:
        newer |= {"version": stored["version"]}
    if of_attempt:
        request = replace(request, attempt=replace(request.attempt, newer=of_attempt))
    return replace(request, newer=newer) if newer else request


def write(request: Request) -> str:
    """Return a request's body."""
    known = BODY.dump_python(
        request, mode="json", exclude={"revision": True, "newer": True, "attempt": {"newer"}}
    )
    known["attempt"] |= request.attempt.newer
    return json.dumps({"version": VERSION, **known, **request.newer}, ensure_ascii=False)


def _unknown(stored: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if name not in known}
