"""Who is told directly: by their own choice, by a rule's `ping`, once, and not in their quiet hours."""

from dataclasses import replace
from datetime import time
from typing import Any

from bot.domain.approvals import Ping, QuorumSlot, Rule
from bot.domain.message import DIRECTLY, Kind
from bot.domain.preferences import Preferences, Waiting
from bot.process.digests import Digests
from bot.store import preferences
from bot.store.engine import transaction
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, House, person
from tests.service.test_home import fill, home


async def chooses(house: House, who: str, **chosen: Any) -> None:
    """Let a person choose at Home."""
    await home(house).choose(person(who), Preferences(**chosen))


async def directs(house: House) -> list[tuple[str, str]]:
    """Return who gets which direct messages."""
    rows = [row for row in await house.messages() if row.kind in (Kind.DIRECT, Kind.DIGEST)]
    return [(row.target, each["event"]) for row in rows for each in row.told]


async def test_who_chose_nothing_is_told_nothing_directly(house: House) -> None:
    """The thread tells them."""
    request = await house.submit(ALICE)
    await house.settle()
    await house.service.review(person(BOB), request.id, approves=True)
    await house.settle()

    assert await directs(house) == []


async def test_the_requester_hears_of_the_decision_and_of_the_end_as_they_chose(house: House) -> None:
    """Each once."""
    await chooses(house, ALICE, decided=True)
    request = await house.submit(ALICE)
    await house.settle()
    await house.service.review(person(BOB), request.id, approves=False, reason="no")
    await house.settle()

    assert await directs(house) == [(ALICE, "rejected")]
    entries = [each for row in await house.messages() if row.kind == Kind.ENTRY for each in row.told]
    told = [each["event"] for each in entries if each["details"].get(DIRECTLY)]
    assert told == ["rejected"]  # the thread names her, and doesn't mention her as well


async def test_what_happens_in_quiet_hours_is_told_when_they_end(cabin: House) -> None:
    """Nothing is lost."""
    now = Preferences().local(cabin.clock())
    begins, ends = now.replace(minute=0), (now.hour + 2) % 24
    await chooses(cabin, ALICE, decided=True, quiet=(time(begins.hour), time(ends)))
    request = await cabin.submit(ALICE)
    await cabin.settle()
    await cabin.service.review(person(BOB), request.id, approves=False, reason="no")

    [row] = [row for row in await cabin.messages() if row.kind == Kind.DIRECT]

    assert row.due > cabin.clock() + 3000
    await cabin.deliver()
    assert (ALICE, "rejected") in await directs(cabin)
    assert ("direct", "rejected") not in cabin.told()


async def test_who_wants_to_hear_of_each_is_told_once_what_waits_for_them(cabin: House) -> None:
    """And nobody for whom it doesn't wait."""
    for who in (BOB, DAVE):
        await chooses(cabin, who, waiting=Waiting.EACH)
    await cabin.submit(ALICE)
    await cabin.settle()
    await cabin.settle()

    assert await directs(cabin) == [(BOB, "waits")]


async def test_a_rule_that_pings_people_tells_everybody_who_can_approve(cabin: House) -> None:
    """Once, even those who chose a message for each."""
    quorum = (QuorumSlot(usergroups=frozenset({"S0OPS", "S0SEC"})),)
    cabin.allowlist = replace(cabin.allowlist, rules=(Rule(name="all", quorum=quorum, ping=Ping.PEOPLE),))
    await chooses(cabin, BOB, waiting=Waiting.EACH)
    await cabin.submit(ALICE)
    await cabin.settle()

    assert sorted(await directs(cabin)) == [(BOB, "waits"), (CAROL, "waits"), (EVE, "waits")]


async def test_who_is_mentioned_on_the_card_is_not_told_directly_as_well(cabin: House) -> None:
    """Bob is in the group that the rule mentions; Carol, who may approve too, isn't."""
    quorum = (QuorumSlot(usergroups=frozenset({"S0OPS"}), users=frozenset({CAROL})),)
    rule = Rule(name="ops", quorum=quorum, ping=Ping.USERGROUPS)
    cabin.allowlist = replace(cabin.allowlist, rules=(rule,))
    for who in (BOB, CAROL):
        await chooses(cabin, who, waiting=Waiting.EACH)
    await cabin.submit(ALICE)
    await cabin.settle()

    assert await directs(cabin) == [(CAROL, "waits")]


async def test_a_digest_is_sent_once_a_day_by_any_process(cabin: House) -> None:
    """Two processes, looking again and again; three that wait are none."""
    service = home(cabin)
    await chooses(cabin, BOB, waiting=Waiting.DAILY)
    one, other = Digests(cabin.store, service), Digests(cabin.store, service)
    noon = 12 * 3600 - cabin.clock() % 86400
    cabin.clock.advance(noon + 86400)

    await fill(cabin, 3)
    await one.look()
    assert await directs(cabin) == []

    await fill_more(cabin)
    for digests in (one, other, one, other):
        await digests.look()
    assert await directs(cabin) == [(BOB, "digest")]

    cabin.clock.advance(86400)
    await fill_more(cabin, "next")
    await other.look()
    assert len(await directs(cabin)) == 2


async def fill_more(house: House, name: str = "more") -> None:
    """Have enough wait for a digest."""
    for number in range(5):
        await house.submit(ALICE, image={"image_name": f"{name}-{number}"}, anyway=True)


async def test_a_choice_that_slack_delivers_again_does_not_undo_a_later_one(cabin: House) -> None:
    service, clicks = (
        home(cabin),
        [replace(person(BOB), delivery=each) for each in ("first", "second", "first")],
    )
    chosen = [Preferences(done=True), Preferences(decided=True), Preferences(done=True)]
    for click, choice in zip(clicks, chosen, strict=True):
        await service.choose(click, choice)
    kept = await service.choices(person(BOB))
    assert (kept.done, kept.decided) == (False, True)


async def test_choices_are_kept_as_they_were_made(house: House) -> None:
    """With the zone of the person's Slack."""

    chosen = Preferences(decided=True, waiting=Waiting.DAILY, quiet=(time(20), time(8)))
    await home(house).choose(person(ALICE), chosen)

    assert await home(house).choices(person(ALICE)) == replace(chosen, zone="UTC")
    assert await home(house).choices(person(BOB)) == Preferences()
    async with transaction(house.engine, reads=True) as connection:
        assert [each[1] for each in await preferences.daily(connection)] == [ALICE]
