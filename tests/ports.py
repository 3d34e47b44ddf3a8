"""One fake for each of the core's ports: plain classes that do what the port says and remember the calls."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.image import CreateImage
from bot.domain.message import Message
from bot.domain.request import Request
from bot.errors import (
    CloudBusy,
    CloudCredentials,
    CloudError,
    CloudRefused,
    CloudUnknown,
    CloudUnreachable,
    DirectoryDown,
)
from bot.errors import Fault as ErrorFault
from bot.ports import (
    Caller,
    CloudImage,
    Creation,
    ImageRegion,
    ImageStatus,
    Instance,
    InstanceListing,
    InstanceState,
    Posted,
    Profile,
    Usergroups,
)

CREATE, FIND, IMAGE, IMAGES = "create_image", "find_images", "image", "images_by_id"
INSTANCE, STOP, START, DISTRIBUTE = "instance", "stop_instance", "start_instance", "distribute_image"


class Clock:
    """A time that passes when a test says so."""

    def __init__(self, now: float = 1_795_300_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the time in epoch seconds."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass, or (a negative number) set the clock back."""
        self.now += seconds


@dataclass
class Fault:
    """An error for the next call of an operation, `after` it has taken effect or before."""

    error: CloudError
    after: bool = False


class FakeCloud:
    """A cloud without a wire: images by ID; listings may lag and calls may fail."""

    desktop_regions = ("cn-shanghai", "cn-hangzhou")

    def __init__(self) -> None:
        self.images: dict[str, CloudImage] = {}
        self.hidden: set[str] = set()  # made, and not listed yet
        self.lags = False
        self.state: InstanceState | None = InstanceState.STOPPED
        self.states: dict[str, InstanceState] = {}  # of instances that aren't in that state
        self.seen: dict[str, Any] = {}  # what else is known about any instance
        self.effects: list[tuple[str, str]] = []  # what changed something: the operation and its instance
        self.copying = False
        self.turns: set[str] = {
            STOP,
            START,
        }  # what takes effect immediately; anything else only begins
        self.calls: list[str] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.listed: tuple[Instance, ...] = ()
        self.unlisted: dict[str, str] = {}

    def fail(self, operation: str, error: CloudError, *, after: bool = False, times: int = 1) -> None:
        """Have the next calls of an operation fail, before or after they have taken effect."""
        self.faults.setdefault(operation, deque()).extend([Fault(error, after)] * times)

    def become(self, status: ImageStatus, progress: int | None = None) -> None:
        """Put every image into a status."""
        for image_id, image in self.images.items():
            self.images[image_id] = CloudImage(
                image_id, image.name, status, image.description, progress=progress
            )

    def catch_up(self) -> None:
        """Let the listing show everything that was made."""
        self.hidden.clear()

    async def create_image(self, image: CreateImage) -> Creation:
        """Make an image."""
        fault = self._begin(CREATE)
        image_id = f"img-{len(self.images) + 1}"
        made = CloudImage(image_id, image.image_name or "", ImageStatus.CREATING, image.description or "")
        self.images[image_id] = made
        self.effects.append((CREATE, image.instance_id))
        if self.lags:
            self.hidden.add(image_id)
        if fault:
            raise fault.error
        return Creation(image_id, None, f"task-{image_id}", "cloud-request-1")

    async def find_images(self, mark: str) -> tuple[CloudImage, ...]:
        """Look for the listed images whose description begins with the mark, newest first."""
        self._begin(FIND)
        listed = [image for id_, image in self.images.items() if id_ not in self.hidden]
        return tuple(image for image in reversed(listed) if image.description.startswith(f"[{mark}]"))

    async def image(self, image_id: str) -> CloudImage | None:
        """Look at one image."""
        self._begin(IMAGE)
        return None if image_id in self.hidden else self.images.get(image_id)

    async def images_by_id(self, image_ids: Collection[str]) -> dict[str, CloudImage]:
        """Look at many."""
        self._begin(IMAGES)
        return {id_: self.images[id_] for id_ in image_ids if id_ in self.images and id_ not in self.hidden}

    async def distribute_image(self, image_id: str, regions: Collection[str]) -> str | None:
        """Copy an image, which is done at once unless it's `copying`."""
        fault = self._begin(DISTRIBUTE)
        image = self.images[image_id]
        state, done = (ImageStatus.CREATING, 10) if self.copying else (ImageStatus.AVAILABLE, 100)
        copies = tuple(ImageRegion(region, state, done) for region in regions)
        self.images[image_id] = replace(image, regions=image.regions + copies)
        self.effects += [(DISTRIBUTE, region) for region in regions]
        if fault:
            raise fault.error
        return f"task-{image_id}"

    async def instances(self) -> InstanceListing:
        """List `listed`, or fail in `unlisted`."""
        return InstanceListing({"workstations": self.listed} if self.listed else {}, self.unlisted)

    async def stop_instance(self, instance: Instance) -> None:
        """Stop the instance."""
        self._turn(STOP, instance, InstanceState.STOPPED, InstanceState.STOPPING)

    async def start_instance(self, instance: Instance) -> None:
        """Start the instance."""
        self._turn(START, instance, InstanceState.RUNNING, InstanceState.STARTING)

    async def regions(self) -> tuple[str, ...]:
        """Two."""
        return ("ap-southeast-1", "cn-shanghai")

    async def caller(self) -> Caller:
        """Somebody."""
        return Caller("1234567890123456", "acs:ram::1234567890123456:user/image-bot", "RAMUser")

    async def instance(self, image: CreateImage, within: float | None = None) -> Instance | None:  # noqa: ARG002 - never slow
        """Look at the instance."""
        self._begin(INSTANCE)
        state = self.states.get(image.instance_id, self.state)
        if state is None:
            return None
        return Instance(image.instance_id, "a workstation", image.instance_type, state, **self.seen)

    async def aclose(self) -> None:
        """Close nothing."""

    def _turn(self, operation: str, instance: Instance, state: InstanceState, begun: InstanceState) -> None:
        fault = self._begin(operation)
        assert instance.state is self.states.get(instance.instance_id, self.state), "nobody looked first"
        self.states[instance.instance_id] = state if operation in self.turns else begun
        self.effects.append((operation, instance.instance_id))
        if fault:
            raise fault.error

    def _begin(self, operation: str) -> Fault | None:
        """Note the call; raise what comes before its effect, return what comes afterwards."""
        self.calls.append(operation)
        waiting = self.faults.get(operation)
        if not waiting:
            return None
        fault = waiting.popleft()
        if not fault.after:
            raise fault.error
        return fault


