"""Machines by name: who is offered which, and what an ID or a name means."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.allowlist import Allowlist, load
from bot.domain.request import Person
from bot.ports import Instance, InstanceListing
from bot.service.instances import Emptiness, Known, Meant, NoSuch, Offer, Several, Unsure
from tests.machines import instances, machine
from tests.ports import INSTANCE, FakeCloud, FakeDirectory, busy

ALICE, BOB, STRANGER = (Person(each, "T0TEAM") for each in ("U0ALICE", "U0BOB", "U0NOBODY"))
STATION, FARM = machine(), machine("ws-2", "render-farm")
DESKTOP = machine("ecd-3", "finance-desktop")
TWINS = (machine("ws-4", "twin"), machine("ecd-5", "Twin"))
ALL = (STATION, FARM, DESKTOP, *TWINS)
PATIENT = 10.0
"""Seconds that a search may take where its time isn't the question: a busy machine may pause."""


def rules(tmp_path: Path, statements: str) -> Allowlist:
    """An allowlist that gives Alice these statements."""
    path = tmp_path / "allowlist.yaml"
    path.write_text(
        f'policies:\n  p:\n    Version: "1"\n    Statement:\n{statements}'
        "attachments: [{users: [U0ALICE], policies: [p]}]\n"
    )
    return load(path)


def allow(resource: str = "*", condition: str = "") -> str:
    """A statement about asking for images."""
    more = f", Condition: {condition}" if condition else ""
    action = "appstreaming:CreateImageByInstance"
    return f'      - {{Effect: Allow, Action: "{action}", Resource: "{resource}"{more}}}\n'


def load_for_both(tmp_path: Path) -> Allowlist:
    """An allowlist that gives Alice everything, and Bob one machine."""
    path = tmp_path / "both.yaml"
    path.write_text(
        f'policies:\n  all:\n    Version: "1"\n    Statement:\n{allow()}'
        f'  one:\n    Version: "1"\n    Statement:\n{allow("acs:appstreaming:*:*:instance/ws-2")}'
        "attachments: [{users: [U0ALICE], policies: [all]}, {users: [U0BOB], policies: [one]}]\n"
    )
    return load(path)


DENY_DATA_DISK = """\
      - Effect: Deny
        Action: "appstreaming:CreateImageByInstance"
        Resource: "*"
        Condition: {StringEquals: {"appstreaming:DiskType": "ALL"}}
"""


def ids(offer: Offer) -> list[str]:
    """The IDs that are offered."""
    return [each.instance_id for each in offer.instances]


@pytest.mark.parametrize(
    ("statements", "offered"),
    [
        pytest.param(allow(), {each.instance_id for each in ALL}, id="everything"),
        pytest.param(allow("acs:appstreaming:*:*:instance/ecd-*"), {"ecd-3", "ecd-5"}, id="desktops"),
        pytest.param(
            allow() + DENY_DATA_DISK, {each.instance_id for each in ALL}, id="in one way, not in another"
        ),
        pytest.param(
            allow(condition='{Bool: {"imagebot:StopFirst": "true"}}'),
            {each.instance_id for each in ALL},
            id="when it is stopped first",
        ),
        pytest.param(
            allow(condition='{StringEquals: {"slack:ChannelId": "C0OTHER"}}'), set(), id="only elsewhere"
        ),
    ],
)
async def test_only_what_a_person_may_image_is_offered(
    tmp_path: Path, statements: str, offered: set[str]
) -> None:
    """In whatever way they may."""
    offer = await instances(*ALL, allowlist=rules(tmp_path, statements)).search(ALICE, within=PATIENT)

    assert set(ids(offer)) == offered
    assert (offer.why is None) == bool(offered)


@pytest.mark.parametrize(
    ("listed", "unlisted", "who", "text", "why"),
    [
        (ALL, {}, STRANGER, "", Emptiness.NOTHING_ALLOWED),
        (ALL, {}, ALICE, "nothing like it", Emptiness.NO_MATCH),
        ((), {}, ALICE, "", Emptiness.NO_INSTANCES),
        ((), {"workstations": "NoPermission"}, ALICE, "", Emptiness.FORBIDDEN),
        ((), {"cn-shanghai": "Forbidden.RAM"}, ALICE, "ws", Emptiness.FORBIDDEN),
        ((), {"workstations": "ServiceUnavailable"}, ALICE, "", Emptiness.SILENT),
        ((DESKTOP,), {"workstations": "ServiceUnavailable"}, ALICE, "design", Emptiness.NO_MATCH),
    ],
)
async def test_an_empty_list_says_why(
    listed: tuple[Instance, ...], unlisted: dict[str, str], who: Person, text: str, why: Emptiness
) -> None:
    """Each reason is somebody else's to fix."""
    cloud = FakeCloud()
    cloud.unlisted = unlisted

    assert await instances(*listed, cloud=cloud).search(who, text, PATIENT) == Offer(why=why)


