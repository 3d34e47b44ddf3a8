"""Wherever the cloud may not answer, a request ends in time and leaves nothing behind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.domain.lifecycle import ENDS, Status
from bot.domain.message import Kind
from bot.domain.power import Power, PowerPhase
from bot.domain.request import (
    COPY_SILENT,
    COPY_TIMED_OUT,
    NO_ANSWER,
    START_TIMED_OUT,
    STOP_TIMED_OUT,
    TIMED_OUT,
    InstanceState,
    Request,
)
from bot.errors import CloudError
from bot.ports import ImageStatus
from bot.service.outcomes import Done
from tests.house import ALICE, House, person
from tests.ports import (
    CREATE,
    DISTRIBUTE,
    FIND,
    IMAGE,
    IMAGES,
    START,
    STOP,
    busy,
    refused,
    unknown,
    unreachable,
    unsure,
)
from tests.ports import INSTANCE as LOOK

TIMEOUT, STOP_TIMEOUT, DAY = 6 * 3600.0, 900.0, 86400.0
MARGIN = 660.0
"""Seconds: a busy cloud is asked again after ten minutes at the latest."""
Silence = Callable[[], CloudError]
SILENT: tuple[Silence, ...] = (busy, unknown)
REGIONS = ("cn-beijing",)


async def live(house: House, seconds: float, strides: int = 3) -> None:
    """Let time pass, working and telling as it does."""
    for _ in range(strides):
        house.clock.advance(seconds / strides)
        await house.settle()


async def submitted(house: House) -> Request:
    return await house.submit()


async def approved(house: House) -> Request:
    return await house.approved()


async def to_be_stopped(house: House) -> Request:
    house.cloud.state = InstanceState.RUNNING
    return await house.approved(stop_first=True)


async def retried_over_an_image(house: House) -> Request:
    return await house.set(await house.approved(), predecessor="img-7")


async def retried_in_doubt(house: House) -> Request:
    return await house.set(await house.approved(), mark="secret", doubtful=True)


async def stopped_again_over_an_image(house: House) -> Request:
    return await house.set(await to_be_stopped(house), predecessor="img-7")


async def owing_a_start(house: House) -> Request:
    power = Power(PowerPhase.STOPPING, house.clock(), owed=True)
    return await house.set(await to_be_stopped(house), power=power)


async def stopping(house: House) -> Request:
    house.cloud.turns.discard(STOP)
    request = await to_be_stopped(house)
    await house.settle()
    return request


async def stopped(house: House) -> Request:
    house.cloud.fail(CREATE, busy(), times=10_000)
    request = await to_be_stopped(house)
    await house.settle()
    await live(house, 10, 2)
    return request


async def called_before(house: House) -> Request:
    return await house.set(await house.approved(), mark="secret", calls=1, lost=1)


async def looked_for(house: House) -> Request:
    house.cloud.lags = True
    house.cloud.fail(CREATE, unknown(), after=True)
    request = await house.approved()
    await house.settle()
    return request


async def being_made(house: House) -> Request:
    request = await house.approved()
    await house.settle()
    return request


async def copied(house: House) -> Request:
    house.cloud.copying = True
    request = await house.approved(regions=REGIONS)
    await house.settle()
    house.cloud.become(ImageStatus.AVAILABLE)
    await live(house, 10, 2)
    return request


async def to_be_copied(house: House) -> Request:
    request = await house.approved(regions=REGIONS)
    await house.settle()
    house.cloud.become(ImageStatus.AVAILABLE)
    return request


async def to_be_started(house: House) -> Request:
    request = await to_be_stopped(house)
    await house.settle()
    await live(house, 10, 2)
    house.cloud.become(ImageStatus.AVAILABLE)
    return request


@dataclass(frozen=True)
class Row:
    """Where a request has come, what the cloud doesn't answer from then on, and how it ends, by when."""

    arrange: Callable[[House], Awaitable[Request]]
    operation: str
    status: Status
    code: str
    seconds: float = TIMEOUT
    errors: tuple[Silence, ...] = SILENT
    strides: int = 3


