"""From approval to image: claimed before the call, looked for when in doubt, made once."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.domain.lifecycle import Event, Status
from bot.domain.request import CLOUD_BUSY, INSTANCE_BUSY, RIGHTS_LOST, End, Request
from bot.errors import CloudError
from bot.ports import ImageStatus
from bot.steps.create import QUOTA, TASK_EXISTS
from bot.steps.look import MOST_LOST
from tests.house import BOB, EVE, House, lease, person
from tests.ports import (
    CREATE,
    FIND,
    IMAGES,
    WAITING,
    busy,
    no_credentials,
    refused,
    unknown,
)

OTHERS = "ws-0other00000001"


async def test_an_approved_request_becomes_an_image(cabin: House) -> None:
    request = await cabin.approved()
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING
    cabin.cloud.become(ImageStatus.AVAILABLE)
    cabin.clock.advance(5)
    await cabin.step()
    done = await cabin.get(request)
    assert (done.status, done.attempt.image_id, done.attempt.progress) == (Status.AVAILABLE, "img-1", 100)
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_the_image_says_who_asked_who_approved_and_where_it_comes_from(cabin: House) -> None:
    request = await cabin.approved()
    await cabin.step()
    description = cabin.cloud.images["img-1"].description
    marker = (await cabin.get(request)).marker
    assert description.startswith(f"[{marker}] requested by U0ALICE, approved by U0BOB")


async def test_the_operators_parameters_are_sent_and_not_kept(houses: Callable[..., House]) -> None:
    house = houses(appstream_biz_type=7, appstream_product_type="WuyingServer")
    request = await house.approved()
    await house.step()
    assert (await house.get(request)).image.biz_type is None


@pytest.mark.parametrize("error", [refused, no_credentials])
async def test_a_refusal_for_good_fails_the_request_with_the_clouds_words(
    cabin: House, error: Callable[[], CloudError]
) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, error())
    await cabin.step()
    failed = await cabin.get(request)
    assert failed.status is Status.FAILED
    assert failed.attempt.failure is not None
    assert failed.attempt.failure.code == error().code
    assert failed.attempt.slot is None
    assert cabin.cloud.calls.count(CREATE) == 1


@pytest.mark.parametrize("error", WAITING)
async def test_a_cloud_that_surely_made_nothing_is_asked_again_later(
    cabin: House, error: Callable[[], CloudError]
) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, error())
    await cabin.step()
    waiting = await cabin.get(request)
    assert (waiting.status, waiting.attempt.queue_reason, waiting.attempt.slot) == (
        Status.APPROVED,
        CLOUD_BUSY,
        None,
    )
    cabin.clock.advance(30)
    await cabin.step()
    assert (await cabin.get(request)).attempt.image_id == "img-1"
    assert len(cabin.cloud.images) == 1


async def test_the_cloud_says_how_long_to_wait(cabin: House) -> None:
    await cabin.approved()
    cabin.cloud.fail(CREATE, busy(retry_after=300))
    await cabin.step()
    cabin.clock.advance(299)
    assert await cabin.step() == 0
    cabin.clock.advance(1)
    assert await cabin.step() == 1


@pytest.mark.parametrize("got_through", [True, False])
async def test_after_an_unknown_outcome_there_is_one_image_whatever_happened(
    cabin: House, got_through: bool
) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, unknown(), after=got_through)
    for _ in range(60):
        await cabin.step()
        cabin.clock.advance(5)
    assert (await cabin.get(request)).attempt.image_id == "img-1"
    assert len(cabin.cloud.images) == 1


async def test_a_listing_that_lags_is_waited_for(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.lags = True
    cabin.cloud.fail(CREATE, unknown(), after=True)
    for _ in range(16):
        await cabin.step()
        cabin.clock.advance(5)
    cabin.cloud.catch_up()
    await cabin.step()
    assert (await cabin.get(request)).attempt.image_id == "img-1"
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_errors_while_looking_decide_nothing(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, unknown(), after=True)
    await cabin.step()
    cabin.cloud.fail(FIND, unknown())
    cabin.clock.advance(1000)
    await cabin.step()
    assert cabin.cloud.calls.count(CREATE) == 1
    cabin.clock.advance(60)
    await cabin.step()
    assert (await cabin.get(request)).attempt.image_id == "img-1"


async def test_a_process_that_died_after_its_claim_leaves_a_request_that_is_looked_for_first(
    cabin: House,
) -> None:
    request = await cabin.approved()
    dead = lease()
    claimed = await cabin.set(
        request, status=Status.CREATING, slot=0, caller=dead.token, calls=1, called_at=cabin.clock()
    )
    await cabin.step()
    assert cabin.cloud.calls.count(CREATE) == 0
    cabin.clock.advance(91)
    await cabin.step()
    assert (await cabin.get(claimed)).attempt.image_id == "img-1"
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_a_cloud_that_never_answers_is_given_up_on(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, unknown(), times=100)
    cabin.cloud.lags = True
    for _ in range(MOST_LOST + 2):
        await cabin.step()
        cabin.clock.advance(100)
        await cabin.step()
        cabin.clock.advance(5)
    failed = await cabin.get(request)
    assert failed.status is Status.FAILED
    assert failed.attempt.failure is not None
    assert failed.attempt.failure.code == "cloud-silent"
    assert cabin.cloud.calls.count(CREATE) == MOST_LOST + 1


async def test_a_task_that_is_our_own_image_is_adopted(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, busy(TASK_EXISTS), after=True)
    await cabin.step()
    assert (await cabin.get(request)).attempt.image_id == "img-1"
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_a_task_that_is_somebody_elses_is_waited_for_and_told(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, busy(TASK_EXISTS), times=3)
    for _ in range(3):
        await cabin.settle()
        cabin.clock.advance(30)
    waiting = await cabin.get(request)
    assert (waiting.status, waiting.attempt.queue_reason) == (Status.APPROVED, INSTANCE_BUSY)
    told = [each.event for message in cabin.notifier.order for each in message.told]
    assert told.count("queued") == 1
    assert told.count("creating") == 1
    await cabin.settle()
    assert (await cabin.get(request)).attempt.image_id == "img-1"


async def test_a_second_call_is_preceded_by_a_look(cabin: House) -> None:
    request = await cabin.approved()
    cabin.cloud.lags = True
    cabin.cloud.fail(CREATE, busy(TASK_EXISTS), after=True)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.APPROVED
    cabin.cloud.catch_up()
    cabin.clock.advance(30)
    await cabin.step()
    assert (await cabin.get(request)).attempt.image_id == "img-1"
    assert cabin.cloud.calls.count(CREATE) == 1


async def test_a_quota_holds_up_the_line_for_a_while(houses: Callable[..., House]) -> None:
    house = houses(images_at_once=1)
    first = await house.approved(instance="ws-0first00000001")
    house.cloud.fail(CREATE, busy(QUOTA))
    await house.step()
    house.clock.advance(1)
    second = await house.approved(instance="ws-0second0000001")
    await house.step()
    places = [await house.store.place_in_line(await house.get(each)) for each in (first, second)]
    assert places == [1, 1]  # the first was sent away for a while
    assert house.cloud.calls.count(CREATE) == 1
    house.clock.advance(30)
    await house.step()
    assert (await house.get(first)).attempt.image_id == "img-1"
    assert (await house.get(second)).status is Status.APPROVED


async def create_steps(house: House, instance: str, minutes: int) -> Request:
    """Return a request that was approved then, and try to make its image."""
    request = await house.approved(instance=instance)
    house.clock.advance(minutes)
    await house.step()
    return await house.get(request)


async def test_places_are_given_in_the_order_of_approval(houses: Callable[..., House]) -> None:
    house = houses(images_at_once=1)
    requests = [await create_steps(house, f"ws-0place{number}0000001", 1) for number in range(4)]
    assert [await house.store.place_in_line(each) for each in requests] == [None, 1, 2, 3]
    finished = []
    for number in range(1, 4):
        house.cloud.become(ImageStatus.AVAILABLE)
        house.clock.advance(6)
        await house.step()
        finished.append([(await house.get(each)).status for each in requests].count(Status.AVAILABLE))
        assert (await house.get(requests[number])).status is Status.CREATING
    assert finished == [1, 2, 3]


async def test_one_image_of_an_instance_is_made_at_a_time_and_the_next_starts_at_once(house: House) -> None:
    first = await create_steps(house, OTHERS, 0)
    second = await create_steps(house, OTHERS, 0)
    assert second.status is Status.APPROVED
    house.cloud.become(ImageStatus.AVAILABLE)
    house.clock.advance(5)
    await house.step()
    assert (await house.get(first)).status is Status.AVAILABLE
    assert (await house.get(second)).status is Status.CREATING


async def test_a_request_whose_instance_is_busy_holds_nobody_up(houses: Callable[..., House]) -> None:
    house = houses(images_at_once=2)
    await create_steps(house, OTHERS, 1)
    await create_steps(house, OTHERS, 1)
    third = await create_steps(house, "ws-0third00000001", 1)
    assert third.status is Status.CREATING


async def test_a_request_is_not_started_before_its_time(cabin: House) -> None:
    request = await cabin.approved(start_at=cabin.clock() + 7200)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.APPROVED
    cabin.clock.advance(7200)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_a_requester_who_lost_the_right_gets_no_image(cabin: House) -> None:
    request = await cabin.approved(user=EVE)
    cabin.allowlist = type(cabin.allowlist)()
    await cabin.step()
    cancelled = await cabin.get(request)
    assert (cancelled.status, cancelled.end) == (Status.CANCELLED, End(cabin.clock(), reason=RIGHTS_LOST))
    assert CREATE not in cabin.cloud.calls


async def test_an_approver_who_lost_the_right_reopens_the_request_for_others(cabin: House) -> None:
    request = await cabin.approved()
    cabin.directory.groups["S0OPS"].discard(BOB)
    await cabin.settle()
    reopened = await cabin.get(request)
    assert (reopened.status, reopened.reviews) == (Status.PENDING, ())
    assert CREATE not in cabin.cloud.calls
    assert ("entry", "reopened") in cabin.told()
    await cabin.service.review(person(EVE), request.id, approves=True)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_nobody_knows_who_is_who_so_nothing_is_made_yet(cabin: House) -> None:
    request = await cabin.approved()
    cabin.directory.down = True
    with pytest.raises(Exception, match="who is who"):
        await cabin.step()
    cabin.directory.down = False
    cabin.clock.advance(60)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_an_image_that_fails_in_the_cloud_fails_the_request(cabin: House) -> None:
    request = await cabin.approved()
    await cabin.step()
    cabin.cloud.become(ImageStatus.CREATE_FAILED)
    cabin.clock.advance(5)
    await cabin.step()
    failed = await cabin.get(request)
    assert failed.attempt.failure is not None
    assert (failed.status, failed.attempt.failure.code) == (Status.FAILED, "image-create-failed")


async def watched_for(house: House, hours: int) -> None:
    """Let hours pass, looking whenever it is time."""
    for _ in range(hours):
        house.clock.advance(3600)
        await house.step()


async def test_an_image_that_takes_too_long_is_reported_and_still_watched(cabin: House) -> None:
    request = await cabin.approved()
    await cabin.step()
    await watched_for(cabin, 6)
    failed = await cabin.get(request)
    assert failed.attempt.failure is not None
    assert (failed.status, failed.attempt.failure.code, failed.attempt.image_id) == (
        Status.FAILED,
        "timed-out",
        "img-1",
    )
    await watched_for(cabin, 5)
    cabin.cloud.become(ImageStatus.AVAILABLE)
    await watched_for(cabin, 1)
    await cabin.deliver()
    late = await cabin.get(request)
    assert (late.status, late.attempt.failure) == (Status.AVAILABLE, None)
    assert cabin.told()[-1] == ("entry", "appeared")


@pytest.mark.parametrize("status", [ImageStatus.CREATING, ImageStatus.CREATE_FAILED])
async def test_late_watching_ends(cabin: House, status: ImageStatus) -> None:
    request = await cabin.approved()
    await cabin.step()
    await watched_for(cabin, 6)
    cabin.cloud.become(status)
    await watched_for(cabin, 26)
    looks = len(cabin.cloud.calls)
    await watched_for(cabin, 3)
    assert len(cabin.cloud.calls) == looks
    assert (await cabin.get(request)).status is Status.FAILED


async def test_a_bot_that_slept_for_a_day_finds_the_image_that_was_made_meanwhile(cabin: House) -> None:
    request = await cabin.approved()
    await cabin.step()
    cabin.cloud.become(ImageStatus.AVAILABLE)
    cabin.clock.advance(86400)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.AVAILABLE


async def test_a_look_is_not_told_and_progress_is_kept(cabin: House) -> None:
    request = await cabin.approved()
    await cabin.settle()
    cabin.cloud.become(ImageStatus.CREATING, 40)
    cabin.clock.advance(5)
    await cabin.settle()
    assert (await cabin.get(request)).attempt.progress == 40
    assert "watched" not in [event for _, event in cabin.told()]
    assert Event.WATCH not in [entry.event for entry in await cabin.log()]


async def test_looks_grow_rarer_and_never_rarer_than_half_a_minute(cabin: House) -> None:
    await cabin.approved()
    await cabin.step()
    looks = []
    for second in range(400):
        if await cabin.step():
            looks.append(second)
        cabin.clock.advance(1)
    gaps = [late - early for early, late in pairwise(looks)]
    assert looks[0] <= 5
    assert max(gaps) == 30
    assert gaps[-8:] == [30] * 8


async def test_images_made_at_the_same_time_are_looked_at_together_and_each_that_ends_once_more(
    houses: Callable[..., House],
) -> None:
    house = houses(images_at_once=20)
    for number in range(20):
        await house.approved(instance=f"ws-0round{number:03}000001")
        house.clock.advance(1.3)
        await house.step()
    house.cloud.calls.clear()
    for _ in range(300):
        house.clock.advance(1)
        await house.step()
    assert house.cloud.calls == [IMAGES] * len(house.cloud.calls)
    assert len(house.cloud.calls) <= 10 + 20  # a round every half minute; each began with rounds of its own

    house.cloud.become(ImageStatus.AVAILABLE)
    house.cloud.calls.clear()
    house.clock.advance(30)
    await house.step()
    assert house.cloud.calls == [IMAGES]
    house.clock.advance(3600)
    await house.step()
    assert house.cloud.calls == [IMAGES]
