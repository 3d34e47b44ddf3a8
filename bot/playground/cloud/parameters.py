"""Reading an operation's parameters: where they were sent, lists, pages, allowed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.playground.cloud.accounts import Accounts
from bot.playground.cloud.envelopes import Refused
from bot.playground.cloud.habits import Habits
from bot.playground.cloud.images import Images
from bot.playground.cloud.instances import Instances

Parameters = Mapping[str, str]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Asked:
    """One verified call: where its parameters were sent matters, as on the real wire.

    `fails`: what the call starts will fail.
    """

    query: Parameters
    form: Parameters
    request_id: str
    at: datetime
    fails: bool = False
    access_key_id: str = ""


@dataclass(slots=True)
class World:
    """Everything that exists."""

    images: Images
    instances: Instances
    habits: Habits
    accounts: Accounts


def listed(parameters: Parameters, name: str) -> list[str]:
    """Return the list that `Name.1`, `Name.2` … stand for."""
    return [value for key, value in parameters.items() if key.startswith(f"{name}.")]


def page_of(rows: list[Row], form: Parameters, default: int) -> tuple[list[Row], int, int]:
    """Return the requested page, its number and its size."""
    number, size = number_of(form, "PageNumber", 1), number_of(form, "PageSize", default)
    if not (1 <= size <= 100 and number >= 1):
        raise Refused("InvalidParameter", "The specified parameter PageSize or PageNumber is not valid.")
    return rows[(number - 1) * size : number * size], number, size


def number_of(parameters: Parameters, name: str, default: int) -> int:
    """Return a parameter as a whole number."""
    text: Any = parameters.get(name, default)
    try:
        return int(text)
    except ValueError:
        raise Refused("InvalidParameter", f"The specified parameter {name} is not valid.") from None


def check_values(form: Parameters, allowed: Mapping[str, tuple[str, ...]]) -> None:
    """Raise `Refused` for a value outside its enumeration."""
    for name, values in allowed.items():
        if name in form and form[name] not in values:
            raise Refused("InvalidParameter", f"The specified parameter {name} is not valid.")
