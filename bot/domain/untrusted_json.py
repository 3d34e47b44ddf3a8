"""JSON from outside: through somebody's Slack client, or over the network."""

import json
from typing import Any


def from_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever was written
    """Return the value in a text; None if it isn't JSON, or is nested unreasonably deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
