"""What I want to be told, as it stands in App Home: built from the choices, read back into them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.preferences import Preferences, Waiting, quiet_hours
from handlers.i18n import Localizer
from handlers.views.blocks import Block, option, plain, section, select

TOLD, WAITING, QUIET = "choice_told", "choice_waiting", "choice_quiet"
NO_QUIET = "none"
HOURS = ("18:00-08:00", "18:00-09:00", "20:00-08:00", "22:00-07:00")


def choices(chosen: Preferences, words: Localizer) -> list[Block]:
    """Three lines, each with what can be chosen."""
    mine = [option(words.plain(f"choice-{each}"), each) for each in ("decided", "done")]
    set_ = [each for each in mine if getattr(chosen, each["value"])]
    boxes: Block = {"type": "checkboxes", "options": mine} | ({"initial_options": set_} if set_ else {})
    ways = [option(words.plain(f"choice-waiting-{each}"), each) for each in Waiting]
    hours = "-".join(f"{each:%H:%M}" for each in chosen.quiet or ()) or NO_QUIET
    quiet = [_hours(each, words) for each in dict.fromkeys((NO_QUIET, *HOURS, hours))]
    return [
        {"type": "header", "text": plain(words.plain("home-choices"), 150)},
        _line(TOLD, boxes, words),
        _line(WAITING, select(ways, chosen.waiting.value), words),
        _line(QUIET, select(quiet, hours), words),
    ]


def _hours(hours: str, words: Localizer) -> Block:
    shown = words.plain("choice-quiet-none") if hours == NO_QUIET else hours.replace("-", "–")
    return option(shown, hours)


def read(state: Mapping[str, Any], chosen: Preferences) -> Preferences:
    """Return the choices in a Home's `state.values`; what is missing or of another shape stays as it was."""
    told = _element(state, TOLD).get("selected_options")
    if isinstance(told, list):
        values = {each.get("value") for each in told if isinstance(each, Mapping)}
        chosen = replace(chosen, decided="decided" in values, done="done" in values)
    waiting, quiet = _selected(state, WAITING), _selected(state, QUIET)
    if waiting in list(Waiting):
        chosen = replace(chosen, waiting=Waiting(waiting))
    if quiet == NO_QUIET or quiet_hours(quiet):
        chosen = replace(chosen, quiet=quiet_hours(quiet))
    return chosen


def _line(name: str, element: Block, words: Localizer) -> Block:
    return section(words(name.replace("_", "-")), element | {"action_id": name}) | {"block_id": name}


def _element(state: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    block = state.get(name)
    element = block.get(name) if isinstance(block, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _selected(state: Mapping[str, Any], name: str) -> str:
    option = _element(state, name).get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else ""
