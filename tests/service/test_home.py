"""App Home's contents: what waits for whom, page by page, by the rules as they are now."""

import time
from dataclasses import replace
from math import ceil

import pytest
from sqlalchemy import insert, update

from bot.domain.lifecycle import Status
from bot.domain.request import Review
from bot.policy import parse_policy
from bot.ports import Profile
from bot.service.home import MOST_READ, PAGE, READ, HomeService, Part
from bot.store.engine import transaction
from bot.store.tables import requests
from bot.store.transaction import columns
from tests.fakes import request
from tests.house import ALICE, BOB, CAROL, DAVE, House, person


def home(house: House) -> HomeService:
    """The reader of Homes."""
    return HomeService(house.store, house.rights, house.service.questions.whoami)


async def fill(house: House, number: int, **fields: object) -> None:
    """Write so many requests of Alice's."""
    rows = []
    end, team = house.clock() + 3600, person(ALICE).team_id
    for at in range(number):
        made_at = house.clock() - at
        one = request(id=f"r-{at:07}", team_id=team, created_at=made_at, expires_at=end, **fields)
        more = {"id": one.id, "created_at": made_at, "recorded_revision": 0, "due": None, "tries": 0}
        rows.append(columns(one) | more)
    async with transaction(house.engine) as connection:
        await connection.execute(insert(requests), rows)


async def test_a_home_has_what_waits_for_whom_and_what_is_whose(cabin: House) -> None:
    """Nobody's own request waits for them; what was approved waits for nobody."""
    asked = await cabin.submit(ALICE)

    alice, bob, dave = [await home(cabin).of(person(who)) for who in (ALICE, BOB, DAVE)]

    assert [each.id for each in alice.mine.requests] == [asked.id]
    assert alice.waiting.requests == ()
    assert [each.id for each in bob.waiting.requests] == [asked.id]
    assert dave.waiting.requests == dave.mine.requests == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"requester": BOB},
        {"break_glass": True},
        {"reviews": (Review(BOB, True, "", 0.0),)},
        {"status": Status.APPROVED},
        {"status": Status.CREATING},
    ],
)
async def test_what_a_person_cannot_help_with_does_not_wait_for_them(
    cabin: House, fields: dict[str, object]
) -> None:
    """Who may approve, but not this: their own, what needs nobody, what they have approved, what goes on."""
    await fill(cabin, 1, **fields)
    assert (await home(cabin).of(person(BOB))).waiting == Part()


async def test_what_waits_waits_for_no_guest_and_for_nobody_whose_right_is_to_other_instances(
    cabin: House,
) -> None:
    await cabin.submit(ALICE)
    approver = parse_policy("approver", approving("ws-0other"))
    narrow = replace(cabin.allowlist, policies={**cabin.allowlist.policies, "approver": approver})
    wide, cabin.allowlist = cabin.allowlist, narrow
    assert (await home(cabin).of(person(BOB))).waiting == Part()
    cabin.allowlist = wide
    assert len((await home(cabin).of(person(BOB))).waiting.requests) == 1
    cabin.directory.profiles[BOB] = Profile(BOB, "T0TEAM", "Bob", guest=True)
    assert (await home(cabin).of(person(BOB))).waiting == Part()


def approving(instance_id: str) -> dict[str, object]:
    """A document that allows approving requests for one instance."""
    resource = f"acs:appstreaming:*:*:instance/{instance_id}"
    about = {"Effect": "Allow", "Action": "imagebot:ApproveImageRequest", "Resource": resource}
    return {"Version": "1", "Statement": [about]}


async def test_what_waits_for_a_delegator_waits_for_their_delegate_alone(cabin: House) -> None:
    """Their reviews fill the delegator's place."""
    asked = await cabin.submit(ALICE)
    await cabin.service.delegate(person(BOB), DAVE, cabin.clock() + 3600)

    dave, other = [await home(cabin).of(person(who)) for who in (DAVE, "U0OTHER")]

    assert [each.id for each in dave.waiting.requests] == [asked.id]
    assert other.waiting == Part()


