"""The official SDK, calling the local cloud."""

from typing import Any

from alibabacloud_appstream_center20210901 import models as appstream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_appstream_center20210901.client import Client as AppStream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_tea_openapi.utils_models import Config  # type: ignore[import-untyped]  # SDK without types

from bot.playground.cloud import LocalCloud
from tests.clouds import WORKSTATION


def config(local: LocalCloud) -> Any:
    """The official SDK's configuration for the local cloud."""
    return Config(
        access_key_id=local.account.access_key_id,
        access_key_secret=local.account.access_key_secret,
        security_token=local.account.security_token,
        endpoint=local.url.removeprefix("http://"),
        protocol="http",
        region_id="cn-shanghai",
    )


async def create(local: LocalCloud, instance_id: str = WORKSTATION, **fields: Any) -> Any:
    """CreateImageByInstance through the official SDK; the answer's body."""
    request = appstream.CreateImageByInstanceRequest(instance_id=instance_id, **fields)
    return (await AppStream(config(local)).create_image_by_instance_async(request)).body


async def listing(local: LocalCloud, **filters: Any) -> Any:
    """ListImage through the official SDK; the answer's body."""
    return (await AppStream(config(local)).list_image_async(appstream.ListImageRequest(**filters))).body
