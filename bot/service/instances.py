"""Instances by name and ID, for people who may ask for images of them."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cachetools import TTLCache

from bot.allowlist.access import Target
from bot.allowlist.authorizer import Authorizer
from bot.allowlist.model import Allowlist
from bot.allowlist.principal import Principal
from bot.domain import vocabulary
from bot.domain.image import CreateImage, DiskType, InstanceType, parse_image
from bot.domain.request import Person
from bot.domain.text import identifier, visible
from bot.domain.vocabulary import CREATE
from bot.errors import CloudError, DirectoryDown
from bot.ports import Cloud, FoundInstances, Instance, InstanceIndex

OFFERED = 100
"""The most options that Slack takes."""
SEARCH_SECONDS = 0.25
"""Seconds that a search may take while Slack shows a spinner."""
LOOK_SECONDS = 1.0
"""Seconds, of the three that Slack waits, to find out whether the instance exists."""
SLICE = 0.005
"""Seconds of the event loop that a long list takes at a time."""
REMEMBERED_SECONDS = 30.0
NEAREST = 3
_NO_SUCH = "-"
_TELLING = frozenset({vocabulary.DISK_TYPE.name.lower(), vocabulary.STOP_FIRST.name.lower()})
"""Condition keys that a person can still choose after the machine."""
_USUAL = ((DiskType.ALL, False),)
_WAYS = (*_USUAL, (DiskType.SYSTEM, False), (DiskType.ALL, True), (DiskType.SYSTEM, True))


class Emptiness(StrEnum):
    """Why a search found nothing; each has its sentence in the locales."""

    NOTHING_ALLOWED = "nothing-allowed"
    NO_MATCH = "no-match"
    NO_INSTANCES = "no-instances"
    LOADING = "loading"
    FORBIDDEN = "forbidden"  # the bot's own key may not list instances
    SILENT = "silent"  # Alibaba Cloud doesn't answer
    UNDECIDED = "undecided"  # Slack can't say who is in which group


@dataclass(frozen=True)
class Offer:
    """Instances that a person may ask for images of, best first; `why` says why there are none."""

    instances: tuple[Instance, ...] = ()
    why: Emptiness | None = None


@dataclass(frozen=True)
class Known:
    """The one instance that was meant."""

    instance: Instance


@dataclass(frozen=True)
class Several:
    """Instances that may have been meant."""

    instances: tuple[Instance, ...]


@dataclass(frozen=True)
class NoSuch:
    """There is certainly none; `nearest` are those with the most similar name or ID.

    `regions` is where it was looked for, if it would be a desktop: those are regional.
    """

    given: str
    nearest: tuple[Instance, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unsure:
    """Nobody can tell right now: Alibaba Cloud doesn't say."""


Meant = Known | Several | NoSuch | Unsure


