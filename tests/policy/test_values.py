"""Values of conditions read from their text, at the edges where a careless reading would differ."""

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from bot.policy.resources import AccountPattern, account_in
from bot.policy.values import moment, network


@pytest.mark.usefixtures("far_from_utc")
def test_a_moment_without_an_offset_is_utc_wherever_the_host_is() -> None:
    assert moment("2026-11-25T12:00:00") == datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert moment("2026-11-25") == datetime(2026, 11, 25, tzinfo=UTC)
    read = moment("2026-11-25T12:00:00+08:00")
    assert read is not None
    assert (read.hour, read.utcoffset()) == (4, UTC.utcoffset(None))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 12:00",
        "2026-11-25t12:00",
        "2026-11-25T12:00z",
        "2026-11-25T",
        "2026-13-01",
        "0001-01-01T00:00+01:00",
    ],
)
def test_what_is_no_date_as_ram_writes_them_is_none(text: str) -> None:
    """Python would take some of them."""
    assert moment(text) is None


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("10.0.0.1", "10.0.0.1/32"),
        ("10.9.8.7/8", "10.0.0.0/8"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("::/95", "::/95"),
        ("::/0", "::/0"),
    ],
)
def test_a_network_is_read_by_value(text: str, block: str) -> None:
    assert network(text) == ip_network(block)


@pytest.mark.parametrize(
    "text",
    ["10.0.0.0/255.0.0.0", "10.0.0.0/0008", "10.0.0.0/", "10.0.0.0/8/8", "fe80::1%eth0", "fe80::%1/64", ""],
)
def test_what_is_no_network_is_none(text: str) -> None:
    assert network(text) is None


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("acs:appstreaming:cn-shanghai:1234:instance/a", "1234"),
        ("acs:appstreaming:cn-shanghai:1234:instance/a:b:c", "1234"),
        ("acs:appstreaming:cn-shanghai:*:instance/a", None),
        ("*", None),
    ],
)
def test_the_account_of_a_pattern_is_its_fourth_segment(written: str, account: str | None) -> None:
    assert account_in(written) == account


def test_colons_behind_the_account_belong_to_the_name() -> None:
    pattern = AccountPattern("acs:appstreaming:cn-shanghai:1234:instance/a:b:c")
    assert pattern.fits("acs:appstreaming:cn-shanghai:1234:instance/a:b:c")
    assert not pattern.fits("acs:appstreaming:cn-shanghai:1234:instance/a:b:d")
    assert not pattern.fits("acs:appstreaming:cn-shanghai:99:instance/a:b:c")


@pytest.mark.parametrize(("written", "resource"), [("acs:1234", "acs:x"), ("acs:*:1234", "acs:a:x")])
def test_a_resource_too_short_for_an_account_is_compared_as_it_is_written(
    written: str, resource: str
) -> None:
    assert AccountPattern(written).fits(resource) is False
    assert AccountPattern(written).fits(written) is True


def test_an_account_may_be_the_last_that_a_resource_names() -> None:
    assert AccountPattern("acs:app:cn-1:1234").fits("acs:app:cn-1:*") is None
    assert AccountPattern("acs:app:cn-1:1234").fits("acs:app:cn-1:99") is False
