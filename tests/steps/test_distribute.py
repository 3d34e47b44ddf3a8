"""An available image goes to the regions that were asked for: asked for once, told one by one."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.distribution import CopyStatus
from bot.domain.lifecycle import Event, Status
from bot.domain.message import Kind, Told
from bot.domain.request import COPY_FAILED, COPY_RIGHTS_LOST, COPY_SILENT, COPY_TIMED_OUT, Request
from bot.errors import CloudError
from bot.ports import ImageRegion, ImageStatus
from tests.house import House
from tests.ports import ALL_KINDS, DISTRIBUTE, FINAL, IMAGE, unknown

BEIJING, SINGAPORE = "cn-beijing", "ap-southeast-1"
BOTH = (BEIJING, SINGAPORE)
TIMEOUT = 6 * 3600.0


async def live(house: House, seconds: float, stride: float = 5.0) -> None:
    """Let time pass, working and telling as it does."""
    until = house.clock() + seconds
    while house.clock() < until:
        house.clock.advance(min(stride, until - house.clock()))
        await house.settle()


async def available(house: House, regions: tuple[str, ...] = BOTH) -> Request:
    """Return a request whose image the cloud has just made."""
    request = await house.approved(regions=regions)
    await house.settle()
    house.cloud.become(ImageStatus.AVAILABLE)
    return request


def copied(house: House) -> list[str]:
    """Return where the cloud was made to copy the image."""
    return [region for operation, region in house.cloud.effects if operation == DISTRIBUTE]


def told_of(house: House, event: Event) -> list[Told]:
    """Return what the thread was told of an event."""
    told = (told for each in house.notifier.order for told in each.told if each.kind is Kind.ENTRY)
    return [each for each in told if each.event == event]


def put(house: House, *regions: ImageRegion) -> None:
    """Let the cloud list the image in these regions."""
    for image_id, image in house.cloud.images.items():
        house.cloud.images[image_id] = replace(image, regions=regions)


async def copies(house: House, request: Request) -> dict[str, CopyStatus]:
    """Return each copy's status."""
    distribution = (await house.get(request)).attempt.distribution
    assert distribution is not None
    return {copy.region_id: copy.status for copy in distribution.copies}


async def test_an_image_is_copied_once_and_each_region_is_told(cabin: House) -> None:
    request = await available(cabin)
    await live(cabin, 60)
    assert copied(cabin) == [BEIJING, SINGAPORE]
    assert cabin.cloud.calls.count(DISTRIBUTE) == 1
    assert told_of(cabin, Event.DISTRIBUTE) == []  # the entry of the end says that they are on their way
    assert [each.details["regions"] for each in told_of(cabin, Event.DISTRIBUTED)] == [[BEIJING], [SINGAPORE]]
    assert set((await copies(cabin, request)).values()) == {CopyStatus.AVAILABLE}
    assert (await cabin.get(request)).status is Status.AVAILABLE


async def test_available_is_told_before_the_copies_are_there(cabin: House) -> None:
    cabin.cloud.copying = True
    request = await available(cabin)
    await live(cabin, 30)
    [told] = told_of(cabin, Event.FINISH)
    assert told.details["regions"] == list(BOTH)
    assert set((await copies(cabin, request)).values()) == {CopyStatus.UNDER_WAY}
    put(cabin, ImageRegion(BEIJING, ImageStatus.AVAILABLE), ImageRegion(SINGAPORE, ImageStatus.CREATING, 70))
    await live(cabin, 30)
    distribution = (await cabin.get(request)).attempt.distribution
    assert distribution is not None
    assert [(copy.status, copy.progress) for copy in distribution.copies] == [
        (CopyStatus.AVAILABLE, 100),
        (CopyStatus.UNDER_WAY, 70),
    ]


async def test_an_image_that_the_cloud_itself_takes_elsewhere_is_told_with_where_it_goes(
    cabin: House,
) -> None:
    """AVAILABLE is said of the image; a region can be below 100% yet (ImageRegionDistributeList)."""
    await cabin.approved()
    await cabin.settle()
    cabin.cloud.become(ImageStatus.AVAILABLE)
    put(
        cabin,
        ImageRegion("cn-shanghai", ImageStatus.AVAILABLE, 100),
        ImageRegion(BEIJING, ImageStatus.CREATING, 40),
        ImageRegion("cn-hangzhou", ImageStatus.AVAILABLE, 99),
        ImageRegion(SINGAPORE, ImageStatus.CREATE_FAILED, 10),
        ImageRegion("cn-chengdu", ImageStatus.AVAILABLE),
    )
    await live(cabin, 60)

    [told] = told_of(cabin, Event.FINISH)
    assert told.details["regions"] == [BEIJING, "cn-hangzhou"]
    assert cabin.cloud.calls.count(DISTRIBUTE) == 0


