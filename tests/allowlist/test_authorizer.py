"""Who still counts, between the click and the call of the cloud; and who is asked to help."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.allowlist import load
from bot.allowlist.access import Target
from bot.allowlist.authorizer import MOST_NAMED, NOBODY, Candidates
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import RIGHTS_LOST, End, Person, Request, Submission
from bot.domain.vocabulary import APPROVE, BYPASS
from bot.ports import Profile
from bot.service.outcomes import (
    Approvers,
    Delegated,
    Denied,
    Done,
    Explained,
    RefusalReason,
    Refused,
    Reviewed,
    RightsHeld,
    Submitted,
)
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, INSTANCE, RULES, House, person, rules_where
from tests.ports import CREATE, FakeDirectory

GONE = {"deactivated": True}
IN_ONE_WORKSPACE = rules_where('"slack:TeamId": T0TEAM')


def image_of(name: str) -> CreateImage:
    """An image of the house's instance."""
    return CreateImage(instance_id=INSTANCE, image_name=name)


async def waiting(house: House, **fields: Any) -> Request:
    """Return a request that the bot has looked over."""
    request = await house.submit(**fields)
    await house.settle()
    return await house.get(request)


async def approved_for_later(house: House) -> Request:
    """Return a request that Bob has approved, and that starts in an hour."""
    request = await house.submit(start_at=house.clock() + 3600)
    await house.service.review(person(BOB), request.id, approves=True)
    await house.settle()
    found = await house.get(request)
    assert found.status is Status.APPROVED
    return found


async def started(house: House, request: Request) -> Request:
    """Let the hour pass; return what became of the request."""
    house.clock.advance(3601)
    await house.settle()
    return await house.get(request)


@pytest.mark.parametrize("change", [GONE, {"guest": True}, {"external": True}, {"bot": True}])
async def test_an_approval_counts_only_while_its_giver_is_one_of_us(
    cabin: House, change: dict[str, bool]
) -> None:
    """Asked once more before the cloud is."""
    request = await approved_for_later(cabin)
    cabin.directory.profiles[BOB] = replace(Profile(BOB, "T0TEAM", "Bob"), **change)  # type: ignore[arg-type]

    after = await started(cabin, request)

    assert (after.status, after.reviews) == (Status.PENDING, ())
    assert CREATE not in cabin.cloud.calls


async def test_an_approval_counts_no_more_when_its_giver_left_the_group(cabin: House) -> None:
    """The right came with the group."""
    request = await approved_for_later(cabin)
    cabin.directory.groups["S0OPS"].discard(BOB)

    assert (await started(cabin, request)).status is Status.PENDING


async def test_a_delegated_approval_counts_while_the_delegator_might_have_given_it(cabin: House) -> None:
    """Dave acts for Bob, who is deactivated before the cloud is called."""
    request = await cabin.submit(start_at=cabin.clock() + 3600)
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 7200)
    await cabin.service.review(person(DAVE), request.id, approves=True)
    await cabin.settle()
    cabin.directory.profiles[BOB] = Profile(BOB, "T0TEAM", "Bob", deactivated=True)

    assert (await started(cabin, request)).status is Status.PENDING
    assert isinstance(await cabin.service.review(person(DAVE), request.id, approves=True), Denied)


async def test_a_delegated_approval_stays_when_the_delegation_has_run_out_since(cabin: House) -> None:
    """It was given in time, and Bob still has the right."""
    request = await cabin.submit(start_at=cabin.clock() + 3600)
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 60)
    await cabin.service.review(person(DAVE), request.id, approves=True)
    await cabin.settle()

    assert (await started(cabin, request)).status is Status.CREATING


async def test_an_approval_keeps_the_workspace_in_which_it_was_given(cabin: House, tmp_path: Path) -> None:
    """One organization has several: Bob belongs to one and may approve in another."""
    (tmp_path / "allowlist.yaml").write_text(IN_ONE_WORKSPACE)
    cabin.allowlist = load(tmp_path / "allowlist.yaml")
    cabin.directory.profiles[BOB] = Profile(BOB, "T0HOME", "Bob", teams=frozenset({"T0TEAM"}))
    request = await cabin.submit(start_at=cabin.clock() + 3600)

    elsewhere = await cabin.service.review(Person(BOB, "T0HOME", "C0IMAGES"), request.id, approves=True)
    here = await cabin.service.review(person(BOB), request.id, approves=True)
    await cabin.settle()

    assert isinstance(elsewhere, Denied)
    assert isinstance(here, Reviewed)
    assert (await started(cabin, request)).status is Status.CREATING


