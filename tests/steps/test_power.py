"""Stop first: stopped before the image is asked for, never after, and running again whatever happened."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.lifecycle import Event, Status
from bot.domain.message import Kind, Told
from bot.domain.request import (
    CREATE_FAILED,
    INSTANCE_CHANGED,
    INSTANCE_GONE,
    RIGHTS_LOST,
    STOP_TIMED_OUT,
    TIMED_OUT,
    InstanceState,
    Request,
)
from bot.errors import CloudError
from bot.ports import ImageStatus
from bot.service.outcomes import Done
from tests.house import ALICE, BOB, INSTANCE, House, person
from tests.ports import (
    ALL_KINDS,
    CREATE,
    FINAL,
    START,
    STOP,
    WAITING,
    busy,
    refused,
    unknown,
)
from tests.ports import (
    INSTANCE as LOOK,
)

RUNNING, STOPPED = InstanceState.RUNNING, InstanceState.STOPPED
STOPPING, STARTING = InstanceState.STOPPING, InstanceState.STARTING
TIMEOUT, STOP_TIMEOUT, DAY = 6 * 3600.0, 900.0, 86400.0
ADMINS = "C0ADMINS"
OTHERS = "ws-0other00000001"


@pytest.fixture
def desk(cabin: House) -> House:
    """A house whose instances run."""
    cabin.cloud.state = RUNNING
    cabin.allowlist = replace(cabin.allowlist, admin_channel=ADMINS)
    return cabin


async def live(house: House, seconds: float, stride: float = 5.0) -> None:
    """Let time pass, working and telling as it does."""
    until = house.clock() + seconds
    while house.clock() < until:
        house.clock.advance(min(stride, until - house.clock()))
        await house.settle()


async def asked(house: House, **fields: object) -> Request:
    """Return an approved request to stop first, ten seconds later."""
    request = await house.approved(stop_first=True, **fields)
    await house.settle()
    await live(house, 10)
    return await house.get(request)


def effects(house: House) -> list[str]:
    """Return what was done to the instance, in order."""
    return [operation for operation, instance in house.cloud.effects if instance == INSTANCE]


def told_of(house: House, event: Event) -> list[Told]:
    """Return what the thread was told of an event."""
    told = (told for each in house.notifier.order for told in each.told if each.kind is Kind.ENTRY)
    return [each for each in told if each.event == event]


async def code_of(house: House, request: Request) -> str:
    """Return why a request has failed."""
    failed = await house.get(request)
    assert (failed.status, failed.attempt.slot) == (Status.FAILED, None)
    assert failed.attempt.failure is not None
    return failed.attempt.failure.code


async def test_a_running_instance_is_stopped_imaged_and_started(desk: House) -> None:
    request = await asked(desk)
    assert effects(desk) == [STOP, CREATE]
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 20)
    assert effects(desk) == [STOP, CREATE, START]
    done = await desk.get(request)
    assert (done.status, done.power, desk.cloud.states[INSTANCE]) == (Status.AVAILABLE, None, RUNNING)
    told = [told.event for each in desk.notifier.order for told in each.told if each.kind is Kind.ENTRY]
    assert told[-6:] == ["stopping", "stopped", "creating", "available", "starting", "started"]


async def test_an_image_waits_until_the_instance_is_seen_stopped(desk: House) -> None:
    desk.cloud.turns.discard(STOP)
    await asked(desk)
    await live(desk, 60)
    assert effects(desk) == [STOP]
    desk.cloud.states[INSTANCE] = STOPPED
    await live(desk, 10)
    assert effects(desk) == [STOP, CREATE]


async def test_one_that_was_stopped_stays_stopped(desk: House) -> None:
    desk.cloud.state = STOPPED
    request = await asked(desk)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 60)
    assert effects(desk) == [CREATE]
    assert ((await desk.get(request)).status, (await desk.get(request)).power) == (Status.AVAILABLE, None)


async def test_without_stop_first_nothing_is_stopped_or_started(desk: House) -> None:
    await desk.approved()
    await desk.settle()
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 60)
    assert effects(desk) == [CREATE]


async def test_somebody_who_stopped_it_before_us_is_told_of_and_respected(desk: House) -> None:
    request = await desk.submit(stop_first=True)
    await desk.settle()
    desk.cloud.state = STOPPED
    await desk.service.review(person(BOB), request.id, approves=True)
    await desk.settle()
    assert [each.details["somebody"] for each in told_of(desk, Event.POWERED_OFF)] == [True]
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 60)
    assert effects(desk) == [CREATE]


async def test_somebody_who_is_stopping_it_is_waited_for_and_respected(desk: House) -> None:
    desk.cloud.state = STOPPING
    request = await asked(desk)
    assert effects(desk) == []
    desk.cloud.state = STOPPED
    await live(desk, 10)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 60)
    assert (effects(desk), (await desk.get(request)).power) == ([CREATE], None)


async def test_one_that_is_starting_is_stopped_once_it_runs(desk: House) -> None:
    desk.cloud.state = STARTING
    await asked(desk)
    assert effects(desk) == []
    desk.cloud.state = RUNNING
    await live(desk, 10)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 60)
    assert effects(desk) == [STOP, CREATE, START]


async def test_somebody_who_started_it_after_our_stop_is_respected_and_told(desk: House) -> None:
    desk.cloud.fail(CREATE, busy(), times=100)
    request = await asked(desk)
    assert (await desk.get(request)).status is Status.APPROVED
    desk.cloud.states[INSTANCE] = RUNNING
    await live(desk, 60)
    assert await code_of(desk, request) == INSTANCE_CHANGED
    assert effects(desk) == [STOP]
    assert (await desk.get(request)).power is None
    assert ("entry", "started") in desk.told()


async def test_somebody_who_started_it_during_the_image_saves_us_the_call(desk: House) -> None:
    request = await asked(desk)
    desk.cloud.states[INSTANCE] = RUNNING
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 30)
    assert [each.details["somebody"] for each in told_of(desk, Event.POWERED_ON)] == [True]
    assert (effects(desk), (await desk.get(request)).power) == ([STOP, CREATE], None)


async def image_fails(house: House, request: Request) -> None:
    """The cloud can't make it."""
    del request
    house.cloud.become(ImageStatus.CREATE_FAILED)
    await live(house, 30)


