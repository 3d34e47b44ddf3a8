"""Typed values of conditions, read from their text. None: the text isn't such a value."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
_DATE = re.compile(r"[0-9W-]{4,10}(T[0-9:.,]+(Z|[+-][0-9:]+)?)?")
_PREFIX = re.compile(r"[0-9]{1,3}")
_BOOLEANS = {"true": True, "false": False}


def number(text: str) -> Decimal | None:
    """Return a decimal number by value: `10` equals `10.0`."""
    try:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def moment(text: str) -> datetime | None:
    """Return an ISO 8601 date with or without a time (midnight), at any offset; UTC if it has none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def boolean(text: str) -> bool | None:
    """Return `true` or `false`, in any case: SDKs write `True`."""
    return _BOOLEANS.get(text.lower())


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an IPv4 or IPv6 address.

    An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is IPv4.
    """
    try:
        read = ip_address(text)
    except ValueError:
        return None
    if isinstance(read, IPv4Address):
        return read
    return None if read.scope_id else read.ipv4_mapped or read


def network(text: str) -> Network | None:
    """Return an address or a CIDR block. Host bits may be set (`192.168.0.1/16`), because people write that.

    An IPv4 block written as IPv6 is IPv4.
    """
    _, slash, prefix = text.partition("/")
    if "%" in text or (slash and not _PREFIX.fullmatch(prefix)):
        return None
    try:
        block = ip_network(text, strict=False)
    except ValueError:
        return None
    mapped = block.network_address.ipv4_mapped if isinstance(block, IPv6Network) else None
    return IPv4Network((mapped, block.prefixlen - 96)) if mapped else block
