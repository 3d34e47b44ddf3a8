"""What a person is told before they ask: how it would be approved, with which disks, whether they may."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.allowlist import Allowlist, load
from bot.domain.approvals import DEFAULT_RULE, Rule
from bot.domain.image import CreateImage, DiskType
from bot.domain.request import Delegation, Submission
from bot.domain.vocabulary import BYPASS
from bot.ports import Profile
from bot.service.outcomes import Approvers, Explained, Outlook, RefusalReason, Refused
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, INSTANCE, House, person

SYSTEM_DISKS_ONLY = """
policies:
  requester:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: appstreaming:CreateImageByInstance
        Resource: "*"
        Condition: {StringEquals: {"appstreaming:DiskType": SYSTEM}}
attachments:
  - {users: [U0ALICE], policies: [requester]}
approvals:
  - {name: system, when: {StringEquals: {"appstreaming:DiskType": SYSTEM}}, quorum: []}
"""

OPEN_TO_ALL = """\
  open:
    Version: "1"
    Statement: [{Effect: Allow, Action: "appstreaming:CreateImageByInstance", Resource: "*"}]
"""


def wanted(disks: DiskType | None = None, name: str | None = None, **fields: object) -> Submission:
    """What Alice thinks of asking for."""
    image = CreateImage(instance_id=INSTANCE, disk_type=disks, image_name=name)
    return replace(Submission(image), **fields)  # type: ignore[arg-type]  # a table's


@pytest.fixture
def system_only(tmp_path: Path) -> Allowlist:
    """An allowlist that allows images of system disks alone."""
    path = tmp_path / "allowlist.yaml"
    path.write_text(SYSTEM_DISKS_ONLY)
    return load(path)


@pytest.mark.parametrize(
    ("who", "disks", "rule", "taken"),
    [
        (ALICE, None, "system", DiskType.SYSTEM),  # all disks are more than she may take
        (ALICE, DiskType.SYSTEM, "system", DiskType.SYSTEM),
        (ALICE, DiskType.ALL, "default", DiskType.ALL),
        (DAVE, None, "default", DiskType.ALL),
    ],
)
async def test_the_disks_are_the_first_that_somebody_may_take(
    cabin: House, system_only: Allowlist, who: str, disks: DiskType | None, rule: str, taken: DiskType
) -> None:
    cabin.allowlist = system_only
    outlook = await cabin.service.questions.outlook(person(who), wanted(disks))
    assert outlook is not None
    assert (outlook.rule.name, outlook.disks) == (rule, taken)


async def test_who_may_take_all_disks_takes_all(cabin: House) -> None:
    assert await cabin.service.questions.outlook(person(ALICE), wanted()) == Outlook(
        DEFAULT_RULE, DiskType.ALL
    )


async def test_while_slack_is_silent_nobody_can_tell_how_it_would_be_approved(cabin: House) -> None:
    cabin.directory.down = True
    assert await cabin.service.questions.outlook(person(ALICE), wanted()) is None


@pytest.mark.parametrize(
    ("who", "submission", "approvers"),
    [
        (ALICE, wanted(), (BOB, CAROL, EVE)),
        (EVE, wanted(), (BOB, CAROL)),  # nobody approves their own
        (ALICE, wanted(name="free"), ()),  # the rule needs nobody
        (EVE, wanted(break_glass=True, reason="fire"), ()),
    ],
)
async def test_why_names_those_who_could_approve_where_anybody_has_to(
    cabin: House, who: str, submission: Submission, approvers: tuple[str, ...]
) -> None:
    outcome = await cabin.service.questions.why(person(who), submission)
    assert isinstance(outcome, Explained)
    assert outcome.explanation.decision.allowed
    assert outcome.approvers.user_ids == approvers
    assert isinstance(outcome.rule, Rule)
    assert (outcome.action == BYPASS) is submission.break_glass


@pytest.mark.parametrize(
    ("who", "submission", "policies", "people"),
    [
        # no rule allows it: another policy would, and these people may
        (DAVE, wanted(), ("requester",), (ALICE, EVE)),
        (ALICE, wanted(break_glass=True, reason="fire"), ("operator",), (EVE,)),
    ],
)
async def test_who_is_denied_is_told_which_policy_would_allow_it_and_who_may(
    cabin: House, who: str, submission: Submission, policies: tuple[str, ...], people: tuple[str, ...]
) -> None:
    outcome = await cabin.service.questions.why(person(who), submission)

    assert isinstance(outcome, Explained)
    assert not outcome.explanation.decision.allowed
    assert outcome.advice.policies == policies
    assert outcome.advice.people.user_ids == people


async def test_where_a_statement_denies_no_other_policy_is_named(cabin: House, tmp_path: Path) -> None:
    """A Deny wins over whatever else would allow it."""
    path = tmp_path / "allowlist.yaml"
    denied, allowed = SYSTEM_DISKS_ONLY.replace("Effect: Allow", "Effect: Deny").split("attachments:")
    path.write_text(f"{denied}{OPEN_TO_ALL}attachments:{allowed}")
    cabin.allowlist = load(path)

    outcome = await cabin.service.questions.why(person(ALICE), wanted(DiskType.SYSTEM))

    assert isinstance(outcome, Explained)
    assert outcome.advice.policies == ()


async def test_somebody_whom_no_rule_lets_ask_is_told_so_before_anything_else(cabin: House) -> None:
    cabin.directory.profiles[ALICE] = Profile(ALICE, "T0TEAM", "Alice", guest=True)
    assert await cabin.service.questions.why(person(ALICE), wanted()) == Refused(RefusalReason.OUTSIDER)


async def test_who_stands_in_for_an_approver_is_named_with_the_approvers(cabin: House) -> None:
    """Not who stands in for the requester, who can't approve it either."""
    asked = await cabin.submit(EVE)
    until = cabin.clock() + 3600
    await cabin.service.delegate(person(BOB), DAVE, until)
    await cabin.service.delegate(person(EVE), CAROL, until)

    outcome = await cabin.service.questions.approvers(person(EVE), asked.id)

    assert isinstance(outcome, Approvers)
    assert outcome.candidates.user_ids == (BOB, CAROL)
    assert outcome.stand_ins == (Delegation(BOB, DAVE, until),)
