"""The button under a denial that asks why: the question in its value, built and read.

The value comes back through the client. It holds the question and grants nothing: the answer is decided again
for the person who presses.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.allowlist.access import Target
from bot.domain.image import CreateImage, parse_image
from bot.domain.untrusted_json import from_json
from bot.domain.vocabulary import ACTIONS
from bot.service.outcomes import Denied
from handlers.i18n import Localizer
from handlers.mrkdwn import USER_ID
from handlers.views.blocks import BUTTON_VALUE, Block, button
from handlers.views.form_state import REGION

WHY = "request_why"
NAMES = tuple(action.name for action in ACTIONS.values())
FIELDS = (
    *("instance_id", "instance_type", "sub_instance_id"),
    *("image_name", "disk_type", "auto_clean_userdata", "tags"),
)
"""Everything of an image that a policy can ask about."""

MOST_REGIONS = 50
"""Regions that are read back."""


@dataclass(frozen=True)
class Question:
    """May the person who presses do this, to a request or in general (None)?"""

    action: str
    target: Target | None = None


def build(denied: Denied, words: Localizer) -> Block | None:
    """Return the button; None when the question is too long for one."""
    value = json.dumps({"action": denied.action, **(_written(denied.target) if denied.target else {})})
    fits = denied.action in NAMES and len(value) <= BUTTON_VALUE
    return button(WHY, words.plain("button-why"), value) if fits else None


def parse(value: str) -> Question | None:
    """Return the question in a value; None when there isn't one."""
    asked = from_json(value)
    if not isinstance(asked, dict) or asked.get("action") not in NAMES:
        return None
    if "image" not in asked:
        return Question(asked["action"])
    target = _target(asked)
    return None if target is None else Question(asked["action"], target)


def _written(target: Target) -> dict[str, Any]:
    around = {"stop_first": target.stop_first, "regions": target.regions, "break_glass": target.break_glass}
    given = {name: value for name, value in around.items() if value}
    return {"requester": target.requester, "image": _fields(target.image), **given}


def _target(asked: Mapping[str, Any]) -> Target | None:
    image, regions = _image(asked["image"]), asked.get("regions") or []
    if image is None or not (isinstance(regions, list) and len(regions) <= MOST_REGIONS):
        return None
    requester, named = str(asked.get("requester") or ""), tuple(map(str, regions))
    if not all(map(REGION.fullmatch, named)) or not (requester == "" or USER_ID.fullmatch(requester)):
        return None
    switches = {name: asked.get(name) is True for name in ("stop_first", "break_glass")}
    return Target(image, requester, regions=named, **switches)


def _fields(image: CreateImage) -> dict[str, Any]:
    given = image.model_dump(mode="json", include=set(FIELDS), exclude_none=True)
    return given | {"tags": [tag.model_dump() for tag in image.tags]}


def _image(fields: object) -> CreateImage | None:
    if not isinstance(fields, Mapping):
        return None
    image = parse_image({field: fields[field] for field in FIELDS if field in fields})
    return image if isinstance(image, CreateImage) else None
