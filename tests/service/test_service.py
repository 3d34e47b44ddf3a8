"""What a person can do, and every way in which it can be refused."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.allowlist import load
from bot.domain.actions import RETRY_WITHIN
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import CLOUD_BUSY, Attempt, End, Failure, Person, Request, Submission
from bot.domain.vocabulary import APPROVE, BYPASS, CANCEL, READ
from bot.ports import Profile
from bot.service.outcomes import (
    Denied,
    Done,
    Explained,
    Found,
    RefusalReason,
    Refused,
    Reviewed,
    RightsHeld,
    Submitted,
)
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, INSTANCE, House, person

FREE_OF_CHANNEL = "D0DIRECT"


def submission(**fields: object) -> Submission:
    """What Alice asks for."""
    return replace(Submission(CreateImage(instance_id=INSTANCE)), **fields)  # type: ignore[arg-type]  # a table's


async def pending(house: House, **fields: Any) -> Request:
    """A request that was looked over and waits."""
    request = await house.submit(**fields)
    await house.step()
    return await house.get(request)


async def refusals(house: House) -> list[str]:
    """Who was refused, according to the audit log."""
    return [entry.actor for entry in await house.log() if entry.event == "refused"]


async def test_the_same_delivery_twice_is_one_request(house: House) -> None:
    first = await house.service.submit(person(ALICE), submission(key="envelope-1"))
    again = await house.service.submit(person(ALICE), submission(key="envelope-1"))
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert (first.request.id, first.again, again.request.id, again.again) == (
        first.request.id,
        False,
        first.request.id,
        True,
    )
    assert len(await house.messages()) == 1


async def test_deliveries_at_the_same_moment_are_one_request(url: str) -> None:
    houses = [House(url) for _ in range(4)]
    outcomes = await asyncio.gather(
        *(house.service.submit(person(ALICE), submission(key="envelope-1")) for house in houses)
    )
    made = [outcome for outcome in outcomes if isinstance(outcome, Submitted)]
    assert len(made) == 4
    assert len({outcome.request.id for outcome in made}) == 1
    assert [outcome.again for outcome in made].count(False) == 1
    for house in houses:
        await house.aclose()


async def test_who_is_not_allowed_to_ask_is_denied_and_nothing_is_kept_but_the_denial(house: House) -> None:
    outcome = await house.service.submit(person(DAVE), submission())
    assert isinstance(outcome, Denied)
    assert await house.store.find() == ()
    assert await refusals(house) == [DAVE]


async def test_a_request_that_needs_nobody_is_made_without_waiting(cabin: House) -> None:
    request = await cabin.submit(image={"image_name": "free"})
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_one_approval_approves_and_the_steps_are_woken(house: House) -> None:
    request = await pending(house)
    woken = house.woken
    outcome = await house.service.review(person(BOB), request.id, approves=True)
    assert isinstance(outcome, Reviewed)
    assert outcome.tally.complete
    assert house.woken > woken
    await house.step()
    assert (await house.get(request)).status is Status.CREATING


async def test_two_slots_need_two_people(house: House) -> None:
    request = await pending(house, image={"image_name": "two"})
    await house.service.review(person(BOB), request.id, approves=True)
    await house.step()
    assert (await house.get(request)).status is Status.PENDING
    await house.service.review(person(CAROL), request.id, approves=True)
    await house.step()
    assert (await house.get(request)).status is Status.CREATING


async def test_a_rejection_ends_the_request_and_keeps_the_reason(house: House) -> None:
    request = await pending(house)
    await house.service.review(person(BOB), request.id, approves=False, reason="not now")
    rejected = await house.get(request)
    assert (rejected.status, rejected.end) == (Status.REJECTED, End(house.clock(), BOB, "not now"))


async def test_clicks_at_the_same_moment_have_one_effect_each_and_everybody_gets_an_answer(url: str) -> None:
    houses = [House(url) for _ in range(2)]
    request = await pending(houses[0])
    clicks = [(BOB, True), (BOB, True), (EVE, True), (CAROL, False)]
    outcomes = await asyncio.gather(
        *(
            houses[number % 2].service.review(person(user), request.id, approves=approves, reason="so")
            for number, (user, approves) in enumerate(clicks)
        )
    )
    done = [outcome for outcome in outcomes if isinstance(outcome, Reviewed)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(done) + len(refused) == 4
    final = await houses[0].get(request)
    assert len({review.user_id for review in final.reviews}) == len(final.reviews) == len(done)
    assert len(await refusals(houses[0])) == len(refused)
    for house in houses:
        await house.aclose()


REFUSED_REVIEWS = {
    "one's own request": (ALICE, True, "", RefusalReason.OWN_REQUEST),
    "a second approval by the same person": (BOB, True, "", RefusalReason.ALREADY_REVIEWED),
    "an approval that no slot is left for": (EVE, True, "", RefusalReason.NOT_NEEDED),
    "a rejection without a reason": (CAROL, False, "", RefusalReason.REASON_NEEDED),
}


@pytest.mark.parametrize(("user", "approves", "reason", "why"), REFUSED_REVIEWS.values(), ids=REFUSED_REVIEWS)
async def test_a_review_is_refused(
    cabin: House, user: str, approves: bool, reason: str, why: RefusalReason
) -> None:
    request = await pending(cabin, image={"image_name": "two"})
    await cabin.service.review(person(BOB), request.id, approves=True)
    outcome = await cabin.service.review(person(user), request.id, approves=approves, reason=reason)
    assert isinstance(outcome, Refused)
    assert outcome.why is why
    assert await refusals(cabin) == ([] if why is RefusalReason.REASON_NEEDED else [user])
    assert len((await cabin.get(request)).reviews) == 1


async def test_a_rule_can_ask_for_a_reason(cabin: House) -> None:
    request = await pending(cabin, image={"image_name": "reasoned"})
    outcome = await cabin.service.review(person(BOB), request.id, approves=True)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.REASON_NEEDED
    assert isinstance(
        await cabin.service.review(person(BOB), request.id, approves=True, reason="ok"), Reviewed
    )


async def test_who_may_not_review_is_denied_by_the_statements(cabin: House) -> None:
    request = await pending(cabin)
    outcome = await cabin.service.review(person(DAVE), request.id, approves=True)
    assert isinstance(outcome, Denied)
    assert outcome.action == APPROVE
    assert await refusals(cabin) == [DAVE]


@pytest.mark.parametrize(
    "profile",
    [
        Profile(BOB, "T0TEAM", "bob", deactivated=True),
        Profile(BOB, "T0TEAM", "bob", bot=True),
        Profile(BOB, "T0TEAM", "bob", guest=True),
        Profile(BOB, "T0ELSEWHERE", "bob", external=True),
    ],
)
async def test_outsiders_do_not_review(cabin: House, profile: Profile) -> None:
    request = await pending(cabin)
    cabin.directory.profiles[BOB] = profile
    outcome = await cabin.service.review(person(BOB), request.id, approves=True)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.OUTSIDER


async def test_a_review_after_the_end_is_too_late_even_before_anybody_noticed(cabin: House) -> None:
    request = await pending(cabin)
    cabin.clock.advance(86400)
    outcome = await cabin.service.review(person(BOB), request.id, approves=True)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.TOO_LATE


async def test_the_requester_takes_a_request_back(house: House) -> None:
    request = await pending(house)
    outcome = await house.service.cancel(person(ALICE), request.id, "changed my mind")
    assert isinstance(outcome, Done)
    assert outcome.request.status is Status.CANCELLED
    assert outcome.request.end == End(house.clock(), ALICE, "changed my mind")


async def test_others_need_the_right_to_cancel(cabin: House) -> None:
    request = await pending(cabin)
    denied = await cabin.service.cancel(person(BOB), request.id)
    assert isinstance(denied, Denied)
    assert denied.action == CANCEL
    assert isinstance(await cabin.service.cancel(person(EVE), request.id), Done)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PENDING, Status.APPROVED}))
async def test_what_is_being_made_or_over_cannot_be_cancelled(cabin: House, status: Status) -> None:
    request = await cabin.set(await cabin.submit(), status=status)
    outcome = await cabin.service.cancel(person(ALICE), request.id)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.TOO_LATE
    assert await refusals(cabin) == [ALICE]


async def failed(house: House) -> Request:
    """A request that the cloud refused just now."""
    return await house.set(
        await house.submit(),
        status=Status.FAILED,
        failure=Failure("InvalidParameter"),
        end=End(house.clock()),
        approved_at=house.clock(),
        calls=3,
        lost=2,
        called_at=house.clock(),
        caller="0123456789abcdef",
        slot=3,
        image_id="img-1",
        task_id="tid-1",
        cloud_request_id="cloud-request-1",
        progress=40,
        watches=12,
        queue_reason=CLOUD_BUSY,
        signed_off_by=BOB,
    )


async def test_a_retry_is_a_fresh_attempt_with_a_marker_of_its_own(house: House) -> None:
    request = await failed(house)
    outcome = await house.service.retry(person(ALICE), request.id)
    assert isinstance(outcome, Done)
    again = outcome.request
    assert (again.status, again.attempt, again.end) == (Status.APPROVED, Attempt(number=2), None)
    assert again.attempt.mark == ""


async def test_only_the_requester_retries_and_only_for_a_day(cabin: House) -> None:
    request = await failed(cabin)
    others = await cabin.service.retry(person(BOB), request.id)
    strangers = await cabin.service.retry(person(DAVE), request.id)
    cabin.clock.advance(RETRY_WITHIN + 1)
    late = await cabin.service.retry(person(ALICE), request.id)
    whys = [outcome.why for outcome in (others, strangers, late) if isinstance(outcome, Refused)]
    assert whys == [RefusalReason.NOT_YOURS, RefusalReason.NOT_FOUND, RefusalReason.TOO_LATE]


async def test_a_requester_who_lost_the_right_does_not_retry(cabin: House) -> None:
    request = await failed(cabin)
    cabin.allowlist = type(cabin.allowlist)()
    assert isinstance(await cabin.service.retry(person(ALICE), request.id), Denied)


async def test_a_retry_without_the_right_to_skip_approval_is_denied_for_that_right(cabin: House) -> None:
    request = await cabin.set(await failed(cabin), break_glass=True)
    outcome = await cabin.service.retry(person(ALICE), request.id)
    assert isinstance(outcome, Denied)
    assert outcome.action == BYPASS
    assert not outcome.explanation.decision.allowed


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("ratelimited", RefusalReason.UNDECIDED),
        ("missing_scope", RefusalReason.NOT_SET_UP),  # nobody is told to try again in a minute
        ("token_revoked", RefusalReason.NOT_SET_UP),
    ],
)
async def test_a_retry_that_nobody_can_decide_on_is_refused_and_recorded(
    cabin: House, why: str, reason: RefusalReason
) -> None:
    request = await failed(cabin)
    cabin.directory.down, cabin.directory.why = True, why
    outcome = await cabin.service.retry(person(ALICE), request.id)
    assert isinstance(outcome, Refused)
    assert outcome.why is reason
    assert await refusals(cabin) == [ALICE]


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


async def test_a_request_without_a_channel_is_refused(houses: Callable[..., House]) -> None:
    house = houses(image_channel=None)
    outcome = await house.service.submit(person(ALICE, channel=""), submission())
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.NO_CHANNEL


async def test_skipping_approval_needs_the_right_and_a_reason(cabin: House) -> None:
    denied = await cabin.service.submit(person(ALICE), submission(break_glass=True, reason="fire"))
    silent = await cabin.service.submit(person(EVE), submission(break_glass=True))
    made = await cabin.service.submit(person(EVE), submission(break_glass=True, reason="fire"))
    assert isinstance(denied, Denied)
    assert isinstance(silent, Refused)
    assert silent.why is RefusalReason.REASON_NEEDED
    assert isinstance(made, Submitted)
    await cabin.step()
    assert (await cabin.get(made.request)).status is Status.CREATING


async def test_emergency_access_is_signed_off_once_by_somebody_who_might_have_approved(cabin: House) -> None:
    made = await cabin.service.submit(person(EVE), submission(break_glass=True, reason="fire"))
    assert isinstance(made, Submitted)
    request = await cabin.set(made.request, status=Status.AVAILABLE)
    own = await cabin.service.sign_off(person(EVE), request.id)
    done = await cabin.service.sign_off(person(BOB), request.id)
    again = await cabin.service.sign_off(person(CAROL), request.id)
    assert isinstance(own, Refused)
    assert own.why is RefusalReason.OWN_REQUEST
    assert isinstance(done, Done)
    assert isinstance(again, Refused)
    assert again.why is RefusalReason.NOT_OPEN


async def test_of_several_who_sign_off_at_the_same_moment_one_does(url: str) -> None:
    houses = [House(url) for _ in range(2)]
    made = await houses[0].service.submit(person(EVE), submission(break_glass=True, reason="fire"))
    assert isinstance(made, Submitted)
    request = await houses[0].set(made.request, status=Status.AVAILABLE)
    outcomes = await asyncio.gather(
        *(house.service.sign_off(person(user), request.id) for house in houses for user in (BOB, CAROL))
    )
    done = [outcome.request.attempt.signed_off_by for outcome in outcomes if isinstance(outcome, Done)]
    refused = [outcome.why for outcome in outcomes if isinstance(outcome, Refused)]
    assert refused == [RefusalReason.NOT_OPEN] * 3
    assert done == [(await houses[0].get(request)).attempt.signed_off_by]
    for house in houses:
        await house.aclose()


async def test_nobody_delegates_to_themselves(cabin: House) -> None:
    outcome = await cabin.service.delegate(person(BOB), BOB, cabin.clock() + 3600)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.YOURSELF


async def test_a_delegate_fills_the_delegators_place_and_no_more(house: House) -> None:
    request = await pending(house)
    await house.service.delegate(person(BOB), DAVE, house.clock() + 3600)
    assert isinstance(await house.service.review(person(DAVE), request.id, approves=True), Reviewed)
    assert (await house.get(request)).reviews[0].holder == BOB
    own = await pending(house, instance="ws-0own0000000001")
    await house.service.end_delegation(person(BOB))
    assert isinstance(await house.service.review(person(DAVE), own.id, approves=True), Denied)


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


IN_THE_CARDS_CHANNEL = """
policies:
  requester:
    Version: "1"
    Statement: [{Effect: Allow, Action: "appstreaming:CreateImageByInstance", Resource: "*"}]
  approver:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: imagebot:ApproveImageRequest
        Resource: "*"
        Condition: {StringEquals: {"slack:ChannelId": C0IMAGES}}
