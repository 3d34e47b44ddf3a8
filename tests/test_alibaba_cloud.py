"""The bot's client against the local cloud: each parameter on the wire, each fault in one named exception."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

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
from bot.images import CreateImage, parse_image
from bot.playground.cloud import Account, Kind, LocalCloud
from bot.playground.cloud.envelopes import DOCUMENTED
from bot.ports import Cloud, ImageStatus, InstanceState

WORKSTATION = "ws-0buj1s9gm000001"
DESKTOP = "ecd-7w78ozhjcwa3u0001"


def image(instance_id: str = WORKSTATION, **fields: Any) -> CreateImage:  # noqa: ANN401 - a person's fields
    """An image that must parse."""
    parsed = parse_image({"instance_id": instance_id} | fields)
    assert isinstance(parsed, CreateImage)
    return parsed


def client_of(local: LocalCloud, seconds: float = 30.0, keys: Keys | None = None) -> AlibabaCloud:
    """The bot's client, pointed at the local cloud."""
    keys = keys or Keys(
        local.account.access_key_id, local.account.access_key_secret, local.account.security_token
    )
    return AlibabaCloud(FixedKeys(keys), endpoint=local.url, ecd_endpoint=local.url, seconds=seconds)


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it is pushed."""
    async with LocalCloud(speed=0.0, seconds=100.0) as local:
        yield local


@pytest.fixture
async def cloud(local: LocalCloud) -> AsyncIterator[Cloud]:
    """The port, on the wire."""
    client = client_of(local)
    yield client
    await client.aclose()


@pytest.mark.parametrize(
    ("instance_id", "fields", "parameters"),
    [
        (WORKSTATION, {}, {}),
        (WORKSTATION, {"image_name": "a b~*+&=镜像"}, {"ImageName": "a b~*+&=镜像"}),
        (WORKSTATION, {"description": "two\nlines 😀"}, {"Description": "two\nlines 😀"}),
        (WORKSTATION, {"sub_instance_id": "p-0cc7s3n1l00001"}, {"SubInstanceId": "p-0cc7s3n1l00001"}),
        (WORKSTATION, {"disk_type": "ALL"}, {"DiskType": "ALL"}),
        (DESKTOP, {"disk_type": "SYSTEM"}, {"DiskType": "SYSTEM"}),
        (DESKTOP, {"auto_clean_userdata": True}, {"AutoCleanUserdata": "true"}),
        (DESKTOP, {"auto_clean_userdata": False}, {"AutoCleanUserdata": "false"}),
        (DESKTOP, {"tags": "team=a b"}, {"TagList.1.Key": "team", "TagList.1.Value": "a b"}),
        (
            DESKTOP,
            {"tags": "a=,b=团队"},
            {"TagList.1.Key": "a", "TagList.1.Value": "", "TagList.2.Key": "b", "TagList.2.Value": "团队"},
        ),
    ],
)
async def test_documented_parameter_arrives_as_it_was_asked_for(
    local: LocalCloud, cloud: Cloud, instance_id: str, fields: dict[str, Any], parameters: dict[str, str]
) -> None:
    """Nothing is sent that was not asked for, and every signature holds."""
    await cloud.create_image(image(instance_id, **fields))
    (call,) = local.ledger

    kind = "WuyingServer" if instance_id == WORKSTATION else "CloudDesktop"
    assert call.verdict == "ok"
    assert call.parameters == {"InstanceId": instance_id, "InstanceType": kind} | parameters


async def test_parameters_that_are_not_public_are_sent_when_the_operator_says_so(
    local: LocalCloud, cloud: Cloud
) -> None:
    """BizType and ProductType come from settings."""
    await cloud.create_image(image().model_copy(update={"biz_type": 1, "product_type": "WuyingServer"}))
    (call,) = local.ledger

    assert (call.parameters["BizType"], call.parameters["ProductType"]) == ("1", "WuyingServer")


async def test_creation_is_the_clouds_receipt(local: LocalCloud, cloud: Cloud) -> None:
    """Image, version, task and the request id to quote to support."""
    made = await cloud.create_image(image())
    (call,) = local.ledger
    data = call.response["Data"]

    assert (made.image_id, made.version_id, made.task_id) == (
        data["ImageId"],
        data["VersionId"],
        data["TaskId"],
    )
    assert made.cloud_request_id == call.request_id


async def test_image_is_seen_growing(local: LocalCloud, cloud: Cloud) -> None:
    """ListImage is the completion signal; progress is in percent."""
    made = await cloud.create_image(image(image_name="golden"))
    seen = []
    for _ in range(4):
        found = await cloud.image(made.image_id)
        assert found is not None
        seen.append((found.status, found.progress))
        local.clock.advance(45)

    assert seen == [
        (ImageStatus.INIT, 0),
        (ImageStatus.CREATING, 45),
        (ImageStatus.CREATING, 90),
        (ImageStatus.AVAILABLE, 100),
    ]


async def test_image_that_could_not_be_made_ends_as_failed(local: LocalCloud, cloud: Cloud) -> None:
    """The call succeeds, the image does not."""
    local.faults.add(Kind.CREATION_FAILS)
    made = await cloud.create_image(image())
    local.clock.advance(100)
    found = await cloud.image(made.image_id)

    assert found is not None
    assert found.status is ImageStatus.CREATE_FAILED


async def test_image_that_the_cloud_does_not_know_is_none(cloud: Cloud) -> None:
    """Not an error: a listing lags."""
    assert await cloud.image("imgc-nope") is None


@pytest.mark.parametrize("name", ["golden", "renamed", None])
async def test_image_is_found_by_the_marker_in_its_description(
    local: LocalCloud, cloud: Cloud, name: str | None
) -> None:
    """With its name, without, and when the name no longer fits."""
    made = await cloud.create_image(image(image_name="golden", description="nice\n[req-7] asked by A"))
    found = await cloud.find_image("[req-7]", name)

    assert found is not None
    assert found.image_id == made.image_id
    assert await cloud.find_image("[req-8]", name) is None
    assert {call.verdict for call in local.ledger} == {"ok"}


async def test_newest_image_with_the_marker_is_the_one(local: LocalCloud, cloud: Cloud) -> None:
    """Should there ever be two."""
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    parameters = {"InstanceId": WORKSTATION, "Description": "[req-7]"}
    newest = local.images.begin(parameters, moment + timedelta(hours=1), fails=False)
    local.images.begin(parameters, moment, fails=False)
    found = await cloud.find_image("[req-7]", None)

    assert found is not None
    assert found.image_id == newest.image_id


async def test_image_is_found_on_any_page(local: LocalCloud, cloud: Cloud) -> None:
    """250 images are three pages, newest first; the marker is on the oldest."""
    for number in range(250):
        description = "[req-7]" if number == 0 else ""
        local.images.begin({"InstanceId": "ws-1", "Description": description}, datetime.now(UTC), fails=False)

    assert await cloud.find_image("[req-7]", None) is not None
    assert len(local.ledger) == 3


async def test_lagging_listing_shows_an_image_only_later(local: LocalCloud, cloud: Cloud) -> None:
    """That nothing is found does not yet mean that nothing was made."""
    local.images.lag = 60.0
    made = await cloud.create_image(image(description="[req-7]"))
    before = (await cloud.image(made.image_id), await cloud.find_image("[req-7]", None))
    local.clock.advance(60)
    after = await cloud.find_image("[req-7]", None)

    assert before == (None, None)
    assert after is not None


@pytest.mark.parametrize(
    ("instance_id", "state", "text", "sessions"),
    [
        (WORKSTATION, InstanceState.STOPPED, "STOPPED", ("p-0cc7s3n1l00001",)),
        ("ws-0buj1s9gm000002", InstanceState.RUNNING, "RUNNING", ("p-0cc7s3n1l00002", "p-0cc7s3n1l00003")),
        (DESKTOP, InstanceState.STOPPED, "Stopped", ()),
        ("ecd-7w78ozhjcwa3u0002", InstanceState.RUNNING, "Running", ()),
        ("ecd-7w78ozhjcwa3u0003", InstanceState.OTHER, "Stopped, Hibernated", ()),
    ],
)
async def test_instance_tells_whether_it_is_stopped(
    cloud: Cloud, instance_id: str, state: InstanceState, text: str, sessions: tuple[str, ...]
) -> None:
    """ListWuyingServer for workstations, ecd DescribeDesktops for desktops; hibernated is not stopped."""
    found = await cloud.instance(image(instance_id))

    assert found is not None
    assert (found.instance_id, found.state, found.state_text) == (instance_id, state, text)
    assert found.sub_instances == sessions
    assert found.name


async def test_state_that_no_page_lists_is_not_known_to_be_stopped(local: LocalCloud, cloud: Cloud) -> None:
    """No states of workstations are published."""
    local.instances.set_state(WORKSTATION, "HIBERNATING")
    found = await cloud.instance(image())

    assert found is not None
    assert (found.state, found.state_text) == (InstanceState.OTHER, "HIBERNATING")


@pytest.mark.parametrize("instance_id", ["ws-nope", "ecd-nope"])
async def test_instance_that_the_cloud_does_not_know_is_none(cloud: Cloud, instance_id: str) -> None:
    """It may live in another region."""
    assert await cloud.instance(image(instance_id)) is None


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


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.SLOW, Kind.CREATION_FAILS)])
async def test_fault_of_a_reading_call_is_got_over(local: LocalCloud, kind: Kind) -> None:
    """Reading is safe to send again: two bad answers, then a good one."""
    local.faults.add(kind, "ListImage", times=2)
    pauses: list[float] = []
    seconds = 0.9 if kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER) else 30.0
    client = client_with_pause(local, seconds, pauses.append)
    body = await client.call(local.url, LIST, {})
    await client.aclose()

    assert body["Count"] == 0
    assert pauses == [0.5, 1.0]
    assert [call.verdict for call in local.ledger] == ["ok"] * 3


def client_with_pause(local: LocalCloud, seconds: float, pause: Callable[[float], object]) -> Client:
    """A client that writes its pauses down instead of making them."""

    async def paused(length: float) -> None:
        pause(length)

    keys = Keys(local.account.access_key_id, local.account.access_key_secret)
    return Client(FixedKeys(keys), seconds=seconds, proxies=False, pause=paused)


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

    async def keys(self) -> Keys:
        """Fail."""
        raise CloudCredentials("credentials")


@pytest.mark.parametrize(
    "ask",
    [
        lambda cloud: cloud.create_image(image()),
        lambda cloud: cloud.image("imgc-1"),
        lambda cloud: cloud.instance(image()),
        lambda cloud: cloud.find_image("x", None),
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
