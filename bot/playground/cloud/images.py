"""Images, made on the local cloud's clock: INIT, CREATING with progress, then AVAILABLE or CREATE_FAILED.

Once made, an image can be copied to other regions, which takes time on the clock as well.
"""

import secrets
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.playground.cloud.clock import Clock
from bot.playground.cloud.habits import Habits
from bot.playground.cloud.making import HOME, LocalImage, Making

REGIONS = ("ap-southeast-1", "cn-beijing", "cn-hangzhou", HOME, "cn-shenzhen", "eu-central-1", "us-west-1")
_LETTERS = string.ascii_lowercase + string.digits
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


class Images:
    """All images, oldest first, and how the next ones are made.

    Attributes:
        seconds: how long an image takes on the clock, and a copy too.
        slots: how many may be made at once.
        lag: seconds before a new image shows up in the listing.
        others: what else a listing of every type shows: the cloud's own images and other tenants'.
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
        """Return one by ID, listed or not."""
        return next((image for image in self._images if image.image_id == image_id), None)

    def begin(self, parameters: Mapping[str, str], at: datetime, *, fails: bool) -> LocalImage:
        """Start making one."""
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
        """Start copying one and return the task's ID; with `fails` the first region doesn't get it."""
        for number, region in enumerate(regions):
            if region not in image.copies and region != HOME:
                image.copies[region] = Making(self.clock.now(), self.seconds, fails and number == 0)
        return _id("tid")

    def status(self, image: LocalImage) -> str:
        """Return its status now."""
        return image.status(self.clock.now())

    def under_way(self) -> list[LocalImage]:
        """Return those that are still being made."""
        now = self.clock.now()
        return [image for image in self._images if image.done(now) < 1]

    def moving(self) -> bool:
        """Tell whether any is being made or copied."""
        now = self.clock.now()
        return any(making.done(now) < 1 for image in self._images for making in image.makings())

    def listed(self) -> list[LocalImage]:
        """Return what the listing shows by now, newest first, followed by those that aren't ours."""
        now = self.clock.now()
        ours = [image for image in reversed(self._images) if now - image.making.begun >= image.lag]
        return ours + self.others


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
