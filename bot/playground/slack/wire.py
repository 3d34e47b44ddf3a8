"""What goes over the wire: JSON objects, and refusals in Slack's own words."""

from collections.abc import Iterable
from typing import Any

JsonObject = dict[str, Any]
"""One JSON object as Slack sends or receives it."""


class ApiError(Exception):
    """A call that Slack answers with ``ok: false``.

    Fields: ``error`` is Slack's code (``channel_not_found``), ``details`` whatever else the answer
    contains (``needed``, ``provided`` for ``missing_scope``, ``response_metadata`` for ``invalid_blocks``).
    """

    def __init__(self, error: str, **details: object) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    def answer(self) -> JsonObject:
        """Return the body of Slack's answer."""
        return {"ok": False, "error": self.error, **self.details}


def missing_scope(needed: str, granted: Iterable[str]) -> ApiError:
    """Return the refusal of a call that needs a scope the app doesn't have."""
    return ApiError("missing_scope", needed=needed, provided=",".join(sorted(granted)))


def invalid_arguments(*messages: str) -> ApiError:
    """Return the refusal of arguments that don't fit the method, with one hint per problem."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})