async def image_times_out(house: House, request: Request) -> None:
    """It takes too long."""
    del request
    await live(house, TIMEOUT, 1200)
    await live(house, 30)


async def image_is_refused(house: House, request: Request) -> None:
    """The image was sent back, and is refused for good now."""
    house.cloud.fail(CREATE, refused())
    house.cloud.images.clear()
    await house.set(await house.get(request), status=Status.APPROVED, image_id=None, caller=None)
    await live(house, 30)


async def rights_are_lost(house: House, request: Request) -> None:
    """The requester lost the permission."""
    house.allowlist = replace(house.allowlist, attachments=())
    await house.set(await house.get(request), status=Status.APPROVED, image_id=None, caller=None)
    await live(house, 30)


async def it_is_cancelled(house: House, request: Request) -> None:
    """The image was sent back by a busy cloud, and its requester takes it back."""
    await house.set(await house.get(request), status=Status.APPROVED, image_id=None, caller=None)
    assert isinstance(await house.service.cancel(person(ALICE), request.id), Done)
    await live(house, 30)


async def an_approver_leaves(house: House, request: Request) -> None:
    """The request waits for approval once more, and its instance doesn't wait with it."""
    house.directory.groups["S0OPS"].clear()
    await house.set(await house.get(request), status=Status.APPROVED, image_id=None, caller=None)
    await live(house, 30)


@pytest.mark.parametrize(
    ("happens", "status", "code"),
    [
        (image_fails, Status.FAILED, CREATE_FAILED),
        (image_times_out, Status.FAILED, TIMED_OUT),
        (image_is_refused, Status.FAILED, "InvalidParameter"),
        (rights_are_lost, Status.CANCELLED, RIGHTS_LOST),
        (it_is_cancelled, Status.CANCELLED, ""),
        (an_approver_leaves, Status.PENDING, None),
    ],
)
async def test_what_ran_runs_again_however_the_request_goes_on(
    desk: House, happens: Callable[..., object], status: Status, code: str | None
) -> None:
    request = await asked(desk)
    assert desk.cloud.states[INSTANCE] is STOPPED
    await happens(desk, request)  # type: ignore[misc]  # each is a coroutine function
    after = await desk.get(request)
    failure, end = after.attempt.failure, after.end
    assert (after.status, failure.code if failure else end.reason if end else None) == (status, code)
    assert (after.power, after.attempt.slot, desk.cloud.states[INSTANCE]) == (None, None, RUNNING)
    assert effects(desk)[-1] == START


