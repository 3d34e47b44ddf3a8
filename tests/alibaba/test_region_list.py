"""The regions that images can be copied to: listed once, kept while Alibaba Cloud doesn't answer."""

import asyncio
from collections.abc import Callable

from bot.alibaba import RegionList
from bot.alibaba.region_list import FRESH_SECONDS, REFUSED_SECONDS, RETRY_SECONDS
from bot.ports import Regions
from tests.ports import Clock, refused, unreachable

LISTED = ("ap-southeast-1", "cn-shanghai")


class Cloud:
    """Answers with what comes next, and with the last of it from then on."""

    def __init__(self, *answers: tuple[str, ...] | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def regions(self) -> tuple[str, ...]:
        """List them, or fail."""
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def until(holds: Callable[[], bool], regions: Regions) -> None:
    """Ask until it holds: what is due is listed behind an answer from memory."""
    async with asyncio.timeout(5):
        while not holds():
            await regions.listed()
            await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_the_list_is_asked_for_once_and_then_from_memory() -> None:
    cloud, clock = Cloud(LISTED), Clock()
    regions: Regions = RegionList(cloud.regions, clock=clock)
    assert [await regions.listed() for _ in range(3)] == [LISTED] * 3
    clock.advance(FRESH_SECONDS - 1)
    assert (await regions.listed(), cloud.asked) == (LISTED, 1)


async def test_regions_of_the_settings_are_among_them() -> None:
    regions = RegionList(Cloud(LISTED).regions, also=("me-new-1", "cn-shanghai"))
    assert await regions.listed() == ("ap-southeast-1", "cn-shanghai", "me-new-1")


async def test_nobody_can_tell_while_none_was_ever_listed() -> None:
    cloud, clock = Cloud(refused(), RuntimeError("a bug"), (), LISTED), Clock()
    regions = RegionList(cloud.regions, also=("me-new-1",), clock=clock)
    for asked in range(1, 4):
        await until(lambda asked=asked: cloud.asked == asked, regions)  # type: ignore[misc]  # bound now
        assert await regions.listed() is None
        clock.advance(REFUSED_SECONDS if asked == 1 else RETRY_SECONDS)
    await until(lambda: cloud.asked == 4, regions)
    assert await regions.listed() == (*LISTED, "me-new-1")


async def test_the_old_list_stays_while_it_cannot_be_refreshed() -> None:
    cloud, clock = Cloud(LISTED, unreachable()), Clock()
    regions = RegionList(cloud.regions, clock=clock)
    await regions.listed()
    clock.advance(FRESH_SECONDS)
    assert [await regions.listed() for _ in range(2)] == [LISTED] * 2
