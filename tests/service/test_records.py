"""What can be looked up afterwards: stories and images, by those who may see the request."""

from dataclasses import replace

import pytest

from bot.allowlist import load
from bot.domain.lifecycle import Status
from bot.service.outcomes import Found, RefusalReason, Refused
from bot.service.records import Story
from tests.house import ALICE, DAVE, EVE, INSTANCE, READS_GOLDEN, House, person


async def test_a_story_has_everything_that_happened_in_order(cabin: House) -> None:
    asked = await cabin.submit(reason="new build")
    await cabin.step()
    await cabin.service.cancel(person(ALICE), asked.id, "not needed")

    story = await cabin.service.records.history(person(ALICE), asked.id)

    assert isinstance(story, Story)
    told = [(each.event, each.actor, each.details.get("reason")) for each in story.happened]
    assert told[0] == ("submitted", ALICE, "new build")
    assert told[-1] == ("cancelled", ALICE, "not needed")


async def test_a_story_is_for_those_who_may_see_the_request(cabin: House) -> None:
    asked = await cabin.submit()

    outcome = await cabin.service.records.history(person(DAVE), asked.id)

    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.NOT_FOUND


@pytest.mark.parametrize(
    ("word", "names"),
    [("", ["tools-2", "build-1"]), ("BUILD", ["build-1"]), ("img-2", ["tools-2"]), ("nothing", [])],
)
async def test_images_are_found_by_a_part_of_a_name_or_an_id(
    cabin: House, word: str, names: list[str]
) -> None:
    for number, name in enumerate(("build-1", "tools-2"), 1):
        made = await cabin.submit(image={"image_name": name})
        made = await cabin.set(made, attempt=replace(made.attempt, image_id=f"img-{number}"))
        await cabin.set(made, status=Status.AVAILABLE)
        cabin.clock.advance(1)
    await cabin.submit(image={"image_name": "build-that-waits"})

    mine = await cabin.service.records.images(person(ALICE), word)
    readers = await cabin.service.records.images(person(EVE), word)
    strangers = await cabin.service.records.images(person(DAVE), word)

    assert isinstance(mine, Found)
    assert readers == mine
    assert strangers == Found(())
    assert [each.image.image_name for each in mine.requests] == names


async def test_images_are_shown_to_those_who_may_read_their_requests_and_to_who_asked(
    cabin: House,
) -> None:
    """The right to read some requests opens no others."""
    for name in ("golden", "other"):
        await cabin.set(await cabin.submit(image={"image_name": name}), status=Status.AVAILABLE)
        cabin.clock.advance(1)
    cabin.allowlist = load(READS_GOLDEN)

    readers = await cabin.service.records.images(person(DAVE), "")
    mine = await cabin.service.records.images(person(ALICE), "")

    assert isinstance(readers, Found)
    assert isinstance(mine, Found)
    assert [each.image.image_name for each in readers.requests] == ["golden"]
    assert [each.image.image_name for each in mine.requests] == ["other", "golden"]


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (Status.AVAILABLE, "golden-2"),
        (Status.CREATING, "golden-2"),
        (Status.PENDING, "golden-2"),
        (Status.FAILED, "golden"),
        (Status.REJECTED, "golden"),
    ],
)
async def test_a_name_has_a_number_when_an_image_of_the_machine_has_it_or_will(
    cabin: House, status: Status, name: str
) -> None:
    before = await cabin.submit(image={"image_name": "golden"})
    await cabin.set(before, status=status)

    assert await cabin.service.questions.unused_name(person(ALICE), INSTANCE, "golden") == name
    assert await cabin.service.questions.unused_name(person(ALICE), "ws-0other00000001", "golden") == "golden"
    elsewhere = replace(person(ALICE), team_id="T0OTHER")
    assert await cabin.service.questions.unused_name(elsewhere, INSTANCE, "golden") == "golden"