TABLE = (
    Row(submitted, LOOK, Status.EXPIRED, "", DAY),
    Row(to_be_stopped, LOOK, Status.FAILED, NO_ANSWER),
    Row(retried_over_an_image, IMAGE, Status.FAILED, NO_ANSWER),
    Row(retried_in_doubt, FIND, Status.FAILED, NO_ANSWER),
    Row(stopped_again_over_an_image, IMAGE, Status.FAILED, NO_ANSWER),
    Row(owing_a_start, LOOK, Status.FAILED, NO_ANSWER),
    Row(stopping, LOOK, Status.FAILED, STOP_TIMED_OUT, STOP_TIMEOUT),
    Row(stopped, LOOK, Status.FAILED, TIMED_OUT),
    Row(called_before, FIND, Status.FAILED, NO_ANSWER),
    Row(approved, CREATE, Status.FAILED, NO_ANSWER, errors=(unreachable,)),
    Row(approved, CREATE, Status.FAILED, "Unheard.Of", errors=(unsure,)),
    Row(looked_for, FIND, Status.FAILED, TIMED_OUT, errors=(*SILENT, refused)),
    Row(being_made, IMAGES, Status.FAILED, TIMED_OUT, errors=(*SILENT, refused)),
    Row(copied, IMAGE, Status.AVAILABLE, COPY_TIMED_OUT),
    Row(to_be_copied, DISTRIBUTE, Status.AVAILABLE, COPY_TIMED_OUT, errors=(busy, unreachable)),
    Row(to_be_copied, DISTRIBUTE, Status.AVAILABLE, COPY_SILENT, 900.0, (unknown,), 12),
    Row(to_be_started, LOOK, Status.AVAILABLE, START_TIMED_OUT, DAY),
    Row(to_be_started, START, Status.AVAILABLE, START_TIMED_OUT, DAY),
)
"""Every place in `bot/steps` where something is asked of the cloud on the way of a request."""
CASES = [
    pytest.param(row, error, id=f"{row.arrange.__name__}, {row.operation}: {error.__name__}")
    for row in TABLE
    for error in row.errors
]


async def end_of(house: House, request: Request) -> tuple[Status, str] | None:
    """Return how a request has ended, by what the thread was told last; None while it goes on."""
    now = await house.get(request)
    ended = now.status in ENDS and not now.restores and not now.distributes
    if now.status is Status.FAILED and now.attempt.failure:
        return now.status, now.attempt.failure.code
    told = [told for each in house.notifier.order for told in each.told if each.kind is Kind.ENTRY]
    return (now.status, str(told[-1].details.get("code", ""))) if ended else None


@pytest.mark.parametrize(("row", "error"), CASES)
async def test_a_request_ends_in_time_however_long_the_cloud_stays_silent(
    cabin: House, row: Row, error: Silence
) -> None:
    request = await row.arrange(cabin)
    cabin.cloud.fail(row.operation, error(), times=10_000)
    await cabin.settle()
    await live(cabin, 10, 1)
    await live(cabin, row.seconds - MARGIN)
    assert await end_of(cabin, request) is None

    await live(cabin, 2 * MARGIN, row.strides)

    assert await end_of(cabin, request) == (row.status, row.code)
    await live(cabin, DAY + TIMEOUT, 4)
    now = await cabin.get(request)
    assert (now.power, now.attempt.slot, now.distributes) == (None, None, False)


ANSWERS = [busy("Throttling"), busy("ExceedBuilderQuota"), busy("ImageCreateByInstance.TaskExist")]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.code)
async def test_a_cloud_that_says_why_it_can_not_yet_is_waited_for_without_end(
    cabin: House, answer: CloudError
) -> None:
    """Throttled, too many images, its instance being imaged: the card says so, and a person can cancel."""
    cabin.cloud.fail(CREATE, answer, times=10_000)
    request = await cabin.approved()
    await live(cabin, 2 * TIMEOUT)
    assert (await cabin.get(request)).status is Status.APPROVED


async def test_the_time_of_a_silence_ends_with_an_answer(cabin: House) -> None:
    """Six hours of silence are counted from its beginning, not from one long ago."""
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, unreachable())
    cabin.cloud.fail(CREATE, busy(), times=10_000)
    await live(cabin, 2 * TIMEOUT)
    cabin.cloud.faults[CREATE].clear()
    cabin.cloud.fail(CREATE, unreachable())
    await live(cabin, MARGIN, 2)
    assert (await cabin.get(request)).status is Status.CREATING


async def test_what_a_try_could_not_find_out_is_still_asked_by_the_next(cabin: House) -> None:
    """Otherwise a silence would hide the image that is there."""
    cabin.cloud.lags = True
    request = await being_made(cabin)
    await live(cabin, TIMEOUT + MARGIN)
    cabin.cloud.fail(IMAGE, unreachable(), times=10_000)
    for _ in range(2):
        assert isinstance(await cabin.service.retry(person(ALICE), request.id), Done)
        await cabin.settle()
        await live(cabin, TIMEOUT + MARGIN)
        assert (await cabin.get(request)).status is Status.FAILED
    cabin.cloud.faults.clear()
    cabin.cloud.catch_up()
    cabin.cloud.become(ImageStatus.AVAILABLE)
    assert isinstance(await cabin.service.retry(person(ALICE), request.id), Done)
    await live(cabin, 120)
    assert (await cabin.get(request)).status is Status.AVAILABLE
    assert cabin.cloud.calls.count(CREATE) == 1