attachments:
  - {users: [U0ALICE], policies: [requester]}
  - {users: [U0BOB], policies: [approver]}
"""


async def test_a_right_to_approve_in_the_cards_channel_holds_until_the_cloud_is_asked(
    cabin: House, tmp_path: Path
) -> None:
    """Wherever the request was typed, it is reviewed on its card."""
    (tmp_path / "allowlist.yaml").write_text(IN_THE_CARDS_CHANNEL)
    cabin.allowlist = load(tmp_path / "allowlist.yaml")
    typed_elsewhere = replace(person(ALICE), channel_id="C0GENERAL")
    outcome = await cabin.service.submit(typed_elsewhere, submission())
    assert isinstance(outcome, Submitted)

    assert isinstance(await cabin.service.review(person(BOB), outcome.request.id, approves=True), Reviewed)
    await cabin.step()

    assert (await cabin.get(outcome.request)).status is Status.CREATING


async def test_what_waits_is_everybodys_for_who_may_read_and_ones_own_for_others(cabin: House) -> None:
    request = await cabin.submit()

    for user, seen in ((EVE, (request.id,)), (ALICE, (request.id,)), (DAVE, ())):
        found = await cabin.service.questions.find(person(user), "pending")
        assert isinstance(found, Found)
        assert tuple(each.id for each in found.requests) == seen


async def test_a_person_has_so_many_open_requests_and_no_more(houses: Callable[..., House]) -> None:
    """What has ended doesn't count, nor what others ask for."""
    house = houses(open_requests_per_person=2)
    made = [await house.submit(instance=f"ws-0mine{number}00000001", key=str(number)) for number in range(2)]
    refused = await house.service.submit(person(ALICE), submission(key="new"))
    assert isinstance(refused, Refused)
    assert refused.why is RefusalReason.TOO_MANY
    again = await house.service.submit(person(ALICE), submission(key="1"))
    assert isinstance(again, Submitted)
    assert again.request.id == made[1].id
    assert isinstance(await house.service.submit(person(EVE), submission()), Submitted)
    await house.service.cancel(person(ALICE), made[0].id)
    assert isinstance(await house.service.submit(person(ALICE), submission()), Submitted)


async def test_a_person_sends_so_many_requests_a_minute_and_no_more(houses: Callable[..., House]) -> None:
    """Others go on; a delivery that Slack repeats is no further request; a minute later they may again."""
    house = houses(requests_per_person_and_minute=2)
    made = [await house.submit(instance=f"ws-0mine{number}00000001", key=str(number)) for number in range(2)]
    refused = await house.service.submit(person(ALICE), submission(key="new"))
    assert isinstance(refused, Refused)
    assert refused.why is RefusalReason.TOO_FAST
    again = await house.service.submit(person(ALICE), submission(key="1"))
    assert isinstance(again, Submitted)
    assert again.request.id == made[1].id
    assert isinstance(await house.service.submit(person(EVE), submission()), Submitted)
    house.clock.advance(60)
    assert isinstance(await house.service.submit(person(ALICE), submission()), Submitted)
