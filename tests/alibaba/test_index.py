"""Machines by name: found from memory at every keystroke, also while the cloud is slow, or away in part."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.alibaba.index import FRESH_SECONDS, RETRY_SECONDS, Entries, InstanceIndex, folded
from bot.domain.image import InstanceType
from bot.playground.cloud import Kind, LocalCloud, LocalInstance, odd_instances
from bot.playground.cloud.instances import DESKTOP
from bot.ports import Instance, InstanceListing, InstanceState
from bot.ports import InstanceIndex as Index
from tests.clouds import client_of


def machine(instance_id: str, name: str = "") -> Instance:
    """A workstation."""
    return Instance(instance_id, name, InstanceType.WUYING_SERVER, InstanceState.STOPPED)


MACHINES = (
    machine("ws-1", "Design Station"),
    machine("ws-2", "design-station-2"),
    machine("ws-3", "Büro München"),
    machine("ws-4", "设计工作站"),
    machine("ws-5", "🚀 build *tools* <@U0ALICE>"),
    machine("ws-6", "מכונת-בנייה"),
    machine("ws-7", "twin"),
    machine("ws-8", "twin"),
    machine("ws-9", "see ws-1"),
    machine("aig-5k2v", ""),
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ws-1", ["ws-1", "ws-9"]),
        ("WS-1", ["ws-1", "ws-9"]),
        ("design station", ["ws-1", "ws-2"]),
        ("station design", ["ws-1", "ws-2"]),
        ("ＤＥＳＩＧＮ", ["ws-1", "ws-2"]),
        ("  design  ", ["ws-1", "ws-2"]),
        ("buro munchen", ["ws-3"]),
        ("BÜRO", ["ws-3"]),
        ("设计", ["ws-4"]),
        ("tools", ["ws-5"]),
        ("🚀", ["ws-5"]),
        ("<@U0ALICE>", ["ws-5"]),
        ("מכונת", ["ws-6"]),
        ("twin", ["ws-7", "ws-8"]),
        ("aig", ["aig-5k2v"]),
        ("*", ["ws-5"]),
        ("nothing like it", []),
        ("\n", [it.instance_id for it in sorted(MACHINES, key=lambda it: (folded(it.name), it.instance_id))]),
    ],
)
def test_search_ignores_case_width_and_accents_and_puts_the_best_first(text: str, ids: list[str]) -> None:
    """The ID itself, then the name, then beginnings, then words anywhere."""
    assert [found.instance_id for found in Entries(MACHINES).search(text)] == ids


@pytest.mark.parametrize(
    ("text", "best"), [("desing station", "ws-1"), ("buero munchen", "ws-3"), ("aig-5kv", "aig-5k2v")]
)
def test_nearest_names_are_offered_for_what_was_mistyped(text: str, best: str) -> None:
    """At most as many as asked for, best first."""
    nearest = Entries(MACHINES).nearest(text, 3)

    assert nearest[0].instance_id == best
    assert len(nearest) <= 3


def test_machine_that_is_listed_twice_is_found_once() -> None:
    """It moved from one page to the next while they were read."""
    entries = Entries((*MACHINES, *MACHINES))

    assert len(entries.search("")) == len(MACHINES)


def test_nothing_is_near_to_nonsense() -> None:
    """Better no hint than a silly one."""
    assert Entries(MACHINES).nearest("qqqqqqqqqq", 3) == ()


class Listing:
    """What `Cloud.instances` answers, once it is let go; and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: InstanceListing | Exception = InstanceListing({"workstations": MACHINES}, {})
        self.let_go = asyncio.Event()
        self.let_go.set()

    async def __call__(self) -> InstanceListing:
        """Answer."""
        self.asked += 1
        await self.let_go.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Hand:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


async def settled(index: InstanceIndex) -> None:
    """Wait for the listing in the background."""
    behind = index._refreshing._task  # noqa: SLF001 - what runs behind shows nowhere else
    assert behind is not None
    await behind


async def test_many_who_search_first_wait_for_one_listing() -> None:
    """Single flight."""
    listing = Listing()
    index: Index = InstanceIndex(listing)
    found = await asyncio.gather(*(index.search("twin") for _ in range(50)))

    assert listing.asked == 1
    assert all(len(each.instances) == 2 for each in found)


async def test_who_stops_waiting_ends_nobody_elses_listing() -> None:
    """Slack's three seconds are over before the first listing is there; the next keystroke has it."""
    listing = Listing()
    listing.let_go.clear()
    index = InstanceIndex(listing)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(index.search("twin"), 0.01)
    listing.let_go.set()

    assert len((await index.search("twin")).instances) == 2
    assert listing.asked == 1


async def test_stale_listing_answers_at_once_and_is_renewed_behind() -> None:
    """Nobody but the first waits for the cloud."""
    listing, hand = Listing(), Hand()
    index = InstanceIndex(listing, hand)
    await index.search()
    hand.now = FRESH_SECONDS
    listing.let_go.clear()
    listing.answer = InstanceListing({"workstations": (machine("ws-new", "new"),)}, {})
    stale = await asyncio.wait_for(index.search("twin"), 1)
    listing.let_go.set()
    await settled(index)
    fresh = await index.search("new")

    assert (len(stale.instances), stale.age) == (2, FRESH_SECONDS)
    assert ([found.instance_id for found in fresh.instances], fresh.age) == (["ws-new"], 0.0)


