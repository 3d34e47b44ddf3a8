"""The bot's client on the wire to a local cloud, for the tests of both."""

from typing import Any

from bot.alibaba import AlibabaCloud, FixedKeys, Keys
from bot.domain.image import CreateImage, parse_image
from bot.playground.cloud import LocalCloud

WORKSTATION = "ws-0buj1s9gm000001"
DESKTOP = "ecd-7w78ozhjcwa3u0001"


def image(instance_id: str = WORKSTATION, **fields: Any) -> CreateImage:
    """An image that must parse."""
    parsed = parse_image({"instance_id": instance_id} | fields)
    assert isinstance(parsed, CreateImage)
    return parsed


def client_of(
    local: LocalCloud,
    seconds: float = 30.0,
    keys: Keys | None = None,
    regions: tuple[str, ...] = ("cn-shanghai",),
    **settings: Any,
) -> AlibabaCloud:
    """The bot's client, pointed at the local cloud."""
    keys = keys or Keys(
        local.account.access_key_id, local.account.access_key_secret, local.account.security_token
    )
    return AlibabaCloud(
        FixedKeys(keys),
        endpoint=local.url,
        ecd_regions=regions,
        ecd_endpoint=local.url,
        seconds=seconds,
        **settings,
    )
