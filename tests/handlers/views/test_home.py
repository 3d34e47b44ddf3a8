"""App Home as people read it, and what they choose there."""

from datetime import time
from typing import Any

import pytest

from bot.domain.approvals import QuorumSlot
from bot.domain.preferences import Preferences, Waiting
from bot.domain.request import InstanceFacts
from bot.service.home import HomeContents, Part
from handlers.views import choices, home
from tests.fakes import image, request, translations
from tests.walks.walker import texts

WORDS = translations().for_locale()
NIGHT = Preferences(quiet=(time(20), time(8)))


def chosen(name: str, value: str) -> dict[str, Any]:
    """What Slack sends of a menu."""
    return {name: {"type": "static_select", "selected_option": {"value": value}}}


@pytest.mark.parametrize(
    ("before", "state", "quiet"),
    [
        pytest.param(Preferences(), {}, None, id="nothing is chosen"),
        pytest.param(Preferences(), chosen("choice_quiet_from", "21:00"), (time(21), time(8)), id="a begin"),
        pytest.param(Preferences(), chosen("choice_quiet_from", "08:00"), (time(8), time(20)), id="by day"),
        pytest.param(
            NIGHT,
            chosen("choice_quiet_from", "20:00") | chosen("choice_quiet_until", "06:00"),
            (time(20), time(6)),
            id="an end",
        ),
        pytest.param(
            NIGHT,
            chosen("choice_quiet_from", "none") | chosen("choice_quiet_until", "08:00"),
            None,
            id="quiet hours removed",
        ),
        pytest.param(NIGHT, chosen("choice_quiet_from", "25:00"), NIGHT.quiet, id="what is no hour"),
        pytest.param(NIGHT, {"choice_quiet_from": None}, NIGHT.quiet, id="what is no choice"),
    ],
)
def test_quiet_hours_are_any_hours_of_the_day(
    before: Preferences, state: dict[str, Any], quiet: tuple[time, time] | None
) -> None:
    """What came through the client and is none leaves them as they were."""
    assert choices.read({"choice_quiet": state}, before).quiet == quiet


@pytest.mark.parametrize(
    "hours", [None, (time(20), time(8)), (time(0), time(23)), (time(21, 15), time(6, 30))]
)
def test_what_was_chosen_stands_chosen(hours: tuple[time, time] | None) -> None:
    """And reads back as it was."""
    kept = Preferences(decided=True, waiting=Waiting.EACH, quiet=hours)
    blocks = [block for block in choices.choices(kept, WORDS) if "block_id" in block]
    elements = {
        block["block_id"]: [block["accessory"]] if "accessory" in block else block["elements"]
        for block in blocks
    }
    state = {
        block_id: {
            each["action_id"]: {
                "selected_option": each.get("initial_option"),
                "selected_options": each.get("initial_options", []),
            }
            for each in group
        }
        for block_id, group in elements.items()
    }

    assert choices.read(state, Preferences()) == kept


def test_a_home_calls_machines_by_name_and_says_once_what_a_request_waits_for() -> None:
    """As the card does."""
    facts = InstanceFacts(name="design-station")
    asked = request(facts=facts, reviewers=QuorumSlot(usergroups=frozenset({"S0OPS"})))
    unnamed = request(image=image(), facts=facts)
    parts = Part((asked,)), Part((asked, unnamed)), Part((asked,))

    shown = texts(home.home(HomeContents(*parts), WORDS)["blocks"])

    assert "*design-station* of design-station" in "\n".join(shown)
    assert sum("ws-0buj1s9gm" in text for text in shown) == 0
    [mine] = [text for text in shown if text.startswith("*build-tools* of design-station\n:hourglass")]
    assert mine.count("aiting for") == 1