@dataclass
class Instances:
    """Searches the index, and shows only what the person's policies let them ask for."""

    index: InstanceIndex
    cloud: Cloud
    rights: Authorizer
    _may: TTLCache[object, tuple[Allowlist, dict[str, bool]]] = field(
        default_factory=lambda: TTLCache(64, REMEMBERED_SECONDS), repr=False
    )

    async def search(self, person: Person, text: str = "", within: float = SEARCH_SECONDS) -> Offer:
        """Find instances within that many seconds, for somebody who is typing; never raises."""
        try:
            async with asyncio.timeout(within):
                principal = await self.rights.principal(person)
                found = await self.index.search(text)
        except DirectoryDown:
            return Offer(why=Emptiness.UNDECIDED)
        except TimeoutError:
            return Offer(why=Emptiness.LOADING)
        offered, all_decided = await self._allowed(principal, found.instances, OFFERED)
        if offered:
            return Offer(offered)
        return Offer(why=await self._why(found, text) if all_decided else Emptiness.LOADING)

    async def get(self, instance_id: str) -> Instance | None:
        """Return an instance by its ID, if the index finds it in time."""
        try:
            async with asyncio.timeout(SEARCH_SECONDS):
                return await self.index.get(instance_id) if instance_id else None
        except TimeoutError:
            return None

    async def meant(self, person: Person, given: str, kind: str = "") -> Meant:
        """Return which instance somebody means by an ID, a name, or a part of one; never raises.

        `kind` is the type of instance, if they said so.
        """
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._meant(await self.rights.principal(person), visible(given), kind)
        except (DirectoryDown, TimeoutError, CloudError):
            return Unsure()

    async def _meant(self, principal: Principal, given: str, kind: str) -> Meant:
        began = time.monotonic()
        by_id = await self.index.get(identifier(given) or _NO_SUCH)
        if by_id is not None:
            return Known(by_id)
        found = await self.index.search(given)
        named = [each for each in found.instances if _alike(each.name, given)]
        # A person without permission is denied by name just as by ID.
        fitting, _ = await self._allowed(principal, named, OFFERED)
        fitting = fitting or tuple(named) or (await self._allowed(principal, found.instances, OFFERED))[0]
        if fitting:
            return Known(fitting[0]) if len(fitting) == 1 else Several(fitting)
        image = parse_image({"instance_id": given, "instance_type": kind or None})
        if isinstance(image, CreateImage):  # it isn't in the index: it may be new
            seconds = LOOK_SECONDS - (time.monotonic() - began)
            instance = await self.cloud.instance(image, within=max(0.05, seconds - 0.1))
            if instance is not None:
                return Known(instance)
        elif found.failures or found.age is None:
            return Unsure()
        near = await self.index.nearest(given, NEAREST)
        is_desktop = isinstance(image, CreateImage) and image.instance_type is InstanceType.CLOUD_DESKTOP
        regions = self.cloud.desktop_regions if is_desktop else ()
        return NoSuch(given, (await self._allowed(principal, near, NEAREST))[0], regions)

    async def _allowed(
        self, principal: Principal, instances: Iterable[Instance], most: int
    ) -> tuple[tuple[Instance, ...], bool]:
        """Return up to `most` instances that the person may ask for some image of.

        And whether all were decided: the rest comes with the next keystroke.
        """
        allowed: list[Instance] = []
        if not principal.may_somewhere(CREATE):
            return (), True
        remembered, ways = self._remembered(principal), _ways(principal)
        began = resumed = time.perf_counter()
        for each in instances:
            if time.perf_counter() - resumed > SLICE:
                await asyncio.sleep(0)
                resumed = time.perf_counter()
                if resumed - began > SEARCH_SECONDS:
                    return tuple(allowed), False
            if each.instance_id not in remembered:
                remembered[each.instance_id] = _may_image(principal, each, ways)
            if remembered[each.instance_id]:
                allowed.append(each)
                if len(allowed) == most:
                    break
        return tuple(allowed), True

    def _remembered(self, principal: Principal) -> dict[str, bool]:
        """Return what was decided recently for this person, under these rules and with these groups."""
        rules, who = principal.snapshot.allowlist, principal.person
        key = (who, principal.memberships, principal.profile.member)
        known = self._may.get(key)
        if known is None or known[0] is not rules:
            known = self._may[key] = (rules, {})
        return known[1]

    async def _why(self, found: FoundInstances, text: str) -> Emptiness:
        if found.instances:
            return Emptiness.NOTHING_ALLOWED
        if found.failures and (found.age is None or not text):
            return _failed(found.failures)
        everything = await self.index.search() if text else found
        return Emptiness.NO_MATCH if everything.instances else Emptiness.NO_INSTANCES


def _ways(principal: Principal) -> Sequence[tuple[DiskType, bool]]:
    """Return the kinds of image that the person's policies may treat differently."""
    policies = (principal.snapshot.allowlist.policies[name] for name in principal.policies)
    conditions = (each.condition for policy in policies for each in policy.statements)
    asked = {each.key.lower() for condition in conditions for each in condition.comparisons}
    return _USUAL if asked.isdisjoint(_TELLING) else _WAYS


def _may_image(principal: Principal, instance: Instance, ways: Sequence[tuple[DiskType, bool]]) -> bool:
    image = CreateImage.model_construct(
        instance_id=instance.instance_id, instance_type=InstanceType(instance.instance_type)
    )
    for disks, stops in ways:
        target = Target(image.model_copy(update={"disk_type": disks}), principal.person.user_id, stops)
        if principal.may(CREATE, target).allowed:
            return True
    return False


def _failed(failures: Mapping[str, str]) -> Emptiness:
    words = ("forbidden", "permission", "unauthorized", "denied")
    refused = any(word in code.casefold() for code in failures.values() for word in words)
    return Emptiness.FORBIDDEN if refused else Emptiness.SILENT


def _alike(name: str, given: str) -> bool:
    return " ".join(name.casefold().split()) == " ".join(given.casefold().split())
