"""What the bot asks policies about: its actions, their resources, the condition keys it sends.

Defined once: requests, the checks of the allowlist, `simulate` and every "did you mean" read it. Sources: the
bot's contract; Alibaba Cloud, App Streaming and ECD, the actions' reference pages. The cloud itself knows
only `*` as the resource of these actions; the names here are the bot's extension.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

CREATE = "appstreaming:CreateImageByInstance"
DISTRIBUTE = "appstreaming:StartTaskForDistributeImage"
STOP_WORKSTATION = "appstreaming:StopWuyingServer"
STOP_DESKTOP = "ecd:StopDesktops"
APPROVE = "imagebot:ApproveImageRequest"
CANCEL = "imagebot:CancelImageRequest"
BYPASS = "imagebot:BypassApproval"
READ = "imagebot:ReadRequests"

UNKNOWN_ACCOUNT = "*"
"""In a resource name, an account that isn't known."""
TAG = "acs:RequestTag/"
"""The prefix of a tag's condition key; the tag's key follows."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where the bot works: its region, None if not known, and its account."""

    region: str | None = None
    account: str = UNKNOWN_ACCOUNT


ANYWHERE = Deployment()
"""Nothing is known about where the bot works."""


class Kind(StrEnum):
    """The type of a condition key's values."""

    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A condition key that the bot sends.

    `values` are all possible values, `shape` is a pattern for them (empty: any), `example` is one of them.
    `default` is sent if the person leaves it out.
    """

    name: str
    kind: Kind = Kind.TEXT
    values: tuple[str, ...] = ()
    shape: str = ""
    example: str = ""
    default: str | None = None


_FLAG = ("true", "false")
_ID = r"(?:[a-z0-9-]+|(?=[A-Z0-9-]*[a-z])[A-Za-z0-9-]+)"
"""Lower case, because the bot lowercases an ID that's all capitals; one in mixed case stays as it is."""
INSTANCE_ID = ConditionKey(
    "appstreaming:InstanceId",
    shape=rf"(?:ws|ecd)-[a-z0-9-]+|(?!(?i:ws|ecd)-){_ID}",
    example="ws-0buj1s9gm",
)
INSTANCE_TYPE = ConditionKey("appstreaming:InstanceType", values=("CloudDesktop", "WuyingServer"))
SUB_INSTANCE_ID = ConditionKey("appstreaming:SubInstanceId", shape=_ID, example="p-0buj1s9gm")
DISK_TYPE = ConditionKey("appstreaming:DiskType", values=("ALL", "SYSTEM"), default="ALL")
AUTO_CLEAN_USERDATA = ConditionKey(
    "appstreaming:AutoCleanUserdata", Kind.BOOLEAN, values=_FLAG, default="false"
)
IMAGE_NAME = ConditionKey("appstreaming:ImageName")
STOP_FIRST = ConditionKey("imagebot:StopFirst", Kind.BOOLEAN, values=_FLAG, default="false")
REQUEST_TAG = ConditionKey(TAG + "<key>")
CURRENT_TIME = ConditionKey("acs:CurrentTime", Kind.DATE, example="2026-11-21T09:00:00Z")
USER_ID = ConditionKey("slack:UserId", shape=r"[UW][A-Z0-9]+", example="U0ALICE")
TEAM_ID = ConditionKey("slack:TeamId", shape=r"[TE][A-Z0-9]+", example="T0TEAM")
CHANNEL_ID = ConditionKey("slack:ChannelId", shape=r"[CDG][A-Z0-9]+", example="C0IMAGES")
REQUESTER_ID = ConditionKey("imagebot:RequesterId", shape=r"[UW][A-Z0-9]+", example="U0ALICE")

_IMAGE = (
    *(INSTANCE_ID, INSTANCE_TYPE, SUB_INSTANCE_ID, DISK_TYPE, AUTO_CLEAN_USERDATA, IMAGE_NAME),
    *(STOP_FIRST, REQUEST_TAG),
)
_PERSON = (CURRENT_TIME, USER_ID, TEAM_ID, CHANNEL_ID)


@dataclass(frozen=True, slots=True)
class Action:
    """An action that the bot asks for, its resource, and the keys that may be sent."""

    name: str
    kind: str
    resource_id: str
    keys: tuple[ConditionKey, ...]

    def resource(self, region: str, account: str, instance_id: str) -> str:
        """Return the resource's name: the instance, or any image made of it in a region."""
        resource_id = self.resource_id.format(instance_id=instance_id)
        return f"acs:appstreaming:{region}:{account}:{self.kind}/{resource_id}"

    @property
    def is_here(self) -> bool:
        """Whether it's about something in the bot's own region."""
        return self.kind == "instance"

    def format(self, region: str = "<region>", account: str = "<account>") -> str:
        """Return a template of its resource names."""
        return self.resource(region, account, "<InstanceId>")


def _on_instance(name: str, *more: ConditionKey) -> Action:
    return Action(name, "instance", "{instance_id}", (*_IMAGE, *_PERSON, *more))


ACTIONS: Mapping[str, Action] = {
    action.name.lower(): action
    for action in (
        _on_instance(CREATE),
        Action(DISTRIBUTE, "image", "*", (*_IMAGE, *_PERSON)),
        _on_instance(STOP_WORKSTATION),
        _on_instance(STOP_DESKTOP),
        *(_on_instance(name, REQUESTER_ID) for name in (APPROVE, CANCEL, BYPASS, READ)),
    )
}
"""Every action, by its name in lower case: actions ignore case."""
KEYS: Mapping[str, ConditionKey] = {
    key.name.lower(): key for action in ACTIONS.values() for key in action.keys
}
"""Every condition key, by its name in lower case: keys ignore case."""


def condition_key(name: str) -> ConditionKey | None:
    """Return the key with this name, in any case; None if the bot never sends it."""
    folded = name.lower()
    is_tag = folded.startswith(TAG.lower()) and len(folded) > len(TAG)
    return REQUEST_TAG if is_tag else KEYS.get(folded)


def defaults(action: str) -> Iterator[tuple[str, str]]:
    """Yield the keys that the bot sends with an action by default, with their values."""
    known = ACTIONS.get(action.lower())
    for key in known.keys if known else ():
        if key.default is not None:
            yield key.name, key.default
