"""What each answer of Slack to a delivery does: to the message, in log and metrics, and in the audit log."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.message import Kind, Subject
from bot.errors import NotifierFrozen, NotifierLater, NotifierNowhere, NotifierRefused, StoreUnavailable
from bot.store.admin_notices import AdminNotices
from bot.store.outbox import DROPPED, POSTED, WAITING
from tests.house import ALICE, BOB, INSTANCE, House, lease, person

MISSING = "missing scope chat:write"


@pytest.mark.parametrize(
    ("answer", "outcome", "line", "state"),
    [
        (None, "posted", {}, POSTED),
        (
            NotifierLater(300, "ratelimited"),
            "delayed",
            {"event": "message_delayed", "log_level": "info", "reason": "ratelimited", "seconds": 300},
            WAITING,
        ),
        (
            NotifierLater(300, "missing_scope", operator=MISSING),
            "delayed",
            {
                "event": "slack_refuses",
                "log_level": "warning",
                "reason": "missing_scope",
                "operator": MISSING,
            },
            WAITING,
        ),
        (
            NotifierNowhere("not_in_channel", 60),
            "nowhere",
            {"event": "nowhere_to_post", "log_level": "warning", "code": "not_in_channel"},
            WAITING,
        ),
        (
            NotifierFrozen("edit_window_closed"),
            "frozen",
            {"event": "message_frozen", "log_level": "warning", "code": "edit_window_closed"},
            POSTED,
        ),
        (
            NotifierRefused("invalid_blocks"),
            "given_up",
            {"event": "message_given_up", "log_level": "warning", "code": "invalid_blocks"},
            DROPPED,
        ),
    ],
)
async def test_an_answer_is_counted_and_what_is_no_success_is_a_line_with_its_channel(
    cabin: House, answer: Exception | None, outcome: str, line: dict[str, Any], state: str
) -> None:
    await cabin.submit()
    counted: list[tuple[str, Kind]] = []
    cabin.deliveries.observe = lambda outcome, kind: counted.append((outcome, kind))
    token = lease()
    claimed = await cabin.outbox.claim(token)
    assert claimed is not None
    cabin.notifier.faults.extend([answer] if answer else [])
    with capture_logs() as lines:
        await cabin.deliveries.work(claimed, token)
    assert counted == [(outcome, Kind.CARD)]
    assert lines == ([{**line, "message": claimed.id, "channel": "C0IMAGES"}] if line else [])
    [card] = [row for row in await cabin.messages() if row.kind == "card"]
    assert card.state == state


async def test_a_notice_to_admins_waits_for_its_channel_and_is_not_looked_for_there(cabin: House) -> None:
    """Slack said that nothing was posted."""
    await AdminNotices(cabin.store).tell("C0ADMINS", Subject("allowlist", "file"), "broken", {})
    cabin.notifier.closed["C0ADMINS"] = NotifierNowhere("channel_not_found", 60)
    await cabin.deliver()
    cabin.notifier.closed.clear()
    cabin.clock.advance(60)
    await cabin.deliver()
    assert (cabin.told(), cabin.notifier.looked) == ([("admin", "broken")], [])


async def test_a_database_that_is_away_is_no_message_that_cannot_be_drawn(cabin: House) -> None:
    """Five of those and a message would be given up."""
    await cabin.submit()
    token = lease()
    claimed = await cabin.outbox.claim(token)
    assert claimed is not None
    cabin.notifier.faults.append(StoreUnavailable("away"))
    with pytest.raises(StoreUnavailable):
        await cabin.deliveries.work(claimed, token)
    assert [(row.breaks, row.state) for row in await cabin.messages()] == [(0, WAITING)]


async def test_an_entry_whose_channel_is_gone_is_told_directly_and_not_kept(cabin: House) -> None:
    request = await cabin.submit(image={"image_name": "two"})  # which needs another approval
    await cabin.settle()
    await cabin.service.review(person(BOB), request.id, approves=True, reason="fine")
    cabin.notifier.closed["C0IMAGES"] = NotifierNowhere("is_archived", 60)
    await cabin.deliver()
    [told] = [each for each in cabin.notifier.order if each.last.event == "reviewed"]
    assert (told.kind, told.target) == (Kind.DIRECT, ALICE)
    assert told.last.details["reason"] == "fine"
    assert [row.state for row in await cabin.messages() if row.kind == "entry"] == [DROPPED]
    recorded = [json.loads(entry.details) for entry in await cabin.log() if entry.event == "undeliverable"]
    assert recorded == [
        {"channel": "C0IMAGES", "code": "is_archived", "kind": kind} for kind in ("card", "entry")
    ]


async def test_the_audit_log_and_the_admins_are_told_which_channel_took_nothing_and_why(cabin: House) -> None:
    cabin.deliveries.admin_channel = lambda: "C0ADMINS"
    cabin.notifier.closed["C0IMAGES"] = NotifierNowhere("not_in_channel", 60)
    await cabin.submit()
    await cabin.deliver()
    [recorded] = [entry for entry in await cabin.log() if entry.event == "undeliverable"]
    assert json.loads(recorded.details) == {"channel": "C0IMAGES", "code": "not_in_channel", "kind": "card"}
    [notice] = [each for each in cabin.notifier.order if each.kind is Kind.ADMIN]
    assert notice.last.details == {"channel": "C0IMAGES", "code": "not_in_channel"}


async def test_a_card_that_is_frozen_is_told_of_with_its_code(cabin: House) -> None:
    await cabin.submit()
    cabin.notifier.faults.append(NotifierFrozen("edit_window_closed"))
    await cabin.deliver()
    told = [row.told[-1] for row in await cabin.messages() if row.kind == "entry"]
    assert [(each["event"], each["details"]) for each in told] == [("frozen", {"code": "edit_window_closed"})]


async def test_only_the_holder_of_the_lease_tells_of_a_card_that_is_frozen(cabin: House) -> None:
    await cabin.submit()
    dead = lease(seconds=-1)
    claimed = await cabin.outbox.claim(dead)
    assert claimed is not None
    assert await cabin.deliver() == 1
    cabin.notifier.faults.append(NotifierFrozen("edit_window_closed"))
    await cabin.deliveries.work(claimed, dead)
    assert [row.kind for row in await cabin.messages()] == ["card"]


async def test_a_card_to_approve_says_how_many_others_are_open_and_nothing_else_does(cabin: House) -> None:
    for _ in range(2):
        await cabin.submit(instance=INSTANCE)
    await cabin.deliver()
    assert cabin.notifier.others == 1
    [first, _] = {message.subject.id for message in cabin.notifier.order}
    await cabin.service.review(person(BOB), first, approves=True)
    await cabin.settle()
    assert cabin.notifier.others == 0
