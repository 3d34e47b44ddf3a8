"""The fields of the form, one function each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.image import DESCRIPTION_LENGTH, NAME_LENGTH, DiskType, InstanceType
from bot.domain.text import one_line
from bot.ports import Instance
from handlers.draft import MOST_CHANNELS, Draft
from handlers.i18n import Localizer
from handlers.views import machines
from handlers.views.blocks import Block, entry, option, plain, select, text_input
from handlers.views.form_state import (
    CHANNEL,
    CLEAN,
    DESCRIPTION,
    DISK_TYPE,
    IMAGE_NAME,
    INSTANCE_ID,
    INSTANCE_TYPE,
    NOTIFY,
    REASON,
    REASON_LENGTH,
    REGION,
    REGIONS,
    START_AT,
    STOP_FIRST,
    SUB_INSTANCE_ID,
    TAGS,
)

LENGTHS = {IMAGE_NAME: NAME_LENGTH, DESCRIPTION: DESCRIPTION_LENGTH, REASON: REASON_LENGTH}
MANY_LINES = frozenset({DESCRIPTION, TAGS, REASON})
MOST_OPTIONS = 100
"""Slack accepts no more options than that in a menu."""


def machine(draft: Draft, instance: Instance | None, words: Localizer) -> Block:
    """Return the field for the machine, searched by name or ID; choosing one redraws the form."""
    given = str(draft.fields.get(INSTANCE_ID) or "")
    picker: Block = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain(words.plain("example-instance_id"), 150),
    }
    if instance is not None:
        picker["initial_option"] = machines.choice(instance, words)
    elif one_line(given):
        picker["initial_option"] = machines.typed(given, words)
    return _entry(INSTANCE_ID, picker, words, optional=False, watched=True)


def text(
    field: str, draft: Draft, words: Localizer, *, value: str = "", optional: bool = True, hint: str = ""
) -> Block:
    """Return a text field, filled with the draft's value or else the given one."""
    own = {REASON: draft.reason, REGIONS: ", ".join(draft.regions)}
    typed: Any = own[field] if field in own else draft.fields.get(field) or ""
    lines = "\n".join(typed) if isinstance(typed, tuple) else str(typed)
    box = text_input(
        lines or value, words.plain(f"example-{field}"), LENGTHS.get(field, 3000), field in MANY_LINES
    )
    return _entry(field, box, words, optional=optional, hint=hint)


def regions(draft: Draft, listed: Sequence[str] | None, words: Localizer) -> Block:
    """Return the field for copies to more regions: chosen by name, or typed when the regions aren't known."""
    if not listed:
        return text(REGIONS, draft, words, hint="regions-unlisted")
    own = (region for region in draft.regions if REGION.fullmatch(region))
    every = list(dict.fromkeys((*listed, *own)))[:MOST_OPTIONS]
    choices = [option(region_name(region, words), region) for region in every]
    chosen = [choice for choice in choices if choice["value"] in draft.regions]
    picker: Block = {"type": "multi_static_select", "options": choices}
    picker |= {"placeholder": plain(words.plain("choose-regions"), 150)}
    picker |= {"initial_options": chosen} if chosen else {}
    return _entry(REGIONS, picker, words)


def region_name(region: str, words: Localizer) -> str:
    """Return a region's name with its ID, as in "China (Beijing) · cn-beijing"."""
    key = f"region-{region}"
    return f"{words.plain(key)} · {region}" if words.has(key) else region


def kind(chosen: InstanceType | None, words: Localizer, *, optional: bool = True) -> Block:
    """Return the field for the type of instance; choosing one redraws the form."""
    choices = [option(words.plain(f"type-{each}"), each) for each in InstanceType]
    return _entry(INSTANCE_TYPE, select(choices, chosen or ""), words, optional=optional, watched=True)


def session(draft: Draft, instance: Instance | None, words: Localizer) -> Block:
    """Return the field for a workstation's session: a menu if the sessions are known, else typed."""
    sessions = instance.sub_instances[:MOST_OPTIONS] if instance is not None else ()
    if len(sessions) < 2:
        return text(SUB_INSTANCE_ID, draft, words)
    choices = [option(each, each[:150]) for each in sessions]
    chosen = str(draft.fields.get(SUB_INSTANCE_ID) or "")
    return _entry(SUB_INSTANCE_ID, select(choices, chosen), words, optional=False)


def disks(draft: Draft, usual: DiskType, words: Localizer) -> Block:
    """Return the field for the disks, one of them chosen."""
    choices = [option(words.plain(f"disks-{each}"), each) for each in DiskType]
    given = str(draft.fields.get(DISK_TYPE) or "").upper()
    chosen = given if given in [each.value for each in DiskType] else usual.value
    return _entry(DISK_TYPE, select(choices, chosen, "radio_buttons"), words)


def profiles(draft: Draft, words: Localizer) -> Block:
    """Return the field for removing a desktop's user profiles, with what that means."""
    choices = [option(words.plain("clean-option"), "true")]
    chosen = str(draft.fields.get(CLEAN) or "").casefold()
    box = select(choices, chosen, "checkboxes", many=True)
    return _entry(CLEAN, box, words)


def start(draft: Draft, words: Localizer) -> Block:
    """Return the field for the earliest start; blank means as soon as it's approved."""
    picker: Block = {"type": "datetimepicker"}
    picker |= {"initial_date_time": int(draft.start_at)} if draft.start_at else {}
    return _entry(START_AT, picker, words)


def stop_first(draft: Draft, words: Localizer) -> Block:
    """Return the field for stopping the machine first and starting it again afterwards."""
    choices = [option(words.plain("stop-option"), "true")]
    box = select(choices, "true" if draft.stop_first else "", "checkboxes", many=True)
    return _entry(STOP_FIRST, box, words)


def notify(draft: Draft, words: Localizer) -> Block:
    """Return the field for channels that get the result."""
    chosen = [channel for channel in draft.notify if CHANNEL.fullmatch(channel)]
    picker: Block = {
        "type": "multi_conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "max_selected_items": MOST_CHANNELS,
    }
    picker |= {"initial_conversations": chosen} if chosen else {}
    return _entry(NOTIFY, picker, words)


def usual_name(instance: Instance, today: datetime) -> str:
    """Return an image's default name, as in `design-station-2026-11-25`."""
    return f"{machines.named(instance)[: NAME_LENGTH - 11]}-{today:%Y-%m-%d}"


def _entry(
    field: str,
    element: Block,
    words: Localizer,
    *,
    optional: bool = True,
    watched: bool = False,
    hint: str = "",
) -> Block:
    label, told = words.plain(f"field-{field}"), words.plain(f"hint-{hint or field}")
    return entry(field, label, element, hint=told, optional=optional, watched=watched)
