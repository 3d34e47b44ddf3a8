"""Whatever goes wrong between bot and cloud ends in one named exception, and nothing is made twice."""

from collections.abc import Awaitable, Callable

import pytest

from bot.alibaba import AlibabaCloud, FixedKeys, Keys
from bot.alibaba.client import Client
from bot.alibaba.images import LIST
from bot.errors import (
    CloudBusy,
    CloudCredentials,
    CloudError,
    CloudRefused,
    CloudUnknown,
    CloudUnreachable,
    Retry,
)
from bot.playground.cloud import Account, Kind, LocalCloud
from bot.playground.cloud.envelopes import DOCUMENTED, GATEWAY
from bot.playground.cloud.faults import BELONGS
from bot.ports import Cloud
from tests.clouds import client_of, image


@pytest.mark.parametrize(
    ("kind", "raises", "code", "made"),
    [
        (Kind.THROTTLE, CloudBusy, "Throttling.User", 0),
        (Kind.UNSUCCESSFUL, CloudUnknown, "InternalError", 0),
        (Kind.ERROR, CloudUnknown, "InternalError", 0),
        (Kind.XML_ERROR, CloudUnknown, "InternalError", 0),
        (Kind.TIMEOUT_BEFORE, CloudUnknown, "Timeout", 0),
        (Kind.TIMEOUT_AFTER, CloudUnknown, "Timeout", 1),
        (Kind.RESET_BEFORE, CloudUnknown, "RemoteProtocolError", 0),
        (Kind.RESET_AFTER, CloudUnknown, "RemoteProtocolError", 1),
        (Kind.SERVER_ERROR_BEFORE, CloudUnknown, "ServiceUnavailable", 0),
        (Kind.SERVER_ERROR_AFTER, CloudUnknown, "ServiceUnavailable", 1),
        (Kind.HTML_BEFORE, CloudUnknown, "HTTP 502", 0),
        (Kind.HTML_AFTER, CloudUnknown, "HTTP 502", 1),
    ],
)
async def test_fault_of_a_creation_ends_in_a_named_exception_and_is_never_sent_again(
    local: LocalCloud, kind: Kind, raises: type[CloudError], code: str, made: int
) -> None:
    """One call, one exception, whether or not the image exists by now."""
    local.faults.add(kind, "CreateImageByInstance")
    cloud = client_of(local, seconds=0.3 if kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER) else 30.0)
    with pytest.raises(CloudError) as caught:
        await cloud.create_image(image())
    await cloud.aclose()

    assert (type(caught.value), caught.value.code) == (raises, code)
    assert caught.value.operation == "CreateImageByInstance"
    assert (len(local.ledger), len(local.images)) == (1, made)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SLOW and kind not in BELONGS])
async def test_fault_of_a_reading_call_is_got_over(local: LocalCloud, kind: Kind) -> None:
    """Reading is safe to send again: two bad answers, then a good one."""
    local.faults.add(kind, "ListImage", times=2)
    pauses: list[float] = []
    seconds = 0.9 if kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER) else 30.0
    client = client_with_pause(local, seconds, pauses.append)
    body = await client.call(local.url, LIST, {"ImageType": "User"})
    await client.aclose()

    assert body["Count"] == 0
    assert pauses == [0.5, 1.0]
    assert [call.verdict for call in local.ledger] == ["ok"] * 3


def client_with_pause(local: LocalCloud, seconds: float, pause: Callable[[float], object]) -> Client:
    """A client that writes its pauses down instead of making them."""

    async def paused(length: float) -> None:
        pause(length)

    keys = Keys(local.account.access_key_id, local.account.access_key_secret)
    return Client(FixedKeys(keys), seconds=seconds, pause=paused)


async def test_reading_is_given_up_after_three_attempts_with_the_pause_the_cloud_asked_for(
    local: LocalCloud,
) -> None:
    """No longer than five seconds, however long it asks."""
    local.faults.add(Kind.THROTTLE, times=2, seconds=2.0)
    local.faults.add(Kind.THROTTLE, times=9, seconds=60.0)
    pauses: list[float] = []
    client = client_with_pause(local, 30.0, pauses.append)
    with pytest.raises(CloudBusy) as caught:
        await client.call(local.url, LIST, {})
    await client.aclose()

    assert pauses == [2.0, 2.0]
    assert caught.value.retry_after == 60.0
    assert len(local.ledger) == 3


async def test_slow_answer_is_waited_for(local: LocalCloud, cloud: Cloud) -> None:
    """Slow is not lost."""
    local.faults.add(Kind.SLOW, seconds=0.05)

    assert (await cloud.create_image(image())).image_id