@dataclass
class FakeRegions:
    """Where images can be copied to: unknown, unless a test says so."""

    known: tuple[str, ...] | None = None

    async def listed(self) -> tuple[str, ...] | None:
        """Return those that are known."""
        return self.known


@dataclass
class FakeDirectory:
    """A workspace: usergroups with their members; anybody who isn't in `profiles` is an ordinary member."""

    groups: dict[str, set[str]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    channels: dict[str, set[str]] = field(default_factory=dict)
    down: bool = False
    why: str = "ratelimited"

    async def usergroups(self) -> Usergroups:
        """Return every usergroup; handles are the IDs in lower case."""
        self._answer()
        members = {name: frozenset(users) for name, users in self.groups.items()}
        return Usergroups({name: name.lower() for name in self.groups}, members)

    async def in_channel(self, user_id: str, channel: str) -> bool:
        """Tell whether they're in a channel: everybody is, unless the test says who."""
        self._answer()
        return user_id in self.channels.get(channel, {user_id})

    async def profile(self, user_id: str) -> Profile:
        """Return who this is."""
        self._answer()
        return self.profiles.get(user_id) or Profile(user_id, "T0TEAM", user_id.lower())

    def _answer(self) -> None:
        if self.down:
            raise DirectoryDown(self.why)


class FakeNotifier:
    """A Slack that keeps what was posted: `posts` has one line for each message that people see.

    Errors in `faults` are raised by the next deliveries; `lost` ones only after the message was stored; those
    in `closed` by every one to that channel.
    """

    def __init__(self) -> None:
        self.posts: dict[int, tuple[str, Message, Request | None]] = {}
        self.order: list[Message] = []
        self.edits: list[tuple[Message, Request | None]] = []
        self.faults: deque[Exception] = deque()
        self.lost: deque[Exception] = deque()
        self.closed: dict[str, Exception] = {}
        self.looked: list[int] = []
        self.others = 0

    async def deliver(self, message: Message, request: Request | None, now: float, others: int = 0) -> Posted:
        """Post or edit; look first if an earlier attempt is in doubt."""
        assert now
        self.others = others
        if message.channel in self.closed:
            raise self.closed[message.channel]
        if self.faults:
            raise self.faults.popleft()
        if message.ts is not None:
            self.edits.append((message, request))
            return Posted(message.channel, message.ts)
        if message.in_doubt_since is not None:
            self.looked.append(message.id)
        if not (message.in_doubt_since is not None and message.id in self.posts):
            assert message.id not in self.posts, "posted twice: nobody looked first"
            self.posts[message.id] = (f"{1795300000 + message.id}.000100", message, request)
            self.order.append(message)
        if self.lost:
            raise self.lost.popleft()
        return Posted(message.channel, self.posts[message.id][0])


def refused(code: str = "InvalidParameter", explanation: str = "cloud-other") -> CloudRefused:
    """A refusal for good."""
    return CloudRefused(code, "no", 400, "cloud-request-9", "CreateImageByInstance", explanation=explanation)


def busy(code: str = "Throttling.User", retry_after: float | None = None) -> CloudBusy:
    """Not now."""
    return CloudBusy(
        code,
        "later",
        429,
        "cloud-request-9",
        "CreateImageByInstance",
        fault=ErrorFault.NOBODY,
        retry_after=retry_after,
    )


def unsure() -> CloudBusy:
    """A refusal that no page lists."""
    return CloudBusy("Unheard.Of", "", 400, None, "CreateImageByInstance", retry_after=300)


def unknown(code: str = "InternalError") -> CloudUnknown:
    """Nobody knows."""
    return CloudUnknown(code, "", 500, None, "CreateImageByInstance")


def unreachable() -> CloudUnreachable:
    """Never left."""
    return CloudUnreachable("ConnectError", "", None, None, "CreateImageByInstance")


def no_credentials() -> CloudCredentials:
    """Nobody to sign as."""
    return CloudCredentials("NoCredentials", "", None, None, "CreateImageByInstance")


FINAL = (refused, no_credentials)
WAITING = (busy, unreachable)
ALL_KINDS = (*FINAL, *WAITING, unknown)
