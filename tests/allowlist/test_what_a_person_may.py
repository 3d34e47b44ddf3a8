"""What a person may know and do, by their own statements alone; without a database."""

from typing import Any

import pytest

from bot.allowlist.authorizer import Authorizer
from bot.allowlist.model import Allowlist, Attachment
from bot.allowlist.principal import Principal
from bot.domain.vocabulary import APPROVE, CREATE, READ, Deployment
from bot.policy import parse_policy
from tests.fakes import NOW, request
from tests.house import ALICE, BOB, person
from tests.ports import Clock, FakeDirectory

ELSEWHERE = "acs:appstreaming:*:*:instance/ws-0other"
HERE = {"StringEquals": {"slack:TeamId": "T0TEAM"}}
TAGGED = {"StringEquals": {"acs:RequestTag/env": "prod"}}


def says(effect: str, *actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Action": list(actions), "Resource": resource, **more}


async def bob(*statements: dict[str, Any]) -> Principal:
    """Bob, with these statements and no others."""
    policies = {"his": parse_policy("his", {"Version": "1", "Statement": list(statements)})}
    allowlist = Allowlist(
        policies=policies, attachments=(Attachment(policies=("his",), users=frozenset({BOB})),)
    )
    rights = Authorizer(lambda: allowlist, FakeDirectory(), Deployment("cn-shanghai"), Clock(NOW))
    return await rights.principal(person(BOB))


@pytest.mark.parametrize(
    ("statements", "somewhere"),
    [
        ([says("Allow", APPROVE)], True),
        ([says("Allow", APPROVE, resource=ELSEWHERE)], True),
        ([says("Allow", APPROVE, Condition=TAGGED)], True),
        ([says("Allow", CREATE)], False),
        ([says("Deny", APPROVE, resource=ELSEWHERE)], False),
        ([says("Allow", APPROVE), says("Deny", APPROVE, resource=ELSEWHERE)], True),
        ([says("Allow", APPROVE), says("Deny", APPROVE, Condition=TAGGED)], True),
        ([says("Allow", APPROVE), says("Deny", APPROVE, Condition=HERE)], True),  # elsewhere, perhaps
        ([says("Allow", APPROVE), says("Deny", CREATE)], True),
        ([says("Allow", APPROVE), says("Deny", APPROVE)], False),
        ([says("Allow", APPROVE), says("Deny", "*"), says("Allow", CREATE)], False),
        ([], False),
    ],
)
async def test_an_action_is_possible_somewhere_that_is_allowed_and_not_denied_as_a_whole(
    statements: list[dict[str, Any]], somewhere: bool
) -> None:
    assert (await bob(*statements)).may_somewhere(APPROVE) is somewhere


@pytest.mark.parametrize(
    ("statements", "requester", "read", "seen", "reviewed"),
    [
        ([], BOB, True, True, False),
        ([], ALICE, False, False, False),
        ([says("Allow", READ)], ALICE, True, True, False),
        ([says("Allow", READ, resource=ELSEWHERE)], ALICE, False, False, False),
        ([says("Allow", APPROVE)], ALICE, False, True, True),
        ([says("Allow", APPROVE)], BOB, True, True, False),
        (
            [says("Allow", APPROVE, Condition={"StringEquals": {"slack:ChannelId": "C0CARDS"}})],
            ALICE,
            False,
            True,
            True,
        ),
    ],
)
async def test_a_request_is_known_to_who_asked_and_to_those_who_may_read_or_review_it(
    statements: list[dict[str, Any]], requester: str, read: bool, seen: bool, reviewed: bool
) -> None:
    """A review is decided on the request's card, from wherever it's given."""
    asked = request(requester=requester, team_id="T0TEAM", channel="C0CARDS")
    who = await bob(*statements)
    assert (who.may_read(asked), who.may_see(asked), who.may_review(asked)) == (read, seen, reviewed)
