"""A run's verdict: Slack's and the cloud's ledgers, compared with the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from itertools import pairwise

from sqlalchemy import select

from bot.domain.lifecycle import ENDS, Event
from bot.domain.request import Request
from bot.playground.cloud.ledger import Call
from bot.playground.slack import Message
from bot.store import audit_check
from bot.store.engine import transaction
from bot.store.tables import messages
from bot.store.transaction import ROW, read
from tests.crash.lives import FATES, STOPPING, Life, about, is_card
from tests.crash.rig import Rig, instance_of


@dataclass(frozen=True)
class Verdict:
    """How often each promise was broken; all zeros means they were kept."""

    lost: int = 0
    doubled_images: int = 0
    doubled_copies: int = 0
    late_stops: int = 0
    left_stopped: int = 0
    doubled_cards: int = 0
    doubled_entries: int = 0
    doubled_completions: int = 0
    wrong_order: int = 0
    too_fast: int = 0
    broken_audit: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not any(astuple(self))

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @classmethod
    def headings(cls) -> list[str]:
        """What is counted, in the order of the fields."""
        return [field.name.replace("_", " ") for field in fields(cls)]


async def judge(rig: Rig, lives: list[Life]) -> Verdict:
    """Compare what people were promised with what there is."""
    async with transaction(rig.engine, reads=True, seconds=None) as connection:
        broken = (await audit_check.check(connection)).problems
        kept = {request.id: request for request in map(read, await connection.execute(select(*ROW)))}
        sent = {(row.subject_id, row.id) for row in await connection.execute(select(messages))}
    told = [
        message for channel in {life.channel for life in lives} for message in rig.slack.messages(channel)
    ]
    ours = [message for message in told if "seq" in about(message)]
    return Verdict(
        lost=_lost(lives, kept) + len(sent - {_key(message) for message in ours}),
        doubled_images=_images(rig, kept),
        doubled_copies=_copies(rig),
        late_stops=_late_stops(rig),
        left_stopped=_left_stopped(rig, lives),
        doubled_cards=_more_than_one(about(message)["request_id"] for message in ours if is_card(message)),
        doubled_entries=_more_than_one(map(_key, ours)),
        doubled_completions=_more_than_one(
            (about(message)["request_id"], about(message)["event"]) for message in ours if _completes(message)
        ),
        wrong_order=_wrong_order(ours),
        too_fast=_too_fast(rig),
        broken_audit=int(bool(broken)),
    )


def _key(message: Message) -> tuple[object, object]:
    return about(message)["request_id"], about(message)["seq"]


def _lost(lives: list[Life], kept: dict[str, Request]) -> int:
    """Count lives that were acknowledged and didn't end."""
    return sum(
        life.request_id not in kept or kept[life.request_id].status is not FATES[life.fate] for life in lives
    )


def _images(rig: Rig, kept: dict[str, Request]) -> int:
    """Count images beyond each request's one, and requests whose image was never made."""
    made = Counter(
        request_id
        for image in rig.cloud.images
        for request_id in kept
        if image.description.startswith((f"[{request_id}]", f"[{request_id}."))
    )
    available = {request.id for request in kept.values() if request.attempt.image_id}
    return (
        sum(number - 1 for number in made.values()) + len(available - set(made)) + len(set(made) - available)
    )


def _effects(rig: Rig, operation: str) -> list[Call]:
    """Return the calls that did something, whatever their answer was."""
    return [
        call
        for call in rig.cloud.ledger.of(operation)
        if call.status == 200 or (call.fault.endswith("-after") and call.status != 400)
    ]


def _copies(rig: Rig) -> int:
    """Count regions that an image was copied to twice."""
    sent = (
        (call.parameters.get("ImageId"), region)
        for call in _effects(rig, "StartTaskForDistributeImage")
        for name, region in call.parameters.items()
        if name.startswith("DestinationRegionList.")
    )
    return _more_than_one(sent)


def _late_stops(rig: Rig) -> int:
    """Count instances that were asked to stop after their image was requested."""
    imaged: dict[str, int] = {}
    for call in _effects(rig, "CreateImageByInstance"):
        imaged.setdefault(call.parameters["InstanceId"], call.number)
    stops = rig.cloud.ledger.of("StopWuyingServer")
    asked = ((call.parameters["WuyingServerIdList.1"], call.number) for call in stops)
    return sum(instance in imaged and number > imaged[instance] for instance, number in asked)


def _left_stopped(rig: Rig, lives: list[Life]) -> int:
    """Count instances that were running and no longer are."""
    mine = (rig.cloud.instances.get(instance_of(life.number)) for life in lives if life.fate in STOPPING)
    return sum(instance is None or instance.state != "RUNNING" for instance in mine)


def _completes(message: Message) -> bool:
    return not is_card(message) and about(message)["event"] in {Event(status.value) for status in ENDS}


def _more_than_one(things: Iterable[object]) -> int:
    return sum(number - 1 for number in Counter(things).values())


def _wrong_order(ours: list[Message]) -> int:
    """Count a request's messages that come before one that was written earlier."""
    wrong = 0
    for request_id in {about(message)["request_id"] for message in ours}:
        thread = sorted(
            (each for each in ours if about(each)["request_id"] == request_id), key=lambda m: m.ts
        )
        sequence = [int(str(about(message)["seq"])) for message in thread]
        wrong += sum(late < early for early, late in pairwise(sequence))
    return wrong


def _too_fast(rig: Rig) -> int:
    """Count posts that came within a second of the one before in their channel, to a tenth for the wire."""
    last: dict[str, float] = {}
    fast = 0
    for call in rig.slack.ledger.calls_of("chat.postMessage"):
        channel = str(call.arguments.get("channel"))
        if call.answer.get("ok"):
            fast += call.at - last.get(channel, 0.0) < 0.9
            last[channel] = call.at
    return fast
