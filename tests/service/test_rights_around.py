"""What is done around an image needs its own permissions: when asking, in `why`, and before the call."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.allowlist import Allowlist, load
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import RIGHTS_LOST, InstanceState, Submission
from bot.domain.vocabulary import CREATE, DISTRIBUTE, STOP_DESKTOP, STOP_WORKSTATION
from bot.ports import ImageStatus
from bot.service.outcomes import Denied, Explained, Submitted
from tests.house import ALICE, BOB, INSTANCE, House, person
from tests.ports import CREATE as CREATES
from tests.ports import STOP as STOPS

DESKTOP = "ecd-7w78ozhjcwa3u0001"
HERE = "acs:appstreaming:cn-shanghai:*:"
TABLE = [
    (INSTANCE, {"stop_first": True}, STOP_WORKSTATION, f"{HERE}instance/{INSTANCE}"),
    (DESKTOP, {"stop_first": True}, STOP_DESKTOP, f"{HERE}instance/{DESKTOP}"),
    (INSTANCE, {"regions": ("us-west-1", "cn-beijing")}, DISTRIBUTE, "acs:appstreaming:cn-beijing:*:image/*"),
]
"""The instance, what is requested besides its image, the permission that this needs, and on what."""


def rules(folder: Path, *denied: dict[str, str]) -> Allowlist:
    """Let Alice do everything but what is denied, and Bob approve."""
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        *({"Effect": "Deny", **each} for each in denied),
    ]
    policies = {"all": {"Version": "1", "Statement": statements}}
    people = [{"users": [ALICE, BOB], "policies": ["all"]}]
    file = folder / "allowlist.yaml"
    file.write_text(json.dumps({"policies": policies, "attachments": people}), encoding="utf-8")
    return load(file)


@pytest.mark.parametrize(("instance", "around", "action", "resource"), TABLE)
async def test_asking_takes_the_right_and_why_names_it(
    cabin: House, tmp_path: Path, instance: str, around: dict[str, Any], action: str, resource: str
) -> None:
    cabin.allowlist = rules(tmp_path, {"Action": action, "Resource": resource})
    bare, besides = (Submission(CreateImage(instance_id=instance), **each) for each in ({}, around))

    assert isinstance(await cabin.service.submit(person(ALICE), bare), Submitted)
    denied = await cabin.service.submit(person(ALICE), besides)
    why = [await cabin.service.questions.why(person(ALICE), each) for each in (bare, besides)]

    assert isinstance(denied, Denied)
    assert (denied.action, denied.resource) == (action, resource)
    assert [each.action for each in why if isinstance(each, Explained)] == [CREATE, action]


@pytest.mark.parametrize(("instance", "around", "action", "resource"), TABLE)
async def test_a_right_that_is_lost_stops_what_it_is_for(
    cabin: House, tmp_path: Path, instance: str, around: dict[str, Any], action: str, resource: str
) -> None:
    """Before anything is stopped or made."""
    cabin.allowlist = rules(tmp_path)
    cabin.cloud.state = InstanceState.RUNNING
    request = await cabin.approved(instance=instance, **around)
    cabin.allowlist = rules(tmp_path, {"Action": action, "Resource": resource})
    await cabin.settle()

    cancelled = await cabin.get(request)
    assert (cancelled.status, cancelled.end and cancelled.end.reason) == (Status.CANCELLED, RIGHTS_LOST)
    assert {CREATES, STOPS} & set(cabin.cloud.calls) == set()


async def test_what_was_stopped_is_started_though_nobody_may_stop_it_any_more(
    cabin: House, tmp_path: Path
) -> None:
    """A start undoes our own stop: it takes no right."""
    cabin.allowlist = rules(tmp_path)
    cabin.cloud.state = InstanceState.RUNNING
    request = await cabin.approved(stop_first=True)
    for _ in range(3):
        await cabin.settle()
        cabin.clock.advance(10)
    cabin.allowlist = rules(tmp_path, {"Action": STOP_WORKSTATION, "Resource": "*"})
    cabin.cloud.become(ImageStatus.AVAILABLE)
    for _ in range(4):
        cabin.clock.advance(10)
        await cabin.settle()
    assert (await cabin.get(request)).power is None
    assert cabin.cloud.states[INSTANCE] is InstanceState.RUNNING
