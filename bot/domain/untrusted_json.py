"""JSON from outside: through somebody's Slack client, or over the network."""

import json
from typing import Any

MOST_NESTED = 100
"""Levels of lists and objects: a view of Slack's has about ten, and Python's own limit differs by version."""


def from_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever was written
    """Return the value in a text; None if it isn't JSON, or is nested more than `MOST_NESTED` deep."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if _is_flat(value) else None


def _is_flat(value: object) -> bool:
    level = [value]
    for _ in range(MOST_NESTED + 1):
        holders = [each for each in level if isinstance(each, (dict, list))]
        if not holders:
            return True
        level = [inner for each in holders for inner in (each.values() if isinstance(each, dict) else each)]
    return False
