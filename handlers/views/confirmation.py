"""The button under a denial that asks why: the question in its value, built and read.

The value comes back through the client. It holds what was asked, nothing that gives a right: the answer is
decided anew, for who presses.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.allowlist.authorizer import ACTIONS
from bot.domain.image import CreateImage, parse_image
from bot.service.outcomes import Denied
from handlers.i18n import Localizer
from handlers.views.blocks import BUTTON_VALUE, Block, button

WHY = "request_why"
FIELDS = (
    *("instance_id", "instance_type", "sub_instance_id"),
    *("image_name", "disk_type", "auto_clean_userdata", "tags"),
)
"""Everything of an image that a policy can ask about."""


@dataclass(frozen=True)
class Question:
    """May the presser do this, to a request of the requester's for the image, or in general (None, "")?"""

    action: str
    image: CreateImage | None = None
    requester: str = ""


def build(denied: Denied, words: Localizer) -> Block | None:
    """The button; None when the question is longer than a button holds."""
    asked = {"action": denied.action, "requester": denied.requester}
    value = json.dumps(asked | ({"image": _fields(denied.image)} if denied.image else {}))
    fits = denied.action in ACTIONS and len(value) <= BUTTON_VALUE
    return button(WHY, words.plain("button-why"), value) if fits else None


def parse(value: str) -> Question | None:
    """The question in a value; None when it is none."""
    try:
        asked = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict) or asked.get("action") not in ACTIONS:
        return None
    image = _image(asked.get("image"))
    if image is None and "image" in asked:
        return None
    return Question(asked["action"], image, str(asked.get("requester") or "")[:64])


def _fields(image: CreateImage) -> dict[str, Any]:
    given = image.model_dump(mode="json", include=set(FIELDS), exclude_none=True)
    return given | {"tags": [tag.model_dump() for tag in image.tags]}


def _image(fields: object) -> CreateImage | None:
    if not isinstance(fields, Mapping):
        return None
    image = parse_image({field: fields[field] for field in FIELDS if field in fields})
    return image if isinstance(image, CreateImage) else None
