"""What must never be read in a log: the secrets that this process was given, and whatever looks like one."""

import re
from collections.abc import Mapping

import structlog

from bot.database_url import passwords_of
from bot.environment import FROM_FILES, read_environment

HIDDEN = "[hidden]"

SHAPES = re.compile(
    r"xox[a-z]-[\w-]+|xoxe\.[\w.-]+|xapp-[\w-]+|LTAI\w{12,}|STS\.\w{8,}|(?<=://)[^/@\s]+:[^/@\s]+(?=@)"
)
"""Slack's tokens, Alibaba Cloud's access key ids, and a password in a URL."""

NAMES = ("SECRET", "TOKEN", "PASSWORD", "ACCESS_KEY_ID", "AUDIT_KEY")
SHORTEST = 6
"""A shorter value would hide ordinary words."""


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of the variables that hold secrets, also those that files hold, longest first.

    As they are given, and as they are read: what surrounds a value is no part of it.
    """
    names = {name for name in environment if name.endswith(NAMES)}
    read = read_environment(environment, frozenset(names | set(FROM_FILES)))
    usable = {name: value for name, value in read.items() if isinstance(value, str)}
    named = {*passwords_of(usable.pop("DATABASE_URL", "")), *usable.values()}
    named |= {environment[name] for name in names}
    return tuple(sorted((value for value in named if len(value) >= SHORTEST), key=len, reverse=True))


class HideSecrets:
    """A structlog processor: every text in a line, however deep, without these secrets and their kind."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self.secrets = secrets

    def __call__(
        self, _logger: structlog.typing.WrappedLogger, _method: str, event: structlog.typing.EventDict
    ) -> Mapping[str, object]:
        """Return the line as it may be shown."""
        return {key: value if key.startswith("_") else self.without(value) for key, value in event.items()}

    def without(self, value: object) -> object:
        """Return a value without secrets; what is neither text nor a collection is kept or told as text."""
        match value:
            case str():
                return self._text(value)
            case bool() | int() | float() | None:
                return value
            case Mapping():
                return {self._text(str(key)): self.without(item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.without(item) for item in value]
            case _:
                return self._text(str(value))

    def _text(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return SHAPES.sub(HIDDEN, text)
