"""What Slack's own client checks before it submits a modal."""

import re
from collections.abc import Callable

from bot.playground.slack.inputs import STATE_KEYS
from bot.playground.slack.view import View
from bot.playground.slack.wire import JsonObject

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def client_errors(view: View) -> dict[str, str]:
    """Return block_id to sentence, for each input block that can't be submitted like this."""
    errors = {}
    for block in view.blocks:
        if block["type"] == "input":
            element = block["element"]
            state = view.values[block["block_id"]][element["action_id"]]
            problem = _problem(block, element, state[STATE_KEYS[element["type"]]])
            if problem:
                errors[block["block_id"]] = problem
    return errors


def _problem(block: JsonObject, element: JsonObject, value: object) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    rule = _RULES.get(element["type"])
    return rule(element, str(value)) if rule else None


def _text(element: JsonObject, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"Please enter no more than {most} characters." if len(value) > most else None


def _email(_element: JsonObject, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."


def _url(_element: JsonObject, value: str) -> str | None:
    return None if _URL.fullmatch(value) else "Please enter a valid URL."


def _number(element: JsonObject, value: str) -> str | None:
    if not _NUMBER.fullmatch(value) or ("." in value and not element["is_decimal_allowed"]):
        return "Please enter a valid number."
    low, high = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
    return None if low <= float(value) <= high else "Please enter a number within the range."


_RULES: dict[str, Callable[[JsonObject, str], str | None]] = {
    "plain_text_input": _text,
    "email_text_input": _email,
    "url_text_input": _url,
    "number_input": _number,
}