async def test_a_request_can_be_cancelled_while_its_instance_stops(desk: House) -> None:
    desk.cloud.turns.discard(STOP)
    request = await asked(desk)
    assert isinstance(await desk.service.cancel(person(ALICE), request.id), Done)
    await live(desk, 60)
    assert effects(desk) == [STOP]
    desk.cloud.states[INSTANCE] = STOPPED
    await live(desk, 60)
    assert (effects(desk), (await desk.get(request)).power) == ([STOP, START], None)


@pytest.mark.parametrize("later", [60.0, 8 * 3600.0])
async def test_a_stop_that_takes_too_long_fails_and_one_that_works_late_is_undone(
    desk: House, later: float
) -> None:
    desk.cloud.turns.discard(STOP)
    request = await asked(desk)
    await live(desk, STOP_TIMEOUT)
    assert await code_of(desk, request) == STOP_TIMED_OUT
    await live(desk, later, later / 8)
    desk.cloud.states[INSTANCE] = STOPPED
    await live(desk, 600, 60)
    assert (effects(desk), (await desk.get(request)).power) == ([STOP, START], None)


async def test_a_stop_that_did_nothing_leaves_nothing_to_undo(desk: House) -> None:
    desk.cloud.fail(STOP, busy("IncorrectDesktopStatus"), times=1000)
    request = await asked(desk)
    await live(desk, STOP_TIMEOUT, 60)
    assert await code_of(desk, request) == STOP_TIMED_OUT
    await live(desk, STOP_TIMEOUT + 60, 120)
    assert (effects(desk), (await desk.get(request)).power) == ([], None)
    assert desk.told()[-1] == ("entry", "failed")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", ALL_KINDS)
async def test_whatever_becomes_of_a_stop_the_instance_runs_in_the_end(
    desk: House, error: Callable[[], CloudError], after: bool
) -> None:
    desk.cloud.fail(STOP, error(), after=after)
    request = await asked(desk)
    await live(desk, 60)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 2 * STOP_TIMEOUT + 60, 300)
    final = error in FINAL
    assert (await desk.get(request)).status is (Status.FAILED if final else Status.AVAILABLE)
    assert ((await desk.get(request)).power, desk.cloud.states.get(INSTANCE, RUNNING)) == (None, RUNNING)
    assert effects(desk).count(CREATE) == (0 if final else 1)
    assert effects(desk).count(STOP) == effects(desk).count(START) <= 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", ALL_KINDS)
async def test_whatever_becomes_of_a_start_the_instance_runs_in_the_end(
    desk: House, error: Callable[[], CloudError], after: bool
) -> None:
    desk.cloud.fail(START, error(), after=after)
    request = await asked(desk)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 400, 40)
    assert ((await desk.get(request)).power, desk.cloud.states[INSTANCE]) == (None, RUNNING)
    assert effects(desk) == [STOP, CREATE, START]
    failures = (each for each in desk.notifier.order if each.last.event == Event.POWER_FAIL)
    told = sorted((each.kind.value, each.target) for each in failures)
    assert told == ([("entry", request.channel), ("notice", ADMINS)] if error in FINAL else [])


@pytest.mark.parametrize("state", [STOPPED, RUNNING])
@pytest.mark.parametrize("error", ALL_KINDS)
async def test_whatever_becomes_of_a_look_nothing_is_imaged_unseen(
    desk: House, error: Callable[[], CloudError], state: InstanceState
) -> None:
    desk.cloud.state = state
    request = await desk.approved(stop_first=True)
    desk.cloud.fail(LOOK, error())
    await desk.settle()
    assert effects(desk) == []
    await live(desk, 60)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 60)
    ended = (await desk.get(request)).status
    assert ended is (Status.FAILED if error in FINAL else Status.AVAILABLE)
    assert desk.cloud.states.get(INSTANCE, state) is state


async def test_a_start_that_keeps_failing_is_told_once_tried_for_a_day_and_given_up(desk: House) -> None:
    desk.cloud.fail(START, busy("IncorrectDesktopStatus"), times=10_000)
    request = await asked(desk)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 3600, 120)
    tries = desk.cloud.calls.count(START)
    assert 3 < tries < 30
    assert [event for _, event in desk.told()].count("start_failed") == 2  # thread and admin channel
    await live(desk, DAY, 3600)
    assert [event for _, event in desk.told()].count("start_failed") == 2
    assert [event for _, event in desk.told()].count("start_abandoned") == 2
    assert tries < desk.cloud.calls.count(START)
    assert (await desk.get(request)).power is None


