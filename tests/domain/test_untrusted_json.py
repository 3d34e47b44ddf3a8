"""JSON from outside is a value or none, whatever it is."""

from typing import Any

import pytest

from bot.domain.untrusted_json import from_json
from handlers.views import form, reasons
from handlers.views.confirmation import parse

DEEP = ("[" * 100_000, '{"a":' * 100_000, "[" * 1_500 + "]" * 1_500, "[" * 101 + "]" * 101)


def nested(levels: int) -> list[Any]:
    """Return lists in lists, so many levels."""
    return [nested(levels - 1)] if levels > 1 else []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        (b"[]", []),
        ("", None),
        ("no json", None),
        (b"\xff", None),
        ("1" * 5_000, None),
        ("[" * 100 + "]" * 100, nested(100)),
        *((deep, None) for deep in DEEP),
    ],
    ids=lambda each: str(each)[:12],
)
def test_what_is_no_json_is_none(text: str | bytes, value: object) -> None:
    assert from_json(text) == value


@pytest.mark.parametrize("text", [*DEEP, "[]", "7", "null", ""], ids=lambda each: each[:8])
def test_what_a_client_sends_back_is_read_or_is_nothing(text: str) -> None:
    """Metadata of forms and values of buttons came through somebody's Slack client."""
    assert form.filled_in(text) == ("", "")
    assert reasons.parse({"private_metadata": text}).request_id == ""
    assert parse(text) is None
