"""Images, made on the local cloud's clock: INIT, CREATING with progress, then AVAILABLE or CREATE_FAILED.

Once made, an image is copied to other regions, each on the clock as well.
"""

import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.playground.cloud.clock import Clock
from bot.playground.cloud.habits import Habits

HOME = "cn-shanghai"
REGIONS = ("ap-southeast-1", "cn-beijing", "cn-hangzhou", HOME, "cn-shenzhen", "eu-central-1", "us-west-1")
_LETTERS = string.ascii_lowercase + string.digits
_IN_INIT = 0.1
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Making:
    """Something that takes time: when it began and how long it takes, on the clock, and whether it fails."""

    begun: float
    seconds: float
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

    def row(self, now: float) -> dict[str, str]:
        """Status and Progress; what fails gets stuck before its end."""
        percent = min(int(self.done(now) * 100), 60 if self.fails else 100)
        return {"Status": self.status(now), "Progress": f"{percent}%"}


@dataclass(slots=True)
class LocalImage:
    """One image. `making` is that of its home region, `copies` those of others; `lag` is on the clock too."""

    image_id: str
    version_id: str
    task_id: str
    name: str
    description: str
    instance_id: str
    parameters: Mapping[str, str]
    created_at: datetime
    making: Making
    lag: float = 0.0
    image_type: str = "User"
    product_type: str = ""
    copies: dict[str, Making] = field(default_factory=dict)

    def done(self, now: float) -> float:
        """How much of it is made, 0 to 1."""
        return self.making.done(now)

    def status(self, now: float) -> str:
        """The word that ListImage has for it."""
        return self.making.status(now)

    def makings(self) -> tuple[Making, ...]:
        """That of its home region, then those of its copies."""
        return (self.making, *self.copies.values())

    def row(self, now: float) -> dict[str, Any]:
        """As ListImage lists it."""
        moment = f"{self.created_at:%Y-%m-%d %H:%M:%S}"
        makings = {HOME: self.making} | self.copies
        ids = {"ImageId": self.image_id, "VersionId": self.version_id}
        return {
            "ImageId": self.image_id,
            "ImageName": self.name,
            "Description": self.description,
            "Status": self.status(now),
            "VersionId": self.version_id,
            "ImageType": self.image_type,
            "ProductType": self.product_type,
            "ImageCreateMode": "BY_INSTANCE_ID",
            "ImageRegionList": list(makings),
            "ImageRegionDistributeList": [
                ids | {"RegionId": region} | making.row(now) for region, making in makings.items()
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
        seconds: how long one takes, on the clock; so does a copy.
        slots: how many may be made at once.
        lag: seconds before a new one shows up in the listing.
        others: what a listing of every type shows besides: the cloud's own and other tenants'.
    """

    def __init__(self, clock: Clock, seconds: float, slots: int, habits: Habits) -> None:
        self.clock = clock
        self.seconds = seconds
        self.slots = slots
        self.lag = 0.0
        self.habits = habits
        self.others = [_other(kind, number) for number, kind in enumerate(("System", "Shared", "Community"))]
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
        kept = {
            name: value
            for name, value in parameters.items()
            if self.habits.keep_tags or not name.startswith("TagList.")
        }
        image = LocalImage(
            image_id=_id("imgc"),
            version_id=_id("iv"),
            task_id=_id("tid"),
            name=parameters.get("ImageName", ""),
            description=parameters.get("Description", "")[: self.habits.description_limit],
            instance_id=parameters["InstanceId"],
            parameters=kept,
            created_at=at,
            making=Making(self.clock.now(), self.seconds, fails),
            lag=self.lag,
            product_type=parameters.get("ProductType") or parameters.get("InstanceType", ""),
        )
        self._images.append(image)
        return image

    def distribute(self, image: LocalImage, regions: list[str], *, fails: bool) -> str:
        """Start to copy one; with `fails` the first of the regions does not get it. The task's id."""
        for number, region in enumerate(regions):
            if region not in image.copies and region != HOME:
                image.copies[region] = Making(self.clock.now(), self.seconds, fails and number == 0)
        return _id("tid")

    def status(self, image: LocalImage) -> str:
        """Its status now."""
        return image.status(self.clock.now())

    def under_way(self) -> list[LocalImage]:
        """Those that are still being made."""
        now = self.clock.now()
        return [image for image in self._images if image.done(now) < 1]

    def moving(self) -> bool:
        """Whether any is being made or copied."""
        now = self.clock.now()
        return any(making.done(now) < 1 for image in self._images for making in image.makings())

    def listed(self) -> list[LocalImage]:
        """Those that the listing shows by now, newest first, and behind them those that are not ours."""
        now = self.clock.now()
        ours = [image for image in reversed(self._images) if now - image.making.begun >= image.lag]
        return ours + self.others


def tags(parameters: Mapping[str, str]) -> list[dict[str, str]]:
    """TagList.N.Key and TagList.N.Value as the list they stand for."""
    found: list[dict[str, str]] = []
    while (key := parameters.get(f"TagList.{len(found) + 1}.Key")) is not None:
        found.append({"Key": key, "Value": parameters.get(f"TagList.{len(found) + 1}.Value", "")})
    return found


def _other(kind: str, number: int) -> LocalImage:
    return LocalImage(
        image_id=f"imgc-{kind.lower()}{number:010}",
        version_id=f"iv-{kind.lower()}",
        task_id="",
        name=f"{kind} base image",
        description=f"{kind} image, not made here",
        instance_id="",
        parameters={},
        created_at=_LONG_AGO,
        making=Making(0.0, 0.0),
        image_type=kind,
        product_type="CloudDesktop",
    )


def _id(prefix: str) -> str:
    return f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(17))}"
