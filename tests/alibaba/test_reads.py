"""A failing read is repeated if that can help, and has a name if it can't."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown
from bot.playground.cloud import Kind, LocalCloud
from bot.playground.cloud.faults import BELONGS
from tests.clouds import DESKTOP, WORKSTATION, client_of, image

LOOKS: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "one image": lambda cloud: cloud.image("imgc-1"),
    "many images": lambda cloud: cloud.images_by_id(["imgc-1", "imgc-2"]),
    "an image by its mark": lambda cloud: cloud.find_images("r-1"),
    "a workstation": lambda cloud: cloud.instance(image(WORKSTATION)),
    "a desktop": lambda cloud: cloud.instance(image(DESKTOP)),
    "the caller": lambda cloud: cloud.caller(),
    "the regions": lambda cloud: cloud.regions(),
}
NAMES: dict[Kind, tuple[type[CloudError], str]] = {
    Kind.THROTTLE: (CloudBusy, "Throttling.User"),
    Kind.ERROR: (CloudUnknown, "InternalError"),
    Kind.UNSUCCESSFUL: (CloudUnknown, "InternalError"),
    Kind.XML_ERROR: (CloudUnknown, "InternalError"),
    Kind.TIMEOUT_BEFORE: (CloudUnknown, "Timeout"),
    Kind.TIMEOUT_AFTER: (CloudUnknown, "Timeout"),
    Kind.RESET_BEFORE: (CloudUnknown, "RemoteProtocolError"),
    Kind.RESET_AFTER: (CloudUnknown, "RemoteProtocolError"),
    Kind.SERVER_ERROR_BEFORE: (CloudUnknown, "ServiceUnavailable"),
    Kind.SERVER_ERROR_AFTER: (CloudUnknown, "ServiceUnavailable"),
    Kind.HTML_BEFORE: (CloudUnknown, "HTTP 502"),
    Kind.HTML_AFTER: (CloudUnknown, "HTTP 502"),
}


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it's pushed."""
    async with LocalCloud(speed=0.0) as local:
        yield local


async def at_once(_: float) -> None:
    """Wait for nothing between attempts."""


def test_table_names_every_fault_that_a_look_can_meet() -> None:
    """A new switch needs a row."""
    assert set(NAMES) == set(Kind) - set(BELONGS) - {Kind.SLOW}


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("look", LOOKS)
async def test_fault_that_passes_is_got_over_and_one_that_stays_has_a_name(
    local: LocalCloud, look: str, kind: Kind
) -> None:
    """Three attempts, then it is told."""
    slow = kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER)
    cloud = client_of(local, seconds=0.3 if slow else 30.0, pause=at_once)
    local.faults.add(kind, times=2)
    await LOOKS[look](cloud)
    local.faults.add(kind, times=99)
    with pytest.raises(CloudError) as caught:
        await LOOKS[look](cloud)
    await cloud.aclose()

    assert (type(caught.value), caught.value.code) == NAMES[kind]
    assert caught.value.operation


@pytest.mark.parametrize("code", ["NoPermission", "Forbidden.RAM", "Forbidden.NoPermission"])
@pytest.mark.parametrize("look", sorted(set(LOOKS)))
async def test_right_that_is_missing_is_told_at_once(local: LocalCloud, look: str, code: str) -> None:
    """It doesn't pass by asking again."""
    cloud = client_of(local, pause=at_once)
    local.faults.add(Kind.ERROR, times=99, code=code)
    with pytest.raises(CloudRefused) as caught:
        await LOOKS[look](cloud)
    await cloud.aclose()

    assert (caught.value.code, caught.value.explanation) == (code, "cloud-forbidden")
    assert len(local.ledger) == (2 if look == "the regions" else 1)


async def test_refusal_that_no_page_lists_is_not_sent_again_within_one_call(local: LocalCloud) -> None:
    """It is tried on slowly, by anybody who asked."""
    cloud = client_of(local, pause=at_once)
    local.faults.add(Kind.ERROR, times=99, code="Something.New", status=400)
    with pytest.raises(CloudBusy) as caught:
        await cloud.image("imgc-1")
    await cloud.aclose()

    assert caught.value.retry_after == 300.0
    assert len(local.ledger) == 1
