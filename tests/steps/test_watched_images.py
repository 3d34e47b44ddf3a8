"""One listing answers for every image that is being watched, as long as it's fresh."""

import asyncio
from collections.abc import Collection

import pytest

from bot.ports import CloudImage, ImageStatus
from bot.steps.watched_images import FORGET_SECONDS, WatchedImages
from tests.ports import Clock, FakeCloud

FRESH = 5.0


class ListingCloud(FakeCloud):
    """Remembers which images each listing was about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[set[str]] = []
        self.images = {each: CloudImage(each, each, ImageStatus.CREATING) for each in "ab"}

    async def images_by_id(self, image_ids: Collection[str]) -> dict[str, CloudImage]:
        """List them."""
        self.asked.append(set(image_ids))
        return await super().images_by_id(image_ids)


@pytest.fixture
def clock() -> Clock:
    """A time that stands still."""
    return Clock()


@pytest.fixture
def cloud() -> ListingCloud:
    """A cloud with two images."""
    return ListingCloud()


@pytest.fixture
def watched(cloud: ListingCloud, clock: Clock) -> WatchedImages:
    """Nothing is watched yet."""
    return WatchedImages(cloud, clock, FRESH)


@pytest.mark.parametrize(
    ("later", "image_id", "listings"),
    [
        (0.0, "a", 1),
        (FRESH - 0.1, "b", 1),
        (FRESH, "a", 2),
        (-0.1, "a", 2),  # the clock was set back
        (0.0, "c", 2),  # the listing wasn't about this one
    ],
)
async def test_an_answer_serves_for_a_while_those_it_was_about(
    watched: WatchedImages, cloud: ListingCloud, clock: Clock, later: float, image_id: str, listings: int
) -> None:
    await watched.get("a")
    await watched.get("b")  # not in the first listing, so there is a second, about both
    cloud.asked.clear()
    clock.advance(later)

    found = await watched.get(image_id)

    assert found == cloud.images.get(image_id)
    assert len(cloud.asked) == listings - 1


async def test_those_who_ask_together_wait_for_one_listing(
    watched: WatchedImages, cloud: ListingCloud
) -> None:
    await watched.get("a")
    await watched.get("b")
    cloud.asked.clear()

    found = await asyncio.gather(*(watched.get(each) for each in "abab"))

    assert found == [cloud.images[each] for each in "abab"]
    assert cloud.asked == []


@pytest.mark.parametrize(
    ("idle", "still"), [(FORGET_SECONDS - 1.0, {"a", "b"}), (FORGET_SECONDS, {"b"}), (-FORGET_SECONDS, {"b"})]
)
async def test_an_image_that_nobody_asks_about_is_forgotten(
    watched: WatchedImages, cloud: ListingCloud, clock: Clock, idle: float, still: set[str]
) -> None:
    await watched.get("a")
    clock.advance(idle)

    await watched.get("b")

    assert cloud.asked[-1] == still


async def test_an_image_that_is_done_is_asked_about_no_more(
    watched: WatchedImages, cloud: ListingCloud
) -> None:
    await watched.get("a")
    watched.over("a")

    await watched.get("b")

    assert cloud.asked[-1] == {"b"}
