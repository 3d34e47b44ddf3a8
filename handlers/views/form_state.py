"""What comes back from the form: its public IDs, and the draft in a view's state.

It came through the client, so every value is read as text and checked again.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.text import identifier
from handlers.draft import Draft
from handlers.views.machines import NOTHING

INSTANCE_ID, INSTANCE_TYPE, SUB_INSTANCE_ID = "instance_id", "instance_type", "sub_instance_id"
IMAGE_NAME, DESCRIPTION, TAGS = "image_name", "description", "tags"
DISK_TYPE, CLEAN, REASON, NOTIFY = "disk_type", "auto_clean_userdata", "reason", "notify"
START_AT, STOP_FIRST, REGIONS = "start_at", "stop_first", "regions"
VALUE = "value"  # the action_id of every element
REASON_LENGTH = 1000
TEXTS = (INSTANCE_ID, INSTANCE_TYPE, SUB_INSTANCE_ID, IMAGE_NAME, DESCRIPTION, DISK_TYPE, TAGS)
CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")
"""A channel that can be notified, as Slack's menu gives it."""
REGION = re.compile(r"[a-z]{2}-[a-z]{2,20}(?:-[a-z0-9]{1,20}){0,3}")
LATEST = 10.0**11
"""Epoch seconds that no clock shows: anything beyond is refused like any other bad start."""

_BETWEEN = re.compile(r"[\s,;\uff0c\u3001\uff1b]+")


def read(state: Mapping[str, Any]) -> Draft:
    """Return the draft in a view's `state.values`, without anything missing, empty or malformed."""
    given = {field: _given(state, field) for field in TEXTS}
    if given[INSTANCE_ID] == NOTHING:
        given[INSTANCE_ID] = ""
    fields: dict[str, Any] = {field: text for field, text in given.items() if text}
    if isinstance(state.get(CLEAN), Mapping):
        fields[CLEAN] = "true" in _chosen(state, CLEAN)
    return Draft(
        fields,
        _given(state, REASON),
        tuple(_chosen(state, NOTIFY)),
        stop_first="true" in _chosen(state, STOP_FIRST),
        regions=regions_in(" ".join((_given(state, REGIONS), *_chosen(state, REGIONS)))),
        start_at=_moment(_element(state, START_AT).get("selected_date_time")),
    )


def regions_in(text: str) -> tuple[str, ...]:
    """Return the regions in a text, whatever separates them."""
    return tuple(dict.fromkeys(identifier(part).lower() for part in _BETWEEN.split(text) if identifier(part)))


def _moment(at: object) -> float | None:
    """Return a time (epoch seconds), None for anything but a whole number."""
    return float(min(max(at, 0), LATEST)) if isinstance(at, int) and not isinstance(at, bool) else None


def _element(state: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    block = state.get(field)
    element = block.get(VALUE) if isinstance(block, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _given(state: Mapping[str, Any], field: str) -> str:
    """Return what was typed or chosen in a field, "" for nothing."""
    element = _element(state, field)
    option = element.get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else element.get("value")
    return value if isinstance(value, str) else ""


def _chosen(state: Mapping[str, Any], field: str) -> list[str]:
    """Everything chosen in a field for several: values of checkboxes, or IDs of channels."""
    element = _element(state, field)
    names = ("selected_options", "selected_conversations", "selected_channels")
    items: list[Any] = next((element[name] for name in names if isinstance(element.get(name), list)), [])
    values = [item.get("value") if isinstance(item, Mapping) else item for item in items]
    return [value for value in values if isinstance(value, str)]
