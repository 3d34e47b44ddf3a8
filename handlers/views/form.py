"""The form that asks for an image: built from a draft, read back into a draft, with the ids that both share.

Field and block ids are public (README, "The form"). What comes back came through the client: every value is
read as text and checked anew.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.image import DESCRIPTION_LENGTH, NAME_LENGTH, DiskType, InstanceType
from bot.domain.text import identifier
from handlers.draft import MOST_CHANNELS, Draft
from handlers.i18n import Localizer
from handlers.views.blocks import Block, entry, modal, option, section, select, text_input

CALLBACK_ID = "image_create"
INSTANCE_ID, INSTANCE_TYPE, SUB_INSTANCE_ID = "instance_id", "instance_type", "sub_instance_id"
IMAGE_NAME, DESCRIPTION, TAGS = "image_name", "description", "tags"
DISK_TYPE, CLEAN, REASON, NOTIFY = "disk_type", "auto_clean_userdata", "reason", "notify"
STOP_FIRST, REGIONS = "stop_first", "regions"
VALUE = "value"  # the action_id of every element
REASON_LENGTH = 1000
TEXTS = (INSTANCE_ID, INSTANCE_TYPE, SUB_INSTANCE_ID, IMAGE_NAME, DESCRIPTION, DISK_TYPE, TAGS)

_BETWEEN = re.compile(r"[\s,;\uff0c\u3001\uff1b]+")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


def build(draft: Draft, words: Localizer) -> Block:
    """The form filled with the draft; which fields it has depends on the type of instance."""
    kind = type_of(draft)
    blocks = [
        _text(INSTANCE_ID, draft, words, optional=False),
        _type(kind, words),
        *([_text(SUB_INSTANCE_ID, draft, words)] if kind is InstanceType.WUYING_SERVER else ()),
        _text(IMAGE_NAME, draft, words, longest=NAME_LENGTH),
        _text(DESCRIPTION, draft, words, longest=DESCRIPTION_LENGTH, lines=True),
        _disk(draft, words),
        *(_clean(draft, words) if kind is InstanceType.CLOUD_DESKTOP else ()),
        _text(TAGS, draft, words, lines=True),
        _text(REASON, draft, words, longest=REASON_LENGTH, lines=True),
        _notify(draft, words),
        _stop_first(draft, words),
        _text(REGIONS, draft, words),
    ]
    title, submit, close = (words.plain(f"form-{part}") for part in ("title", "submit", "close"))
    return modal(CALLBACK_ID, title, submit, close, blocks)


def read(state: Mapping[str, Any]) -> Draft:
    """The draft in a view's `state.values`; what is missing, empty or of another shape is left out."""
    given = {field: _given(state, field) for field in TEXTS}
    fields: dict[str, Any] = {field: text for field, text in given.items() if text}
    if isinstance(state.get(CLEAN), Mapping):
        fields[CLEAN] = "true" in _chosen(state, CLEAN)
    return Draft(
        fields,
        _given(state, REASON),
        tuple(_chosen(state, NOTIFY)),
        stop_first="true" in _chosen(state, STOP_FIRST),
        regions=regions_in(_given(state, REGIONS)),
    )


def regions_in(text: str) -> tuple[str, ...]:
    """The regions in a text, whatever stands between them."""
    return tuple(dict.fromkeys(identifier(part).lower() for part in _BETWEEN.split(text) if identifier(part)))


def type_of(draft: Draft) -> InstanceType | None:
    """The type that was chosen, else the one that the instance's id tells."""
    chosen = str(draft.fields.get(INSTANCE_TYPE) or "").casefold()
    named = [kind for kind in InstanceType if kind.casefold() == chosen]
    return named[0] if named else InstanceType.told_by(str(draft.fields.get(INSTANCE_ID) or ""))


def _text(
    field: str,
    draft: Draft,
    words: Localizer,
    *,
    longest: int = 3000,
    lines: bool = False,
    optional: bool = True,
) -> Block:
    own = {REASON: draft.reason, REGIONS: ", ".join(draft.regions)}
    value = own[field] if field in own else draft.fields.get(field) or ""
    given = "\n".join(value) if isinstance(value, tuple) else str(value)
    box = text_input(given, words.plain(f"example-{field}"), longest, lines)
    return entry(
        field, words.plain(f"field-{field}"), box, hint=words.plain(f"hint-{field}"), optional=optional
    )


def _type(kind: InstanceType | None, words: Localizer) -> Block:
    choices = [option(words.plain(f"type-{each}"), each) for each in InstanceType]
    label, hint = words.plain(f"field-{INSTANCE_TYPE}"), words.plain(f"hint-{INSTANCE_TYPE}")
    return entry(INSTANCE_TYPE, label, select(choices, kind or ""), hint=hint, watched=True)


def _disk(draft: Draft, words: Localizer) -> Block:
    choices = [option(words.plain(f"disks-{each}"), each) for each in DiskType]
    chosen = str(draft.fields.get(DISK_TYPE) or "").upper()
    label, hint = words.plain(f"field-{DISK_TYPE}"), words.plain(f"hint-{DISK_TYPE}")
    return entry(DISK_TYPE, label, select(choices, chosen), hint=hint)


def _clean(draft: Draft, words: Localizer) -> list[Block]:
    choices = [option(words.plain("clean-option"), "true")]
    chosen = str(draft.fields.get(CLEAN) or "").casefold()
    box = select(choices, chosen, "checkboxes", many=True)
    return [entry(CLEAN, words.plain(f"field-{CLEAN}"), box), section(words("danger-clean"))]


def _stop_first(draft: Draft, words: Localizer) -> Block:
    choices = [option(words.plain("stop-option"), "true")]
    box = select(choices, "true" if draft.stop_first else "", "checkboxes", many=True)
    return entry(STOP_FIRST, words.plain(f"field-{STOP_FIRST}"), box, hint=words.plain(f"hint-{STOP_FIRST}"))


def _notify(draft: Draft, words: Localizer) -> Block:
    chosen = [channel for channel in draft.notify if _CHANNEL.fullmatch(channel)]
    picker: Block = {
        "type": "multi_conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "max_selected_items": MOST_CHANNELS,
    }
    picker |= {"initial_conversations": chosen} if chosen else {}
    return entry(NOTIFY, words.plain(f"field-{NOTIFY}"), picker, hint=words.plain(f"hint-{NOTIFY}"))


def _element(state: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    block = state.get(field)
    element = block.get(VALUE) if isinstance(block, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _given(state: Mapping[str, Any], field: str) -> str:
    """What was typed or chosen in a field, "" for nothing."""
    element = _element(state, field)
    option = element.get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else element.get("value")
    return value if isinstance(value, str) else ""


def _chosen(state: Mapping[str, Any], field: str) -> list[str]:
    """All that was chosen in a field of several: values of boxes, or ids of channels."""
    element = _element(state, field)
    names = ("selected_options", "selected_conversations", "selected_channels")
    items: list[Any] = next((element[name] for name in names if isinstance(element.get(name), list)), [])
    values = [item.get("value") if isinstance(item, Mapping) else item for item in items]
    return [value for value in values if isinstance(value, str)]
