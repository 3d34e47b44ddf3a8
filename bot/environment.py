"""The environment as clean text: secrets from files, and values without anything that surrounds them.

A value comes from a shell, a .env file, a form or a chat: what surrounds it is not part of it, and what
nobody can see in it is not meant.
"""

import unicodedata
from collections.abc import Mapping
from pathlib import Path

FROM_FILES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DATABASE_URL",
    "AUDIT_KEY",
)
"""Settings that may come from a file instead, named by the setting with `_FILE` behind it."""

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn"})
_AROUND = "\ufeff\u200b\u200e\u200f\u2060"


class UnusableValue(ValueError):
    """A value that can't be used; the sentence doesn't repeat it."""


def read_environment(environment: Mapping[str, str], names: frozenset[str]) -> dict[str, str | UnusableValue]:
    """Return the values of these settings by name, each clean text or what is wrong with it.

    An empty setting counts as left out.
    """
    found: dict[str, str | UnusableValue] = {}
    for name in sorted(names):
        try:
            value = clean(_raw(environment, name))
        except UnusableValue as unusable:
            found[name] = unusable
        else:
            if value:
                found[name] = value
    return found


def clean(value: str) -> str:
    """Return the value without white space, invisible characters and one pair of quotes around it.

    Raises `UnusableValue` for a control or invisible character that is left.
    """
    value = _trimmed(value)
    if len(value) > 1 and _QUOTES.get(value[0]) == value[-1]:
        value = _trimmed(value[1:-1])
    for position, character in enumerate(value, start=1):
        if unicodedata.category(character) in _UNSEEN:
            raise UnusableValue(f"has an invisible character (U+{ord(character):04X}) at position {position}")
    return value


def _trimmed(value: str) -> str:
    return value.strip().strip(_AROUND).strip()


def _raw(environment: Mapping[str, str], name: str) -> str:
    """Return a setting as given, from its file when that is named."""
    given, file = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if not file or name not in FROM_FILES:
        return given
    if given.strip():
        raise UnusableValue(f"is set twice: by itself and by {name}_FILE")
    try:
        return Path(clean(file)).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't text"
        raise UnusableValue(f"can't be read from {name}_FILE: {reason}") from None
