"""What the core needs from the outside world, as protocols, and the values that cross them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.image import CreateImage, InstanceType
from bot.domain.message import Message
from bot.domain.request import InstanceState, Request
from bot.domain.tags import MARK_TAG

__all__ = [
    "MARK_TAG",
    "Caller",
    "Cloud",
    "CloudImage",
    "Creation",
    "Directory",
    "FoundInstances",
    "ImageRegion",
    "ImageStatus",
    "Instance",
    "InstanceIndex",
    "InstanceListing",
    "InstanceState",
    "Notifier",
    "Posted",
    "Profile",
    "Regions",
    "Usergroups",
]


class ImageStatus(StrEnum):
    """Status of an image (Alibaba Cloud, ListImage); a word that is not on the page is UNKNOWN."""

    INIT = "INIT"
    CREATING = "CREATING"
    AVAILABLE = "AVAILABLE"
    CREATE_FAILED = "CREATE_FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Creation:
    """The cloud's receipt for an image that it has started making."""

    image_id: str
    version_id: str | None
    task_id: str | None
    cloud_request_id: str | None


@dataclass(frozen=True, slots=True)
class ImageRegion:
    """How far an image has come in one region; `progress` is in percent, None when the cloud didn't say."""

    region_id: str
    status: ImageStatus
    progress: int | None = None
    version_id: str | None = None
    status_text: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether the image isn't there yet, and may come."""
        failed = self.status is ImageStatus.CREATE_FAILED
        return not failed and (self.status is not ImageStatus.AVAILABLE or (self.progress or 100) < 100)


