"""Several workspaces on one database: what belongs to one isn't seen, or counted, in another."""

from dataclasses import replace

from sqlalchemy import select

from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import End, Person, Submission
from bot.ports import Profile
from bot.service.outcomes import Delegated, Submitted
from bot.store.engine import transaction
from bot.store.tables import requests
from tests.house import ALICE, BOB, CAROL, INSTANCE, House, lease, person

OTHER = "T0OTHER"


def elsewhere(user_id: str) -> Person:
    """Somebody with the same ID in another workspace."""
    return replace(person(user_id), team_id=OTHER)


async def submitted(house: House, who: Person, key: str = "") -> str:
    """Ask for an image, as somebody of both workspaces; return the request's ID."""
    house.directory.profiles[who.user_id] = Profile(who.user_id, "T0TEAM", "x", teams=frozenset({OTHER}))
    outcome = await house.service.submit(who, Submission(CreateImage(instance_id=INSTANCE), key=key))
    assert isinstance(outcome, Submitted)
    return outcome.request.id


async def test_one_intake_key_is_one_request_in_each_workspace(house: House) -> None:
    here = [await submitted(house, person(ALICE), key="k") for _ in range(2)]
    there = [await submitted(house, elsewhere(ALICE), key="k") for _ in range(2)]

    assert here[0] == here[1] != there[0] == there[1]


async def test_requests_of_a_workspace_are_listed_in_no_other(house: House) -> None:
    here, there = await submitted(house, person(ALICE)), await submitted(house, elsewhere(ALICE))

    assert [each.id for each in await house.store.find(team_id="T0TEAM", requester=ALICE)] == [here]
    assert [each.id for each in await house.store.find(team_id=OTHER)] == [there]
    assert {each.id for each in await house.store.find()} == {here, there}


async def test_a_delegation_counts_in_its_workspace_alone(house: House) -> None:
    until = house.clock() + 3600
    await house.service.delegate(person(BOB), CAROL, until)
    await house.service.delegate(elsewhere(BOB), ALICE, until)
    ended = await house.service.end_delegation(elsewhere(BOB))

    assert ended == Delegated(BOB, ALICE, None)
    assert [each.delegate for each in await house.store.delegations("T0TEAM")] == [CAROL]
    assert await house.store.delegations(OTHER) == ()


async def test_a_channel_has_one_second_for_each_workspace(house: House) -> None:
    """Channel IDs are unique within a workspace."""
    for who in (person(ALICE), elsewhere(ALICE)):
        await submitted(house, who)
    claimed = [await house.outbox.claim(lease()) for _ in range(2)]

    assert {each.message.team_id for each in claimed if each} == {"T0TEAM", OTHER}


async def test_the_end_of_a_request_is_a_column(house: House) -> None:
    request = await house.submit()
    await house.service.cancel(person(ALICE), request.id)
    async with transaction(house.engine, reads=True) as connection:
        row = (await connection.execute(select(requests.c.ended_at, requests.c.status))).one()

    assert row.status == Status.CANCELLED
    assert (await house.get(request)).end == End(row.ended_at, ALICE)
    assert row.ended_at == house.clock()
