"""The card's buttons over the real wires: every click asks the service, and who clicked is answered."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.allowlist.access import Target
from bot.domain.lifecycle import Status
from bot.domain.request import Person, Review
from bot.errors import StoreUnavailable
from bot.service.outcomes import Denied, Done, RefusalReason, Refused, Reviewed
from handlers.views.answers import refused
from tests.counter import BOB, CHANNEL, WORDS, Counter, open_counter
from tests.fakes import NOW, image, request, silence

PERSON = Person(BOB, "T0PLAYGROUND", CHANNEL)
APPROVED = request(reviews=(Review(BOB, True, "", NOW),))


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    """A connected bot."""
    async with open_counter() as opened:
        yield opened


async def test_approving_is_one_click(counter: Counter) -> None:
    """And the approver is told what is still needed."""
    counter.service.outcome = Reviewed(APPROVED, APPROVED.tally)

    await counter.slack.person(BOB).click(await counter.card(), "request_approve")

    assert counter.service.asked == [("approve", PERSON, "r-7abcdef", "")]
    assert await counter.told(BOB, "You approved `r-7abcdef`. It's fully approved")


@pytest.mark.parametrize(
    ("action", "call", "title"),
    [
        ("request_reject", "reject", "Reject this image?"),
        ("request_approve", "approve", "Approve this image?"),
    ],
)
async def test_where_a_reason_is_needed_a_form_asks_for_it(
    counter: Counter, action: str, call: str, title: str
) -> None:
    """To reject always, to approve where the rule says so; the reason goes with the review."""
    bob = counter.slack.person(BOB)
    counter.service.outcome = Refused(RefusalReason.REASON_NEEDED, request())
    await bob.click(await counter.card(), action)
    await counter.slack.until(lambda _: bob.modal)
    assert bob.modal is not None
    assert (bob.modal.body["callback_id"], bob.modal.body["title"]["text"]) == (action, title)
    counter.service.outcome = Reviewed(APPROVED, APPROVED.tally)

    done = await bob.fill({"reason": "not now"}).submit()

    assert done.errors == {}
    assert counter.service.asked[-1] == (call, PERSON, "r-7abcdef", "not now")
    assert await counter.told(BOB, f"You {call}")


async def test_a_form_without_a_reason_is_not_taken(counter: Counter) -> None:
    """Blanks are no reason."""
    bob = counter.slack.person(BOB)
    counter.service.outcome = Refused(RefusalReason.REASON_NEEDED, request())
    await bob.click(await counter.card(), "request_reject")
    await counter.slack.until(lambda _: bob.modal)

    done = await bob.fill({"reason": "   "}).submit()

    assert list(done.errors) == ["reason"]


async def test_a_refusal_stands_in_the_form_for_the_reason(counter: Counter) -> None:
    """Somebody else was quicker."""
    bob = counter.slack.person(BOB)
    counter.service.outcome = Refused(RefusalReason.REASON_NEEDED, request())
    await bob.click(await counter.card(), "request_reject")
    await counter.slack.until(lambda _: bob.modal)
    counter.service.outcome = Refused(RefusalReason.TOO_LATE, replace(request(), status=Status.CANCELLED))

    done = await bob.fill({"reason": "not now"}).submit()

    assert done.errors == {"reason": "You're too late: r-7abcdef is cancelled."}


@pytest.mark.parametrize(
    ("action", "call", "said"),
    [
        ("request_cancel", "cancel", "`r-7abcdef` is cancelled."),
        ("request_retry", "retry", "Retrying `r-7abcdef`."),
    ],
)
async def test_cancel_and_retry_are_one_click(counter: Counter, action: str, call: str, said: str) -> None:
    """The service decides whose they may be."""
    counter.service.outcome = Done(request())
    failed = await counter.card(Status.FAILED if call == "retry" else Status.PENDING)

    await counter.slack.person(BOB).click(failed, action)

    assert counter.service.asked[0][:3] == (call, PERSON, "r-7abcdef")
    assert await counter.told(BOB, said)


@pytest.mark.parametrize("why", sorted(set(RefusalReason) - {RefusalReason.REASON_NEEDED}))
async def test_every_refused_click_is_answered_in_private(counter: Counter, why: RefusalReason) -> None:
    """Second, late, unauthorised: the channel sees nothing of it."""
    counter.service.outcome = Refused(why, request())

    await counter.slack.person(BOB).click(await counter.card(), "request_approve")

    assert await counter.told(BOB, str(refused(Refused(why, request()), WORDS).text))
    assert len([each for each in counter.slack.messages(CHANNEL) if each.only_for is None]) == 1


async def test_a_click_that_the_allowlist_denies_is_answered_in_private(counter: Counter) -> None:
    """With the engine's reason."""
    counter.service.outcome = Denied("imagebot:ApproveImageRequest", silence(), Target(image(), "U0ALICE"))

    await counter.slack.person(BOB).click(await counter.card(), "request_approve")

    assert await counter.told(BOB, "You don't have permission to approve and reject requests.")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable("timeout"), "can't reach the database"),
        (RuntimeError("boom"), "Something went wrong (ref"),
    ],
)
async def test_when_a_click_breaks_the_person_is_told(counter: Counter, error: Exception, said: str) -> None:
    """Acknowledged all the same."""
    counter.service.outcome = error

    answer = await counter.slack.person(BOB).click(await counter.card(), "request_approve")

    assert answer.error is None
    assert await counter.told(BOB, said)


async def test_without_a_response_url_the_answer_comes_as_an_ephemeral_message(counter: Counter) -> None:
    """A response_url works five times within half an hour; people read cards for longer."""
    counter.service.outcome = Done(request())
    payload = {
        "type": "block_actions",
        "user": {"id": BOB, "team_id": "T0PLAYGROUND"},
        "team": {"id": "T0PLAYGROUND"},
        "channel": {"id": CHANNEL},
        "response_url": f"{counter.slack.workspace.url}/response/T0PLAYGROUND/expired",
        "trigger_id": "1.2.x",
        "actions": [{"action_id": "request_cancel", "block_id": "b", "value": "r-7abcdef", "type": "button"}],
    }

    await counter.slack.person(BOB).send_raw("interactive", payload)

    assert await counter.told(BOB, "`r-7abcdef` is cancelled.")
