"""Images, made on the local cloud's clock: INIT, CREATING with progress, then AVAILABLE or CREATE_FAILED."""

import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.playground.cloud.clock import Clock

_LETTERS = string.ascii_lowercase + string.digits
_IN_INIT = 0.1


@dataclass(slots=True)
class LocalImage:
    """One image. Its status is a matter of the clock: `begun` and `seconds` are on it, `lag` too."""

    image_id: str
    version_id: str
    task_id: str
    name: str
    description: str
    instance_id: str
    parameters: Mapping[str, str]
    created_at: datetime
    begun: float
    seconds: float
    lag: float
    fails: bool = False

    def done(self, now: float) -> float:
        """How much of it is made, 0 to 1."""
        return min((now - self.begun) / self.seconds, 1.0) if self.seconds > 0 else 1.0

    def status(self, now: float) -> str:
        """The word that ListImage has for it."""
        done = self.done(now)
        if done >= 1:
            return "CREATE_FAILED" if self.fails else "AVAILABLE"
        return "INIT" if done < _IN_INIT else "CREATING"

    def row(self, now: float) -> dict[str, Any]:
        """As ListImage lists it."""
        moment = f"{self.created_at:%Y-%m-%d %H:%M:%S}"
        status = self.status(now)
        region = {"ImageId": self.image_id, "RegionId": "cn-shanghai", "VersionId": self.version_id}
        return {
            "ImageId": self.image_id,
            "ImageName": self.name,
            "Description": self.description,
            "Status": status,
            "VersionId": self.version_id,
            "ImageType": "User",
            "ImageCreateMode": "BY_INSTANCE_ID",
            "ImageRegionList": ["cn-shanghai"],
            "ImageRegionDistributeList": [
                region | {"Status": status, "Progress": f"{int(self.done(now) * 100)}%"}
            ],
            "TagList": tags(self.parameters),
            "GmtCreate": moment,
            "GmtModified": moment,
        }

    def to_json(self, now: float) -> dict[str, Any]:
        """For the control endpoint."""
        more = {"InstanceId": self.instance_id, "Parameters": dict(self.parameters), "TaskId": self.task_id}
        return self.row(now) | more


class Images:
    """All images, oldest first, and how the next ones are made.

    Attributes:
        seconds: how long one takes, on the clock.
        slots: how many may be made at once.
        lag: seconds before a new one shows up in the listing.
    """

    def __init__(self, clock: Clock, seconds: float, slots: int) -> None:
        self.clock = clock
        self.seconds = seconds
        self.slots = slots
        self.lag = 0.0
        self._images: list[LocalImage] = []

    def __iter__(self) -> Iterator[LocalImage]:
        return iter(self._images)

    def __len__(self) -> int:
        return len(self._images)

    def get(self, image_id: str) -> LocalImage | None:
        """One by id, listed or not."""
        return next((image for image in self._images if image.image_id == image_id), None)

    def begin(self, parameters: Mapping[str, str], at: datetime, *, fails: bool) -> LocalImage:
        """Start to make one."""
        image = LocalImage(
            image_id=_id("imgc"),
            version_id=_id("iv"),
            task_id=_id("tid"),
            name=parameters.get("ImageName", ""),
            description=parameters.get("Description", ""),
            instance_id=parameters["InstanceId"],
            parameters=dict(parameters),
            created_at=at,
            begun=self.clock.now(),
            seconds=self.seconds,
            lag=self.lag,
            fails=fails,
        )
        self._images.append(image)
        return image

    def status(self, image: LocalImage) -> str:
        """Its status now."""
        return image.status(self.clock.now())

    def under_way(self) -> list[LocalImage]:
        """Those that are still being made."""
        now = self.clock.now()
        return [image for image in self._images if image.done(now) < 1]

    def listed(self) -> list[LocalImage]:
        """Those that the listing shows by now, newest first."""
        now = self.clock.now()
        return [image for image in reversed(self._images) if now - image.begun >= image.lag]


def tags(parameters: Mapping[str, str]) -> list[dict[str, str]]:
    """TagList.N.Key and TagList.N.Value as the list they stand for."""
    found: list[dict[str, str]] = []
    while (key := parameters.get(f"TagList.{len(found) + 1}.Key")) is not None:
        found.append({"Key": key, "Value": parameters.get(f"TagList.{len(found) + 1}.Value", "")})
    return found


def _id(prefix: str) -> str:
    return f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(17))}"
