"""What the allowlist is asked, by the running bot and by `simulate` alike."""

import pytest

from bot.allowlist import access_request
from bot.domain.image import parse_image
from bot.domain.vocabulary import (
    ACTIONS,
    CREATE,
    DISTRIBUTE,
    READ,
    Action,
    Deployment,
    condition_key,
    defaults,
)

HERE = Deployment("cn-shanghai")


@pytest.mark.parametrize("action", [action.name for action in ACTIONS.values()])
def test_what_nobody_said_is_filled_in_with_every_action(action: str) -> None:
    assert access_request(action, {}, HERE).context == {
        "appstreaming:DiskType": "ALL",
        "appstreaming:AutoCleanUserdata": "false",
        "imagebot:StopFirst": "false",
    }


def test_what_was_said_stays_in_any_case_of_its_key() -> None:
    said = {"appstreaming:disktype": ["SYSTEM"], "IMAGEBOT:StopFirst": "true"}

    assert access_request(CREATE, said, HERE).context == {**said, "appstreaming:AutoCleanUserdata": "false"}


def test_nothing_is_filled_in_with_an_action_of_others() -> None:
    assert access_request("oss:Get", {"a:B": "c"}, HERE).context == {"a:B": "c"}
    assert list(defaults("oss:Get")) == []


@pytest.mark.parametrize(
    ("action", "facts", "resource"),
    [
        (CREATE, {"appstreaming:InstanceId": "ws-1"}, "acs:appstreaming:cn-shanghai:7:instance/ws-1"),
        (
            CREATE.upper(),
            {"APPSTREAMING:instanceid": ["ws-1"]},
            "acs:appstreaming:cn-shanghai:7:instance/ws-1",
        ),
        (READ, {"appstreaming:InstanceId": "ecd-1"}, "acs:appstreaming:cn-shanghai:7:instance/ecd-1"),
        (READ, {}, "*"),
        (CREATE, {"appstreaming:InstanceId": []}, "*"),
        (DISTRIBUTE, {}, "acs:appstreaming:cn-shanghai:7:image/*"),
        ("oss:Get", {"appstreaming:InstanceId": "ws-1"}, "*"),
    ],
)
def test_the_resource_is_the_one_that_the_action_is_about(
    action: str, facts: dict[str, str | list[str]], resource: str
) -> None:
    assert access_request(action, facts, Deployment("cn-shanghai", "7")).resource == resource


def test_a_resource_that_is_given_stays() -> None:
    assert access_request(CREATE, {"appstreaming:InstanceId": "ws-1"}, HERE, "acs:x").resource == "acs:x"


def test_an_account_and_a_region_that_are_not_known_are_stars() -> None:
    asked = access_request(CREATE, {"appstreaming:InstanceId": "ws-1"}, Deployment())

    assert asked.resource == "acs:appstreaming:*:*:instance/ws-1"


def test_an_image_is_asked_for_as_its_own_context_and_resource_say() -> None:
    image = parse_image({"instance_id": "ws-1", "image_name": "golden", "tags": "team=a"})
    assert not isinstance(image, list)
    asked = access_request(CREATE, image.context(), HERE)

    assert asked.resource == image.resource("cn-shanghai")
    assert asked.context == {**image.context(), "imagebot:StopFirst": "false"}
    assert all(condition_key(key) in ACTIONS[CREATE.lower()].keys for key in asked.context)


def test_the_bot_asks_about_what_it_calls_and_about_what_people_do_to_requests() -> None:
    assert {action.name for action in ACTIONS.values()} == {
        "appstreaming:CreateImageByInstance",
        "appstreaming:StartTaskForDistributeImage",
        "appstreaming:StopWuyingServer",
        "ecd:StopDesktops",
        "imagebot:ApproveImageRequest",
        "imagebot:BypassApproval",
        "imagebot:CancelImageRequest",
        "imagebot:ReadRequests",
    }


@pytest.mark.parametrize("action", ACTIONS.values())
def test_every_action_is_asked_about_with_who_asks_when_and_where(action: Action) -> None:
    """And what is done to somebody's request with who asked for it."""
    keys = {key.name for key in action.keys}
    assert keys >= {"acs:CurrentTime", "slack:UserId", "slack:TeamId", "slack:ChannelId"}
    assert ("imagebot:RequesterId" in keys) is action.name.startswith("imagebot:")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ACS:requesttag/Team", "acs:RequestTag/<key>"),
        ("appstreaming:disktype", "appstreaming:DiskType"),
        ("acs:RequestTag/", None),
        ("acs:SourceIp", None),
    ],
)
def test_a_condition_key_is_found_in_any_case(name: str, key: str | None) -> None:
    found = condition_key(name)

    assert (found.name if found else None) == key