async def test_while_the_first_listing_goes_on_the_list_says_so() -> None:
    """Nobody waits for Alibaba Cloud while they type."""
    listing = asyncio.Event()

    class SlowCloud(FakeCloud):
        """Takes its time."""

        async def instances(self) -> InstanceListing:
            """List them once it may."""
            await listing.wait()
            return await super().instances()

    machines = instances(*ALL, cloud=SlowCloud())
    began = time.monotonic()

    assert await machines.search(ALICE) == Offer(why=Emptiness.LOADING)
    assert time.monotonic() - began < 1.0

    listing.set()
    await machines.index.search()
    assert ids(await machines.search(ALICE, "design", PATIENT)) == [STATION.instance_id]


async def test_nothing_is_offered_while_slack_cannot_say_who_somebody_is() -> None:
    """What can't be decided is not shown."""
    machines = instances(*ALL, directory=FakeDirectory(down=True))

    assert await machines.search(ALICE, within=PATIENT) == Offer(why=Emptiness.UNDECIDED)


async def test_what_one_person_may_ask_for_says_nothing_about_another(tmp_path: Path) -> None:
    """What was decided is remembered for half a minute, for that person and those rules."""
    only_desktops = rules(tmp_path, allow("acs:appstreaming:*:*:instance/ecd-*"))
    machines = instances(*ALL, allowlist=load_for_both(tmp_path))

    assert len(ids(await machines.search(ALICE, within=PATIENT))) == len(ALL)
    assert ids(await machines.search(BOB, within=PATIENT)) == ["ws-2"]

    machines.rights = instances(*ALL, allowlist=only_desktops).rights
    assert set(ids(await machines.search(ALICE, within=PATIENT))) == {"ecd-3", "ecd-5"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        pytest.param(STATION.instance_id, Known(STATION), id="an ID"),
        pytest.param(f"`{STATION.instance_id.upper()}`.", Known(STATION), id="an ID as people write it"),
        pytest.param(" Render-Farm ", Known(FARM), id="a name"),
        pytest.param("finance", Known(DESKTOP), id="a part of one name"),
        pytest.param("twin", Several(TWINS[::-1]), id="two of one name"),
        pytest.param("design-statoin", NoSuch("design-statoin", (STATION,)), id="a slip"),
        pytest.param("zzzzzz", NoSuch("zzzzzz"), id="nothing like it"),
        pytest.param("ws-unheard-of", NoSuch("ws-unheard-of"), id="an ID that the cloud doesn't know"),
        pytest.param(
            "ecd-unheard-of",
            NoSuch("ecd-unheard-of", regions=FakeCloud.desktop_regions),
            id="a desktop, and where it was looked for",
        ),
    ],
)
async def test_an_id_or_a_name_means_one_machine_or_says_what_else(given: str, meant: Meant) -> None:
    """Before anything is asked for."""
    cloud = FakeCloud()
    cloud.state = None

    assert await instances(*ALL, cloud=cloud).meant(ALICE, given) == meant


async def test_a_new_machine_is_looked_for_at_alibaba_cloud() -> None:
    """The index may be a minute old."""
    found = await instances(*ALL).meant(ALICE, "ws-brand-new")

    assert isinstance(found, Known)
    assert found.instance.instance_id == "ws-brand-new"


async def test_while_alibaba_cloud_is_silent_nobody_is_told_that_there_is_none() -> None:
    """The request is sent, and the card warns of it."""
    cloud = FakeCloud()
    cloud.unlisted = {"workstations": "ServiceUnavailable"}
    cloud.fail(INSTANCE, busy())
    machines = instances(cloud=cloud)

    assert await machines.meant(ALICE, "ws-brand-new") == Unsure()
    assert await machines.meant(ALICE, "build tools") == Unsure()


async def test_who_may_ask_for_nothing_is_not_shown_what_there_is() -> None:
    """A name that they know is denied as its ID would be; no other is suggested."""
    cloud = FakeCloud()
    cloud.state = None
    machines = instances(*ALL, cloud=cloud)

    assert await machines.meant(STRANGER, "render-farm") == Known(FARM)
    assert await machines.meant(STRANGER, "design-statoin") == NoSuch("design-statoin")
    assert await machines.meant(STRANGER, "design") == NoSuch("design")


async def test_ten_thousand_machines_are_searched_between_two_keystrokes(tmp_path: Path) -> None:
    """Also by somebody who may ask for ten of them; what there was no time for comes with the next."""
    many = tuple(machine(f"ws-{number:05}", f"station {number:05}") for number in range(10_000))
    machines = instances(*many, allowlist=rules(tmp_path, allow("acs:appstreaming:*:*:instance/ws-0999?")))
    await machines.index.search()
    began = time.perf_counter()

    first = await machines.search(ALICE, "station")

    assert time.perf_counter() - began < 0.5
    assert first.instances or first.why is Emptiness.LOADING
    while (offer := await machines.search(ALICE, "station")).why is Emptiness.LOADING:
        pass
    assert len(offer.instances) == 10
