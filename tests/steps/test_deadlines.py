"""A cloud that refuses our questions, hangs or breaks keeps nobody waiting forever: there's a time limit."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.lifecycle import Event, Status
from bot.domain.request import CLOUD_UNSURE, CREATE_FAILED, End, Request
from bot.errors import CloudBusy, CloudError, CloudUnknown, DirectoryDown, Fault
from bot.ports import ImageStatus
from bot.service.outcomes import Done, Refused
from bot.steps.asking import asked
from tests.house import ALICE, BOB, EVE, House, person
from tests.ports import CREATE, FINAL, FIND, IMAGE, IMAGES, no_credentials, refused, unknown

TIMEOUT = 6 * 3600.0
ADMINS = "C0ADMINS"
LOOKS = pytest.mark.parametrize("look", [IMAGES, FIND])
"""While an image with an ID is watched, and while one is looked for whose ID nobody knows."""


async def being_made(house: House, look: str) -> Request:
    """Return a request whose image is checked with that call from now on."""
    request = await house.approved()
    if look == FIND:
        house.cloud.lags = True
        house.cloud.fail(CREATE, unknown(), after=True)
    await house.settle()
    return await house.get(request)


async def live(house: House, seconds: float, stride: float = 600.0) -> None:
    """Let time pass, working and telling as it does."""
    until = house.clock() + seconds
    while house.clock() < until:
        house.clock.advance(min(stride, until - house.clock()))
        await house.settle()


async def never() -> None:
    """A look without an answer."""
    await asyncio.Event().wait()


async def broken() -> None:
    """A look that ends in what nobody thought of."""
    raise RuntimeError("a bug")


@pytest.mark.parametrize(("look", "code"), [(never, "TimedOut"), (broken, "RuntimeError")])
async def test_a_look_that_hangs_or_breaks_is_one_without_an_answer(
    look: Callable[[], Awaitable[None]], code: str
) -> None:
    error = await asked(look(), "r-7abcdef", seconds=0.01)
    assert isinstance(error, CloudUnknown)
    assert error.code == code


@LOOKS
@pytest.mark.parametrize("error", FINAL)
async def test_a_cloud_that_refuses_to_be_asked_is_told_once_in_the_thread_and_to_the_admins(
    cabin: House, look: str, error: Callable[[], CloudError]
) -> None:
    cabin.allowlist = replace(cabin.allowlist, admin_channel=ADMINS)
    request = await being_made(cabin, look)
    cabin.cloud.fail(look, error(), times=10_000)
    await live(cabin, 600)
    told = [
        (each.kind.value, each.channel) for each in cabin.notifier.order if each.last.event == Event.STALL
    ]
    assert told == [("entry", request.channel), ("notice", ADMINS)]
    [entry] = [each for each in cabin.notifier.order if each.last.event == Event.STALL][:1]
    assert entry.last.details["explanation"] == error().explanation
    assert [each.event for each in await cabin.log()].count(Event.STALL) == 1


@LOOKS
async def test_what_is_told_again_is_a_new_refusal(cabin: House, look: str) -> None:
    await being_made(cabin, look)
    for explanation in ("cloud-forbidden", "cloud-access-key", "cloud-access-key"):
        cabin.cloud.fail(look, refused("Code", explanation))
        await live(cabin, 40, 40)
    assert [event for _, event in cabin.told()].count("stalled") == 2


@LOOKS
async def test_a_request_that_nobody_can_see_can_be_cancelled(cabin: House, look: str) -> None:
    request = await being_made(cabin, look)
    assert isinstance(await cabin.service.cancel(person(ALICE), request.id), Refused)
    cabin.cloud.fail(look, no_credentials(), times=10_000)
    await live(cabin, 60)
    assert isinstance(await cabin.service.cancel(person(ALICE), request.id, "never mind"), Done)
    cancelled = await cabin.get(request)
    assert (cancelled.status, cancelled.attempt.slot) == (Status.CANCELLED, None)


async def test_a_cloud_that_answers_again_ends_the_trouble(cabin: House) -> None:
    request = await being_made(cabin, IMAGES)
    cabin.cloud.fail(IMAGES, no_credentials())
    await live(cabin, 5, 5)
    assert (await cabin.get(request)).attempt.trouble
    await live(cabin, 40, 40)
    assert not (await cabin.get(request)).attempt.trouble
    assert isinstance(await cabin.service.cancel(person(ALICE), request.id), Refused)


async def test_places_of_those_that_nobody_can_see_are_free_again_in_time(
    houses: Callable[..., House],
) -> None:
    house = houses(images_at_once=1)
    await being_made(house, IMAGES)
    waiting = await house.approved(instance="ws-0next0000000001")
    house.cloud.fail(IMAGES, no_credentials(), times=10_000)
    await live(house, TIMEOUT - 60)
    assert (await house.get(waiting)).status is Status.APPROVED
    await live(house, 120)
    assert (await house.get(waiting)).status is Status.CREATING


async def test_a_request_without_approvals_expires_when_nobody_knows_who_is_who(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.settle()
    cabin.directory.down = True
    cabin.clock.advance(86400)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.EXPIRED


async def test_an_approval_that_nobody_can_confirm_counts_for_an_hour_after_the_end_and_no_longer(
    cabin: House,
) -> None:
    request = await cabin.submit()
    await cabin.service.review(person(BOB), request.id, approves=True)
    cabin.directory.down = True
    cabin.clock.advance(86400 + 3599)
    with pytest.raises(DirectoryDown):
        await cabin.step()
    cabin.clock.advance(1)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.EXPIRED


@pytest.mark.parametrize("act", ["approve", "reject", "cancel"])
async def test_a_click_after_the_end_and_before_the_step_is_told_that_it_has_ended(
    cabin: House, act: str
) -> None:
    request = await cabin.submit()
    cabin.clock.advance(86400)
    outcome = (
        await cabin.service.cancel(person(ALICE), request.id)
        if act == "cancel"
        else await cabin.service.review(person(BOB), request.id, approves=act == "approve", reason="r")
    )
    assert isinstance(outcome, Refused)
    assert outcome.request is not None
    assert (outcome.why.value, outcome.request.status) == ("too-late", Status.EXPIRED)


async def test_the_card_of_a_failure_is_redrawn_when_its_day_for_a_retry_is_over(cabin: House) -> None:
    await cabin.approved()
    cabin.cloud.fail(CREATE, refused())
    await cabin.settle()
    edits = len(cabin.notifier.edits)
    await live(cabin, 86399)
    assert len(cabin.notifier.edits) == edits
    await live(cabin, 1)
    assert len(cabin.notifier.edits) == edits + 1
    await live(cabin, 86400, 3600)
    assert len(cabin.notifier.edits) == edits + 1


async def test_a_card_whose_progress_stays_is_edited_once_to_say_so(cabin: House) -> None:
    await being_made(cabin, IMAGES)
    cabin.cloud.become(ImageStatus.CREATING, 40)
    await live(cabin, 30, 5)
    edits = len(cabin.notifier.edits)
    await live(cabin, 3600, 30)
    assert len(cabin.notifier.edits) == edits + 1
    cabin.cloud.become(ImageStatus.CREATING, 41)
    await live(cabin, 30)
    assert len(cabin.notifier.edits) == edits + 2


async def timed_out(house: House) -> Request:
    """Return a request whose image is still being made when its time is over."""
    request = await being_made(house, IMAGES)
    await live(house, TIMEOUT, 3600)
    return await house.get(request)


@pytest.mark.parametrize(
    ("became", "made"),
    [(ImageStatus.AVAILABLE, 1), (ImageStatus.CREATING, 1), (ImageStatus.CREATE_FAILED, 2)],
)
async def test_a_retry_takes_the_image_of_the_try_that_took_too_long_if_it_comes_to_anything(
    cabin: House, became: ImageStatus, made: int
) -> None:
    request = await timed_out(cabin)
    assert isinstance(await cabin.service.retry(person(ALICE), request.id), Done)
    cabin.cloud.become(became)
    await live(cabin, 60, 5)
    assert len(cabin.cloud.images) == made
    again = await cabin.get(request)
    assert again.attempt.image_id == f"img-{made}"
    cabin.cloud.become(ImageStatus.AVAILABLE)
    await live(cabin, 60)
    assert (await cabin.get(request)).status is Status.AVAILABLE


async def test_a_retry_asks_for_nothing_while_nobody_can_tell_of_the_try_before(cabin: House) -> None:
    request = await timed_out(cabin)
    cabin.cloud.fail(IMAGE, unknown(), times=5)
    await cabin.service.retry(person(ALICE), request.id)
    await live(cabin, 90, 30)
    assert cabin.cloud.calls.count(CREATE) == 1
    await live(cabin, 90, 30)
    assert (await cabin.get(request)).attempt.image_id == "img-1"


async def test_an_image_that_failed_has_no_successor_to_look_for(cabin: House) -> None:
    request = await being_made(cabin, IMAGES)
    cabin.cloud.become(ImageStatus.CREATE_FAILED)
    await live(cabin, 5)
    failed = await cabin.get(request)
    assert failed.attempt.failure is not None
    assert failed.attempt.failure.code == CREATE_FAILED
    assert failed.again().attempt.predecessor is None


async def test_rights_are_asked_for_again_before_a_second_call(cabin: House) -> None:
    request = await cabin.approved(user=EVE)
    cabin.cloud.fail(CREATE, unknown())
    await cabin.step()
    cabin.allowlist = type(cabin.allowlist)()
    await live(cabin, 200, 5)
    cancelled = await cabin.get(request)
    assert cancelled.status is Status.CANCELLED
    assert cancelled.end == End(cancelled.end.at if cancelled.end else 0.0, reason="rights-lost")
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_an_approver_who_lost_the_right_stops_a_second_call(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, unknown())
    await cabin.step()
    cabin.directory.groups["S0OPS"].discard(BOB)
    await live(cabin, 200, 5)
    assert (await cabin.get(request)).status is Status.PENDING
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_a_code_that_no_page_lists_is_tried_on_as_long_as_an_image_may_take(cabin: House) -> None:
    """Then the request fails with the cloud's own words, and leaves the line."""
    unlisted = CloudBusy("Instance.Strange", "No.", 400, fault=Fault.CLOUD, retry_after=300)
    cabin.cloud.fail(CREATE, unlisted, times=10_000)
    request = await cabin.approved()
    await cabin.settle()
    await live(cabin, TIMEOUT - 600)
    waiting = await cabin.get(request)
    assert (waiting.status, waiting.attempt.queue_reason) == (Status.APPROVED, CLOUD_UNSURE)

    await live(cabin, 1800)

    failed = await cabin.get(request)
    assert failed.attempt.failure is not None
    assert (failed.status, failed.attempt.failure.code) == (Status.FAILED, "Instance.Strange")
    assert cabin.told()[-1] == ("entry", "failed")
    assert failed.again().attempt.unsure_since is None