async def test_a_delegation_ends_by_itself(cabin: House) -> None:
    """To the second."""
    request = await waiting(cabin)
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 60)
    cabin.clock.advance(60)

    assert isinstance(await cabin.service.review(person(DAVE), request.id, approves=True), Denied)
    ended = await cabin.service.end_delegation(person(BOB))
    assert isinstance(ended, Refused)
    assert ended.why is RefusalReason.NOT_DELEGATED


async def test_one_person_never_fills_two_places_with_a_delegated_one(cabin: House) -> None:
    """Carol is of security and has operations' place from Bob: she still is one person."""
    request = await waiting(cabin, image={"image_name": "two"})
    await cabin.service.delegate(person(BOB), CAROL, cabin.clock() + 3600)
    first = await cabin.service.review(person(CAROL), request.id, approves=True)
    second = await cabin.service.review(person(CAROL), request.id, approves=True)

    assert isinstance(first, Reviewed)
    assert first.tally.filled == 1
    assert isinstance(second, Refused)
    assert second.why is RefusalReason.ALREADY_REVIEWED


async def test_a_new_delegation_takes_the_place_of_the_old_one(cabin: House) -> None:
    """At most one a person, and each is in the audit log."""
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 3600)
    await cabin.service.delegate(person(BOB), CAROL, cabin.clock() + 3600)
    held = await cabin.service.questions.whoami(person(DAVE))

    assert isinstance(held, RightsHeld)
    assert held.delegations.received == ()
    delegations = await cabin.service.delegations(person(BOB))
    assert delegations.given is not None
    assert delegations.given.delegate == CAROL
    ended = await cabin.service.end_delegation(person(BOB))
    assert ended == Delegated(BOB, CAROL, None)
    assert [entry.event for entry in await cabin.log()] == ["delegated", "delegated", "delegation_ended"]


async def test_who_delegated_their_approvals_is_left_alone_and_the_other_reminded(cabin: House) -> None:
    """The reminder goes to who acts."""
    request = await waiting(cabin, image={"image_name": "two"})
    await cabin.service.delegate(person(CAROL), DAVE, cabin.clock() + 86400)
    cabin.clock.advance(3601)
    await cabin.settle()

    [reminder] = [message for message in cabin.notifier.order if message.last.event == "reminded"]
    assert list(reminder.last.details["helpers"]) == [BOB, DAVE, EVE]
    asked = await cabin.service.questions.approvers(person(ALICE), request.id)
    assert isinstance(asked, Approvers)
    assert [(each.delegator, each.delegate) for each in asked.stand_ins] == [(CAROL, DAVE)]


async def test_outsiders_are_not_among_those_who_can_help(cabin: House) -> None:
    """Neither is the requester, nor who has approved."""
    request = await waiting(cabin, image={"image_name": "two"})
    cabin.directory.groups["S0SEC"].add("U0GUEST")
    cabin.directory.profiles["U0GUEST"] = Profile("U0GUEST", "T0TEAM", "Gina", guest=True)

    assert await cabin.rights.candidates(request) == Candidates((BOB, CAROL, EVE))


async def test_at_most_so_many_people_are_looked_up_in_slack(cabin: House) -> None:
    """A group of thousands does not make an answer late."""
    cabin.directory.groups["S0SEC"] |= {f"U1{number:04}" for number in range(2000)}

    assert len((await cabin.rights.candidates(await waiting(cabin))).user_ids) == MOST_NAMED


