"""What the core needs from the world outside, as protocols, and the values that cross them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.approvals import Tally
from bot.domain.image import CreateImage
from bot.domain.request import InstanceState, Message, Request

__all__ = [
    "CardFacts",
    "Cloud",
    "CloudImage",
    "Creation",
    "Directory",
    "ImageStatus",
    "Instance",
    "InstanceState",
    "Notifier",
    "Profile",
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
    """The cloud's receipt for an image that it has begun to make."""

    image_id: str
    version_id: str | None
    task_id: str | None
    cloud_request_id: str | None


@dataclass(frozen=True, slots=True)
class CloudImage:
    """An image as the cloud lists it. `progress` is in percent, of the slowest region."""

    image_id: str
    name: str
    status: ImageStatus
    description: str = ""
    created_at: datetime | None = None
    progress: int | None = None
    cloud_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """A cloud desktop or workstation. `state_text` is the cloud's own word for its state.

    `sub_instances` are the persistent session ids of a workstation, empty for a desktop.
    """

    instance_id: str
    name: str
    state: InstanceState
    state_text: str = ""
    os_type: str = ""
    sub_instances: tuple[str, ...] = ()


class Cloud(Protocol):
    """Makes images and looks at them. Every method raises `bot.errors.CloudError` and nothing else."""

    async def create_image(self, image: CreateImage) -> Creation:
        """Ask for the image once. There is no client token: after `CloudUnknown`, `find_image` first."""

    async def find_image(self, marker: str, image_name: str | None) -> CloudImage | None:
        """The newest image whose description holds `marker`; None when none is listed (yet: listings lag).

        `image_name` narrows the search when it is known.
        """

    async def image(self, image_id: str) -> CloudImage | None:
        """One image by id; None when it is not listed (yet)."""

    async def instance(self, image: CreateImage) -> Instance | None:
        """The instance that the image would be made of; None when the cloud knows none."""

    async def aclose(self) -> None:
        """Give back connections; the object is of no use afterwards."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card shows beside the request itself: what the rule still needs, and the time it is drawn at."""

    tally: Tally
    now: float


class Notifier(Protocol):
    """Posts messages."""

    async def deliver(self, message: Message, request: Request, facts: CardFacts) -> str:
        """Post the message, or edit it in place when it has a `ts`; return Slack's ts.

        With `message.tries` above 0 an earlier attempt may have got through: look before posting. Raises
        `NotifierLater` (come back) or `NotifierRefused` (never).
        """


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack knows them; `external` is somebody of another workspace (Slack Connect)."""

    user_id: str
    team_id: str
    name: str
    tz: str = "UTC"
    locale: str = "en-US"
    deactivated: bool = False
    guest: bool = False
    external: bool = False
    bot: bool = False


class Directory(Protocol):
    """Who is in which usergroup, and who people are. Raises `DirectoryDown` when nobody can say."""

    async def groups_of(self, user_id: str, among: frozenset[str]) -> frozenset[str]:
        """The usergroups of `among` (ids) that the user is in."""

    async def members(self, usergroup: str) -> frozenset[str]:
        """The user ids of a usergroup; empty for one that does not exist."""

    async def handles(self) -> Mapping[str, str]:
        """The usergroups' handles by id: what people call them."""

    async def profile(self, user_id: str) -> Profile:
        """Who this is."""
