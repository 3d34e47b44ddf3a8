"""Approving, rejecting and signing off: who counts, and every way in which it can be refused."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.allowlist import load
from bot.domain.lifecycle import Status
from bot.domain.request import End
from bot.domain.vocabulary import APPROVE
from bot.ports import Profile
from bot.service.outcomes import (
    Denied,
    Done,
    RefusalReason,
    Refused,
    Reviewed,
    Submitted,
)
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, House, person, rules_where
from tests.service.asked import pending, refusals, submission


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


IN_THE_CARDS_CHANNEL = rules_where('"slack:ChannelId": C0IMAGES')


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


async def test_a_delegate_fills_the_delegators_place_and_no_more(house: House) -> None:
    request = await pending(house)
    await house.service.delegate(person(BOB), DAVE, house.clock() + 3600)
    assert isinstance(await house.service.review(person(DAVE), request.id, approves=True), Reviewed)
    assert (await house.get(request)).reviews[0].holder == BOB
    own = await pending(house, instance="ws-0own0000000001")
    await house.service.end_delegation(person(BOB))
    assert isinstance(await house.service.review(person(DAVE), own.id, approves=True), Denied)


async def test_nobody_delegates_to_themselves(cabin: House) -> None:
    outcome = await cabin.service.delegate(person(BOB), BOB, cabin.clock() + 3600)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.YOURSELF
