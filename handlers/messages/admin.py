"""Messages to the admin channel: a broken allowlist, its warnings, a channel that accepts no cards."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.i18n import Localizer
from handlers.messages.drawing import Drawing
from handlers.mrkdwn import Markup, code, fit
from handlers.views.blocks import Post, section
from handlers.views.undeliverable import undeliverable

SHOWN = 10
"""Findings in one message; each is a line of the file and a sentence."""
LONGEST = 1_000
"""Characters of each: with ten of them Slack still takes the message (13,200 in its blocks)."""


def render(drawing: Drawing) -> Post:
    """Draw the last thing that happened; its sentence is `admin-<event>`, its findings a line each."""
    told, words = drawing.message.last, drawing.words
    if told.event == "nowhere":
        channel, reason = str(told.details.get("channel") or ""), str(told.details.get("code") or "")
        text = undeliverable(channel, reason, words)
        return Post(text, (section(text),))
    lines = [words(f"admin-{told.event}", **_values(told.details)), *_findings(told.details, words)]
    return Post(Markup("\n".join(lines)), tuple(section(Markup(line)) for line in lines))


def _values(details: Mapping[str, Any]) -> dict[str, str | int]:
    return {name: value for name, value in details.items() if isinstance(value, str | int)}


def _findings(details: Mapping[str, Any], words: Localizer) -> list[Markup]:
    found: Sequence[object] = details.get("findings") or ()
    lines = [fit(code(str(finding)), LONGEST) for finding in found[:SHOWN]]
    more = [words("admin-more", count=len(found) - SHOWN)] if len(found) > SHOWN else []
    return [*lines, *more]
