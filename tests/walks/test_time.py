"""What time does to a request: it ends, others are asked, it starts later; and approvals are delegated."""

import asyncio
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.walks.walker import ALICE, BOB, CAROL, DAVE, ERIN, Walker, buttons

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_delegated_approvals_fill_the_delegators_slot_with_both_names(walker: Walker) -> None:
    """Dave has no right of his own; Bob's place is filled once, and what is taken back is gone."""
    said = (await walker.types(BOB, f"delegate <@{DAVE}|dave> until friday")).text
    assert "Dave Dunn can approve for you until" in said
    assert "<@" not in said
    await walker.until(lambda: walker.stage.person(DAVE).direct_messages())
    assert "You can approve for Bob Brown" in walker.private(DAVE)[-1].text
    assert "for Bob Brown" in (await walker.types(DAVE, "whoami")).text

    request = await walker.asks(ALICE, "--name two-delegated")
    assert "Bob Brown (or Dave Dunn)" in (await walker.types(ALICE, f"approvers {request}")).text
    assert "for Bob Brown" in await walker.clicks(DAVE, request, "request_approve")
    assert "doesn't need your approval" in await walker.clicks(BOB, request, "request_approve")
    entry = await walker.told(request, "reviewed")
    assert f"<@{DAVE}> approved for Bob Brown" in entry.text
    await walker.until(lambda: "for Bob Brown" in walker.drawn(request))
    [review] = await walker.audited(request, "reviewed")
    assert (review.actor, f'"{BOB}"' in review.details) == (DAVE, True)

    await walker.types(BOB, "delegate off")
    assert "You have no delegations" in (await walker.types(BOB, "delegate")).text
    another = await walker.asks(ALICE, "--name two-taken-back")
    assert "You don't have permission" in await walker.clicks(DAVE, another, "request_approve")


async def test_what_was_delegated_cannot_be_delegated_on_nor_used_by_the_requester(walker: Walker) -> None:
    """Carol delegates to Alice and Alice to Dave: neither comes to an approval of Alice's request."""
    await walker.types(CAROL, f"delegate <@{ALICE}> 2d")
    await walker.types(ALICE, f"delegate <@{DAVE}> 2d")
    request = await walker.asks(ALICE)

    assert "your own request" in await walker.clicks(ALICE, request, "request_approve")
    assert "You don't have permission" in await walker.clicks(DAVE, request, "request_approve")

    await walker.types(CAROL, "delegate off")
    await walker.types(ALICE, "delegate off")


async def test_a_request_that_nobody_approves_in_time_expires(walker: Walker) -> None:
    """The card loses its buttons, the requester is told, and a late click comes too late."""
    request = await walker.asks(ALICE, "--name brief")
    early = walker.card(request)

    await walker.ends(request, "expired")

    entry = await walker.told(request, "expired")
    assert entry.broadcast
    assert f"<@{ALICE}>" in entry.text
    assert buttons(walker.card(request)) == ["command_run:0"]
    await walker.stage.person(CAROL).click(early, "request_approve")
    await walker.until(lambda: any("too late" in each.text for each in walker.private(CAROL)))


async def test_who_can_help_is_reminded_then_others_are_asked_and_may(walker: Walker) -> None:
    """The reminder mentions Bob alone; after three seconds Carol and Erin may approve in his place."""
    request = await walker.asks(ALICE, "--name slow")
    before = walker.card(request)
    assert "1 approval from Bob Brown" in before.text

    reminder = await walker.told(request, "reminded")
    assert set(re.findall(r"<@(\w+)>", reminder.text)) == {BOB}
    escalation = await walker.told(request, "escalated")
    assert set(re.findall(r"<@(\w+)>", escalation.text)) == {BOB, CAROL, ERIN}
    await walker.until(lambda: "or from @security" in walker.drawn(request))

    await walker.clicks(CAROL, request, "request_approve")
    await walker.ends(request, "available")


async def test_a_start_in_the_requesters_time_zone_is_on_the_card_and_can_be_cancelled(
    walker: Walker,
) -> None:
    """Ten in the evening is Berlin's, no matter who approves; until then nothing is asked of the cloud."""
    request, calls = await walker.asks(ALICE, "--at 'tomorrow 22:00' --name late"), walker.calls()
    shown = re.search(r"<!date\^(\d+)\^[^|]*\|[^>]*>", walker.drawn(request).partition("Not before")[2])
    assert shown is not None
    assert f"{datetime.fromtimestamp(int(shown[1]), ZoneInfo('Europe/Berlin')):%H:%M}" == "22:00"

    await walker.clicks(BOB, request, "request_approve")
    await walker.ends(request, "approved")
    assert "cancelled" in await walker.clicks(ALICE, request, "request_cancel")
    await walker.ends(request, "cancelled")
    assert walker.calls() == calls


async def test_an_approved_request_starts_by_itself_when_its_time_has_come(walker: Walker) -> None:
    """And not before."""
    request, calls = await walker.asks(ALICE, "--at 3s"), walker.calls()
    await walker.clicks(BOB, request, "request_approve")
    await walker.ends(request, "approved")
    assert walker.calls() == calls

    await walker.ends(request, "available")
    assert walker.calls() == calls + 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("create ws-0buj1s9gm000001 --at soon", "We can't read `soon` as a time"),
        ("create ws-0buj1s9gm000001 --at 2020-01-01", "Pick a start within"),
        ("create ws-0buj1s9gm000001 --at 60d", "Pick a start within"),
        ("delegate @bob until friday", "`@bob` isn't a person"),
        ("delegate <@U0BOB|bob>", "Until when?"),
        ("delegate <@U0BOB|bob> until then", "as a time"),
        ("delegate <@U0BOB|bob> 200d", "Pick an end within"),
        ("delegate <@U0ALICE|alice> 2d", "can't delegate to yourself"),
        ("delegate <@U0NOBODY|x> 2d", "You can't approve requests"),
        ("delegate off", "no delegation to end"),
        ("delegate", "You have no delegations"),
    ],
)
async def test_a_time_or_person_that_cannot_be_is_said(walker: Walker, typed: str, said: str) -> None:
    """And nothing is sent or delegated."""
    assert said in (await walker.types(ALICE, typed)).text
    assert "You have no delegations" in (await walker.types(ALICE, "delegate")).text


async def test_two_ways_of_ending_one_request_at_once_end_it_once(walker: Walker) -> None:
    """Approved and cancelled at the same instant: one of the two, and never an image of a cancelled one."""
    request, calls = await walker.asks(ALICE), walker.calls()

    await asyncio.gather(
        walker.stage.person(BOB).click(walker.card(request), "request_approve"),
        walker.stage.person(ALICE).click(walker.card(request), "request_cancel"),
    )

    await walker.until(lambda: walker.status(request) in ("available", "cancelled"))
    assert walker.calls() == calls + (walker.status(request) == "available")
