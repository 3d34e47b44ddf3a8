"""An abuse run: ten hostile people, a hanging cloud, a long line and a broken allowlist, next to honest work.

Half of the ten have permissions, like insiders. The same work is done once undisturbed, for comparison.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from sqlalchemy import select

from bot.domain.approvals import Rule
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import InstanceState, Person, Request, Submission
from bot.playground.cast import ALICE, BOB, CAROL
from bot.playground.cloud import LocalCloud
from bot.playground.cloud.instances import LocalInstance
from bot.playground.slack import Answer, Message, interactions
from bot.playground.slack.app import OTHER_APP
from bot.playground.slack.screen import NotOnScreenError
from bot.playground.slack.state import TEAM_ID, User
from bot.service.new_request import new_request
from bot.store import audit_check
from bot.store.engine import transaction
from bot.store.tables import requests
from bot.store.transaction import ROW, Transaction, read
from tests.crash.lives import about, is_card
from tests.crash.rig import RULES, Rig, channel_of, instance_of
from tests.crash.soak import Sample, middle, watch

HOSTILE = tuple(f"U0HOSTILE{number}" for number in range(10))
INSIDERS = HOSTILE[:5]
HONEST_CHANNELS = 20
LINE_CHANNEL = HONEST_CHANNELS
FLOOD_CHANNEL = HONEST_CHANNELS + 1
IMAGE_SECONDS = 2.0
SLACK_WAITS = 3.0
SIDE_CALLS = ("ListWuyingServer", "DescribeDesktops", "DescribeUsersInGroup")
LONG = 7_900
TEXTS = (
    "create " + "'a " * (LONG // 3),
    "create ws-0flood00000000001 --reason " + "&lt;*_~`" * (LONG // 8),
    "create ws-0flood00000000001 --tag " + "a=b," * (LONG // 4),
    "why " + "[" * LONG,
    "create " + "--at 9999999999999999999d " * (LONG // 26),
    "create " + "\u202e\u0000x" * (LONG // 3),
)
VALUES = ("", "r-2222222", "r-'; DROP TABLE requests; --", "x" * 1_900, "[" * 1_900, '{"id":' * 300)
BUTTONS = ("request_approve", "request_reject", "request_cancel", "request_retry", "request_menu")
Act = Callable[[Rig, int], Awaitable[object]]


@dataclass(frozen=True)
class Plan:
    """How long work is watched, how many approved requests are in line, how long people pause."""

    seconds: float
    in_line: int
    pause: float = 0.25
    honest_pause: float = 1.0


@dataclass(frozen=True)
class Bounds:
    """The limits of a disturbed run; the fewest images are a share of the undisturbed run's."""

    acknowledged_p99: float = 1.0
    slowest_card: float = 10.0
    fewest_images: float = 0.9
    more_memory: float = 64.0
    more_descriptors: int = 40


@dataclass
class Seen:
    """What honest people saw: seconds to each acknowledgement and card; names that were acknowledged."""

    acknowledged: list[float] = field(default_factory=list)
    carded: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """The results of a run; the faults are sentences."""

    acknowledged_p99: float
    slowest_card: float
    images_a_minute: float
    acts: int
    before: Sample
    after: Sample
    faults: tuple[str, ...]

    def broken(self, quiet: "Figures", bounds: Bounds) -> list[str]:
        """Say which promises this run has broken, compared with the undisturbed one."""
        grown = self.after.memory - self.before.memory
        opened = self.after.descriptors - self.before.descriptors
        promises = (
            (self.acknowledged_p99 < bounds.acknowledged_p99, f"acknowledged in {self.acknowledged_p99} s"),
            (self.slowest_card < bounds.slowest_card, f"a card after {self.slowest_card} s"),
            (
                self.images_a_minute >= bounds.fewest_images * quiet.images_a_minute,
                f"{self.images_a_minute} images a minute, undisturbed {quiet.images_a_minute}",
            ),
            (grown < bounds.more_memory, f"memory grew by {grown} MiB"),
            (opened < bounds.more_descriptors, f"{opened} more descriptors"),
        )
        return [*(said for kept, said in promises if not kept), *quiet.faults, *self.faults]


