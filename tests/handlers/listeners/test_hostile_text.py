"""Text that no encoding can carry (a lone surrogate, as JSON may hold) goes no further than here."""

import json

import pytest

from bot.domain.request import Submission
from handlers.draft import Draft
from handlers.listeners.context import submission_of
from handlers.transport import payloads
from handlers.views import reasons

LONE = "\ud800"


def test_a_reason_can_be_stored_whatever_was_typed() -> None:
    submission = submission_of(Draft({"instance_id": "ws-1"}, f"new{LONE} hires", (f"C1{LONE}",)), "key")

    assert isinstance(submission, Submission)
    assert submission.reason == "new hires"
    assert submission.notify == ("C1",)


@pytest.mark.parametrize(
    "channel",
    ["", "#general", "<!channel>", "U0BOB", "D0BOB", "c0other", "C0OTHER; C1", "C" * 99, "C0\nOTHER"],
)
def test_a_forged_channel_is_refused_under_its_field(channel: str) -> None:
    """Slack's menu gives IDs of channels; a hand-made form gives anything."""
    problems = submission_of(Draft({"instance_id": "ws-1"}, notify=("C0OTHER", channel)), "key")

    assert isinstance(problems, list)
    assert [(each.field, each.code) for each in problems] == [("notify", "notify-shape")]


@pytest.mark.parametrize("region", ["cn-shanghai/*", "*", "evil.example", "CN-SHANGHAI", "cn", ""])
def test_a_forged_region_is_refused_under_its_field(region: str) -> None:
    problems = submission_of(Draft({"instance_id": "ws-1"}, regions=("cn-beijing", region)), "key")

    assert isinstance(problems, list)
    assert [(each.field, each.code) for each in problems] == [("regions", "region-shape")]


def test_a_buttons_value_can_be_looked_up_whatever_it_holds() -> None:
    assert payloads.pressed({"actions": [{"value": f"r-7abc{LONE}"}]}) == "r-7abc"


def test_a_form_of_reasons_can_be_stored_whatever_it_holds() -> None:
    given = reasons.parse(
        {
            "private_metadata": json.dumps({"request": f"r-7{LONE}"}),
            "state": {"values": {"reason": {"value": {"type": "plain_text_input", "value": f"no{LONE}"}}}},
        }
    )

    assert (given.request_id, given.reason) == ("r-7", "no")