@dataclass(frozen=True, slots=True)
class CloudImage:
    """An image as the cloud lists it.

    `progress` is in percent, of the slowest region. `product_type` and `image_type` are the cloud's words
    ("CloudDesktop", "User"); `regions` is where the image is, or is on its way to.
    """

    image_id: str
    name: str
    status: ImageStatus
    description: str = ""
    created_at: datetime | None = None
    progress: int | None = None
    cloud_request_id: str | None = None
    product_type: str = ""
    image_type: str = ""
    version_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[ImageRegion, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """A cloud desktop or workstation.

    `state_text` is the cloud's own word for its state, flags included. `sub_instances` are the persistent
    session IDs of a workstation, empty for a desktop; `users` are the user IDs connected right now.
    """

    instance_id: str
    name: str
    instance_type: InstanceType
    state: InstanceState
    state_text: str = ""
    os_type: str = ""
    region: str = ""
    image_id: str = ""
    sub_instances: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceListing:
    """Instances by where they were listed: "workstations", or the region of desktops.

    `failures` has the error code of each part that didn't answer: its instances are missing, not gone.
    """

    parts: Mapping[str, tuple[Instance, ...]]
    failures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the bot is to the cloud (STS GetCallerIdentity)."""

    account_id: str
    arn: str
    identity_type: str


class Cloud(Protocol):
    """Makes images and looks at them. Every method raises `bot.errors.CloudError` and nothing else."""

    @property
    def desktop_regions(self) -> tuple[str, ...]:
        """IDs of the regions in which desktops are looked for."""

    async def create_image(self, image: CreateImage) -> Creation:
        """Ask for the image once. There is no client token: after `CloudUnknown`, `find_images` first."""

    async def find_images(self, mark: str) -> tuple[CloudImage, ...]:
        """Every image that carries `mark`, newest first; empty when none is listed (yet: listings lag).

        An image carries a mark whose tag `MARK_TAG` is the mark, or whose description begins with it, whole.
        """

    async def image(self, image_id: str) -> CloudImage | None:
        """One image by id; None when it is not listed (yet)."""

    async def images_by_id(self, image_ids: Collection[str]) -> Mapping[str, CloudImage]:
        """Many images by ID, if listed: one call for a hundred in progress, one for each of the others."""

    async def distribute_image(self, image_id: str, regions: Collection[str]) -> str | None:
        """Ask once for copies of the image in more regions; the task's ID.

        Look at the image's `regions` before asking again.
        """

    async def instance(self, image: CreateImage, within: float | None = None) -> Instance | None:
        """Return the instance that the image would be made of; None when the cloud knows none.

        With `within` (seconds) the look is nice to have: it is tried once, no longer than that, and refused
        at once while the service has been failing.
        """

    async def instances(self) -> InstanceListing:
        """All workstations, and all desktops of the regions in the settings."""

    async def stop_instance(self, instance: Instance) -> None:
        """Ask once that a running instance shut down, never by force."""

    async def start_instance(self, instance: Instance) -> None:
        """Ask once that a stopped instance start."""

    async def regions(self) -> tuple[str, ...]:
        """IDs of the regions that images can be copied to."""

    async def caller(self) -> Caller:
        """Return who we are to the cloud."""

    async def aclose(self) -> None:
        """Close connections; the object can't be used afterwards."""


@dataclass(frozen=True, slots=True)
class FoundInstances:
    """What a search found, best first.

    `age` is how many seconds ago the oldest part was listed, None when none ever was; `failures` has the
    error code of each part that couldn't be refreshed.
    """

    instances: tuple[Instance, ...]
    age: float | None
    failures: Mapping[str, str]


class InstanceIndex(Protocol):
    """Instances by name and ID, from memory. Never raises: what can't be listed is in `failures`."""

    async def search(self, text: str = "") -> FoundInstances:
        """Those that match the text, best first; all by name when it is empty."""

    async def get(self, instance_id: str) -> Instance | None:
        """One by its ID, in any case."""

    async def nearest(self, text: str, most: int = 3) -> tuple[Instance, ...]:
        """Those whose name or ID is most like the text."""


class Regions(Protocol):
    """Where images can be copied to, from memory. Never raises."""

    async def listed(self) -> tuple[str, ...] | None:
        """IDs of all of them, in order; None as long as Alibaba Cloud doesn't list them."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is: the conversation that Slack has named, and Slack's ts."""

    channel: str
    ts: str


class Notifier(Protocol):
    """Posts messages."""

    async def deliver(self, message: Message, request: Request | None, now: float, others: int = 0) -> Posted:
        """Post the message, or edit it in place when it has a `ts`; return where it is.

        `others` is how many more requests for the same instance are open, for a card that waits.
        `request` is its subject, None for any other; it's drawn as it stands at `now` (epoch seconds). With
        `message.in_doubt_since` an earlier attempt may have got through: look before posting. Raises one of
        the errors that begin with `Notifier`; anything else means that the message can't be drawn.
        """


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack knows them; `external` is somebody of another workspace (Slack Connect).

    `team_id` is the workspace that they belong to, `teams` are those of their organization that they are in.
    """

    user_id: str
    team_id: str
    name: str
    tz: str = "UTC"
    locale: str = "en-US"
    deactivated: bool = False
    guest: bool = False
    external: bool = False
    bot: bool = False
    teams: frozenset[str] = frozenset()

    @property
    def member(self) -> bool:
        """Whether they are a person of the bot's own workspace or organization, and no guest."""
        return not (self.deactivated or self.guest or self.external or self.bot)

    @property
    def workspaces(self) -> frozenset[str]:
        """Every workspace in which they may act."""
        return self.teams | {self.team_id}


@dataclass(frozen=True, slots=True)
class Usergroups:
    """Every usergroup at one moment, by ID: what people call it, and the user IDs of who is in it."""

    handles: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, user_id: str, among: frozenset[str]) -> frozenset[str]:
        """Return the usergroups of `among` that a person is in."""
        return frozenset(each for each in among if user_id in self.members.get(each, ()))


class Directory(Protocol):
    """Who is in which usergroup, and who people are. Raises `DirectoryDown` when nobody can say."""

    async def usergroups(self) -> Usergroups:
        """Return all usergroups as they are now; none on a plan without them."""

    async def profile(self, user_id: str) -> Profile:
        """Who this is."""

    async def in_channel(self, user_id: str, channel: str) -> bool:
        """Whether somebody is in a channel; not in one that the bot can't see."""
