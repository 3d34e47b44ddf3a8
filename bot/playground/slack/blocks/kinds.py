"""Blocks: every one that slack_sdk 3.47 knows, and where each is allowed.

Limits: docs.slack.dev/reference/block-kit/blocks, each block's own page, and slack_sdk's models. Lines marked
"our reading" aren't documented there; they're on the strict side.
"""

from collections.abc import Mapping

from bot.playground.slack.blocks import parts
from bot.playground.slack.blocks.elements import ACCESSORIES, ACTIONS, ELEMENTS, INPUTS, by_kind
from bot.playground.slack.blocks.parts import BLOCK_ID, plain, text
from bot.playground.slack.blocks.rich_text import RICH_TEXT
from bot.playground.slack.blocks.specs import (
    Anything,
    ByType,
    Flag,
    Many,
    Number,
    Report,
    Rule,
    Shape,
    Spec,
    String,
    at_least_one,
    choice,
    exactly_one,
    only,
    shape,
)
from bot.playground.slack.wire import JsonObject


def _block(kind: str, required: Mapping[str, Spec], optional: Mapping[str, Spec], *rules: Rule) -> Shape:
    return shape(kind, required, {"block_id": BLOCK_ID, **optional}, *rules)


def _no_divider_when_collapsible(value: JsonObject, at: str, report: Report) -> None:
    if value.get("is_collapsible") and value.get("has_header_divider"):
        report.add(f"{at}/has_header_divider", "not allowed when is_collapsible is true")


_IMAGE = ELEMENTS["image"]
_CONTEXT = {**by_kind(_IMAGE), **text(3000).shapes}
_CELL = {
    "raw_text": shape("raw_text", {"text": String()}, {}),
    "raw_number": shape("raw_number", {"value": Number(), "text": String()}, {}),
    "rich_text": RICH_TEXT,
}
_LEVEL = choice("default", "info", "warning", "error", "success")
_COLUMN = Shape({}, {"align": choice("left", "center", "right"), "is_wrapped": Flag()})
_TASK = _block(
    "task_card",
    {"task_id": String(), "title": String(), "status": choice("pending", "in_progress", "complete", "error")},
    {"details": RICH_TEXT, "output": RICH_TEXT, "sources": Many(only(ELEMENTS, "url"), at_least=0)},
)
_CARD = _block(
    "card",
    {},
    {
        "hero_image": _IMAGE, "icon": _IMAGE, "title": text(150), "subtitle": text(150), "body": text(200),
        "actions": Many(only(ELEMENTS, "button", "icon_button", "overflow"), 5),  # 5 is our reading
    },
    at_least_one("title", "hero_image", "actions", "body"),
)  # fmt: skip

_BASIC = by_kind(
    _block(
        "section",
        {},
        {"text": text(3000), "fields": Many(text(2000), 10), "accessory": only(ELEMENTS, *ACCESSORIES),
         "expand": Flag()},
        at_least_one("text", "fields"),
    ),
    _block("divider", {}, {}),
    _block(
        "image",
        {"alt_text": String(2000)},
        {"image_url": parts.IMAGE_URL, "slack_file": parts.SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    _block("actions", {"elements": Many(only(ELEMENTS, *ACTIONS), 25)}, {}),
    _block("context", {"elements": Many(ByType(_CONTEXT, frozenset(_CONTEXT)), 10)}, {}),
    _block("context_actions", {"elements": Many(only(ELEMENTS, "feedback_buttons", "icon_button"), 5)}, {}),
    _block(
        "input",
        {"label": plain(2000), "element": only(ELEMENTS, *INPUTS)},
        {"hint": plain(2000), "dispatch_action": Flag(), "optional": Flag()},
    ),
    _block("header", {"text": plain(150)}, {}),
    _block("markdown", {"text": String(12_000)}, {}),
    _block("file", {"external_id": String(255), "source": choice("remote")}, {}),
    _block("call", {"call_id": String()}, {"api_decoration_available": Flag(), "call": Anything()}),
    _block(
        "video",
        {"alt_text": String(), "video_url": parts.URL, "thumbnail_url": parts.URL, "title": plain(199)},
        {"title_url": parts.URL, "description": plain(2000), "provider_icon_url": parts.URL,
         "provider_name": String(), "author_name": String(49)},
    ),
    RICH_TEXT,
    _block(
        "table",
        {"rows": Many(Many(ByType(_CELL, frozenset(_CELL)), 20), 100)},
        {"column_settings": Many(_COLUMN, 20)},
    ),
    _TASK,
    _block("plan", {"title": String()}, {"tasks": Many(only(by_kind(_TASK), "task_card"), at_least=0)}),
    _block("alert", {"text": text(3000)}, {"level": _LEVEL}),
    _CARD,
    _block("carousel", {"elements": Many(only(by_kind(_CARD), "card"), 10)}, {}),
    _block(
        "auth_provider",
        {"value": String(150), "name": plain(75), "is_connected": Flag()},
        {"description": plain(150), "icon_url": parts.IMAGE_URL, "auth_url": parts.URL,
         "disconnect_url": parts.URL, "connected_identity": plain(75), "connected_context": plain(75),
         "accessory": only(ELEMENTS, "overflow"), "fallback": Many(Anything())},
    ),
)  # fmt: skip

_CHILDREN = frozenset(_BASIC) - {
    "call",
    "file",
    "auth_provider",
}  # which blocks go into a container: our reading
_CONTAINER = _block(
    "container",
    {"child_blocks": Many(ByType(_BASIC, _CHILDREN), 10)},
    {
        "title": plain(150), "rich_text_title": RICH_TEXT, "subtitle": text(150), "icon": _IMAGE,
        "width": choice("narrow", "standard", "wide", "full"), "is_collapsible": Flag(),
        "default_collapsed": Flag(), "has_header_divider": Flag(),
    },
    at_least_one("title", "rich_text_title"),
    _no_divider_when_collapsible,
)  # fmt: skip
BLOCKS = {**_BASIC, **by_kind(_CONTAINER)}

_EVERYWHERE = frozenset(
    {"section", "divider", "image", "actions", "context", "input", "header", "rich_text", "video"}
)
SURFACES: Mapping[str, frozenset[str]] = {
    "message": frozenset(BLOCKS) - {"alert"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | {"auth_provider"},
}
"""Which blocks each surface accepts; that home tabs accept auth_provider and modals don't is our reading."""
LIMITS: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}
MODAL_ELEMENTS = frozenset({"file_input"})
"""Elements that only modals accept (our reading)."""
