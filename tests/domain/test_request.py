"""What a request says of itself: who approved it, what it is called, what it holds and still has to do."""

from typing import Any

import pytest

from bot.domain.approvals import Escalation, QuorumSlot, Rule
from bot.domain.distribution import Copy, CopyStatus, Distribution
from bot.domain.lifecycle import Status
from bot.domain.power import Power, PowerPhase
from bot.domain.request import BOT, NOBODY_IN_SLACK, OPERATOR, InstanceFacts, Review, Submission
from tests.fakes import NOW, image, request

OPS, SEC = frozenset({"S0OPS"}), frozenset({"S0SEC"})
OWED = Power(PowerPhase.STOPPED, NOW, owed=True)
UNDER_WAY = Distribution(NOW, (Copy("cn-beijing"),))
COPIED = UNDER_WAY.ended(("cn-beijing",), CopyStatus.AVAILABLE)


def test_only_those_who_said_yes_have_approved_and_a_delegate_does_so_for_who_delegated() -> None:
    reviews = (
        Review("U0BOB", True, "", NOW, OPS),
        Review("U0DAVE", False, "too big", NOW, SEC),
        Review("U0EVE", True, "", NOW, SEC, behalf_of="U0CAROL"),
    )
    asked = request(reviews=reviews)
    assert asked.approvers == ("U0BOB", "U0EVE")
    assert asked.approvals == {"U0BOB": OPS, "U0CAROL": SEC}


@pytest.mark.parametrize(("escalated_at", "complete"), [(None, False), (NOW, True)])
def test_an_escalated_request_counts_those_escalated_to(escalated_at: float | None, complete: bool) -> None:
    leads = Escalation(after=60.0, to=QuorumSlot(users=frozenset({"U0LEAD"})))
    rule = Rule(name="one", quorum=(QuorumSlot(usergroups=OPS),), escalate=leads)
    reviews = (Review("U0LEAD", True, "", NOW),)
    assert request(rule=rule, reviews=reviews, escalated_at=escalated_at).tally.complete is complete


def test_what_nobody_chose_is_not_asked_for() -> None:
    asked = Submission(image())
    assert not any((asked.break_glass, asked.stop_first, asked.anyway, asked.regions, asked.notify))
    plain = request()
    assert not any((plain.break_glass, plain.stop_first, plain.escalated, plain.reviews, plain.regions))
    assert request(escalated_at=NOW).escalated


def test_a_new_request_is_at_its_first_attempt_and_has_called_nobody() -> None:
    new = request()
    attempt = new.attempt
    assert (new.revision, attempt.number, attempt.calls, attempt.lost, attempt.watches) == (0, 1, 0, 0, 0)
    assert not any((attempt.doubtful, attempt.stuck, attempt.trouble, new.facts.sessions))


@pytest.mark.parametrize(
    ("about", "called"),
    [
        ({"facts": InstanceFacts(name="Build host"), "machine": "build"}, "Build host"),
        ({"machine": "build"}, "build"),
        ({}, "ws-0buj1s9gm"),
    ],
)
def test_a_machine_is_called_by_the_best_name_that_is_known(about: dict[str, Any], called: str) -> None:
    """So is a request whose image has no name."""
    assert (request(**about).called, request(**about).title) == (called, "build-tools")
    assert request(image=image(), **about).title == called


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("power", [None, OWED, Power(PowerPhase.STOPPED, NOW, owed=False)])
def test_an_instance_is_held_while_it_is_down_or_imaged_and_is_started_again_off_the_way(
    status: Status, power: Power | None
) -> None:
    asked = request(status=status, power=power)
    assert asked.holds is (status is Status.CREATING or power is not None)
    assert asked.restores is (power is OWED and status not in {Status.APPROVED, Status.CREATING})


@pytest.mark.parametrize(
    ("status", "regions", "distribution", "distributes"),
    [
        (Status.AVAILABLE, ("cn-beijing",), None, True),
        (Status.AVAILABLE, ("cn-beijing",), UNDER_WAY, True),
        (Status.AVAILABLE, ("cn-beijing",), COPIED, False),
        (Status.AVAILABLE, (), None, False),
        (Status.CREATING, ("cn-beijing",), None, False),
        (Status.FAILED, ("cn-beijing",), None, False),
    ],
)
def test_an_image_that_is_there_is_copied_until_every_region_has_its_end(
    status: Status, regions: tuple[str, ...], distribution: Distribution | None, distributes: bool
) -> None:
    assert request(status=status, regions=regions, distribution=distribution).distributes is distributes


@pytest.mark.parametrize(
    ("actor", "is_nobody"), [(BOT, True), (OPERATOR, True), ("", True), ("U0BOB", False)]
)
def test_who_is_nobody_in_slack_cannot_be_mentioned(actor: str, is_nobody: bool) -> None:
    assert (actor in NOBODY_IN_SLACK) is is_nobody
