"""What a person may ask for: each documented parameter, each rule, each thing that can be wrong."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image import (
    ACTION,
    CreateImage,
    DiskType,
    InstanceType,
    Tag,
    default_name,
    is_usual_name,
    parse_image,
)

DESKTOP = {"instance_id": "ecd-7w78ozhjcwa3u0001"}
WORKSTATION = {"instance_id": "ws-0buj1s9gm000001"}


def image(**fields: Any) -> CreateImage:
    """An image that must parse."""
    parsed = parse_image(fields)
    assert isinstance(parsed, CreateImage), parsed
    return parsed


@pytest.mark.parametrize(
    ("parameter", "fields", "field", "value"),
    [
        ("InstanceId", WORKSTATION, "instance_id", "ws-0buj1s9gm000001"),
        (
            "InstanceId",
            {"instance_id": "Aig-2X", "instance_type": "WuyingServer"},
            "instance_id",
            "Aig-2X",
        ),
        (
            "InstanceType",
            {"instance_id": "x-1", "instance_type": "clouddesktop"},
            "instance_type",
            "CloudDesktop",
        ),
        ("SubInstanceId", WORKSTATION | {"sub_instance_id": "p-0cc7"}, "sub_instance_id", "p-0cc7"),
        ("ImageName", WORKSTATION | {"image_name": " golden 镜像 "}, "image_name", "golden 镜像"),
        ("ImageName", WORKSTATION | {"image_name": " "}, "image_name", None),
        ("ImageName", WORKSTATION | {"image_name": "n" * 256}, "image_name", "n" * 256),
        ("Description", WORKSTATION | {"description": "d" * 1024}, "description", "d" * 1024),
        ("Description", WORKSTATION | {"description": "two\nlines"}, "description", "two lines"),
        ("DiskType", WORKSTATION | {"disk_type": "system"}, "disk_type", DiskType.SYSTEM),
        ("AutoCleanUserdata", DESKTOP | {"auto_clean_userdata": "TRUE"}, "auto_clean_userdata", True),
        ("AutoCleanUserdata", DESKTOP | {"auto_clean_userdata": False}, "auto_clean_userdata", False),
        ("AutoCleanUserdata", WORKSTATION | {"auto_clean_userdata": False}, "auto_clean_userdata", None),
        ("TagList", WORKSTATION | {"tags": "a=1, b=2=3\nc=4"}, "tags", "a=1 b=2=3 c=4"),
        ("TagList", WORKSTATION | {"tags": ['"a=1,2"']}, "tags", "a=1,2"),
    ],
)
def test_documented_parameter_is_read(
    parameter: str, fields: dict[str, Any], field: str, value: object
) -> None:
    """Each parameter of the reference page that a person may give, as command and form give it."""
    read = getattr(image(**fields), field)

    assert (" ".join(f"{tag.key}={tag.value}" for tag in read) if field == "tags" else read) == value, (
        parameter
    )


@pytest.mark.parametrize(
    ("instance_id", "told"),
    [
        ("ws-1", InstanceType.WUYING_SERVER),
        ("ecd-1", InstanceType.CLOUD_DESKTOP),
        ("WS-1", InstanceType.WUYING_SERVER),
        ("i-ws-1", None),
        ("ws", None),
    ],
)
def test_prefix_of_the_id_tells_the_type(instance_id: str, told: InstanceType | None) -> None:
    """`ws-` and `ecd-`, in any case; any other id needs the type."""
    parsed = parse_image({"instance_id": instance_id})

    assert told == (parsed.instance_type if isinstance(parsed, CreateImage) else None)
    assert isinstance(
        parse_image({"instance_id": instance_id, "instance_type": told or "WuyingServer"}), CreateImage
    )


def test_nobody_sets_the_parameters_that_are_not_public() -> None:
    """BizType and ProductType in a person's fields are passed over; the operator's are kept."""
    asked = image(**WORKSTATION, biz_type=1, product_type="CloudDesktop", reason="because")
    with_settings = asked.model_copy(update={"biz_type": 10, "product_type": "CloudApp"})

    assert (asked.biz_type, asked.product_type) == (None, None)
    assert (with_settings.biz_type, with_settings.product_type) == (10, "CloudApp")


@given(
    name=st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40),
    keys=st.sets(st.text("abcxyz", min_size=1, max_size=5), max_size=4),
    disk=st.sampled_from([None, "ALL", "SYSTEM"]),
    clean=st.sampled_from([None, True, False]),
)
def test_image_survives_storage(name: str, keys: set[str], disk: str | None, clean: bool | None) -> None:
    """To JSON and back is the same image."""
    asked = image(
        **DESKTOP,
        image_name=name,
        tags=[f"{key}=v" for key in keys],
        disk_type=disk,
        auto_clean_userdata=clean,
    )

    assert CreateImage.model_validate_json(asked.model_dump_json()) == asked


def test_image_cannot_be_changed() -> None:
    """What was approved is what is made."""
    with pytest.raises(ValueError, match="frozen"):
        image(**DESKTOP).instance_id = "ecd-2"  # type: ignore[misc]  # the point of the test


def test_action_and_resource_are_those_of_the_contract() -> None:
    """The resource names region and instance; the account is any."""
    assert ACTION == "appstreaming:CreateImageByInstance"
    assert image(**WORKSTATION).resource("cn-shanghai") == (
        "acs:appstreaming:cn-shanghai:*:instance/ws-0buj1s9gm000001"
    )


def test_context_holds_what_was_asked_for() -> None:
    """Each key of the contract that the image can fill."""
    asked = image(
        **WORKSTATION,
        sub_instance_id="p-1",
        image_name="n",
        disk_type="SYSTEM",
        tags=[Tag(key="env", value="prod")],
    )

    assert asked.context() == {
        "appstreaming:InstanceId": "ws-0buj1s9gm000001",
        "appstreaming:InstanceType": "WuyingServer",
        "appstreaming:SubInstanceId": "p-1",
        "appstreaming:DiskType": "SYSTEM",
        "appstreaming:AutoCleanUserdata": "false",
        "appstreaming:ImageName": "n",
        "acs:RequestTag/env": "prod",
    }


def test_context_holds_the_clouds_defaults_for_what_was_left_out() -> None:
    """A Deny on DiskType ALL must catch the request that leaves DiskType out."""
    assert image(**DESKTOP).context() == {
        "appstreaming:InstanceId": "ecd-7w78ozhjcwa3u0001",
        "appstreaming:InstanceType": "CloudDesktop",
        "appstreaming:DiskType": "ALL",
        "appstreaming:AutoCleanUserdata": "false",
    }


@pytest.mark.parametrize(("clean", "told"), [(True, "true"), (False, "false"), (None, "false")])
def test_context_says_whether_user_data_is_removed(clean: bool | None, told: str) -> None:
    """A Deny on AutoCleanUserdata must catch it."""
    assert image(**DESKTOP, auto_clean_userdata=clean).context()["appstreaming:AutoCleanUserdata"] == told


def test_default_name_says_which_instance_which_day_and_which_request() -> None:
    """Two of one day differ, and the sibling product would take it as well."""
    name = default_name("ws-0buj1s9gm", date(2026, 11, 21), "r-7abcdef")

    assert name == "ws-0buj1s9gm-2026-11-21-7abcdef"
    assert is_usual_name(name)
