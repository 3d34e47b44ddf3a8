"""Block elements: every one that slack_sdk 3.47 knows.

Limits: docs.slack.dev/reference/block-kit/block-elements, each element's own page, and slack_sdk's models.
Lines marked "our reading" aren't documented there; they're on the strict side.
"""

from collections.abc import Mapping

from bot.playground.slack.blocks import parts
from bot.playground.slack.blocks.parts import ACTION_ID, initial_among_options, plain, unique_option_values
from bot.playground.slack.blocks.specs import (
    Anything,
    Flag,
    Many,
    Rule,
    Shape,
    Spec,
    String,
    Whole,
    choice,
    exactly_one,
    not_above,
    shape,
)

_ID = String(50)  # a user, channel or conversation ID; the length is our reading
_USERS = Many(_ID, at_least=0)
_INTERACTIVE: Mapping[str, Spec] = {"action_id": ACTION_ID, "confirm": parts.CONFIRM}
_INPUT: Mapping[str, Spec] = {
    "action_id": ACTION_ID,
    "confirm": parts.CONFIRM,
    "focus_on_load": Flag(),
    "placeholder": plain(150),
}
_TYPED: Mapping[str, Spec] = {
    "action_id": ACTION_ID,
    "focus_on_load": Flag(),
    "placeholder": plain(150),
    "dispatch_action_config": parts.DISPATCH_CONFIG,
}
_STYLE = choice("primary", "danger")
_MANY: Mapping[str, Spec] = {"max_selected_items": Whole(1)}
_OPTIONS = Many(parts.OPTION, 100)
_CHOICES: Mapping[str, Spec] = {"options": _OPTIONS, "option_groups": Many(parts.OPTION_GROUP, 100)}
_DATE = String(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = String(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = String(30, pattern=r"-?\d+(\.\d+)?")  # numbers are given as strings
_SELECT_RULES: tuple[Rule, ...] = (
    exactly_one("options", "option_groups"),
    initial_among_options,
    unique_option_values,
)


def _select(kind: str, *rules: Rule, **own: Spec) -> Shape:
    """Return a select menu: its own fields plus those of every input."""
    return shape(kind, {}, {**_INPUT, **own}, *rules)


def _typed(kind: str, *rules: Rule, **own: Spec) -> Shape:
    """Return a text field."""
    return shape(kind, {}, {**_TYPED, **own}, *rules)


def _boxes(kind: str, initial: str, spec: Spec) -> Shape:
    """Return checkboxes or radio buttons: up to ten options, with mrkdwn."""
    known: Mapping[str, Spec] = {"action_id": ACTION_ID, "confirm": parts.CONFIRM, "focus_on_load": Flag()}
    options: Mapping[str, Spec] = {"options": Many(parts.RICH_OPTION, 10)}
    return shape(kind, options, {**known, initial: spec}, initial_among_options, unique_option_values)


_BUTTONS = (
    shape(
        "button",
        {"text": plain(75)},
        {
            **_INTERACTIVE, "url": parts.URL, "value": String(2000), "style": _STYLE,
            "accessibility_label": String(75), "agent_prompt": String(4000), "agent_prompt_display": String(),
            "visible_to_user_ids": _USERS,
        },
    ),
    shape(
        "icon_button",
        {"icon": String(), "text": plain(75)},
        {**_INTERACTIVE, "accessibility_label": String(75), "value": String(2000),
         "visible_to_user_ids": _USERS},
    ),
    shape(
        "feedback_buttons",
        {"positive_button": parts.FEEDBACK_BUTTON, "negative_button": parts.FEEDBACK_BUTTON},
        {"action_id": ACTION_ID},
    ),
    shape(
        "workflow_button",
        {"text": plain(75), "workflow": parts.WORKFLOW},
        {"action_id": ACTION_ID, "style": _STYLE, "accessibility_label": String(75)},
    ),
    shape("overflow", {"options": Many(parts.OVERFLOW_OPTION, 5)}, _INTERACTIVE, unique_option_values),
)  # fmt: skip

_SELECTS = (
    _select("static_select", *_SELECT_RULES, **_CHOICES, initial_option=parts.OPTION),
    _select("multi_static_select", *_SELECT_RULES, **_CHOICES, **_MANY, initial_options=_OPTIONS),
    _select("external_select", min_query_length=Whole(), initial_option=parts.OPTION),
    _select("multi_external_select", **_MANY, min_query_length=Whole(), initial_options=_OPTIONS),
    _select("users_select", initial_user=_ID),
    _select("multi_users_select", **_MANY, initial_users=_USERS),
    _select(
        "conversations_select", initial_conversation=_ID, default_to_current_conversation=Flag(),
        response_url_enabled=Flag(), filter=parts.CONVERSATION_FILTER,
    ),
    _select(
        "multi_conversations_select", **_MANY, initial_conversations=_USERS,
        default_to_current_conversation=Flag(), filter=parts.CONVERSATION_FILTER,
    ),
    _select("channels_select", initial_channel=_ID, response_url_enabled=Flag()),
    _select("multi_channels_select", **_MANY, initial_channels=_USERS),
    _select("datepicker", initial_date=_DATE),
    _select("timepicker", initial_time=_TIME, timezone=String()),
    _boxes("checkboxes", "initial_options", Many(parts.RICH_OPTION, 10)),
    _boxes("radio_buttons", "initial_option", parts.RICH_OPTION),
)  # fmt: skip

_FIELDS = (
    _typed(
        "plain_text_input", not_above("min_length", "max_length"), initial_value=String(3000, 0),
        multiline=Flag(), min_length=Whole(0, 3000), max_length=Whole(1, 3000),
    ),
    _typed("rich_text_input", initial_value=Anything(), min_lines=Whole(1), max_lines=Whole(1)),
    _typed("email_text_input", initial_value=String(at_least=0)),
    _typed("url_text_input", initial_value=String(at_least=0)),
    shape(
        "number_input",
        {"is_decimal_allowed": Flag()},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        not_above("min_value", "max_value"),
    ),
    shape(
        "datetimepicker",
        {},
        {**_INTERACTIVE, "focus_on_load": Flag(), "initial_date_time": Whole(1_000_000_000, 9_999_999_999)},
    ),
    shape(
        "file_input", {}, {"action_id": ACTION_ID, "filetypes": Many(String(20)), "max_files": Whole(1, 10)}
    ),
)  # fmt: skip

_SHOWN = (
    shape(
        "image",
        {"alt_text": String(2000)},
        {"image_url": parts.IMAGE_URL, "slack_file": parts.SLACK_FILE},
        exactly_one("image_url", "slack_file"),
    ),
    shape("url", {"url": parts.URL, "text": String(2000)}, {}),  # the length of the text is our reading
)


def _kind(element: Shape) -> str:
    """Return the type that a shape is for."""
    tag = element.required["type"]
    if not isinstance(tag, String) or not tag.choices:
        raise TypeError("a shape of a block or element names its type")
    return next(iter(tag.choices))


def by_kind(*shapes: Shape) -> dict[str, Shape]:
    """Return a table of shapes by their type."""
    return {_kind(element): element for element in shapes}


ELEMENTS = by_kind(*_BUTTONS, *_SELECTS, *_FIELDS, *_SHOWN)
INPUTS = tuple(by_kind(*_SELECTS, *_FIELDS))
"""Elements of an input block."""
_INPUT_ONLY = {
    "plain_text_input",
    "rich_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "file_input",
}
ACCESSORIES = (
    *(set(INPUTS) - _INPUT_ONLY - {"datetimepicker"}),
    "button",
    "overflow",
    "workflow_button",
    "image",
)
"""Elements next to a section's text."""
ACTIONS = tuple(
    kind for kind in (*ACCESSORIES, "datetimepicker") if kind != "image" and not kind.startswith("multi_")
)
"""Elements of an actions block: no text fields (slackapi/python-slack-sdk #1257), no multi-selects."""
