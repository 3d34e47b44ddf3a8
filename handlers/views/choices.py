"""The notification choices in App Home: drawn from a person's preferences, and read back into them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from bot.domain.preferences import Preferences, Waiting, quiet_hours
from handlers.i18n import Localizer
from handlers.views.blocks import Block, actions, option, plain, section, select

TOLD, WAITING = "choice_told", "choice_waiting"
QUIET_FROM, QUIET_UNTIL = "choice_quiet_from", "choice_quiet_until"
QUIET = "choice_quiet"
"""The block with both hours."""
NO_QUIET, MORNING, EVENING = "none", "08:00", "20:00"
HOURS = tuple(f"{hour:02}:00" for hour in range(24))


def choices(chosen: Preferences, words: Localizer) -> list[Block]:
    """Return a line for each choice; the end of quiet hours appears once they have a beginning."""
    mine = [option(words.plain(f"choice-{each}"), each) for each in ("decided", "done")]
    set_ = [each for each in mine if getattr(chosen, each["value"])]
    boxes: Block = {"type": "checkboxes", "options": mine} | ({"initial_options": set_} if set_ else {})
    ways = [option(words.plain(f"choice-waiting-{each}"), each) for each in Waiting]
    return [
        {"type": "header", "text": plain(words.plain("home-choices"), 150)},
        _line(TOLD, boxes, words),
        _line(WAITING, select(ways, chosen.waiting.value), words),
        section(words("choice-quiet")),
        *({**block, "block_id": QUIET} for block in actions(_quiet(chosen.quiet, words))),
    ]


def _quiet(hours: tuple[time, time] | None, words: Localizer) -> list[Block]:
    nothing = option(words.plain("choice-quiet-none"), NO_QUIET)
    if hours is None:
        return [select([nothing, *_hours("from", words)], NO_QUIET) | {"action_id": QUIET_FROM}]
    begins, ends = (f"{each:%H:%M}" for each in hours)
    return [
        select([nothing, *_hours("from", words, begins, ends)], begins) | {"action_id": QUIET_FROM},
        select(_hours("until", words, ends, begins), ends) | {"action_id": QUIET_UNTIL},
    ]


def _hours(which: str, words: Localizer, chosen: str = "", other: str = "") -> list[Block]:
    """Return every hour except the one at the other end, and which one is chosen."""
    hours = sorted({*HOURS, *([chosen] if chosen else [])} - {other})
    return [option(words.plain(f"choice-quiet-{which}", hour=each), each) for each in hours]


def read(state: Mapping[str, Any], chosen: Preferences) -> Preferences:
    """Return the choices in a Home's `state.values`; anything missing or malformed stays as it was."""
    told = _element(state, TOLD, TOLD).get("selected_options")
    if isinstance(told, list):
        values = {each.get("value") for each in told if isinstance(each, Mapping)}
        chosen = replace(chosen, decided="decided" in values, done="done" in values)
    waiting = _selected(state, WAITING, WAITING)
    begins, ends = _selected(state, QUIET, QUIET_FROM), _selected(state, QUIET, QUIET_UNTIL)
    ends = ends or (EVENING if begins == MORNING else MORNING)
    if waiting in list(Waiting):
        chosen = replace(chosen, waiting=Waiting(waiting))
    hours = quiet_hours(f"{begins}-{ends}")
    return replace(chosen, quiet=hours) if hours or begins == NO_QUIET else chosen


def _line(name: str, element: Block, words: Localizer) -> Block:
    return section(words(name.replace("_", "-")), element | {"action_id": name}) | {"block_id": name}


def _element(state: Mapping[str, Any], block_id: str, name: str) -> Mapping[str, Any]:
    block = state.get(block_id)
    element = block.get(name) if isinstance(block, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _selected(state: Mapping[str, Any], block_id: str, name: str) -> str:
    option = _element(state, block_id, name).get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else ""
