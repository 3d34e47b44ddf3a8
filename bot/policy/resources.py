"""Resource names that name an account: `acs:<service>:<region>:<account>:<resource>`.

What is asked about carries `*` for an account that isn't known. A pattern with an account in digits can then
be neither matched nor ruled out: it counts in a Deny and not in an Allow. Source: the bot's contract; RAM
always knows the account.
"""

import re

from bot.policy.patterns import Pattern

UNKNOWN = "*"
_ACCOUNT = re.compile(r"[0-9?*]*[0-9?][0-9?*]*")
_SEGMENTS = range(1, 4)
"""Where an account may stand: the third after `acs`, earlier where a `*` before it crosses colons."""


class AccountPattern:
    """A resource pattern with an account in it. `anywhere` is the same for any account."""

    __slots__ = ("_written", "anywhere")

    def __init__(self, text: str) -> None:
        segments = text.split(":", 4)
        segments[_account_at(segments)] = "*"
        self.anywhere = Pattern(":".join(segments))
        self._written = Pattern(text)

    def fits(self, resource: str) -> bool | None:
        """Tell whether a resource fits. None: it would in some account, and the account isn't known."""
        if not self.anywhere.matches(resource):
            return False
        return None if _account_of(resource) == UNKNOWN else self._written.matches(resource)


def account_in(text: str) -> str | None:
    """Return the account that a resource pattern asks for, in digits; None when it asks for none."""
    segments = text.split(":", 4)
    at = _account_at(segments)
    return segments[at] if at else None


def names_account(text: str) -> bool:
    """Tell whether a resource pattern asks for an account in digits."""
    return _account_at(text.split(":", 4)) > 0


def _account_at(segments: list[str]) -> int:
    """Return which segment names an account; 0 for none. No service or region is digits alone."""
    found = (at for at in _SEGMENTS if at < len(segments) and _ACCOUNT.fullmatch(segments[at]))
    return next(found, 0)


def _account_of(resource: str) -> str:
    segments = resource.split(":", 4)
    return segments[3] if len(segments) > 3 else ""
