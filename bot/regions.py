"""Regions of Alibaba Cloud, and the hosts that are this machine itself.

Sources: Alibaba Cloud's endpoint pages of App Streaming 2021-09-01 and Elastic Desktop Service 2020-09-30.
"""

import ipaddress
import re

APPSTREAM_REGIONS = ("cn-shanghai", "ap-southeast-1")
"""Where appstream-center answers; images are central, so two are enough."""

DESKTOP_REGIONS = (
    "cn-qingdao",
    "cn-beijing",
    "cn-zhangjiakou",
    "cn-wulanchabu",
    "cn-hangzhou",
    "cn-shanghai",
    "cn-nanjing",
    "cn-shenzhen",
    "cn-guangzhou",
    "cn-chengdu",
    "cn-hongkong",
    "cn-hangzhou-finance",
    "cn-shanghai-finance-1",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "us-west-1",
    "eu-west-1",
    "eu-central-1",
    "me-central-1",
)
"""Where ecd answers; for hints only, as there are new regions now and then."""

_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?", re.IGNORECASE | re.ASCII)


def is_region(text: str) -> bool:
    """Tell whether the text reads like a region ID, such as cn-shanghai."""
    return _REGION.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Tell whether the text reads like the name or address of a host."""
    try:
        return bool(_HOST.fullmatch(text) or ipaddress.ip_address(text))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