@pytest.mark.parametrize("code", sorted(DOCUMENTED))
async def test_documented_code_comes_through_the_wire(local: LocalCloud, cloud: Cloud, code: str) -> None:
    """All 14 of the reference page, with its own message; nothing was made."""
    local.faults.add(Kind.ERROR, "CreateImageByInstance", code=code)
    with pytest.raises(CloudError) as caught:
        await cloud.create_image(image())

    assert (caught.value.code, caught.value.status) == (code, 400)
    assert caught.value.message == DOCUMENTED[code]
    assert caught.value.request_id == next(iter(local.ledger)).request_id
    assert len(local.images) == 0


@pytest.mark.parametrize("code", sorted(GATEWAY))
async def test_gateway_code_comes_through_the_wire(local: LocalCloud, cloud: Cloud, code: str) -> None:
    """With the status that the gateway gives it."""
    local.faults.add(Kind.ERROR, "CreateImageByInstance", code=code)
    with pytest.raises(CloudError) as caught:
        await cloud.create_image(image())

    assert (caught.value.code, (caught.value.status, caught.value.message)) == (code, GATEWAY[code])


async def test_second_image_of_an_instance_has_to_wait(cloud: Cloud) -> None:
    """It may be our own first one, so look first."""
    await cloud.create_image(image())
    with pytest.raises(CloudBusy) as caught:
        await cloud.create_image(image())

    assert caught.value.code == "ImageCreateByInstance.TaskExist"
    assert caught.value.retry is Retry.LOOK_FIRST


async def test_cloud_that_is_not_there_is_unreachable() -> None:
    """Nothing was sent: safe to send again."""
    async with LocalCloud() as local:
        pass
    cloud = client_of(local)
    with pytest.raises(CloudUnreachable) as caught:
        await cloud.create_image(image())
    await cloud.aclose()

    assert caught.value.retry is Retry.LATER
    assert caught.value.status is None


async def test_empty_success_is_no_receipt(local: LocalCloud, cloud: Cloud) -> None:
    """HTTP 200 from something that is not the cloud."""
    local.faults.add(Kind.HTML_BEFORE, status=200)
    with pytest.raises(CloudUnknown) as caught:
        await cloud.create_image(image())

    assert caught.value.status == 200
    assert "Bad Gateway" in caught.value.message


SECRETS = Keys("LTAI5tLocalCloudDemoKey", "a-wrong/secret+key==", "a-real/looking+token==")


async def test_signature_error_shows_no_secret() -> None:
    """The gateway quotes the request as it saw it, the security token included."""
    account = Account(SECRETS.access_key_id, "another", SECRETS.security_token)
    async with LocalCloud(accounts=[account]) as local:
        cloud = client_of(local, keys=SECRETS)
        with pytest.raises(CloudRefused) as caught:
            await cloud.create_image(image())
        await cloud.aclose()
    told = f"{caught.value} {caught.value!r} {caught.value.message} {caught.value.args}"

    assert caught.value.code == "SignatureDoesNotMatch"
    assert "CanonicalRequest" in told
    assert SECRETS.access_key_secret not in told
    assert str(SECRETS.security_token) not in told


async def test_temporary_keys_work() -> None:
    """STS: the token travels and is signed."""
    account = Account(security_token="a-token")  # noqa: S106 - made up
    async with LocalCloud(accounts=[account]) as local:
        cloud = client_of(local)
        await cloud.create_image(image())
        await cloud.aclose()

        assert [call.verdict for call in local.ledger] == ["ok"]


async def test_permission_that_is_missing_is_named() -> None:
    """The operator reads which action the key lacks."""
    account = Account(forbidden=frozenset({"ListImage"}))
    async with LocalCloud(accounts=[account]) as local:
        cloud = client_of(local)
        with pytest.raises(CloudRefused, match="appstreaming:ListImage") as caught:
            await cloud.image("imgc-1")
        await cloud.aclose()

    assert caught.value.code == "NoPermission"


class NoKeys:
    """A credential chain that finds nothing."""

    async def keys(self, refused: Keys | None = None) -> Keys:  # noqa: ARG002 - there are none
        """Fail."""
        raise CloudCredentials("credentials")


@pytest.mark.parametrize(
    "ask",
    [
        lambda cloud: cloud.create_image(image()),
        lambda cloud: cloud.image("imgc-1"),
        lambda cloud: cloud.instance(image()),
        lambda cloud: cloud.find_images("x"),
    ],
)
async def test_without_credentials_nothing_is_sent(
    local: LocalCloud, ask: Callable[[Cloud], Awaitable[object]]
) -> None:
    """And the error names the operation."""
    cloud = AlibabaCloud(NoKeys(), endpoint=local.url, ecd_endpoint=local.url)
    with pytest.raises(CloudCredentials) as caught:
        await ask(cloud)
    await cloud.aclose()

    assert caught.value.operation
    assert len(local.ledger) == 0