async def test_part_that_cannot_be_listed_keeps_its_last_instances_and_says_so() -> None:
    """One region away hides no other, and its own machines stay findable, with their age."""
    listing, hand = Listing(), Hand()
    desktop = machine("ecd-1", "desk")
    listing.answer = InstanceListing({"workstations": MACHINES, "cn-hangzhou": (desktop,)}, {})
    index = InstanceIndex(listing, hand)
    await index.search()
    hand.now = FRESH_SECONDS
    listing.answer = InstanceListing({"workstations": MACHINES}, {"cn-hangzhou": "Timeout"})
    await index.search()
    await settled(index)
    found = await index.search("desk")

    assert [each.instance_id for each in found.instances] == ["ecd-1"]
    assert (found.age, found.failures) == (FRESH_SECONDS, {"cn-hangzhou": "Timeout"})

    hand.now += RETRY_SECONDS
    await index.search()
    await settled(index)


async def test_listing_that_breaks_ends_no_search() -> None:
    """It is logged, told, and tried again."""
    listing, hand = Listing(), Hand()
    listing.answer = ValueError("a listing that nobody foresaw")
    index = InstanceIndex(listing, hand)
    empty = await index.search("twin")
    listing.answer = InstanceListing({"workstations": MACHINES}, {})
    hand.now = RETRY_SECONDS
    await index.search()
    await settled(index)

    assert (empty.instances, empty.age, bool(empty.failures)) == ((), None, True)
    assert len((await index.search("twin")).instances) == 2


async def test_end_takes_a_listing_under_way_with_it() -> None:
    """Nothing is left running."""
    listing = Listing()
    listing.let_go.clear()
    index = InstanceIndex(listing)
    waiting = asyncio.create_task(index.search())
    await asyncio.sleep(0)
    await index.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud with 250 workstations, 250 desktops here, and what people really call machines."""
    many = (LocalInstance(f"ws-{number:05}", f"station-{number}") for number in range(250))
    desks = (LocalInstance(f"ecd-{number:05}", f"desk-{number}", DESKTOP) for number in range(250))
    async with LocalCloud((*many, *desks, *odd_instances()), speed=0.0) as local:
        yield local


async def test_index_holds_every_page_of_every_region(local: LocalCloud) -> None:
    """Three pages of workstations, three of desktops here, one of those elsewhere."""
    cloud = client_of(local, regions=("cn-shanghai", "cn-hangzhou"))
    index = InstanceIndex(cloud.instances)
    found = await index.search()
    desk = await index.get("ECD-7w78ozhjcwa3u0015")
    await index.aclose()
    await cloud.aclose()

    assert len(found.instances) == 250 + 250 + len(odd_instances())
    assert (desk and desk.region, found.failures) == ("cn-hangzhou", {})
    assert len(local.ledger.of("ListWuyingServer")) == 3
    assert len(local.ledger.of("DescribeDesktops")) == 3 + 1


async def test_permission_that_is_missing_is_said_and_hides_no_other_part(local: LocalCloud) -> None:
    """The key can't list desktops, but workstations are found."""
    local.faults.add(Kind.ERROR, "DescribeDesktops", times=9, code="Forbidden.RAM")
    cloud = client_of(local)
    index = InstanceIndex(cloud.instances)
    found = await index.search("station-7")
    await index.aclose()
    await cloud.aclose()

    assert found.instances[0].name == "station-7"
    assert found.failures == {"cn-shanghai": "Forbidden.RAM"}


async def test_ten_thousand_instances_hold_up_neither_a_keystroke_nor_the_loop() -> None:
    """Measured in this thread's CPU time, as the machine may be busy; another thread builds the index."""
    names = [
        machine(f"ws-{number:07}", f"station {number} of büro {number % 97}") for number in range(10_000)
    ]
    listing = Listing()
    listing.answer = InstanceListing({"workstations": tuple(names)}, {})
    stood = min([await standing(InstanceIndex(listing)) for _ in range(3)])
    made = min(making(names) for _ in range(3))
    entries = Entries(names)
    slowest = min(max(map(partial(searching, entries), KEYSTROKES)) for _ in range(3))

    assert stood < min(0.05, made / 2)
    assert slowest < 0.02


def making(names: list[Instance]) -> float:
    """Seconds that making the index takes."""
    begun = time.thread_time()
    Entries(names)
    return time.thread_time() - begun


KEYSTROKES = ("s", "st", "station 7", "buro 13", "ws-0009", "zzz", "")


def searching(entries: Entries, text: str) -> float:
    """Seconds that a search takes, and the hints when there is nothing."""
    begun = time.thread_time()
    if not entries.search(text):
        entries.nearest(text, 3)
    return time.thread_time() - begun


async def standing(index: InstanceIndex) -> float:
    """The longest that the loop stood still while the index was filled."""
    task = asyncio.create_task(index.search())
    longest, last = 0.0, time.thread_time()
    while not task.done():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, last = max(longest, now - last), now
    assert len((await task).instances) == 10_000
    return longest