async def test_who_skips_approval_needs_the_right_until_the_cloud_is_asked(
    cabin: House, tmp_path: Path
) -> None:
    """Else the request ends, and says so."""
    asked_for = Submission(image_of("x"), reason="fire", break_glass=True, start_at=cabin.clock() + 3600)
    made = await cabin.service.submit(person(EVE), asked_for)
    assert isinstance(made, Submitted)
    await cabin.settle()
    edited = tmp_path / "rules.yaml"
    edited.write_text(RULES.read_text().replace("policies: [requester, operator]", "policies: [requester]"))
    cabin.allowlist = load(edited)

    after = await started(cabin, made.request)

    assert (after.status, after.end) == (Status.CANCELLED, End(cabin.clock(), reason=RIGHTS_LOST))


async def test_a_retry_of_emergency_access_is_reviewed_again(cabin: House) -> None:
    """Its sign-off was about the first attempt."""
    made = await cabin.service.submit(person(EVE), Submission(image_of("x"), reason="fire", break_glass=True))
    assert isinstance(made, Submitted)
    await cabin.set(made.request, status=Status.FAILED, end=End(cabin.clock()))
    assert isinstance(await cabin.service.sign_off(person(BOB), made.request.id), Done)

    retried = await cabin.service.retry(person(EVE), made.request.id)

    assert isinstance(retried, Done)
    assert retried.request.attempt.signed_off_by is None


async def test_what_is_under_way_cannot_be_reviewed_afterwards_yet(cabin: House) -> None:
    """Nor can what was never broken."""
    made = await cabin.service.submit(person(EVE), Submission(image_of("x"), reason="fire", break_glass=True))
    assert isinstance(made, Submitted)
    plain = await cabin.submit()
    early, never = [await cabin.service.sign_off(person(BOB), each.id) for each in (made.request, plain)]

    assert isinstance(early, Refused)
    assert early.why is RefusalReason.TOO_EARLY
    assert isinstance(never, Refused)
    assert never.why is RefusalReason.NOT_OPEN


async def test_why_not_names_policies_people_and_the_admins(cabin: House) -> None:
    """For any action, on any request or on none."""
    outcomes = [
        await cabin.service.questions.why(person(DAVE), Submission(image_of("x"))),
        await cabin.service.questions.why(person(ALICE), Submission(image_of("x"), break_glass=True)),
        await cabin.service.questions.why_not(person(DAVE), APPROVE, Target(image_of("x"), ALICE)),
        await cabin.service.questions.why_not(person(DAVE), "imagebot:ReadRequests", None),
    ]
    explained = [each for each in outcomes if isinstance(each, Explained)]
    told = [(each.action, each.advice.policies, each.advice.people.user_ids) for each in explained]

    assert told == [
        ("appstreaming:CreateImageByInstance", ("requester",), (ALICE, EVE)),
        (BYPASS, ("operator",), (EVE,)),
        (APPROVE, ("approver",), (BOB, CAROL, EVE)),
        ("imagebot:ReadRequests", ("operator",), (EVE,)),
    ]


async def test_why_tells_who_could_approve(cabin: House) -> None:
    """Nobody, where the rule asks for nobody."""
    asked = await cabin.service.questions.why(person(ALICE), Submission(image_of("two")))
    free = await cabin.service.questions.why(person(ALICE), Submission(image_of("free")))

    assert isinstance(asked, Explained)
    assert asked.approvers == Candidates((BOB, CAROL, EVE))
    assert isinstance(free, Explained)
    assert free.approvers == NOBODY


class SlowDirectory(FakeDirectory):
    """A Slack that knows everybody and takes its time over profiles."""

    async def profile(self, user_id: str) -> Profile:
        """Never come to an end."""
        await asyncio.Event().wait()
        return await super().profile(user_id)


async def test_a_slack_that_is_slow_about_people_holds_no_question_up(cabin: House) -> None:
    """A command has three seconds: then nobody can say, which is an answer too."""
    request = await waiting(cabin)
    cabin.rights.directory = SlowDirectory(cabin.directory.groups)

    asked = await asyncio.gather(
        cabin.service.questions.why(person(DAVE), Submission(image_of("x"))),
        cabin.service.questions.why_not(person(DAVE), APPROVE, Target(image_of("x"), ALICE)),
        cabin.service.questions.approvers(person(ALICE), request.id),
    )

    assert [each.why for each in asked if isinstance(each, Refused)] == [RefusalReason.UNDECIDED] * 3
