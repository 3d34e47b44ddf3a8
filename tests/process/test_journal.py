"""Who did what to which request, in logs and counters; and what keeps the bot from working, for readyz."""

from contextlib import suppress
from typing import Any

import pytest
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.request import End
from bot.process.correlation import About, NoSpans, about_request
from bot.process.journal import Journal
from bot.process.metrics import Metrics
from bot.process.refusals import REMEMBERED_SECONDS, Refusals
from bot.store.requests import RequestQueue
from tests.house import ALICE, BOB, DAVE, House, lease, person
from tests.ports import Clock

SECRET = "the reason is nobody's business"  # noqa: S105 - what a person wrote


def listening(house: House) -> tuple[Metrics, Refusals]:
    """Connect a journal to what a house writes."""
    metrics, refusals = Metrics(), Refusals()
    house.store.heard = Journal(metrics, refusals).heard
    return metrics, refusals


def counted(metrics: Metrics, name: str, **labels: str) -> float:
    """Return a counter's value."""
    return metrics.registry.get_sample_value(name, labels) or 0.0


async def test_a_request_s_life_is_a_line_for_each_thing_with_ids_and_no_free_text(cabin: House) -> None:
    """Who, what, which request, from where to where."""
    metrics, _ = listening(cabin)
    with capture_logs() as lines:
        request = await cabin.submit(reason=SECRET)
        await cabin.service.review(person(DAVE), request.id, approves=True)
        await cabin.service.review(person(BOB), request.id, approves=False, reason=SECRET)

    about = [line for line in lines if str(line["event"]).startswith("request_")]
    assert [(line["event"], line["by"]) for line in about] == [
        ("request_submitted", ALICE),
        ("request_refused", DAVE),
        ("request_rejected", BOB),
    ]
    assert {line["request"] for line in about} == {request.id}
    assert (about[-1]["was"], about[-1]["status"]) == ("pending", "rejected")
    assert SECRET not in repr(lines)
    assert counted(metrics, "imagebot_decisions_total", decision="reject") == 1
    assert counted(metrics, "imagebot_requests_ended_total", status="rejected") == 1
    assert counted(metrics, "imagebot_refusals_total", why="denied") == 1


async def test_an_image_that_was_made_is_timed_and_its_cloud_request_is_in_the_line(cabin: House) -> None:
    metrics, _ = listening(cabin)
    with capture_logs() as lines:
        request = await cabin.approved()
        made = {"image_id": "imgc-1", "cloud_request_id": "RID", "called_at": cabin.clock()}
        creating = await cabin.set(request, status=Status.CREATING, **made)
        done = creating.over(End(cabin.clock() + 90.0))
        async with cabin.store.begin() as transaction:
            await transaction.write(creating, Change(Event.FINISH, done, None))

    (line,) = [each for each in lines if each["event"] == "request_available"]
    assert (line["by"], line["image_id"], line["cloud_request_id"]) == ("bot", "imgc-1", "RID")
    assert counted(metrics, "imagebot_image_seconds_sum") == 90.0
    assert counted(metrics, "imagebot_requests_ended_total", status="available") == 1


async def test_what_was_not_committed_is_neither_logged_nor_counted(cabin: House) -> None:
    metrics, _ = listening(cabin)
    request = await cabin.submit()
    with capture_logs() as lines, suppress(RuntimeError):
        async with cabin.store.begin() as transaction:
            await transaction.write(request, Change(Event.CANCEL, request.over(End(1.0)), None))
            raise RuntimeError

    assert lines == []
    assert counted(metrics, "imagebot_requests_ended_total", status="cancelled") == 0


async def test_work_that_another_left_behind_is_counted(cabin: House) -> None:
    """And work that was given back is not."""
    taken: list[int] = []
    queue = RequestQueue(cabin.store)
    queue.took_over = lambda: taken.append(1)
    request = await cabin.submit()

    first = lease(seconds=60.0)
    assert await queue.claim(first)
    await queue.release(request.id, first)
    assert await queue.claim(lease(seconds=-1.0))  # whose holder died at once
    assert taken == []
    assert await queue.claim(lease())
    assert taken == [1]