async def test_a_delegate_is_told_of_what_only_the_delegator_may_approve_and_not_of_their_own(
    cabin: House,
) -> None:
    """Carol may approve as well, but this takes one of Bob's group."""
    asked = await cabin.submit(ALICE, image={"image_name": "reasoned"})
    await fill(cabin, 1, requester=CAROL)
    await cabin.service.delegate(person(BOB), CAROL, cabin.clock() + 3600)

    carol = await home(cabin).of(person(CAROL))

    assert [each.id for each in carol.waiting.requests] == [asked.id]


async def test_a_right_that_was_taken_is_gone_at_the_next_look(cabin: House) -> None:
    """The Home shows what is true now."""
    await cabin.submit(ALICE)
    assert (await home(cabin).of(person(BOB))).waiting.requests

    cabin.directory.groups["S0OPS"].discard(BOB)
    bob = await home(cabin).of(person(BOB))

    assert bob.waiting.requests == ()
    assert bob.rights is not None
    assert not any(bob.rights.actions.values())


async def test_while_slack_cannot_say_who_somebody_is_nothing_waits_for_them(cabin: House) -> None:
    """Their own requests are shown all the same."""
    await cabin.submit(ALICE)
    cabin.directory.down = True

    alice, bob = await home(cabin).of(person(ALICE)), await home(cabin).of(person(BOB))

    assert len(alice.mine.requests) == 1
    assert (bob.rights, bob.waiting) == (None, Part())


@pytest.mark.parametrize("number", [0, 1, PAGE, PAGE + 1, 3 * PAGE])
async def test_a_home_shows_a_page_at_a_time(cabin: House, number: int) -> None:
    """Every request once, whatever page it's on."""
    await fill(cabin, number) if number else None
    seen: list[str] = []
    offset, more, pages = 0, True, 0
    while more:
        pages += 1
        part = (await home(cabin).of(person(BOB), waiting=offset)).waiting
        seen += [each.id for each in part.requests]
        offset, more = offset + PAGE, part.more

    assert len(seen) == len(set(seen)) == number
    assert pages == max(1, ceil(number / PAGE))


async def test_what_is_mine_and_what_was_made_is_shown_a_page_at_a_time(cabin: House) -> None:
    """What failed is in neither."""
    await fill(cabin, PAGE + 2)
    first, rest = [await home(cabin).of(person(ALICE), mine=offset) for offset in (0, PAGE)]
    assert [len(each.mine.requests) for each in (first, rest)] == [PAGE, 2]
    assert [each.mine.more for each in (first, rest)] == [True, False]
    assert (rest.mine.offset, first.made) == (PAGE, Part())
    for status, made in ((Status.FAILED, 0), (Status.AVAILABLE, PAGE)):
        async with transaction(cabin.engine) as connection:
            await connection.execute(update(requests).values(status=status.value))
        alice = await home(cabin).of(person(ALICE))
        assert (alice.mine, len(alice.made.requests), alice.made.more) == (Part(), made, made > 0)


async def test_what_waits_is_found_behind_a_hundred_that_do_not(cabin: House) -> None:
    oldest = await cabin.submit(ALICE)
    cabin.clock.advance(600)
    await fill(cabin, READ, requester=BOB)
    assert [each.id for each in (await home(cabin).of(person(BOB))).waiting.requests] == [oldest.id]


async def test_a_home_among_more_requests_than_it_reads_is_read_quickly(cabin: House) -> None:
    """Whose it is doesn't matter; `make bench` measures it among ten thousand."""
    await fill(cabin, MOST_READ + 1, status=Status.PENDING)
    took: dict[str, float] = {}
    for who in (ALICE, BOB, CAROL, DAVE):
        await home(cabin).of(person(who))
        took[who] = min([await timed(cabin, who) for _ in range(3)])

    assert max(took.values()) < 0.5, took


async def timed(house: House, who: str) -> float:
    """Seconds of CPU that one look takes, whatever else the machine does."""
    began = time.process_time()
    await home(house).of(person(who))
    return time.process_time() - began


async def test_an_image_that_was_made_stands_among_mine(cabin: House) -> None:
    """And no more among what is open."""
    asked = await cabin.submit(ALICE)
    await cabin.set(asked, status=Status.AVAILABLE, attempt=replace(asked.attempt, image_id="img-1"))

    alice = await home(cabin).of(person(ALICE))

    assert [each.id for each in alice.made.requests] == [asked.id]
    assert alice.mine.requests == ()
