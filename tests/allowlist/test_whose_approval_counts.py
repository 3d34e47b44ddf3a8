"""Whose approvals still count, whose would help, and whom the card names; without a database."""

from dataclasses import replace

import pytest

from bot.allowlist import load
from bot.allowlist.authorizer import Authorizer
from bot.allowlist.model import Attachment
from bot.domain.approvals import DEFAULT_RULE, QuorumSlot, Rule
from bot.domain.request import Review
from bot.domain.vocabulary import APPROVE, Deployment
from bot.policy import Policy, parse_policy
from bot.ports import Profile
from tests.fakes import NOW, request
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, RULES
from tests.ports import Clock, FakeDirectory

OPS, SEC = frozenset({"S0OPS"}), frozenset({"S0SEC"})
TWO = Rule(name="two", quorum=(QuorumSlot(usergroups=OPS), QuorumSlot(usergroups=SEC)))
APPROVER = Attachment(policies=("approver",), usergroups=OPS | SEC)


def rights(*attachments: Attachment, **policies: Policy) -> Authorizer:
    """The house's policies, or these, attached like this."""
    directory = FakeDirectory()
    directory.groups = {"S0OPS": {BOB, EVE}, "S0SEC": {CAROL}}
    of_the_house = load(RULES)
    policies = {**of_the_house.policies, **policies}
    leads = {"leads": frozenset({DAVE})}
    allowlist = replace(of_the_house, policies=policies, attachments=attachments, groups=leads)
    return Authorizer(lambda: allowlist, directory, Deployment("cn-shanghai"), Clock(NOW))


def yes(user_id: str) -> Review:
    """An approval."""
    return Review(user_id, True, "", NOW, team_id="T0TEAM")


@pytest.mark.parametrize(
    ("rule", "reviews", "counted"),
    [
        (DEFAULT_RULE, (yes(BOB),), (BOB,)),
        (DEFAULT_RULE, (yes(BOB), yes(EVE)), (BOB,)),
        (DEFAULT_RULE, (replace(yes(BOB), approves=False), yes(EVE)), (EVE,)),
        (DEFAULT_RULE, (yes(DAVE), yes(BOB)), (BOB,)),
        (DEFAULT_RULE, (yes(ALICE),), ()),
        (TWO, (yes(BOB), yes(EVE)), (BOB,)),
        (TWO, (yes(BOB), yes(CAROL)), (BOB, CAROL)),
        (TWO, (replace(yes(DAVE), behalf_of=CAROL), yes(BOB)), (DAVE, BOB)),
    ],
)
async def test_an_approval_counts_that_has_the_right_and_fills_a_place_of_its_own(
    rule: Rule, reviews: tuple[Review, ...], counted: tuple[str, ...]
) -> None:
    asked = request(requester=ALICE, team_id="T0TEAM", rule=rule, reviews=reviews)
    assert tuple(each.user_id for each in await rights(APPROVER).valid_reviews(asked)) == counted


@pytest.mark.parametrize(
    ("rule", "given", "helpful"),
    [(DEFAULT_RULE, (), {BOB, CAROL, EVE}), (TWO, (), {BOB, CAROL, EVE}), (TWO, (yes(BOB),), {CAROL})],
)
async def test_those_are_asked_who_have_the_right_and_whose_approval_is_still_missing(
    rule: Rule, given: tuple[Review, ...], helpful: set[str]
) -> None:
    given = tuple(replace(each, usergroups=OPS) for each in given)
    asked = request(requester=ALICE, team_id="T0TEAM", rule=rule, reviews=given)
    assert set((await rights(APPROVER).candidates(asked)).user_ids) == helpful


async def test_nobody_is_asked_who_is_denied_where_slack_says_that_they_belong() -> None:
    there = {"Condition": {"StringEquals": {"slack:TeamId": "T0OTHER"}}}
    allow = {"Effect": "Allow", "Action": APPROVE, "Resource": "*"}
    document = {"Version": "1", "Statement": [allow, allow | {"Effect": "Deny"} | there]}
    asked = request(requester=ALICE, team_id="T0TEAM", rule=replace(DEFAULT_RULE, allow_external=True))
    authorizer = rights(APPROVER, approver=parse_policy("approver", document))
    assert set((await authorizer.candidates(asked)).user_ids) == {BOB, CAROL, EVE}
    assert isinstance(authorizer.directory, FakeDirectory)
    authorizer.directory.profiles[EVE] = Profile(EVE, "T0OTHER", "Eve", external=True)
    assert set((await authorizer.candidates(asked)).user_ids) == {BOB, CAROL}


@pytest.mark.parametrize(
    ("attachment", "slot"),
    [
        (APPROVER, QuorumSlot(usergroups=OPS | SEC)),
        (
            replace(APPROVER, usergroups=OPS, users=frozenset({ALICE, DAVE})),
            QuorumSlot(usergroups=OPS, users=frozenset({DAVE})),
        ),
        (
            Attachment(policies=("approver",), groups=frozenset({"leads"})),
            QuorumSlot(groups=frozenset({"leads"})),
        ),
        (Attachment(policies=("approver",), everyone=True), QuorumSlot()),
    ],
)
async def test_a_card_names_those_who_may_review_it_and_nobody_where_everybody_may(
    attachment: Attachment, slot: QuorumSlot
) -> None:
    """Not the requester, and nobody with other rights."""
    others = Attachment(
        policies=("requester",),
        users=frozenset({EVE}),
        usergroups=frozenset({"S0ALL"}),
        groups=frozenset({"all"}),
    )
    assert await rights(attachment, others).reviewers(request(requester=ALICE)) == slot