async def abuse(plan: Plan, url: str, folder: Path, *, hostile: bool) -> Figures:
    """Let honest people work, with the hostile or without."""
    async with _rig(plan, url, folder) as rig:
        await rig.start_all()
        await _put_in_line(rig, plan.in_line)
        process = rig.processes[0].process
        assert process is not None
        seen, acts = Seen(), count()
        begun, made = time.monotonic(), len(rig.cloud.images)
        watching = asyncio.create_task(watch(Path(f"/proc/{process.pid}"), plan.seconds))
        async with _disturbed(rig, plan, acts) if hostile else nullcontext():
            await _honest(rig, plan, seen)
            minutes = (time.monotonic() - begun) / 60
            rate = (len(rig.cloud.images) - made) / minutes
            samples = await watching
        stopped = await rig.processes[0].stop()
        faults = [*await _faults(rig, seen), *([f"stopped with {stopped}"] if stopped else [])]
    third = max(1, len(samples) // 3)
    return Figures(
        acknowledged_p99=_p99(seen.acknowledged),
        slowest_card=max(seen.carded, default=math.inf),
        images_a_minute=rate,
        acts=next(acts),
        before=middle(samples[:third]),
        after=middle(samples[-third:]),
        faults=tuple(faults),
    )


def _rig(plan: Plan, url: str, folder: Path) -> Rig:
    """Return a rig with one process, a machine for each request, and the hostile among its people."""
    machines = [LocalInstance(instance_of(number)) for number in range(plan.in_line + HONEST_CHANNELS)]
    rig = Rig(
        *(url, folder, FLOOD_CHANNEL + 1, 1, 1),
        people=[User(user, user.lower()) for user in HOSTILE],
        environment={"IMAGES_AT_ONCE": "5", "LOOKUP_SECONDS": "5", "LEASE_SECONDS": "10"},
        cloud=LocalCloud(machines, seconds=IMAGE_SECONDS),
        ack_seconds=SLACK_WAITS,
    )
    rig.rules = RULES | {"attachments": [{"users": [ALICE, BOB, CAROL, *INSIDERS], "policies": ["all"]}]}
    return rig


@asynccontextmanager
async def _disturbed(rig: Rig, plan: Plan, acts: "count[int]") -> AsyncIterator[None]:
    """Let the hostile act until the block ends."""
    disturbing = asyncio.create_task(_disturb(rig, plan, acts))
    try:
        yield
    finally:
        disturbing.cancel()
        with suppress(asyncio.CancelledError):
            await disturbing
        rig.cloud.faults.clear()


async def _put_in_line(rig: Rig, number: int) -> None:
    """Put requests in line as if they needed no approval."""
    now = time.time()
    for first in range(0, number, 200):
        async with transaction(rig.engine, seconds=None) as connection:
            for each in range(first, min(first + 200, number)):
                request = _approved(HONEST_CHANNELS + each, now + each / 1000)
                details = {"image": request.image.model_dump(mode="json")}
                await Transaction(connection, time.time).add(request, key="", details=details)


def _approved(number: int, at: float) -> Request:
    image = CreateImage(instance_id=instance_of(number))
    rule, place = Rule(name="line", quorum=()), channel_of(LINE_CHANNEL)
    asker = Person(CAROL, TEAM_ID, place)
    request = new_request(asker, Submission(image, reason="in line"), rule, place, at)
    return replace(request, status=Status.APPROVED, approved_at=at, instance_state=InstanceState.STOPPED)


async def _honest(rig: Rig, plan: Plan, seen: Seen) -> None:
    """Ask for an image every second, in channel after channel, and wait for each acknowledgement and card."""
    end = time.monotonic() + plan.seconds
    async with asyncio.TaskGroup() as group:
        for number in count():
            if time.monotonic() >= end:
                return
            group.create_task(_ask(rig, number, seen))
            await asyncio.sleep(plan.honest_pause)


async def _ask(rig: Rig, number: int, seen: Seen) -> None:
    name, channel = f"honest-{number}", channel_of(number % HONEST_CHANNELS)
    begun = time.monotonic()
    text = f"create {instance_of(number % HONEST_CHANNELS)} --name {name} --reason work --anyway"
    answer = await rig.slack.person(ALICE).command("/image", text, channel)
    seen.acknowledged.append(time.monotonic() - begun if answer.error is None else math.inf)
    if answer.error is not None:
        return
    seen.names.append(name)

    def card(_: object) -> bool:
        return any(_is_ours(rig, each) and name in each.text for each in rig.slack.messages(channel))

    try:
        await rig.slack.until(card, 30)
        seen.carded.append(time.monotonic() - begun)
    except TimeoutError:
        seen.missing.append(name)


def _is_ours(rig: Rig, message: Message) -> bool:
    return is_card(message) and message.bot_id == rig.slack.app.bot_id


async def _disturb(rig: Rig, plan: Plan, acts: "count[int]") -> None:
    """Let everybody hostile act endlessly, while the cloud hangs and the allowlist breaks."""
    for operation in SIDE_CALLS:
        rig.cloud.faults.add("slow", operation, times=10**9, seconds=60)
    async with asyncio.TaskGroup() as group:
        group.create_task(_break_allowlist(rig))
        for number, act in enumerate(ACTS):
            group.create_task(_again_and_again(rig, plan.pause, number, act, acts))


async def _again_and_again(rig: Rig, pause: float, number: int, act: Act, acts: "count[int]") -> None:
    for turn in count():
        with suppress(NotOnScreenError):
            await act(rig, number + len(ACTS) * turn)
        next(acts)
        await asyncio.sleep(pause)


async def _break_allowlist(rig: Rig) -> None:
    """Break the file in one way after another, and repair it: the rules in force never change."""
    good = rig.allowlist.read_text(encoding="utf-8")
    for turn in count():
        broken = (
            good[: len(good) // 2],
            "",
            "[" * 5_000,
            "policies: \0",
            good.replace("policies", "polices"),
        )
        rig.allowlist.write_text(broken[turn % len(broken)], encoding="utf-8")
        await asyncio.sleep(0.7)
        rig.allowlist.write_text(good, encoding="utf-8")
        await asyncio.sleep(0.7)


def _who(turn: int) -> str:
    return HOSTILE[turn % len(HOSTILE)]


async def _command(rig: Rig, turn: int, text: str) -> Answer:
    return await rig.slack.person(_who(turn)).command("/image", text, channel_of(FLOOD_CHANNEL))


async def _flood(rig: Rig, turn: int) -> object:
    asked = (_command(rig, turn, f"create ws-0flood{turn:08}001 --reason {each} --anyway") for each in "abc")
    return await asyncio.gather(*asked)


async def _say_much(rig: Rig, turn: int) -> object:
    return await _command(rig, turn, TEXTS[turn % len(TEXTS)])


async def _ask_much(rig: Rig, turn: int) -> object:
    asks = ("why create ws-0flood00000000001", "list all", "whoami", "images a", "instances a")
    return await _command(rig, turn, asks[turn % len(asks)])


async def _delegate(rig: Rig, turn: int) -> object:
    return await _command(rig, turn, f"delegate <@{HOSTILE[(turn + 1) % 10]}> until 1h")


def _cards(rig: Rig, turn: int) -> list[Message]:
    return [each for each in rig.slack.messages(channel_of(turn % HONEST_CHANNELS)) if _is_ours(rig, each)]


async def _press_forged(rig: Rig, turn: int) -> object:
    """Press a card's button with a made-up value."""
    for card in _cards(rig, turn)[-1:]:
        action = {"type": "button", "action_id": BUTTONS[turn % len(BUTTONS)], "block_id": "actions"}
        forged = action | {"value": VALUES[turn % len(VALUES)]}
        user = rig.slack.workspace.users[_who(turn)]
        payload = interactions.block_actions(rig.slack.workspace, user, card, {}, forged)
        await rig.slack.person(_who(turn)).send_raw("interactive", payload)
    return None


async def _cancel_anothers(rig: Rig, turn: int) -> object:
    """Cancel somebody else's request without permission (insiders have it here)."""
    turn = turn if _who(turn) not in INSIDERS else turn + len(INSIDERS)
    for card in _cards(rig, turn)[-1:]:
        await _command(rig, turn, f"cancel {about(card)['request_id']}")
        await rig.slack.person(_who(turn)).click(card, "request_approve", str(about(card)["request_id"]))
    return None


async def _forge_metadata(rig: Rig, turn: int) -> object:
    """Let another app post cards and entries for one of the newest requests, which still wait for theirs."""
    query = select(*ROW).order_by(requests.c.created_at.desc()).limit(1).offset(turn % 3)
    async with transaction(rig.engine, reads=True) as connection:
        newest = read((await connection.execute(query)).one())
    for seq in range(1, 4):
        payload = {"request_id": newest.id, "status": "pending", "event": "submitted", "seq": seq}
        for kind in ("image_request", "image_request_event"):
            metadata = {"event_type": kind, "event_payload": payload}
            rig.slack.admin.post_as(OTHER_APP, newest.channel, f"Approved by @security {newest.id}",
                                    metadata=metadata)  # fmt: skip
    return None


ACTS: tuple[Act, ...] = (
    _flood, _flood, _flood, _say_much, _say_much, _ask_much, _delegate, _press_forged, _cancel_anothers,
    _forge_metadata,
)  # fmt: skip


async def _faults(rig: Rig, seen: Seen) -> list[str]:
    """Say what was lost, duplicated or wrongly adopted."""
    async with transaction(rig.engine, reads=True, seconds=None) as connection:
        broken = (await audit_check.check(connection)).problems
        kept = [read(row) for row in await connection.execute(select(*ROW))]
    names = {request.image.image_name for request in kept}
    told = [each for channel in range(FLOOD_CHANNEL + 1) for each in rig.slack.messages(channel_of(channel))]
    ours = [each for each in told if each.bot_id == rig.slack.app.bot_id and "seq" in about(each)]
    posted = Counter((about(each)["request_id"], about(each)["seq"]) for each in ours)
    spoiled = [each.id for each in kept if each.requester == ALICE and (each.reviews or each.end)]
    return [
        *(f"{name} was acknowledged, and lost" for name in seen.names if name not in names),
        *(f"{name} has no card" for name in seen.missing),
        *(f"{message} was posted {times} times" for message, times in posted.items() if times > 1),
        *(f"{request} was approved or ended by a stranger" for request in spoiled),
        *_wrong_images(rig, kept),
        *(f"audit log: {problem}" for problem in broken),
    ]


def _wrong_images(rig: Rig, kept: list[Request]) -> list[str]:
    """Say which image belongs to no request, to several, or isn't the one that its request names."""
    made = {image.image_id: image for image in rig.cloud.images if image.image_type == "User"}
    adopted = {each.attempt.image_id: each for each in kept if each.attempt.image_id}
    had = Counter(each.attempt.image_id for each in kept if each.attempt.image_id)
    return [
        *(f"image {image_id} has no request" for image_id in made if image_id not in adopted),
        *(f"image {image_id} is that of {times} requests" for image_id, times in had.items() if times > 1),
        *(
            f"{request.id} has adopted {image_id}"
            for image_id, request in adopted.items()
            if image_id not in made or not made[image_id].description.startswith(f"[{request.marker}]")
        ),
    ]


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[math.ceil(len(seconds) * 0.99) - 1] if seconds else math.inf
