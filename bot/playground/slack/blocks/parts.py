"""Composition objects: text, confirm, option, and whatever else elements are made of.

Limits: docs.slack.dev/reference/block-kit/composition-objects, each object's own page. Lines marked
"our reading" aren't documented there; they're on the strict side.
"""

from bot.playground.slack.blocks.specs import (
    Anything,
    ByType,
    Flag,
    Many,
    Report,
    Shape,
    String,
    choice,
    exactly_one,
    repeated,
    shape,
)
from bot.playground.slack.wire import JsonObject

ACTION_ID = String(255)
BLOCK_ID = String(255)
URL = String(3000, pattern=r"[A-Za-z][A-Za-z0-9+.-]*:\S+")  # that it looks like a URL: our reading
IMAGE_URL = String(3000, pattern=r"https?://\S+")
_FILE_ID = String(255)


def _plain(at_most: int, at_least: int) -> Shape:
    return shape("plain_text", {"text": String(at_most, at_least)}, {"emoji": Flag()})


def _mrkdwn(at_most: int, at_least: int) -> Shape:
    return shape("mrkdwn", {"text": String(at_most, at_least)}, {"verbatim": Flag()})


def plain(at_most: int, at_least: int = 1) -> ByType:
    """Return a plain_text object."""
    return ByType({"plain_text": _plain(at_most, at_least)}, frozenset({"plain_text"}))


def text(at_most: int) -> ByType:
    """Return a plain_text or mrkdwn object."""
    shapes = {"plain_text": _plain(at_most, 1), "mrkdwn": _mrkdwn(at_most, 1)}
    return ByType(shapes, frozenset(shapes))


CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
SLACK_FILE = Shape({}, {"id": _FILE_ID, "url": URL}, (exactly_one("id", "url"),))
DISPATCH_CONFIG = Shape(
    {"trigger_actions_on": Many(choice("on_enter_pressed", "on_character_entered"), 2)}, {}
)
CONVERSATION_FILTER = Shape(
    {},
    {
        "include": Many(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
)
FEEDBACK_BUTTON = Shape({"text": plain(75), "value": String(2000)}, {"accessibility_label": String(75)})
WORKFLOW = Shape({"trigger": Shape({"url": URL}, {"customizable_input_parameters": Many(Anything())})}, {})

OPTION = Shape({"text": plain(75), "value": String(150)}, {"description": plain(75)})
RICH_OPTION = Shape({"text": text(75), "value": String(150)}, {"description": text(75)})
OVERFLOW_OPTION = Shape({"text": plain(75), "value": String(150)}, {"description": plain(75), "url": URL})


def unique_option_values(value: JsonObject, at: str, report: Report) -> None:
    """Check that no two options of an element share a value (our reading)."""
    options = value.get("options") or []
    for index in repeated(option.get("value") for option in options):
        report.add(f"{at}/options/{index}/value", "must be unique")


def initial_among_options(value: JsonObject, at: str, report: Report) -> None:
    """Check that the initial choice is exactly one of the options."""
    grouped = [option for group in value.get("option_groups") or [] for option in group["options"]]
    offered = [_bare(option) for option in [*(value.get("options") or []), *grouped]]
    chosen = [value["initial_option"]] if value.get("initial_option") else value.get("initial_options") or []
    if any(_bare(option) not in offered for option in chosen):
        name = "initial_option" if value.get("initial_option") else "initial_options"
        report.add(f"{at}/{name}", "must match one of the provided options")


def _bare(option: JsonObject) -> tuple[object, object]:
    return option["value"], option["text"].get("text")


OPTION_GROUP = Shape({"label": plain(75), "options": Many(OPTION, 100)}, {}, (unique_option_values,))
