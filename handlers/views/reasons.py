"""The form that asks for a reason, to reject or where the rule wants one to approve: built and read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.text import clean, visible
from handlers.i18n import Localizer
from handlers.views.blocks import Block, entry, modal, text_input
from handlers.views.form_state import REASON, REASON_LENGTH, read

APPROVE = "request_approve"
REJECT = "request_reject"


@dataclass(frozen=True)
class Reason:
    """What the form says: which request, and why; all from the client."""

    request_id: str
    reason: str


def build(callback_id: str, request_id: str, words: Localizer) -> Block:
    """Return the form; its metadata holds the request's id."""
    box = text_input("", words.plain("example-reason"), REASON_LENGTH, lines=True)
    field = entry(
        REASON,
        words.plain("field-reason"),
        box,
        hint=words.plain(f"{_key(callback_id)}-hint"),
        optional=False,
    )
    title, submit = (words.plain(f"{_key(callback_id)}-{part}") for part in ("title", "submit"))
    ids = json.dumps({"request": request_id[:64]})
    return modal(callback_id, title, submit, words.plain("form-close"), [field], ids)


def parse(view: Mapping[str, Any]) -> Reason:
    """Return what was submitted; an id that is not there is ""."""
    metadata = str(view.get("private_metadata") or "")
    state = view.get("state") or {}
    return Reason(_request_in(metadata), visible(read(state.get("values") or {}).reason))


def _request_in(metadata: str) -> str:
    try:
        request_id = json.loads(metadata)["request"]
    except (ValueError, KeyError, TypeError):
        return ""
    return clean(request_id) if isinstance(request_id, str) else ""


def _key(callback_id: str) -> str:
    return callback_id.replace("request_", "")
