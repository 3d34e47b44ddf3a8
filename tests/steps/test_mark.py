"""Somebody else's image is never mine: an image is known by a secret, and also has to fit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.image import CreateImage, InstanceType, parse_image
from bot.domain.lifecycle import Event, Status
from bot.domain.request import DOUBTFUL, SILENT, TIMED_OUT, Request, Review
from bot.domain.tags import MARK_TAG
from bot.ports import CloudImage, ImageStatus
from bot.service.outcomes import Done
from bot.steps.ended import LATE_SEARCH_SECONDS
from bot.steps.look import MOST_LOST
from bot.steps.mark import DESCRIPTION_LENGTH, MARK_LETTERS, marked, new_mark, the_one
from tests.fakes import image, request
from tests.house import ALICE, BOB, CAROL, EVE, INSTANCE, House, person
from tests.ports import CREATE, busy, unknown

ADMINS = "C0ADMINS"
MARKED = request(mark="m" * MARK_LETTERS)


async def lost(house: House, *, got_through: bool) -> Request:
    """Return a request after a call whose answer was lost."""
    made = await house.approved()
    house.cloud.fail(CREATE, unknown(), after=got_through)
    await house.settle()
    return await house.get(made)


def planted(of: Request, **fields: object) -> CloudImage:
    """Return an image in the cloud with the request's mark."""
    plain = CloudImage("img-planted", of.image.image_name or "", ImageStatus.AVAILABLE, f"[{of.marker}] mine")
    return replace(plain, **fields)  # type: ignore[arg-type]  # a table of fields


async def looked(house: House, of: Request) -> Request:
    """Let the next look at what became of the call take place."""
    house.clock.advance(5)
    await house.settle()
    return await house.get(of)


@pytest.mark.parametrize("text", ["see {0}", "[{0}] mine", "[{0}.2] mine", "{0}", "[{0}.] mine"])
async def test_a_request_whose_id_somebody_wrote_into_an_image_takes_nothing_of_theirs(
    cabin: House, text: str
) -> None:
    """IDs are on cards, and a throttled call is followed by a look."""
    made = await cabin.approved()
    cabin.cloud.fail(CREATE, busy())
    await cabin.step()
    cabin.cloud.images["img-theirs"] = planted(made, description=text.format(made.id))
    cabin.clock.advance(60)
    await cabin.step()
    assert (await cabin.get(made)).attempt.image_id == "img-2"


def test_a_mark_is_new_every_time_and_long_enough() -> None:
    marks = {new_mark() for _ in range(1000)}
    assert len(marks) == 1000
    assert {len(mark) for mark in marks} == {MARK_LETTERS}


async def test_a_mark_is_kept_through_the_calls_of_an_attempt_and_shown_nowhere(cabin: House) -> None:
    made = await lost(cabin, got_through=False)
    mark = made.attempt.mark
    assert len(mark) == MARK_LETTERS
    for _ in range(40):
        await looked(cabin, made)
    assert (await cabin.get(made)).attempt.mark == mark
    assert cabin.cloud.images["img-1"].description.startswith(f"[{made.id}.{mark}] ")
    assert not any(mark in entry.details for entry in await cabin.log())
    assert not any(mark in str(row.told) for row in await cabin.messages())


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": "another"}, id="of another name"),
        pytest.param({"product_type": "WuyingServer2"}, id="of another product"),
        pytest.param({"created_at": datetime(2026, 1, 1, tzinfo=UTC)}, id="from before the request"),
    ],
)
async def test_an_image_that_does_not_fit_is_not_taken_and_a_person_is_told(
    cabin: House, fields: dict[str, object]
) -> None:
    cabin.allowlist = replace(cabin.allowlist, admin_channel=ADMINS)
    made = await lost(cabin, got_through=False)
    cabin.cloud.images["img-planted"] = planted(made, **fields)
    failed = await looked(cabin, made)
    assert failed.attempt.failure is not None
    assert (failed.status, failed.attempt.failure.code) == (Status.FAILED, DOUBTFUL)
    assert failed.attempt.failure.message == "img-planted"
    assert failed.attempt.image_id is None
    told = [(each.kind.value, each.channel) for each in cabin.notifier.order if each.last.event == Event.FAIL]
    assert told == [("entry", failed.channel), ("notice", ADMINS)]
    assert cabin.cloud.calls.count(CREATE) == 1


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"reviews": (Review(BOB, True, "", 1.0), Review(EVE, False, "no", 1.0))}, "U0BOB"),
        ({"reviews": (Review(BOB, True, "", 1.0), Review(CAROL, True, "", 1.0))}, "U0BOB, U0CAROL"),
        ({}, "a rule"),
        ({"break_glass": True}, "nobody (emergency)"),
    ],
)
def test_the_description_says_who_approved(fields: dict[str, Any], by: str) -> None:
    assert f"requested by U0ALICE, approved by {by}" in (marked(replace(MARKED, **fields)).description or "")