async def test_where_the_image_is_already_nothing_is_asked_for(cabin: House) -> None:
    request = await available(cabin, (BEIJING,))
    put(cabin, ImageRegion(BEIJING, ImageStatus.AVAILABLE, 100))
    await live(cabin, 30)
    assert (copied(cabin), await copies(cabin, request)) == ([], {BEIJING: CopyStatus.AVAILABLE})


async def test_without_regions_nothing_is_copied(cabin: House) -> None:
    await available(cabin, ())
    await live(cabin, 30)
    assert (copied(cabin), told_of(cabin, Event.DISTRIBUTED)) == ([], [])


async def test_a_copy_that_fails_is_told_and_the_others_go_on(cabin: House) -> None:
    cabin.cloud.copying = True
    request = await available(cabin)
    await live(cabin, 30)
    put(cabin, ImageRegion(BEIJING, ImageStatus.CREATE_FAILED), ImageRegion(SINGAPORE, ImageStatus.AVAILABLE))
    await live(cabin, 30)
    assert await copies(cabin, request) == {BEIJING: CopyStatus.FAILED, SINGAPORE: CopyStatus.AVAILABLE}
    [failure] = told_of(cabin, Event.DISTRIBUTION_FAIL)
    assert (failure.details["regions"], failure.details["code"]) == ([BEIJING], COPY_FAILED)


@pytest.mark.parametrize(("error", "after"), [*((error, False) for error in ALL_KINDS), (unknown, True)])
async def test_whatever_becomes_of_the_call_no_region_is_asked_for_twice(
    cabin: House, error: Callable[[], CloudError], after: bool
) -> None:
    cabin.cloud.fail(DISTRIBUTE, error(), after=after)
    request = await available(cabin)
    await live(cabin, 240, 10)
    final = error in FINAL
    assert copied(cabin) == ([] if final else list(BOTH))
    assert set((await copies(cabin, request)).values()) == {
        CopyStatus.FAILED if final else CopyStatus.AVAILABLE
    }
    assert len(told_of(cabin, Event.DISTRIBUTION_FAIL)) == int(final)


@pytest.mark.parametrize("error", ALL_KINDS)
async def test_a_look_that_fails_asks_for_nothing(cabin: House, error: Callable[[], CloudError]) -> None:
    request = await available(cabin)
    await live(cabin, 5)
    assert copied(cabin) == list(BOTH)
    cabin.cloud.fail(IMAGE, error(), times=3)
    await live(cabin, 240, 10)
    assert (copied(cabin), set((await copies(cabin, request)).values())) == (
        list(BOTH),
        {CopyStatus.AVAILABLE},
    )


async def test_copies_that_take_too_long_are_given_up_and_told(cabin: House) -> None:
    cabin.cloud.copying = True
    request = await available(cabin)
    await live(cabin, 30)
    await live(cabin, TIMEOUT, 1800)
    [failure] = told_of(cabin, Event.DISTRIBUTION_FAIL)
    assert (failure.details["regions"], failure.details["code"]) == (list(BOTH), COPY_TIMED_OUT)
    assert (await cabin.get(request)).status is Status.AVAILABLE


async def test_a_cloud_that_never_says_what_became_of_it_is_not_asked_for_ever(cabin: House) -> None:
    cabin.cloud.fail(DISTRIBUTE, unknown(), times=100)
    await available(cabin)
    await live(cabin, 3600, 45)
    [failure] = told_of(cabin, Event.DISTRIBUTION_FAIL)
    assert (failure.details["code"], cabin.cloud.calls.count(DISTRIBUTE)) == (COPY_SILENT, 10)


async def test_rights_are_asked_for_again_before_the_copies(cabin: House) -> None:
    request = await available(cabin)
    cabin.allowlist = replace(cabin.allowlist, attachments=())
    await live(cabin, 30)
    [failure] = told_of(cabin, Event.DISTRIBUTION_FAIL)
    assert failure.details["code"] == COPY_RIGHTS_LOST
    assert DISTRIBUTE not in cabin.cloud.calls
    assert (await cabin.get(request)).status is Status.AVAILABLE


async def test_an_image_that_appears_late_is_copied_too(cabin: House) -> None:
    request = await cabin.approved(regions=BOTH)
    await cabin.settle()
    await live(cabin, TIMEOUT + 60, 3600)
    cabin.cloud.become(ImageStatus.AVAILABLE)
    await live(cabin, 120, 30)
    assert ((await cabin.get(request)).status, copied(cabin)) == (Status.AVAILABLE, list(BOTH))
