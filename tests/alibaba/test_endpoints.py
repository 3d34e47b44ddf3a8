"""Where calls go: published hosts, overrides, and never plain HTTP off this machine."""

import pytest

from bot.alibaba.endpoints import appstream_endpoint, ecd_endpoint, is_loopback


@pytest.mark.parametrize("region", ["cn-shanghai", "ap-southeast-1"])
def test_app_streaming_has_two_regions(region: str) -> None:
    """The published host names."""
    assert appstream_endpoint(region) == f"https://appstream-center.{region}.aliyuncs.com"


def test_region_without_an_endpoint_is_refused_by_name() -> None:
    """The SDK would make up a host for it."""
    with pytest.raises(ValueError, match=r"cn-hangzhou.*cn-shanghai, ap-southeast-1"):
        appstream_endpoint("cn-hangzhou")


def test_desktops_are_asked_in_their_own_region() -> None:
    """Any well-formed region."""
    assert ecd_endpoint("me-central-1") == "https://ecd.me-central-1.aliyuncs.com"


@pytest.mark.parametrize("region", ["", "evil.example/", "CN-shanghai", "cn shanghai"])
def test_region_that_is_none_never_becomes_a_host(region: str) -> None:
    """A typo does not send credentials elsewhere."""
    with pytest.raises(ValueError, match="region"):
        ecd_endpoint(region)


@pytest.mark.parametrize(
    ("override", "url"),
    [
        ("appstream-center.vpc-proxy.aliyuncs.com", "https://appstream-center.vpc-proxy.aliyuncs.com"),
        ("https://example.com:8443/", "https://example.com:8443"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_override_is_a_host_or_a_full_url(override: str, url: str) -> None:
    """Both services alike, whatever the region says."""
    assert appstream_endpoint("nowhere", override) == url
    assert ecd_endpoint("nowhere", override) == url


@pytest.mark.parametrize(
    ("override", "why"),
    [
        ("http://example.com", "loopback"),
        ("http://127.0.0.1.example.com", "loopback"),
        ("http://localhost.example.com", "loopback"),
        ("ftp://127.0.0.1", "http"),
        ("https://user:secret@example.com", "without a user"),
        ("https://", "host"),
        ("https://example.com/path", "path"),
        ("https://example.com?x=1", "path"),
    ],
)
def test_override_that_cannot_be_one_is_refused(override: str, why: str) -> None:
    """Plain HTTP is for loopback; a URL carries no user and no path. A password is not repeated."""
    with pytest.raises(ValueError, match=why) as caught:
        appstream_endpoint("cn-shanghai", override)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "local"), [("http://127.8.8.8", True), ("https://10.0.0.1", False), ("x", False)]
)
def test_loopback_is_this_machine(url: str, local: bool) -> None:
    """All of 127.0.0.0/8, and nothing else."""
    assert is_loopback(url) is local
