"""Who may delegate approvals, to whom, and how often; and whom a request may notify."""

import json

import pytest

from bot.domain.approvals import DAY
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Event, Status
from bot.domain.request import Delegation, Submission
from bot.ports import Profile
from bot.service.outcomes import Delegated, Delegations, Done, RefusalReason, Refused, Submitted
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, INSTANCE, House, person

IMAGE = CreateImage(instance_id=INSTANCE)


def reason(outcome: object) -> RefusalReason | None:
    """Why something was refused; None when it wasn't."""
    return outcome.why if isinstance(outcome, Refused) else None


async def test_only_who_may_approve_has_approvals_to_delegate(cabin: House) -> None:
    """Anybody else would make the bot write to strangers for nothing."""
    until = cabin.clock() + 3600

    assert (
        reason(await cabin.service.delegate(person(DAVE), CAROL, until)) is RefusalReason.NOTHING_TO_DELEGATE
    )
    assert isinstance(await cabin.service.delegate(person(BOB), DAVE, until), Delegated)


@pytest.mark.parametrize(
    "profile",
    [
        Profile(DAVE, "T0TEAM", "Dave", guest=True),
        Profile(DAVE, "T0FAR", "Dave", external=True),
        Profile(DAVE, "T0TEAM", "Dave", bot=True),
        Profile(DAVE, "T0TEAM", "Dave", deactivated=True),
    ],
)
async def test_nobody_delegates_to_somebody_whom_no_rule_lets_approve(cabin: House, profile: Profile) -> None:
    cabin.directory.profiles[DAVE] = profile
    outcome = await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 3600)

    assert reason(outcome) is RefusalReason.OUTSIDER
    assert await cabin.store.delegations("T0TEAM") == ()


async def test_a_delegation_that_was_refused_is_in_the_audit_log(cabin: House) -> None:
    """Who tried to give away rights, to whom, and why not."""
    await cabin.service.delegate(person(DAVE), CAROL, cabin.clock() + 3600)

    entry = (await cabin.log())[-1]
    assert (entry.event, entry.actor) == ("refused", DAVE)
    assert json.loads(entry.details) == {
        "action": "imagebot:ApproveImageRequest",
        "why": "nothing-to-delegate",
        "to": CAROL,
        "channel": person(DAVE).channel_id,
    }


@pytest.mark.parametrize(
    ("ahead", "why"),
    [
        (-1.0, RefusalReason.BAD_END),
        (0.0, RefusalReason.BAD_END),
        (1.0, None),
        (90 * DAY - 1, None),
        (90 * DAY, RefusalReason.BAD_END),
    ],
)
async def test_approvals_are_delegated_for_less_than_ninety_days(
    cabin: House, ahead: float, why: RefusalReason | None
) -> None:
    outcome = await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + ahead)
    assert reason(outcome) is why


async def test_everybody_sees_the_delegations_that_they_have_a_part_in(cabin: House) -> None:
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 3600)
    await cabin.service.delegate(person(CAROL), EVE, cabin.clock() + 3600)

    bobs, carols = (Delegation(*each, cabin.clock() + 3600) for each in ((BOB, DAVE), (CAROL, EVE)))
    assert await cabin.service.delegations(person(BOB)) == Delegations(given=bobs)
    assert await cabin.service.delegations(person(EVE)) == Delegations(received=(carols,))
    assert await cabin.service.delegations(person(ALICE)) == Delegations()


async def test_a_person_delegates_five_times_a_day_at_most(cabin: House) -> None:
    """Each time somebody gets a direct message."""
    tried = []
    for number in range(12):
        outcome = await cabin.service.delegate(person(BOB), f"U0STRANGER{number}", cabin.clock() + 3600)
        tried.append(reason(outcome))

    assert tried == [None] * 5 + [RefusalReason.TOO_OFTEN] * 7
    [kept] = await cabin.store.delegations("T0TEAM")
    assert kept.delegate == "U0STRANGER4"
    cabin.clock.advance(86401)
    assert isinstance(await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 3600), Delegated)


@pytest.mark.parametrize(("who", "behalf_of"), [(BOB, None), (DAVE, BOB)])
async def test_what_is_reviewed_is_reviewed_on_the_delegators_behalf_or_on_nobodys(
    cabin: House, who: str, behalf_of: str | None
) -> None:
    """An approval before, an after-review of emergency access: the audit log has both."""
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 3600)
    request = await cabin.submit()
    skipped = await cabin.set(
        await cabin.submit(EVE, break_glass=True, reason="fire"), status=Status.AVAILABLE
    )

    await cabin.service.review(person(who), request.id, approves=True)
    signed = await cabin.service.sign_off(person(who), skipped.id, "seen")

    assert [each.behalf_of for each in (await cabin.get(request)).reviews] == [behalf_of]
    assert isinstance(signed, Done)
    assert signed.request.attempt.signed_off_by == who
    log = [each for each in await cabin.log() if each.event in (Event.REVIEW, Event.SIGN_OFF)]
    assert [(each.actor, json.loads(each.details)["behalf_of"]) for each in log] == [(who, behalf_of)] * 2
    assert json.loads(log[-1].details)["reason"] == "seen"


@pytest.mark.parametrize(
    ("channel", "members", "refused"),
    [
        ("C0OTHER", {ALICE, BOB}, False),
        ("C0OTHER", {BOB}, True),
        ("C0OTHER", set(), True),
        (BOB, set(), True),  # a person, out of a forged form
        ("C0IMAGES", set(), False),  # where it was asked
    ],
)
async def test_a_request_notifies_only_where_its_requester_is(
    cabin: House, channel: str, members: set[str], refused: bool
) -> None:
    """The bot posts for nobody where they can't."""
    cabin.directory.channels[channel] = members
    outcome = await cabin.service.submit(person(ALICE), Submission(IMAGE, notify=(channel,)))

    assert isinstance(outcome, Submitted) is not refused
    if isinstance(outcome, Refused):
        assert (outcome.why, outcome.details["channel"]) == (RefusalReason.NOT_IN_CHANNEL, channel)


async def test_while_slack_can_not_tell_nobody_else_is_notified(cabin: House) -> None:
    """Undecidable denies."""
    cabin.directory.down = True
    outcome = await cabin.service.submit(person(ALICE), Submission(IMAGE, notify=("C0OTHER",)))

    assert reason(outcome) is RefusalReason.UNDECIDED