async def test_every_line_of_the_work_on_a_request_names_it() -> None:
    """Those of the cloud's client too."""
    seen: list[dict[str, Any]] = []

    async def work(_row: str, _lease: object) -> None:
        """Look at what a line would have."""
        seen.append(get_contextvars())

    about = about_request(work, lambda row: About("step", row) if row else None, NoSpans())
    await about("r-1", lease())
    await about("", lease())  # of no request

    assert (seen, get_contextvars()) == ([{"request": "r-1"}, {}], {})


@pytest.mark.parametrize(
    ("calls", "reasons"),
    [
        ([("chat.postMessage", "ok")], ()),
        ([("chat.postMessage", "token_revoked")], ("Slack refuses the bot token: token_revoked",)),
        ([("chat.postMessage", "token_revoked"), ("users.info", "ok")], ()),
        ([("users.info", "missing_scope")], ("Slack refuses users.info: missing_scope",)),
        (
            [("users.info", "missing_scope"), ("chat.update", "ok")],
            ("Slack refuses users.info: missing_scope",),
        ),
        ([("users.info", "missing_scope"), ("users.info", "ok")], ()),
        ([("chat.postMessage", "channel_not_found"), ("chat.update", "ratelimited")], ()),
        ([("apps.connections.open", "invalid_auth")], ()),
    ],
)
def test_a_refusal_of_slack_stands_until_the_same_is_answered(
    calls: list[tuple[str, str]], reasons: tuple[str, ...]
) -> None:
    refusals = Refusals()
    for method, outcome in calls:
        refusals.called_slack(method, outcome)

    assert refusals.reasons() == reasons


@pytest.mark.parametrize(
    ("calls", "reasons"),
    [
        ([("ListImage", "OK")], ()),
        ([("ListImage", "credentials")], ("Alibaba Cloud refuses the credentials: credentials",)),
        (
            [("ListImage", "InvalidAccessKeyId.NotFound")],
            ("Alibaba Cloud refuses the credentials: InvalidAccessKeyId.NotFound",),
        ),
        ([("ListImage", "InvalidAccessKeyId.NotFound"), ("DescribeDesktops", "OK")], ()),
        (
            [("CreateImageByInstance", "NoPermission"), ("ListImage", "OK")],
            ("Alibaba Cloud refuses CreateImageByInstance: NoPermission",),
        ),
        ([("ListImage", "Throttling.User"), ("ListImage", "Timeout")], ()),
    ],
)
def test_a_refusal_of_the_cloud_stands_until_the_same_is_answered(
    calls: list[tuple[str, str]], reasons: tuple[str, ...]
) -> None:
    refusals = Refusals()
    for operation, code in calls:
        refusals.called_cloud(operation, code)

    assert refusals.reasons() == reasons


def test_a_scope_that_several_methods_miss_is_named_once_and_until_the_last_is_answered() -> None:
    """In the sentence of `image-bot doctor`."""
    refusals, missing = Refusals(), ("SLACK_BOT_TOKEN lacks the scope chat:write",)
    with capture_logs() as lines:
        for method in ("chat.postMessage", "chat.update"):
            refusals.called_slack(method, "missing_scope", "chat:write")
        assert refusals.reasons() == missing
        refusals.called_slack("chat.update", "ok")
        assert refusals.reasons() == missing
        refusals.called_slack("chat.postMessage", "ok")

    assert refusals.reasons() == ()
    assert [line["event"] for line in lines] == ["bot_refused", "bot_refused_no_more"]


def test_a_refusal_that_is_met_no_more_is_forgotten() -> None:
    """In HTTP mode a process that isn't ready gets nothing to do, and would never find out."""
    clock = Clock()
    refusals = Refusals(clock)
    refusals.called_slack("users.info", "missing_scope")
    clock.now += REMEMBERED_SECONDS + 1

    assert refusals.reasons() == ()
