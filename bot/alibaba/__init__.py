"""Alibaba Cloud over the wire: signatures, one HTTP client, a catalog of refusals, and the core's port."""

from bot.alibaba.cloud import AlibabaCloud
from bot.alibaba.credentials import Credentials, DefaultChain, FixedKeys
from bot.alibaba.index import InstanceIndex
from bot.alibaba.region_list import RegionList
from bot.alibaba.signing import Keys

__all__ = ["AlibabaCloud", "Credentials", "DefaultChain", "FixedKeys", "InstanceIndex", "Keys", "RegionList"]
