"""One fake for each port of the core: plain classes that do what the port says and remember the calls."""

from collections import deque
from dataclasses import dataclass, field

from bot.domain.image import CreateImage
from bot.domain.request import Message, Request
from bot.errors import (
    CloudBusy,
    CloudCredentials,
    CloudError,
    CloudRefused,
    CloudUnknown,
    CloudUnreachable,
    DirectoryDown,
)
from bot.ports import (
    CardFacts,
    CloudImage,
    Creation,
    ImageStatus,
    Instance,
    InstanceState,
    Profile,
)

CREATE, FIND, IMAGE, INSTANCE = "create_image", "find_image", "image", "instance"


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
    """An error that the next call of an operation ends in; `after` it has taken effect, or before."""

    error: CloudError
    after: bool = False


class FakeCloud:
    """A cloud without a wire: images by id, as many as were made; listings may lag and calls may fail."""

    def __init__(self) -> None:
        self.images: dict[str, CloudImage] = {}
        self.hidden: set[str] = set()  # made, and not listed yet
        self.lags = False
        self.state: InstanceState | None = InstanceState.STOPPED
        self.calls: list[str] = []
        self.faults: dict[str, deque[Fault]] = {}

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
        if self.lags:
            self.hidden.add(image_id)
        if fault:
            raise fault.error
        return Creation(image_id, None, f"task-{image_id}", "cloud-request-1")

    async def find_image(self, marker: str, image_name: str | None) -> CloudImage | None:
        """Look for the newest listed image with the marker in its description."""
        self._begin(FIND)
        listed = [image for id_, image in self.images.items() if id_ not in self.hidden]
        ours = [image for image in listed if marker in image.description and image.name == image_name]
        return ours[-1] if ours else None

    async def image(self, image_id: str) -> CloudImage | None:
        """Look at one image."""
        self._begin(IMAGE)
        return None if image_id in self.hidden else self.images.get(image_id)

    async def instance(self, image: CreateImage) -> Instance | None:
        """Look at the instance."""
        self._begin(INSTANCE)
        return Instance(image.instance_id, "a workstation", self.state) if self.state else None

    async def aclose(self) -> None:
        """Nothing to give back."""

    def _begin(self, operation: str) -> Fault | None:
        """Note the call; raise what comes before its effect, return what comes after."""
        self.calls.append(operation)
        waiting = self.faults.get(operation)
        if not waiting:
            return None
        fault = waiting.popleft()
        if not fault.after:
            raise fault.error
        return fault


@dataclass
class FakeDirectory:
    """A workspace: usergroups with their members; whoever is not in `profiles` is an ordinary member."""

    groups: dict[str, set[str]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    down: bool = False

    async def groups_of(self, user_id: str, among: frozenset[str]) -> frozenset[str]:
        """Return the usergroups of `among` that the user is in."""
        self._answer()
        return frozenset(name for name in among if user_id in self.groups.get(name, ()))

    async def members(self, usergroup: str) -> frozenset[str]:
        """Return who is in a usergroup."""
        self._answer()
        return frozenset(self.groups.get(usergroup, ()))

    async def handles(self) -> dict[str, str]:
        """Return what usergroups are called: as their ids."""
        self._answer()
        return {name: name.lower() for name in self.groups}

    async def profile(self, user_id: str) -> Profile:
        """Return who this is."""
        self._answer()
        return self.profiles.get(user_id) or Profile(user_id, "T0TEAM", user_id.lower())

    def _answer(self) -> None:
        if self.down:
            raise DirectoryDown("ratelimited")


class FakeNotifier:
    """A Slack that keeps what was posted: `posts` has one line for each message that people see.

    Errors in `faults` are raised by the next deliveries; `lost` ones only after the message was stored.
    """

    def __init__(self) -> None:
        self.posts: dict[int, tuple[str, Message, Request]] = {}
        self.order: list[Message] = []
        self.edits: list[tuple[Message, Request]] = []
        self.faults: deque[Exception] = deque()
        self.lost: deque[Exception] = deque()
        self.looked: list[int] = []

    async def deliver(self, message: Message, request: Request, facts: CardFacts) -> str:
        """Post or edit; before a second attempt look for the first."""
        assert facts.now
        if self.faults:
            raise self.faults.popleft()
        if message.ts is not None:
            self.edits.append((message, request))
            return message.ts
        if message.tries:
            self.looked.append(message.id)
        if not (message.tries and message.id in self.posts):
            assert message.id not in self.posts, "posted twice: nobody looked first"
            self.posts[message.id] = (f"{1795300000 + message.id}.000100", message, request)
            self.order.append(message)
        if self.lost:
            raise self.lost.popleft()
        return self.posts[message.id][0]


def refused(code: str = "InvalidParameter", explanation: str = "cloud-other") -> CloudRefused:
    """A refusal for good."""
    return CloudRefused(code, "no", 400, "cloud-request-9", "CreateImageByInstance", explanation=explanation)


def busy(code: str = "Throttling.User", retry_after: float | None = None) -> CloudBusy:
    """Not now."""
    return CloudBusy(code, "later", 429, "cloud-request-9", "CreateImageByInstance", retry_after=retry_after)


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
