"""Calls that change nothing and show whether the cloud can be reached and what the bot's key may do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.alibaba import images, instances
from bot.alibaba.client import Client, Operation
from bot.errors import CloudError


@dataclass(frozen=True)
class Probe:
    """One call for one row. `region` is that of desktops, "" for a central service."""

    operation: Operation
    endpoint: str
    region: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    error: CloudError | None = None

    async def asked(self, client: Client) -> "Probe":
        """Return the same with the error that it ended in, None for none."""
        try:
            await client.call(self.endpoint, self.operation, self.form, self.query)
        except CloudError as failed:
            return replace(self, error=failed)
        return self


def probes(appstream: str, ecd: Mapping[str, str], filters: Mapping[str, str]) -> Iterator[Probe]:
    """Yield the probes of App Streaming, and of the desktop service in each region."""
    user_images = {"PageNumber": "1", "PageSize": "1", "ImageType": "User", **filters}
    yield Probe(images.LIST, appstream, form=user_images)
    yield Probe(instances.LIST_WORKSTATIONS, appstream, form={"PageNumber": "1", "PageSize": "1"})
    for region, endpoint in ecd.items():
        query = {"RegionId": region, "MaxResults": "1"}
        yield Probe(instances.DESCRIBE_DESKTOPS, endpoint, region, query=query)
