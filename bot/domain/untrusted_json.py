"""JSON that comes from outside: through somebody's Slack client, or over the network."""

import json
from typing import Any


def from_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever was written
    """Return the value in a text; None when it's no JSON, or nested so deep that nobody means it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
