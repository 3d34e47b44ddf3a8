"""A row's body: what two versions of the program, working side by side, make of each other's."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.lifecycle import Status
from bot.domain.request import CLOUD_BUSY, Attempt, End, Failure, InstanceState, Review
from bot.service.outcomes import Done
from bot.store import bodies
from bot.store.engine import transaction
from bot.store.tables import requests
from tests.fakes import NOW, changed, request
from tests.house import ALICE, BOB, House, person

FULL = changed(
    request(status=Status.FAILED, reviews=(Review(BOB, True, "", NOW, frozenset({"S0OPS"}), ALICE),)),
    start_at=NOW,
    break_glass=True,
    instance_state=InstanceState.RUNNING,
    end=End(NOW, BOB, "enough"),
    number=3,
    slot=1,
    queue_reason=CLOUD_BUSY,
    image_id="img-1",
    progress=40,
    failure=Failure("Code", "words", "id", "cloud-other"),
)
"""A request with something in every kind of field."""


async def bodies_of(house: House) -> dict[str, Any]:
    """Return what the only row holds."""
    async with transaction(house.engine, reads=True) as connection:
        body = await connection.scalar(select(requests.c.body))
    found: dict[str, Any] = json.loads(body or "")
    return found


async def written_by_a_newer_one(house: House) -> None:
    """Put fields into the only row that this program doesn't know."""
    body = await bodies_of(house)
    body |= {"version": bodies.VERSION + 1, "soon": {"new": True}}
    body["attempt"] |= {"regions": ["cn-hangzhou"]}
    async with transaction(house.engine) as connection:
        await connection.execute(update(requests).values(body=json.dumps(body)))


def test_a_body_is_read_as_it_was_written() -> None:
    assert bodies.read(bodies.write(FULL)) == replace(FULL, revision=0)


@pytest.mark.parametrize("field", sorted(each.name for each in fields(Attempt)))
def test_a_new_attempt_has_nothing_of_the_one_before_but_its_number(field: str) -> None:
    assert getattr(FULL.again().attempt, field) == getattr(Attempt(number=4), field)


async def test_fields_of_a_newer_version_survive_an_older_one_that_writes(house: House) -> None:
    made = await house.submit()
    await written_by_a_newer_one(house)

    await house.service.review(person(BOB), made.id, approves=True)
    await house.step()

    kept = await bodies_of(house)
    assert (await house.get(made)).status is Status.CREATING
    assert (kept["version"], kept["soon"]) == (bodies.VERSION + 1, {"new": True})
    assert kept["attempt"]["regions"] == ["cn-hangzhou"]


async def test_what_a_newer_version_wrote_about_an_attempt_ends_with_it(house: House) -> None:
    made = await house.submit()
    await house.set(made, status=Status.FAILED, approved_at=house.clock(), end=End(house.clock()))
    await written_by_a_newer_one(house)

    assert isinstance(await house.service.retry(person(ALICE), made.id), Done)

    kept = await bodies_of(house)
    assert kept["soon"] == {"new": True}
    assert "regions" not in kept["attempt"]


async def test_an_own_body_says_its_version(house: House) -> None:
    await house.submit()
    kept = await bodies_of(house)
    assert kept["version"] == bodies.VERSION
    assert not {"newer", "revision"} & {*kept, *kept["attempt"]}
