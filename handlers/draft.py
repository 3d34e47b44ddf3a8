"""What a person typed about an image, and what can be wrong with it: values for the command, the form and
texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.field_errors import FieldError
from bot.domain.image import InstanceType
from bot.domain.text import one_line
from bot.ports import Instance

MOST_CHANNELS = 5
"""Channels that one request may notify."""


@dataclass(frozen=True)
class Draft:
    """What a person typed about an image, unchecked; `fields` is keyed as the form's blocks are.

    `start` and `break_glass` are for the command alone; the form has `start_at` (epoch seconds), and `anyway`
    when the person asks though they have a request for that instance open.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    notify: tuple[str, ...] = ()
    start: str = ""
    break_glass: bool = False
    stop_first: bool = False
    regions: tuple[str, ...] = ()
    start_at: float | None = None
    anyway: bool = False
    machine: str = ""  # the instance's name, as it was looked up
    follows: str = ""  # what the image is called that this one is to be like

    @property
    def fits_form(self) -> bool:
        """Whether the form can show all of it."""
        return not (self.start or self.break_glass)


def settled(draft: Draft, instance: Instance) -> Draft:
    """Return the draft about this instance: its ID, its type, and its session if it has only one.

    A type that somebody gave stays where the ID tells another: they are told, as one of the two is a mistake.
    """
    told = InstanceType.told_by(instance.instance_id)
    kind = (told and draft.fields.get("instance_type")) or instance.instance_type.value
    fields = {**draft.fields, "instance_id": instance.instance_id, "instance_type": kind}
    if len(instance.sub_instances) == 1 and not fields.get("sub_instance_id"):
        fields["sub_instance_id"] = instance.sub_instances[0]
    return replace(draft, fields=fields, machine=one_line(instance.name))


@dataclass(frozen=True)
class Mistake:
    """One thing that can't be read; its sentence is `mistake-<code>`, `meant` is the best guess."""

    code: str
    given: str = ""
    meant: str = ""
    allowed: str = ""


MISTAKE_CODES = (
    "subcommand-unknown",
    "create-missing",
    "on-the-card",
    "quote-open",
    "flag-unknown",
    "flag-twice",
    "flag-needs-value",
    "switch-value",
    "words-extra",
    "page-unknown",
    "request-missing",
    "link-unknown",
    "scope-unknown",
    "channel-unknown",
    "person-unknown",
    "time-missing",
    "time-unknown",
    "zone-unknown",
    "command-long",
    "text-long",
    "text-words",
    "channels-many",
)


@dataclass(frozen=True)
class Mistaken:
    """What can't be read or makes no sense, and what could be read (for the form that fixes it)."""

    mistakes: tuple[Mistake, ...]
    draft: Draft | None = None
    problems: tuple[FieldError, ...] = ()
