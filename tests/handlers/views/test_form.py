"""The form: what it asks, and that it reads back what was put in."""

from typing import Any

import pytest

from bot.domain.image import InstanceType
from handlers.draft import Draft
from handlers.i18n import Translations
from handlers.views import form, reasons

WORDS = Translations.read().for_locale()
ALWAYS = [
    "instance_id",
    "instance_type",
    "image_name",
    "description",
    "disk_type",
    "tags",
    "reason",
    "notify",
    "stop_first",
    "regions",
]


def blocks(draft: Draft) -> dict[str, dict[str, Any]]:
    """The form's fields by their block ids."""
    view = form.build(draft, WORDS)
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        pytest.param({}, set(), id="no type, no fields of a type"),
        pytest.param({"instance_type": "WuyingServer"}, {"sub_instance_id"}, id="a workstation"),
        pytest.param({"instance_type": "CloudDesktop"}, {"auto_clean_userdata"}, id="a cloud desktop"),
        pytest.param({"instance_id": "ws-1"}, {"sub_instance_id"}, id="the id tells a workstation"),
        pytest.param({"instance_id": "ecd-1"}, {"auto_clean_userdata"}, id="the id tells a desktop"),
        pytest.param({"instance_type": "wuyingserver"}, {"sub_instance_id"}, id="in any case"),
        pytest.param({"instance_type": "Toaster"}, set(), id="a type that is none"),
    ],
)
def test_the_form_asks_what_the_type_of_instance_needs(fields: dict[str, str], more: set[str]) -> None:
    """The sub-instance of a workstation, the user data of a cloud desktop."""
    assert set(blocks(Draft(fields))) == {*ALWAYS, *more}


def test_every_element_is_called_value_and_only_the_type_tells_of_changes() -> None:
    """As the contract has it."""
    fields = blocks(Draft({"instance_id": "ecd-1"}))

    assert {block["element"]["action_id"] for block in fields.values()} == {"value"}
    assert [name for name, block in fields.items() if block.get("dispatch_action")] == ["instance_type"]


def test_only_the_instance_has_to_be_given() -> None:
    """Everything else has a default or is for the asking."""
    assert [name for name, block in blocks(Draft()).items() if not block["optional"]] == ["instance_id"]


def test_leaving_out_user_data_is_warned_of_under_the_box() -> None:
    """No dialogue: whether Slack takes one in an input block is not known, and it refuses a view whole."""
    view = form.build(Draft({"instance_id": "ecd-1"}), WORDS)
    at = [block.get("block_id") for block in view["blocks"]].index("auto_clean_userdata")

    assert "confirm" not in view["blocks"][at]["element"]
    assert "User profiles are left out" in view["blocks"][at + 1]["text"]["text"]


def test_parameters_that_are_not_public_are_offered_to_nobody() -> None:
    """BizType and ProductType are the operator's."""
    assert not {"biz_type", "product_type"} & set(blocks(Draft({"biz_type": "1", "product_type": "x"})))


def as_state(draft: Draft) -> dict[str, Any]:
    """What Slack sends of a form that was opened and submitted untouched."""
    state: dict[str, Any] = {}
    for name, block in blocks(draft).items():
        element = block["element"]
        shapes: dict[str, dict[str, Any]] = {
            "plain_text_input": {"value": element.get("initial_value")},
            "static_select": {"selected_option": element.get("initial_option")},
            "checkboxes": {"selected_options": element.get("initial_options", [])},
            "multi_conversations_select": {
                "selected_conversations": element.get("initial_conversations", [])
            },
        }
        state[name] = {"value": {"type": element["type"], **shapes[element["type"]]}}
    return state


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param(Draft(), Draft(), id="nothing"),
        pytest.param(
            Draft(
                {"instance_id": "ws-1", "sub_instance_id": "p-1", "disk_type": "system"}, "why", ("C0AB12",)
            ),
            Draft(
                {"instance_id": "ws-1", "sub_instance_id": "p-1", "disk_type": "SYSTEM"}, "why", ("C0AB12",)
            ),
            id="a workstation",
        ),
        pytest.param(
            Draft({"instance_id": "ecd-1", "auto_clean_userdata": True, "tags": ("a=1", "b=2")}),
            Draft({"instance_id": "ecd-1", "auto_clean_userdata": True, "tags": "a=1\nb=2"}),
            id="a cloud desktop",
        ),
        pytest.param(
            Draft(notify=("#general", "U0BOB")), Draft(), id="what is no channel id cannot be chosen"
        ),
    ],
)
def test_the_form_reads_back_what_it_was_filled_with(typed: Draft, read: Draft) -> None:
    """Build and parse are one."""
    kind = form.type_of(typed)
    fields = dict(read.fields) | ({"instance_type": kind.value} if kind else {})
    if kind is InstanceType.CLOUD_DESKTOP:
        fields.setdefault("auto_clean_userdata", False)

    assert form.read(as_state(typed)) == Draft(fields, read.reason, read.notify)


@pytest.mark.parametrize(
    "state",
    [
        {"instance_id": None},
        {"instance_id": {"value": None}},
        {"instance_id": {"value": {"value": 7}}},
        {"instance_id": {"other": {"value": "x"}}},
        {"instance_type": {"value": {"selected_option": "x"}}},
        {"notify": {"value": {"selected_conversations": [None, 7, {}]}}},
        {"tags": ["x"]},
    ],
)
def test_state_of_another_shape_is_read_as_nothing(state: dict[str, Any]) -> None:
    """It comes through the client."""
    assert form.read(state) == Draft()


def test_the_form_for_a_reason_reads_back_its_ids_and_the_reason() -> None:
    """Build and parse are one here too."""
    view = reasons.build(reasons.REJECT, "r-1", WORDS)
    state = {"values": {"reason": {"value": {"type": "plain_text_input", "value": " not now "}}}}

    assert reasons.parse({**view, "state": state}) == reasons.Reason("r-1", "not now")


def test_a_view_without_our_metadata_is_about_no_request() -> None:
    """The service then finds none."""
    assert reasons.parse({"private_metadata": '{"request": 7}', "state": None}) == reasons.Reason("", "")


@pytest.mark.parametrize(
    ("typed", "regions"),
    [
        ("cn-beijing, AP-Southeast-1", ("cn-beijing", "ap-southeast-1")),
        ("cn-beijing，cn-shanghai、`cn-beijing`", ("cn-beijing", "cn-shanghai")),
        ("", ()),
    ],
)
def test_regions_are_read_whatever_stands_between_them(typed: str, regions: tuple[str, ...]) -> None:
    """The same as one `--distribute` for each."""
    state = {
        "stop_first": {"value": {"selected_options": [{"value": "true"}]}},
        "regions": {"value": {"value": typed}},
    }

    draft = form.read(state)

    assert (draft.stop_first, draft.regions) == (True, regions)
    assert blocks(draft)["stop_first"]["element"]["initial_options"][0]["value"] == "true"
