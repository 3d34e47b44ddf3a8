"""Where the services live.

Source: Alibaba Cloud's endpoint pages. App Streaming (2021-09-01) has two regions; images are central, an
instance's own region is no part of the host. Cloud desktops (ecd) are asked in their own region.
"""

from urllib.parse import urlsplit

from bot import regions
from bot.regions import APPSTREAM_REGIONS


def appstream_endpoint(region: str, override: str | None = None) -> str:
    """Return the URL of the App Streaming API. Raise ValueError, with one sentence, if it can't be one."""
    if override:
        return _url(override)
    if region not in APPSTREAM_REGIONS:
        raise ValueError(f"App Streaming has no region {region!r}; there are {', '.join(APPSTREAM_REGIONS)}")
    return f"https://appstream-center.{region}.aliyuncs.com"


def ecd_endpoint(region: str, override: str | None = None) -> str:
    """Return the URL of the Elastic Desktop Service API. Raise ValueError as above."""
    if override:
        return _url(override)
    if not regions.is_region(region):
        raise ValueError(f"{region!r} is no region ID, such as cn-shanghai")
    return f"https://ecd.{region}.aliyuncs.com"


def sts_endpoint(region: str, appstream: str) -> str:
    """Return the URL of STS, which says who is calling; a local cloud answers for it as well."""
    return appstream if is_loopback(appstream) else f"https://sts.{region}.aliyuncs.com"


def is_loopback(url: str) -> bool:
    """Whether the URL stays on this machine."""
    return regions.is_loopback(urlsplit(url).hostname or "")


def _url(endpoint: str) -> str:
    url = endpoint if "://" in endpoint else f"https://{endpoint}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("an endpoint is a host name or an http(s) URL without a user")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"an endpoint has no path or query: {endpoint!r}")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError(f"http:// is for loopback only, so not for {parts.hostname!r}")
    return f"{parts.scheme}://{parts.netloc}"
