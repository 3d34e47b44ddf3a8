"""The caller's identity and the list of regions: STS GetCallerIdentity, ListRegions, ecd DescribeRegions. No
I/O.

Sources: Alibaba Cloud, STS 2015-04-01; App Streaming 2021-09-01 (its rows write `regionId` small); Elastic
Desktop Service 2020-09-30.
"""

from bot.alibaba.answers import Body
from bot.alibaba.client import ECD_VERSION, STS_VERSION, Operation
from bot.alibaba.instances import rows
from bot.domain.vocabulary import DISTRIBUTE
from bot.ports import Caller

CALLER = Operation("GetCallerIdentity", STS_VERSION)
LIST_REGIONS = Operation("ListRegions", granted_by=DISTRIBUTE)
DESCRIBE_REGIONS = Operation("DescribeRegions", ECD_VERSION, granted_by=DISTRIBUTE)
OPERATIONS = (CALLER, LIST_REGIONS, DESCRIBE_REGIONS)


def caller(body: Body) -> Caller:
    """Return who the cloud says we are."""
    names = ("AccountId", "Arn", "IdentityType")
    return Caller(*(str(body.get(name) or "") for name in names))


def region_ids(body: Body) -> tuple[str, ...]:
    """Return the regions of either operation's answer, in order."""
    listed = rows(body.get("RegionModels")) + rows(body.get("Regions"))
    ids = (row.get("regionId") or row.get("RegionId") for row in listed)
    return tuple(sorted({str(region) for region in ids if region}))