async def test_a_start_that_never_ends_is_told_and_ends_well_when_it_does(desk: House) -> None:
    desk.cloud.turns.discard(START)
    await asked(desk)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, STOP_TIMEOUT + 60, 60)
    assert ("notice", "start_failed") in desk.told()
    desk.cloud.states[INSTANCE] = RUNNING
    await live(desk, 600, 60)
    assert desk.told()[-1] == ("entry", "started")
    assert effects(desk) == [STOP, CREATE, START]


@pytest.mark.parametrize("phase", ["before the stop", "before the start"])
async def test_an_instance_that_is_gone_ends_it(desk: House, phase: str) -> None:
    if phase == "before the stop":
        request = await desk.approved(stop_first=True)
        desk.cloud.state = None
        await desk.settle()
        assert await code_of(desk, request) == INSTANCE_GONE
        return
    request = await asked(desk)
    desk.cloud.become(ImageStatus.AVAILABLE)
    desk.cloud.state = desk.cloud.states.pop(INSTANCE) and None
    await live(desk, 30)
    assert ((await desk.get(request)).power, ("notice", "start_abandoned") in desk.told()) == (None, True)


async def test_nobody_else_touches_an_instance_that_is_held(desk: House) -> None:
    desk.cloud.turns.discard(START)
    first = await asked(desk)
    others = []
    for stop_first in (True, False):
        desk.clock.advance(1)
        others.append(await desk.approved(stop_first=stop_first, anyway=True))
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 120)
    assert effects(desk) == [STOP, CREATE, START]
    assert [(await desk.get(each)).status for each in (first, *others)] == [
        Status.AVAILABLE,
        Status.APPROVED,
        Status.APPROVED,
    ]
    desk.cloud.states[INSTANCE] = RUNNING
    await live(desk, 60)
    assert effects(desk) == [STOP, CREATE, START, STOP, CREATE]


async def test_an_instance_that_stops_holds_its_place(houses: Callable[..., House]) -> None:
    house = houses(images_at_once=1)
    house.cloud.state = RUNNING
    house.cloud.turns.discard(STOP)
    await asked(house)
    await house.approved(instance=OTHERS)
    await live(house, 60)
    assert house.cloud.effects == [(STOP, INSTANCE)]
    house.cloud.states[INSTANCE] = STOPPED
    await live(house, 10)
    assert house.cloud.effects == [(STOP, INSTANCE), (CREATE, INSTANCE)]


async def test_a_retry_before_the_start_owes_it_still(desk: House) -> None:
    desk.cloud.turns.discard(START)
    request = await asked(desk)
    desk.cloud.become(ImageStatus.CREATE_FAILED)
    await live(desk, 30)
    assert isinstance(await desk.service.retry(person(ALICE), request.id), Done)
    await live(desk, 30)
    assert effects(desk) == [STOP, CREATE, START]  # it has to run before it can be stopped
    desk.cloud.states[INSTANCE] = RUNNING
    await live(desk, 30)
    desk.cloud.become(ImageStatus.AVAILABLE)
    await live(desk, 30)
    desk.cloud.states[INSTANCE] = RUNNING
    await live(desk, 30)
    assert effects(desk) == [STOP, CREATE, START, STOP, CREATE, START]
    assert (await desk.get(request)).power is None


async def test_an_instance_that_an_earlier_attempt_may_image_is_not_stopped(desk: House) -> None:
    request = await asked(desk)
    await live(desk, TIMEOUT, 1200)
    await live(desk, 30)
    assert effects(desk) == [STOP, CREATE, START]
    assert isinstance(await desk.service.retry(person(ALICE), request.id), Done)
    await live(desk, 60)
    assert effects(desk) == [STOP, CREATE, START]
    assert (await desk.get(request)).attempt.image_id == "img-1"


async def test_a_call_of_unknown_outcome_is_never_followed_by_a_stop(desk: House) -> None:
    desk.cloud.state = STOPPED
    desk.cloud.fail(CREATE, unknown())
    request = await asked(desk)
    desk.cloud.state = RUNNING
    await live(desk, 120)
    assert await code_of(desk, request) == INSTANCE_CHANGED
    assert STOP not in desk.cloud.calls


async def test_a_busy_cloud_keeps_an_instance_down_no_longer_than_an_image_may_take(desk: House) -> None:
    desk.cloud.fail(CREATE, WAITING[0](), times=10_000)
    request = await asked(desk)
    await live(desk, TIMEOUT + 1200, 600)
    assert await code_of(desk, request) == TIMED_OUT
    await live(desk, 60)
    assert effects(desk) == [STOP, START]
