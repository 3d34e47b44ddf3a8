"""The form that asks for a reason, to reject or, if the rule requires it, to approve: built and read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.request import Request
from bot.domain.text import clean, visible
from bot.domain.untrusted_json import from_json
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, join, mention
from handlers.views.blocks import Block, context, entry, modal, section, text_input
from handlers.views.card_facts import machine_name
from handlers.views.form_state import REASON, REASON_LENGTH, read

APPROVE = "request_approve"
REJECT = "request_reject"


@dataclass(frozen=True)
class Reason:
    """What was submitted: which request, and why; all of it from the client."""

    request_id: str
    reason: str


def build(callback_id: str, request: Request, words: Localizer) -> Block:
    """Return the form: what it's about, what pressing does, a reason; its metadata holds the request's ID."""
    key = callback_id.replace("request_", "")
    box = text_input("", words.plain(f"{key}-example"), REASON_LENGTH, lines=True)
    field = entry(REASON, words.plain("field-reason"), box, hint=words.plain(f"{key}-hint"), optional=False)
    about = words(
        "review-about",
        name=request.title,
        machine=machine_name(request),
        requester=mention(request.requester),
    )
    removed = words("danger-clean") if request.image.auto_clean_userdata else Markup()
    told = section(join((about, removed)))
    blocks = [told, field, *context(words(f"{key}-does"))]
    headline, submit = (words.plain(f"{key}-{part}") for part in ("title", "submit"))
    ids = json.dumps({"request": request.id[:64]})
    return modal(callback_id, headline, submit, words.plain("form-close"), blocks, ids)


def parse(view: Mapping[str, Any]) -> Reason:
    """Return what was submitted; a missing ID is ""."""
    metadata = str(view.get("private_metadata") or "")
    state = view.get("state") or {}
    return Reason(_request_in(metadata), visible(read(state.get("values") or {}).reason))


def _request_in(metadata: str) -> str:
    given = from_json(metadata)
    request_id = given.get("request") if isinstance(given, dict) else ""
    return clean(request_id) if isinstance(request_id, str) else ""
