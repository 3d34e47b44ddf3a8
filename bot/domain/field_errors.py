"""A mistake in a field: a code, what was given, what is allowed; and the checks that fields share."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TypeVar

from pydantic_core import PydanticCustomError

from bot.domain.text import identifier, one_line, visible

GIVEN_LENGTH = 80

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake in one field; its sentence is `problem-<code>` in the message catalog.

    `given` is cut to `GIVEN_LENGTH` characters; `allowed` is the same in every language: values, a number or
    a pattern.
    """

    field: str
    code: str
    given: str
    allowed: str


def refuse(code: str, given: object, allowed: object) -> NoReturn:
    """Raise a pydantic error that carries what a `FieldError` needs."""
    shown = {"given": cut("" if given is None else str(given)), "allowed": str(allowed)}
    raise PydanticCustomError(code, "{given} (allowed: {allowed})", shown)


def cut(text: str) -> str:
    """Return the text, short enough, and encodable."""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= GIVEN_LENGTH else text[: GIVEN_LENGTH - 1] + "…"


def text_of(given: object) -> str | None:
    """Return the text as a reader sees it; a field without anything visible counts as left out."""
    return None if given is None else visible(str(given)) or None


def sentence(given: object, name: str, longest: int) -> str | None:
    """Return free text on one line; refuse more than `longest` characters as `<name>-length`."""
    text = one_line(text_of(given) or "")
    return (text or None) if len(text) <= longest else refuse(f"{name}-length", text, longest)


def member_of(kind: type[Kind], given: object, code: str) -> Kind:
    """Return the member with that name, in any spacing, case and quotes, or a refusal that lists all."""
    text = text_of(given) or ""
    named = re.sub("[ _-]", "", identifier(text)).casefold()
    found = [member for member in kind if member.casefold() == named]
    return found[0] if found else refuse(code, text, values_of(kind))


def values_of(kind: type[StrEnum]) -> str:
    """Return all values, separated by commas, for people."""
    return ", ".join(kind)
