"""What only an operator can set right is told to the admin channel, where there is one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event, Status
from bot.domain.power import Power, PowerPhase
from bot.domain.request import End, Request
from tests.fakes import NOW, request
from tests.ports import CREATE, FIND, IMAGES, INSTANCE, refused
from tests.steps.rig import ADMINS, CREATING, ID, MINE, Rig, creating, next_step

OWED = request(status=Status.CANCELLED, end=End(NOW), power=Power(PowerPhase.STARTING, NOW, owed=True))


def looks(rig: Rig, of: Request) -> Awaitable[Change | Sleep]:
    """The image is checked, and requested if nobody has."""
    return rig.create.step(of, MINE)


def starts(rig: Rig, of: Request) -> Awaitable[Change | Sleep]:
    """The instance that has to run again is checked."""
    return rig.restore.step(of)


@pytest.mark.parametrize("admin_channel", [ADMINS, None])
@pytest.mark.parametrize(
    ("step", "of", "refuses", "images", "event", "told"),
    [
        (looks, creating(image_id=ID), IMAGES, 1, Event.STALL, True),
        (looks, creating(), FIND, 0, Event.STALL, True),
        (looks, creating(), None, 2, Event.FAIL, True),  # which of them is it?
        (looks, creating(caller=MINE.token), CREATE, 0, Event.FAIL, False),  # the requester reads why
        (starts, OWED, INSTANCE, 0, Event.POWER_FAIL, True),
        (starts, replace(OWED, end=End(NOW - 1)), None, 0, Event.POWER_ABANDON, True),  # it's gone
    ],
)
async def test_what_an_operator_has_to_set_right_is_told_to_the_admin_channel(
    rig: Rig,
    admin_channel: str | None,
    step: Callable[[Rig, Request], Awaitable[Change | Sleep]],
    of: Request,
    refuses: str | None,
    images: int,
    event: Event,
    told: bool,
) -> None:
    rig.allowlist = replace(rig.allowlist, admin_channel=admin_channel)
    rig.cloud.state = None
    rig.answers(refuses or "", refused if refuses else None)
    for number in range(images):
        rig.has(CREATING)
        rig.cloud.images[f"img-{number}"] = rig.cloud.images[ID]
    outcome = await step(rig, of)
    assert isinstance(outcome, Change)
    assert next_step(outcome)[0] is event
    assert outcome.notify == ((admin_channel,) if told and admin_channel else ())
