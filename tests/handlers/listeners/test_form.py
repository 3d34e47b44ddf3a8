"""The form over the real wires: opened, changed, fixed, submitted."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.allowlist.access import Target
from bot.domain.request import Person as Somebody
from bot.errors import StoreUnavailable
from bot.playground.slack import Person
from bot.service.outcomes import Denied, RefusalReason, Refused, Submitted
from tests.counter import ALICE, CHANNEL, Counter, open_counter
from tests.fakes import image, request, silence


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    """A connected bot."""
    async with open_counter() as opened:
        yield opened


async def opened(counter: Counter) -> Person:
    """Alice, with the form before her."""
    alice = counter.slack.person(ALICE)
    await alice.command("/image", "", CHANNEL)
    await counter.slack.until(lambda _: alice.modal)
    return alice


async def filled(person: Person, machine: str, **values: object) -> Person:
    """The person, once they have searched for a machine and filled in the rest."""
    await person.pick("instance_id", machine)
    return person.fill(values)


def fields(person: Person) -> set[str]:
    """The fields of the form that the person sees."""
    assert person.modal is not None
    return {block["block_id"] for block in person.modal.blocks if block["type"] == "input"}


async def shows_more(counter: Counter, person: Person) -> None:
    """Press "More options"."""
    assert person.modal is not None
    await person.click(person.modal, "form_more")
    await counter.slack.until(lambda _: "tags" in fields(person))


async def test_a_submitted_form_asks_the_service_and_confirms_in_private(counter: Counter) -> None:
    """In the channel where it was opened."""
    counter.service.outcome = Submitted(request())
    alice = await opened(counter)

    done = await (await filled(alice, "ws-0buj1s9gm", image_name="x", reason="new build")).submit()

    [(call, person, submission)] = counter.service.asked
    assert (call, person) == ("submit", Somebody(ALICE, "T0PLAYGROUND", CHANNEL))
    assert submission.image == image(image_name="x", disk_type="ALL")
    assert submission.reason == "new build"
    assert done.errors == {}
    assert alice.modal is None
    assert await counter.told(ALICE, "Request `r-7abcdef` sent to")


async def test_a_form_of_an_organization_is_of_the_workspace_that_it_was_opened_in(counter: Counter) -> None:
    """Slack leaves the workspace out of the submission then: a Deny on `slack:TeamId` holds all the same."""
    counter.service.outcome = Submitted(request())
    counter.slack.conditions.grid = True
    alice = await opened(counter)

    await (await filled(alice, "ws-0buj1s9gm")).submit()

    [(_, person, _)] = counter.service.asked
    assert person == Somebody(ALICE, "T0PLAYGROUND", CHANNEL)


async def test_two_forms_have_two_keys_and_the_same_form_has_one(counter: Counter) -> None:
    """The same envelope twice is one request, two forms are two."""
    counter.service.outcome = Submitted(request())
    for _ in range(2):
        alice = await opened(counter)
        await filled(alice, "ws-0buj1s9gm")
        counter.slack.faults.duplicated_envelopes = 1
        await alice.submit()
    await counter.slack.until(lambda _: len(counter.service.asked) == 4)

    keys = [submission.key for _, _, submission in counter.service.asked]

    assert len(keys) == 4
    assert len(set(keys)) == 2


async def test_every_mistake_stands_under_its_field_and_the_form_stays_open(counter: Counter) -> None:
    """All at once."""
    alice = await opened(counter)

    await shows_more(counter, alice)
    done = await (await filled(alice, "no id!", tags="nonsense")).submit()

    assert set(done.errors) == {"instance_id", "tags"}
    assert "“nonsense” isn't a tag. Write KEY=VALUE" in done.errors["tags"]
    assert alice.modal is not None
    assert counter.service.asked == []


async def test_the_form_follows_the_type_of_instance(counter: Counter) -> None:
    """And keeps what was typed before."""
    alice = await opened(counter)
    await shows_more(counter, alice)
    assert alice.modal is not None

    await alice.fill({"reason": "new build"}).change(alice.modal, "instance_type", "CloudDesktop")
    await counter.slack.until(lambda _: "auto_clean_userdata" in fields(alice))
    assert "sub_instance_id" not in fields(alice)
    assert alice.modal.values["reason"]["value"]["value"] == "new build"

    await alice.change(alice.modal, "instance_type", "WuyingServer")
    await counter.slack.until(lambda _: "sub_instance_id" in fields(alice))
    assert "auto_clean_userdata" not in fields(alice)


async def test_who_is_quicker_than_the_form_still_gets_every_field(counter: Counter) -> None:
    """The button is pressed while the form is being redrawn for another choice."""
    alice = await opened(counter)
    await shows_more(counter, alice)
    assert alice.modal is not None
    before = alice.modal

    await alice.change(before, "instance_type", "CloudDesktop")
    await alice.change(before, "instance_type", "WuyingServer")

    await counter.slack.until(lambda _: "sub_instance_id" in fields(alice))
    assert "tags" in fields(alice)


async def test_a_denial_stands_in_the_form(counter: Counter) -> None:
    """Nothing that was typed is lost, and nobody else sees it."""
    counter.service.outcome = Denied(
        "appstreaming:CreateImageByInstance", silence(), Target(image(), "U0ALICE")
    )
    alice = await opened(counter)

    done = await (await filled(alice, "ws-0buj1s9gm")).submit()

    assert "You don't have permission to request images. Press “Details”" in done.errors["instance_id"]
    assert not set("`*") & set(done.errors["instance_id"])
    assert counter.slack.messages(CHANNEL) == []


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (Refused(RefusalReason.BAD_START), "start_at"),
        (Refused(RefusalReason.REASON_NEEDED), "reason"),
        (Refused(RefusalReason.TOO_MANY), "instance_id"),
        (Denied("appstreaming:StartTaskForDistributeImage", silence()), "regions"),
        (
            Denied("appstreaming:StopWuyingServer", silence()),
            "instance_id",
        ),  # not shown here
    ],
)
async def test_a_refusal_stands_under_the_field_that_it_is_about(
    counter: Counter, outcome: Denied | Refused, field: str
) -> None:
    counter.service.outcome = outcome
    alice = await opened(counter)

    done = await (await filled(alice, "ws-0buj1s9gm")).submit()

    assert list(done.errors) == [field]


@pytest.mark.parametrize("error", [StoreUnavailable("timeout"), RuntimeError("boom")])
async def test_when_something_breaks_the_form_says_so(counter: Counter, error: Exception) -> None:
    """With everything that was typed still in it."""
    counter.service.outcome = error
    alice = await opened(counter)

    done = await (await filled(alice, "ws-0buj1s9gm")).submit()

    assert list(done.errors) == ["instance_id"]
    assert "boom" not in done.errors["instance_id"]
    assert alice.modal is not None


async def test_a_form_that_opens_too_late_is_apologised_for(counter: Counter) -> None:
    """A trigger lives three seconds and works once."""
    alice = counter.slack.person(ALICE)
    spent: dict[str, Any] = {
        "command": "/image",
        "text": "",
        "user_id": ALICE,
        "team_id": "T0PLAYGROUND",
        "channel_id": CHANNEL,
        "trigger_id": "1.2.spent",
    }

    await alice.send_raw("slash_commands", spent)

    assert await counter.told(ALICE, "stopped waiting before the form could open")


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(
            {"type": "view_submission", "view": {"callback_id": "unheard-of", "id": "V1"}}, id="a form"
        ),
        pytest.param(
            {"type": "view_submission", "view": {"callback_id": "image_create", "state": {"values": []}}},
            id="state of another shape",
        ),
        pytest.param(
            {"type": "view_submission", "view": {"callback_id": "request_reject"}}, id="no metadata"
        ),
        pytest.param({"type": "block_suggestion", "action_id": "unheard-of", "value": "x"}, id="a search"),
        pytest.param({"type": "shortcut", "callback_id": "unheard-of"}, id="a shortcut"),
        pytest.param({"type": "block_actions", "actions": [{"action_id": "unheard-of"}]}, id="a button"),
        pytest.param({"type": "block_actions", "actions": []}, id="no button at all"),
    ],
)
async def test_whatever_arrives_is_acknowledged(counter: Counter, payload: dict[str, Any]) -> None:
    """Old forms, hand-made payloads: never silence."""
    person = {
        "user": {"id": ALICE, "team_id": "T0PLAYGROUND"},
        "trigger_id": "1.2.x",
        "team": {"id": "T0PLAYGROUND"},
    }

    answer = await counter.slack.person(ALICE).send_raw("interactive", person | payload)

    assert answer.error is None
