"""Who may approve, how often they count, and what the card says meanwhile."""

import asyncio

import pytest

from tests.walks.walker import ALICE, BOB, CAROL, DAVE, ERIN, GINA, SAM, Walker

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_quorum_of_two_groups_counts_live_and_names_without_pinging(walker: Walker) -> None:
    """One of operations and one of security."""
    request = await walker.asks(ALICE, "--name two-golden")
    assert "*Waiting for 2 approvals*: 1 from @operations, 1 from @security" in walker.drawn(request)

    assert "1 of 2 given" in await walker.clicks(BOB, request, "request_approve")
    await walker.until(
        lambda: "*Waiting for 1 more approval* from @security (1 of 2 given)" in walker.drawn(request)
    )
    assert "<!subteam" not in walker.drawn(request)

    await walker.clicks(CAROL, request, "request_approve")
    await walker.ends(request, "available")


async def test_one_approver_in_two_groups_fills_one_place(walker: Walker) -> None:
    """Erin is in both; a second click changes nothing, and anybody else of either group completes it."""
    request = await walker.asks(ALICE, "--name two-erin")

    assert "1 of 2 given" in await walker.clicks(ERIN, request, "request_approve")
    assert "Each person counts once" in await walker.clicks(ERIN, request, "request_approve")
    assert walker.status(request) == "pending"

    await walker.clicks(BOB, request, "request_approve")
    await walker.ends(request, "available")


async def test_two_approvers_at_the_same_instant_both_count(walker: Walker) -> None:
    """Neither review overwrites the other, and the image is made once."""
    request, calls = await walker.asks(ALICE, "--name two-at-once"), walker.calls()

    await asyncio.gather(
        walker.stage.person(BOB).click(walker.card(request), "request_approve"),
        walker.stage.person(CAROL).click(walker.card(request), "request_approve"),
    )

    await walker.ends(request, "available")
    assert len(await walker.audited(request, "reviewed")) == 2
    assert walker.calls() == calls + 1


async def test_two_for_one_place_at_the_same_instant_are_one_approval(walker: Walker) -> None:
    """The second is told that it came too late, or was not needed."""
    request, calls = await walker.asks(ALICE), walker.calls()

    await asyncio.gather(
        walker.stage.person(BOB).click(walker.card(request), "request_approve"),
        walker.stage.person(CAROL).click(walker.card(request), "request_approve"),
    )

    await walker.ends(request, "available")
    assert len(await walker.audited(request, "reviewed")) == 1
    assert walker.calls() == calls + 1


async def test_a_requester_cannot_approve_under_another_spelling(walker: Walker) -> None:
    """The file lists `u0alice` among the approvers of a group: an id in small letters is nobody's."""
    request = await walker.asks(ALICE, "--name own")

    assert "You can't approve or reject your own request" in await walker.clicks(
        ALICE, request, "request_approve"
    )
    assert walker.status(request) == "pending"
    assert "Alice" not in (await walker.types(ALICE, f"approvers {request}")).text


async def test_who_can_still_approve_is_told_by_name(walker: Walker) -> None:
    """Nobody is pinged; guests, strangers and those who have approved are not in the list."""
    request = await walker.asks(ALICE, "--name two-names")
    await walker.clicks(BOB, request, "request_approve")

    said = (await walker.types(ALICE, f"approvers {request}")).text

    assert "Carol Clark, Erin Evans" in said
    assert "1 more approval from @security" in said
    assert not {"Bob", "Gina", "Sam"} & set(said.replace(",", "").split())
    assert "<@" not in said


@pytest.mark.parametrize("who", [GINA, SAM])
async def test_guests_and_strangers_approve_only_where_the_rule_says_so(walker: Walker, who: str) -> None:
    """Though the file gives both the right."""
    closed, opened = await walker.asks(ALICE, "--name closed"), await walker.asks(ALICE, "--name open")

    assert "people from other workspaces can't" in await walker.clicks(who, closed, "request_approve")
    assert walker.status(closed) == "pending"
    await walker.clicks(who, opened, "request_approve")
    await walker.ends(opened, "available")


async def test_somebody_without_the_right_is_told_why_and_can_ask_for_more(walker: Walker) -> None:
    """The button under the denial explains all of it, to them alone."""
    request = await walker.asks(ALICE, "--name not-daves")

    assert "You don't have permission" in await walker.clicks(DAVE, request, "request_approve")
    denial = walker.private(DAVE)[-1]
    await walker.stage.person(DAVE).click(denial, "request_why")
    await walker.until(
        lambda: "You'd need one of these policies: `approver`" in walker.private(DAVE)[-1].text
    )

    said = walker.private(DAVE)[-1].text
    assert "Bob Brown, Carol Clark, Erin Evans" in said
    assert "Ask the admins in <#C0ADMINS>" in said
    assert "<@" not in said
