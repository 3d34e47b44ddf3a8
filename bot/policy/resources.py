"""Resource names that name an account: `acs:<service>:<region>:<account>:<resource>`.

A request has `*` for an unknown account. A pattern with an account number then can't be matched or ruled out:
it counts in a Deny and doesn't in an Allow. Source: the bot's contract; RAM always knows the account.
"""

import re

from bot.policy.patterns import Pattern

UNKNOWN = "*"
_ACCOUNT = re.compile(r"[0-9?*]*[0-9?][0-9?*]*")
_SEGMENTS = range(1, 4)
"""Where an account may be: third after `acs`, or earlier if a `*` before it spans colons."""


class AccountPattern:
    """A resource pattern that names an account. `anywhere` is the same for any account."""

    __slots__ = ("_written", "anywhere")

    def __init__(self, text: str) -> None:
        segments = text.split(":", 4)
        segments[_account_at(segments)] = "*"
        self.anywhere = Pattern(":".join(segments))
        self._written = Pattern(text)

    def fits(self, resource: str) -> bool | None:
        """Tell whether a resource matches. None: it does in some account, and the account isn't known."""
        if not self.anywhere.matches(resource):
            return False
        return None if _account_of(resource) == UNKNOWN else self._written.matches(resource)


def account_in(text: str) -> str | None:
    """Return the account number in a resource pattern; None if there is none."""
    segments = text.split(":", 4)
    at = _account_at(segments)
    return segments[at] if at else None


def names_account(text: str) -> bool:
    """Tell whether a resource pattern has an account number."""
    return _account_at(text.split(":", 4)) > 0


def _account_at(segments: list[str]) -> int:
    """Return which segment is an account; 0 for none. No service or region is all digits."""
    found = (at for at in _SEGMENTS if at < len(segments) and _ACCOUNT.fullmatch(segments[at]))
    return next(found, 0)


def _account_of(resource: str) -> str:
    segments = resource.split(":", 4)
    return segments[3] if len(segments) > 3 else ""
