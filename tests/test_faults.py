"""Every fault of the cloud and of Slack, at every operation, over real wires: each has a named outcome."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.lifecycle import Status
from bot.domain.request import CLOUD_BUSY, Request
from bot.errors import CloudError
from bot.playground.cloud import LocalCloud
from bot.playground.cloud.faults import Kind
from bot.playground.slack import Conditions, LocalSlack
from bot.playground.slack.faults import Fault, FaultKind
from bot.playground.slack.state import Channel, User
from bot.store.outbox import DROPPED, POSTED, WAITING
from handlers.i18n import Translations
from handlers.messages.notifier import SlackNotifier
from tests.clouds import client_of
from tests.crash.lives import about
from tests.house import ALICE, BOB, INSTANCE, House, person
from tests.ports import ALL_KINDS, CREATE, FIND, IMAGE

FAILED, QUEUED, LOOKED_FOR = "failed", "queued", "looked for"
CREATE_FAULTS = {
    Kind.THROTTLE: QUEUED,
    Kind.ERROR: LOOKED_FOR,  # InternalError: it may have happened
    Kind.UNSUCCESSFUL: LOOKED_FOR,
    Kind.TIMEOUT_BEFORE: LOOKED_FOR,
    Kind.TIMEOUT_AFTER: LOOKED_FOR,
    Kind.RESET_BEFORE: LOOKED_FOR,
    Kind.RESET_AFTER: LOOKED_FOR,
    Kind.SERVER_ERROR_BEFORE: LOOKED_FOR,
    Kind.SERVER_ERROR_AFTER: LOOKED_FOR,
    Kind.HTML_BEFORE: LOOKED_FOR,
    Kind.HTML_AFTER: LOOKED_FOR,
    Kind.XML_ERROR: LOOKED_FOR,
}


@asynccontextmanager
async def wired(house: House) -> AsyncIterator[LocalCloud]:
    """Put the house on a local cloud, by the real client."""
    async with LocalCloud(seconds=0.0) as local:
        client = client_of(local, seconds=0.15)
        house.on(client, house.notifier)
        yield local
        local.faults.clear()
        await client.aclose()


async def outcome(house: House, request_id: str) -> str:
    """Name what has become of a request right after the cloud was asked."""
    request = await house.store.get(request_id)
    assert request is not None
    if request.status is Status.APPROVED and request.attempt.queue_reason == CLOUD_BUSY:
        return QUEUED
    if (
        request.status is Status.CREATING
        and request.attempt.image_id is None
        and request.attempt.caller is None
    ):
        return LOOKED_FOR
    return FAILED if request.status is Status.FAILED else request.status


async def until_available(house: House, request: Request) -> None:
    """Work on a request until its image is there, for as long as a few looks take."""
    for _ in range(14):
        house.clock.advance(30)
        await house.step()
        if (await house.get(request)).status is Status.AVAILABLE:
            break


@pytest.mark.parametrize(("kind", "named"), CREATE_FAULTS.items(), ids=str)
async def test_whatever_happens_to_the_call_there_is_one_image_in_the_end(
    cabin: House, kind: Kind, named: str
) -> None:
    request = await cabin.approved(instance=INSTANCE)
    async with wired(cabin) as local:
        local.faults.add(kind, "CreateImageByInstance")
        await cabin.step()
        assert await outcome(cabin, request.id) == named
        await until_available(cabin, request)
        images = list(local.images)
    assert (await cabin.get(request)).status is Status.AVAILABLE
    assert len(images) == 1


async def test_an_image_that_the_cloud_cannot_make_fails_the_request(cabin: House) -> None:
    request = await cabin.approved()
    async with wired(cabin) as local:
        local.faults.add(Kind.CREATION_FAILS, "CreateImageByInstance")
        await cabin.step()
        cabin.clock.advance(30)
        await cabin.step()
    assert (await cabin.get(request)).status is Status.FAILED


LOOK_FAULTS = sorted(set(CREATE_FAULTS), key=str)


@pytest.mark.parametrize("kind", LOOK_FAULTS, ids=str)
async def test_a_fault_while_looking_changes_nothing(cabin: House, kind: Kind) -> None:
    request = await cabin.approved()
    async with wired(cabin) as local:
        await cabin.step()
        local.faults.add(kind, "ListImage", times=9)  # the client itself asks more than once
        cabin.clock.advance(30)
        await cabin.step()
        assert (await cabin.get(request)).status is Status.CREATING
        local.faults.clear()
        await until_available(cabin, request)
    assert (await cabin.get(request)).status is Status.AVAILABLE


@pytest.mark.parametrize("error", ALL_KINDS)
async def test_a_fault_while_looking_for_a_lost_image_is_tried_again_and_calls_nothing(
    cabin: House, error: Callable[[], CloudError]
) -> None:
    request = await cabin.approved()
    cabin.cloud.fail(CREATE, ALL_KINDS[-1](), after=True)
    await cabin.step()
    cabin.cloud.fail(FIND, error())
    cabin.clock.advance(5)
    await cabin.step()
    cabin.clock.advance(30)
    await cabin.step()
    assert (await cabin.get(request)).attempt.image_id == "img-1"
    assert cabin.cloud.calls.count(CREATE) == 1


@pytest.mark.parametrize("error", ALL_KINDS)
async def test_a_fault_while_watching_late_is_tried_again(
    cabin: House, error: Callable[[], CloudError]
) -> None:
    request = await cabin.approved()
    await cabin.step()
    cabin.clock.advance(6 * 3600)
    await cabin.step()
    cabin.cloud.fail(IMAGE, error())
    cabin.clock.advance(60)
    await cabin.step()
    cabin.clock.advance(60)
    assert await cabin.step() == 1
    assert (await cabin.get(request)).status is Status.FAILED


PASSING = [
    Fault(FaultKind.RATE_LIMITED, seconds=1),
    Fault(FaultKind.SERVER_ERROR),
    Fault(FaultKind.DROPPED),
    Fault(FaultKind.LOST_RESPONSE),
    Fault(FaultKind.SLOW, seconds=0.3),
    Fault(FaultKind.REFUSED, error="internal_error"),
    Fault(FaultKind.REFUSED, error="ratelimited"),
    Fault(FaultKind.REFUSED, error="invalid_auth"),
]


@asynccontextmanager
async def on_slack(house: House) -> AsyncIterator[LocalSlack]:
    """Put the house on a local Slack, by the real notifier; calls are given up after half a second."""
    people = [User(ALICE, "alice"), User(BOB, "bob")]
    channels, joined = [Channel("C0IMAGES", "images")], Conditions(joined=True)
    async with LocalSlack(people, channels, conditions=joined) as slack:
        patience = aiohttp.ClientTimeout(total=0.2)
        async with aiohttp.ClientSession(timeout=patience) as session:
            client = AsyncWebClient(slack.app.bot_token, slack.url, session=session, retry_handlers=[])
            house.on(house.cloud, SlackNotifier(client, Translations.read(), house.directory))
            yield slack


async def lived(house: House) -> None:
    """Live a life up to the making of its image, with as many deliveries as it takes."""
    request = await house.submit()
    await _delivered(house)
    await house.service.review(person(BOB), request.id, approves=True)
    await _delivered(house)


async def _delivered(house: House) -> None:
    await house.settle()
    while {row.state for row in await house.messages()} & {WAITING}:
        house.clock.advance(61)
        await house.settle()


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.history"])
@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: f"{fault.kind}-{fault.error}")
async def test_what_passes_delays_and_neither_drops_nor_doubles(
    cabin: House, fault: Fault, method: str
) -> None:
    async with on_slack(cabin) as slack:
        slack.faults.set(Fault(fault.kind, method, 2, fault.seconds, fault.status, fault.error))
        if method == "conversations.history":
            slack.faults.set(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"))
        async with asyncio.timeout(60):
            await lived(cabin)
        posted = [about(message) for message in slack.messages("C0IMAGES")]
    assert {row.state for row in await cabin.messages()} == {POSTED}
    assert [each["event"] for each in posted] == ["submitted", "creating"]
    assert posted[1]["events"] == ["reviewed", "creating"]
    assert len({each["seq"] for each in posted}) == 2


async def test_what_can_never_be_posted_goes_to_the_requester(cabin: House) -> None:
    async with on_slack(cabin) as slack:
        slack.faults.set(Fault(FaultKind.REFUSED, "chat.postMessage", error="msg_too_long"))
        await lived(cabin)
        assert slack.messages("C0IMAGES") == []
        told = slack.person(ALICE).direct_messages()
    assert len(told) == 2
    states = [(row.kind, row.state) for row in await cabin.messages()]
    assert ("card", DROPPED) in states
    assert {state for kind, state in states if kind == "direct"} == {POSTED}


@pytest.mark.parametrize(
    ("closed", "opened"),
    [
        pytest.param(
            lambda slack: slack.admin.archive("C0IMAGES"),
            lambda slack: slack.admin.archive("C0IMAGES", archived=False),
            id="archived",
        ),
        pytest.param(
            lambda slack: slack.admin.restrict("C0IMAGES"),
            lambda slack: slack.admin.restrict("C0IMAGES", restricted=False),
            id="restricted",
        ),
    ],
)
async def test_a_card_is_posted_when_its_channel_takes_it(
    cabin: House, closed: Callable[[LocalSlack], None], opened: Callable[[LocalSlack], None]
) -> None:
    """Meanwhile the requester knows, and knows what helps."""
    async with on_slack(cabin) as slack:
        closed(slack)
        await cabin.submit()
        await cabin.deliver()
        [told] = slack.person(ALICE).direct_messages()
        assert "We can't post in <#C0IMAGES>" in told.text
        opened(slack)
        cabin.clock.advance(61)
        await cabin.deliver()
        assert [about(each)["event"] for each in slack.messages("C0IMAGES") if each.metadata] == ["submitted"]
        assert len(slack.person(ALICE).direct_messages()) == 1
