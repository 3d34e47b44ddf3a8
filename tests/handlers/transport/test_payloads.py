"""Who acts and where, as each kind of delivery says it."""

from typing import Any

import pytest

from bot.domain.request import Person
from handlers.transport import payloads

USER = {"id": "U0ALICE", "team_id": "E0ORG"}


@pytest.mark.parametrize(
    ("body", "person"),
    [
        pytest.param(
            {"user_id": "U0ALICE", "team_id": "T0HERE", "channel_id": "C1"},
            Person("U0ALICE", "T0HERE", "C1"),
            id="a command: the workspace it was typed in",
        ),
        pytest.param(
            {"user": USER, "team": {"id": "T0HERE"}, "channel": {"id": "C1"}},
            Person("U0ALICE", "T0HERE", "C1"),
            id="a click: not the organization of the user",
        ),
        pytest.param({"user": USER, "team": None}, Person("U0ALICE", ""), id="a form without a team"),
        pytest.param(
            {"user": USER, "team": {"id": "E0ORG"}},
            Person("U0ALICE", ""),
            id="an organization",
        ),
        pytest.param({"user": "?", "team": 7}, Person("", ""), id="another shape"),
    ],
)
def test_the_workspace_is_where_a_person_acts(body: dict[str, Any], person: Person) -> None:
    """What Slack leaves out comes from the sealed form, or the directory."""
    assert payloads.person(body) == person


@pytest.mark.parametrize(
    "body", [{"user_id": "U0ALICE"}, {"user": USER}, {"user": USER, "view": {"id": "V1"}}]
)
def test_a_person_acts_by_a_delivery_that_no_other_is(body: dict[str, Any]) -> None:
    """Slack gives each command, click and form its own trigger ID."""
    assert payloads.person(body | {"trigger_id": "12.34.ab"}).delivery == "12.34.ab"
    assert payloads.person(body).delivery == ""
