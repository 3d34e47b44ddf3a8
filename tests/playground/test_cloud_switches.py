"""Each switch of the page does something to the cloud that is told, and all of it is switched off again."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bot.playground.cloud import LocalCloud
from bot.playground.page.cloud_switches import CLOUD

if TYPE_CHECKING:
    from bot.playground.stage import Stage

TOGGLES = ("lag", "list-refused", "tokens-expired", "short-descriptions", "no-tags", "session-required")


@pytest.mark.parametrize("name", sorted(set(CLOUD) - {"odd-machines"}))
async def test_switch_is_told_while_it_is_on(name: str) -> None:
    """Those that are no single fault are switched off by the same button."""
    local = LocalCloud()
    stage = cast("Stage", SimpleNamespace(cloud=local))
    await CLOUD[name].throw(stage)
    on = [*local.faults, *local.unusual()]
    await CLOUD[name].throw(stage)
    again = [*local.faults, *local.unusual()]
    local.as_usual()

    assert len(on) == 1
    assert len(again) == (0 if name in TOGGLES else 2)
    assert [*local.faults, *local.unusual()] == []


async def test_machines_with_odd_names_are_added_once() -> None:
    """However often the button is pressed."""
    local = LocalCloud()
    stage = cast("Stage", SimpleNamespace(cloud=local))
    before = len(list(local.instances))
    for _ in range(2):
        await CLOUD["odd-machines"].throw(stage)

    assert len(list(local.instances)) == before + 6
