"""What kept failing is left alone for a while, so that nobody waits for what is only nice to have."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.alibaba import AlibabaCloud, FixedKeys, Keys
from bot.alibaba.breaker import Breaker
from bot.alibaba.client import Client
from bot.alibaba.images import LIST
from bot.alibaba.instances import LIST_WORKSTATIONS
from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown, CloudUnreachable
from bot.playground.cloud import Kind, LocalCloud
from tests.clouds import DESKTOP, client_of, image


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_breaker_opens_after_failures_in_a_row_and_lets_one_try_later() -> None:
    """A success in between restarts the count; the one that tries decides for the rest."""
    hand = Hand()
    breaker = Breaker(failures=2, seconds=30.0, clock=hand)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    before = breaker.admits()
    breaker.failed()
    while_open = breaker.admits()
    hand.now = 30.0
    trying, others = breaker.admits(), breaker.admits()
    breaker.succeeded()

    assert (before, while_open, trying, others, breaker.admits()) == (True, False, True, False, True)


def test_breaker_stays_open_when_the_try_fails() -> None:
    """For as long again."""
    hand = Hand()
    breaker = Breaker(failures=1, seconds=30.0, clock=hand)
    breaker.failed()
    hand.now = 30.0
    assert breaker.admits()
    breaker.failed()
    hand.now = 59.0
    early = breaker.admits()
    hand.now = 60.0

    assert (early, breaker.admits()) == (False, True)


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it's pushed."""
    async with LocalCloud(speed=0.0) as local:
        yield local


@pytest.fixture
async def client(local: LocalCloud) -> AsyncIterator[Client]:
    """A client whose breakers open after two failures."""
    keys = Keys(local.account.access_key_id, local.account.access_key_secret)
    client = Client(FixedKeys(keys), breaker=lambda: Breaker(failures=2))
    yield client
    await client.aclose()


@pytest.mark.parametrize(
    ("kind", "raises"),
    [
        (Kind.TIMEOUT_BEFORE, CloudUnknown),
        (Kind.RESET_BEFORE, CloudUnknown),
        (Kind.SERVER_ERROR_BEFORE, CloudUnknown),
        (Kind.HTML_BEFORE, CloudUnknown),
        (Kind.THROTTLE, CloudBusy),
    ],
)
async def test_look_is_refused_at_once_while_the_endpoint_keeps_failing(
    local: LocalCloud, client: Client, kind: Kind, raises: type[CloudError]
) -> None:
    """Two attempts of one try each, then none; another operation of the endpoint isn't touched."""
    local.faults.add(kind, "ListWuyingServer", times=9)
    codes = []
    for _ in range(4):
        with pytest.raises(CloudError) as caught:
            await client.look(local.url, LIST_WORKSTATIONS, {}, within=0.2)
        codes.append((type(caught.value), caught.value.code == "CircuitOpen"))
    await client.look(local.url, LIST, {}, within=5.0)

    assert codes == [(raises, False)] * 2 + [(CloudUnreachable, True)] * 2
    assert len(local.ledger.of("ListWuyingServer")) == 2


async def test_refusal_is_an_answer_and_opens_nothing(local: LocalCloud, client: Client) -> None:
    """An endpoint that says no is there."""
    local.faults.add(Kind.ERROR, "ListWuyingServer", times=9, code="NoPermission")
    for _ in range(4):
        with pytest.raises(CloudRefused):
            await client.look(local.url, LIST_WORKSTATIONS, {}, within=5.0)

    assert len(local.ledger) == 4


async def test_desktops_that_hang_cost_a_look_its_budget_and_soon_nothing(local: LocalCloud) -> None:
    """The main job goes on: an image is made while DescribeDesktops hangs."""
    cloud: AlibabaCloud = client_of(local)
    local.faults.add(Kind.TIMEOUT_BEFORE, "DescribeDesktops", times=9)
    codes = []
    for _ in range(5):
        with pytest.raises(CloudError) as caught:
            await cloud.instance(image(DESKTOP), within=0.1)
        codes.append(caught.value.code)
    made = await cloud.create_image(image(DESKTOP))
    await cloud.aclose()

    assert codes == ["Timeout"] * 3 + ["CircuitOpen"] * 2
    assert made.image_id


async def test_many_looks_at_once_open_nothing(local: LocalCloud, client: Client) -> None:
    """Those that are still waiting haven't failed."""
    local.faults.add(Kind.SLOW, "ListWuyingServer", times=20, seconds=0.05)
    answers = await asyncio.gather(
        *(client.look(local.url, LIST_WORKSTATIONS, {}, within=5.0) for _ in range(20))
    )

    assert len(answers) == 20


async def test_caller_that_stops_waiting_counts_as_one_that_got_no_answer(
    local: LocalCloud, client: Client
) -> None:
    """Its own budget is shorter than the look's."""
    local.faults.add(Kind.TIMEOUT_BEFORE, "ListWuyingServer", times=9)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.look(local.url, LIST_WORKSTATIONS, {}, within=5.0), 0.1)
    with pytest.raises(CloudUnreachable, match="CircuitOpen"):
        await client.look(local.url, LIST_WORKSTATIONS, {}, within=5.0)