@pytest.mark.parametrize(("before", "fits"), [(0.0, True), (86399.0, True), (86400.0, False)])
def test_an_image_fits_whose_time_is_no_day_before_its_request(before: float, fits: bool) -> None:
    """The cloud doesn't say in which zone it is."""
    made = planted(MARKED, created_at=datetime.fromtimestamp(MARKED.created_at - before, UTC))
    assert (the_one([made], MARKED, None) is made) is fits


async def test_of_several_images_with_the_mark_none_is_taken(cabin: House) -> None:
    made = await lost(cabin, got_through=True)
    cabin.cloud.images["img-planted"] = planted(made)
    failed = await looked(cabin, made)
    assert failed.attempt.failure is not None
    assert failed.attempt.failure.code == DOUBTFUL
    assert set(failed.attempt.failure.message.split(", ")) == {"img-1", "img-planted"}


async def test_an_image_that_fits_is_taken_whatever_zone_its_time_is_in(cabin: House) -> None:
    made = await lost(cabin, got_through=False)
    now = datetime.fromtimestamp(cabin.clock(), UTC)
    fits = planted(made, product_type=InstanceType.WUYING_SERVER.value, created_at=now - timedelta(hours=12))
    cabin.cloud.images["img-planted"] = fits
    assert (await looked(cabin, made)).attempt.image_id == "img-planted"


async def test_a_retry_after_calls_of_unknown_outcome_looks_for_their_image_first(cabin: House) -> None:
    cabin.cloud.lags = True
    made = await lost(cabin, got_through=True)
    cabin.cloud.fail("find_images", unknown(), times=1000)
    for _ in range(7):
        cabin.clock.advance(3600)
        await cabin.settle()
    assert (await cabin.get(made)).status is Status.FAILED
    cabin.cloud.faults.clear()
    cabin.cloud.catch_up()
    assert isinstance(await cabin.service.retry(person(ALICE), made.id), Done)
    await cabin.settle()
    assert (await cabin.get(made)).attempt.image_id == "img-1"
    assert cabin.cloud.calls.count(CREATE) == 1


async def given_up(house: House, code: str) -> Request:
    """Return a request of a call whose outcome nobody learned in time, though it has made an image."""
    house.cloud.lags = True
    made = await lost(house, got_through=True)
    if code == SILENT:
        house.cloud.fail(CREATE, unknown(), times=MOST_LOST)
        for _ in range(2 * MOST_LOST + 4):
            house.clock.advance(100)
            await house.settle()
    else:
        house.cloud.fail("find_images", unknown(), times=1000)
        house.clock.advance(6 * 3600)
        await house.settle()
        house.cloud.faults.clear()
    failed = await house.get(made)
    assert failed.attempt.failure is not None
    assert (failed.attempt.failure.code, failed.attempt.image_id) == (code, None)
    return failed


@pytest.mark.parametrize("code", [TIMED_OUT, SILENT])
async def test_an_image_that_nobody_found_in_time_is_the_requests_when_it_appears(
    cabin: House, code: str
) -> None:
    """It is looked for by its mark as long as a retry is possible."""
    failed = await given_up(cabin, code)

    cabin.cloud.catch_up()
    cabin.clock.advance(LATE_SEARCH_SECONDS)
    await cabin.settle()
    assert (await cabin.get(failed)).status is Status.FAILED
    cabin.cloud.become(ImageStatus.AVAILABLE)
    cabin.clock.advance(LATE_SEARCH_SECONDS)
    await cabin.settle()

    late = await cabin.get(failed)
    assert (late.status, late.attempt.image_id) == (Status.AVAILABLE, "img-1")
    assert cabin.told()[-1] == ("entry", "appeared")


async def test_of_several_images_that_appear_late_none_is_taken(cabin: House) -> None:
    failed = await given_up(cabin, TIMED_OUT)
    cabin.cloud.catch_up()
    cabin.cloud.become(ImageStatus.AVAILABLE)
    cabin.cloud.images["img-planted"] = planted(failed)
    cabin.clock.advance(LATE_SEARCH_SECONDS)
    await cabin.settle()

    assert (await cabin.get(failed)).status is Status.FAILED


@pytest.mark.parametrize("text", ["x" * 1000, "one\ntwo\r\nthree", "[r-other.mark] mine", ""])
def test_peoples_words_come_after_the_mark_in_one_short_line(text: str) -> None:
    made = marked(replace(MARKED, image=image(description=text, image_name="n")))
    description = made.description or ""
    assert description.startswith(f"[{MARKED.marker}] requested by U0ALICE")
    assert len(description) <= DESCRIPTION_LENGTH
    assert len(description.splitlines()) == 1
    assert [tag.value for tag in made.tags if tag.key == MARK_TAG] == [MARKED.marker]


@pytest.mark.parametrize("key", [MARK_TAG, MARK_TAG.upper()])
def test_nobody_gives_an_image_the_tag_of_the_mark(key: str) -> None:
    found = parse_image({"instance_id": INSTANCE, "tags": [f"{key}=r-7abcdef.x"]})
    assert not isinstance(found, CreateImage)
    assert [problem.code for problem in found] == ["tag-own"]
