"""An image and its copies, as far as the local cloud's clock has brought them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

HOME = "cn-shanghai"
_IN_INIT = 0.1


@dataclass(frozen=True, slots=True)
class Making:
    """Something that takes time: when it began and how long it takes, on the clock, and whether it fails."""

    begun: float
    seconds: float
    fails: bool = False

    def done(self, now: float) -> float:
        """Return how much of it is done, 0 to 1."""
        return min((now - self.begun) / self.seconds, 1.0) if self.seconds > 0 else 1.0

    def status(self, now: float) -> str:
        """Return the word that ListImage has for it."""
        done = self.done(now)
        if done >= 1:
            return "CREATE_FAILED" if self.fails else "AVAILABLE"
        return "INIT" if done < _IN_INIT else "CREATING"

    def row(self, now: float) -> dict[str, str]:
        """Return Status and Progress; if it fails, it gets stuck before the end."""
        percent = min(int(self.done(now) * 100), 60 if self.fails else 100)
        return {"Status": self.status(now), "Progress": f"{percent}%"}


@dataclass(slots=True)
class LocalImage:
    """One image. `making` is for its home region, `copies` are for others; `lag` is on the clock too."""

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
        """Return how much of it is done, 0 to 1."""
        return self.making.done(now)

    def status(self, now: float) -> str:
        """Return the word that ListImage has for it."""
        return self.making.status(now)

    def makings(self) -> tuple[Making, ...]:
        """Return the one for its home region, then those for its copies."""
        return (self.making, *self.copies.values())

    def row(self, now: float) -> dict[str, Any]:
        """Return it as ListImage lists it."""
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


def tags(parameters: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the list that TagList.N.Key and TagList.N.Value stand for."""
    found: list[dict[str, str]] = []
    while (key := parameters.get(f"TagList.{len(found) + 1}.Key")) is not None:
        found.append({"Key": key, "Value": parameters.get(f"TagList.{len(found) + 1}.Value", "")})
    return found
