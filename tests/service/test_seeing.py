"""What a person can see of requests and of their own permissions, and when nobody can tell."""

from dataclasses import replace

import pytest

from bot.domain.image import CreateImage
from bot.domain.request import Person
from bot.domain.vocabulary import CANCEL, READ
from bot.service.outcomes import (
    Denied,
    Done,
    Explained,
    Found,
    RefusalReason,
    Refused,
    Reviewed,
    RightsHeld,
)
from tests.house import ALICE, BOB, DAVE, EVE, INSTANCE, House, person
from tests.service.asked import pending, refusals, submission


async def test_a_request_that_somebody_may_not_see_might_as_well_not_exist(cabin: House) -> None:
    request = await pending(cabin)
    for seen, asked in ((ALICE, request.id), (BOB, request.id), (EVE, request.id)):
        assert isinstance(await cabin.service.questions.show(person(seen), asked), Done)
    hidden = await cabin.service.questions.show(person(DAVE), request.id)
    unknown = await cabin.service.questions.show(person(DAVE), "r-unknown")
    assert isinstance(hidden, Refused)
    assert isinstance(unknown, Refused)
    assert (hidden.why, unknown.why) == (RefusalReason.NOT_FOUND, RefusalReason.NOT_FOUND)
    assert hidden.request is None


@pytest.mark.parametrize("call", ["approve", "cancel", "sign off"])
async def test_a_refusal_speaks_of_a_request_only_to_who_has_its_card_before_them(
    cabin: House, call: str
) -> None:
    """A made-up click may name any request; what is in another channel might as well not exist."""
    request = await cabin.submit()
    in_its_channel, elsewhere = (replace(person(DAVE), channel_id=each) for each in (request.channel, "C0X"))

    async def refused(who: Person) -> Denied | Refused | Done | Reviewed:
        match call:
            case "approve":
                return await cabin.service.review(who, request.id, approves=True)
            case "cancel":
                return await cabin.service.cancel(who, request.id)
            case _:
                return await cabin.service.sign_off(who, request.id)

    assert isinstance(await refused(in_its_channel), Denied)
    hidden = await refused(elsewhere)
    assert isinstance(hidden, Refused)
    assert (hidden.why, hidden.request) == (RefusalReason.NOT_FOUND, None)


async def test_everybody_lists_their_own_and_others_with_the_right(cabin: House) -> None:
    mine = await pending(cabin)
    own = await cabin.service.questions.find(person(ALICE), "mine")
    others = await cabin.service.questions.find(person(EVE), "pending")
    nobody = await cabin.service.questions.find(person(DAVE), "mine")
    denied = await cabin.service.questions.find(person(DAVE), "all")
    assert isinstance(own, Found)
    assert isinstance(others, Found)
    assert own.requests == others.requests == (mine,)
    assert nobody == Found(())
    assert isinstance(denied, Denied)
    assert denied.action == READ
    assert await refusals(cabin) == [DAVE]


async def test_what_waits_is_everybodys_for_who_may_read_and_ones_own_for_others(cabin: House) -> None:
    request = await cabin.submit()

    for user, seen in ((EVE, (request.id,)), (ALICE, (request.id,)), (DAVE, ())):
        found = await cabin.service.questions.find(person(user), "pending")
        assert isinstance(found, Found)
        assert tuple(each.id for each in found.requests) == seen


async def test_why_explains_the_decision_and_the_rule(cabin: House) -> None:
    two = submission(image=CreateImage(instance_id=INSTANCE, image_name="two"))
    outcome = await cabin.service.questions.why(person(ALICE), two)
    assert isinstance(outcome, Explained)
    assert outcome.explanation.decision.allowed
    assert outcome.rule is not None
    assert outcome.rule.name == "wiping-needs-two"


async def test_whoami_names_groups_policies_and_what_they_come_to(cabin: House) -> None:
    held = await cabin.service.questions.whoami(person(EVE))
    assert isinstance(held, RightsHeld)
    assert held.usergroups == ("S0OPS",)
    assert set(held.policies) == {"approver", "requester", "operator"}
    assert held.actions[CANCEL]


async def test_when_slack_cannot_say_who_is_who_nobody_may(cabin: House) -> None:
    request = await pending(cabin)
    cabin.directory.down = True
    service, bob = cabin.service, person(BOB)
    outcomes = [
        await service.submit(person(ALICE), submission()),
        await service.review(bob, request.id, approves=True),
        await service.cancel(bob, request.id),
        await service.retry(bob, request.id),
        await service.questions.find(bob, "all"),
        await service.questions.show(bob, request.id),
        await service.questions.why(bob, submission()),
        await service.questions.whoami(bob),
        await service.questions.approvers(bob, request.id),
    ]
    assert [outcome.why for outcome in outcomes if isinstance(outcome, Refused)] == [
        RefusalReason.UNDECIDED
    ] * 9
