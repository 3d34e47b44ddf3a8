"""The form: what it asks, and that it reads back what was put in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.approvals import QuorumSlot, Rule
from bot.domain.image import DiskType, InstanceType
from bot.domain.request import InstanceState
from handlers.draft import Draft
from handlers.i18n import Translations
from handlers.views import form, form_state, reasons
from handlers.views.form import FormFacts
from handlers.views.form_fields import usual_name
from tests.fakes import request
from tests.machines import machine

WORDS = Translations.read().for_locale()
ALWAYS = ["instance_id", "reason", "image_name", "disk_type", "start_at", "regions"]
BEHIND = ["description", "tags", "notify"]
MORE = FormFacts(more=True)


def blocks(draft: Draft, facts: FormFacts | None = None) -> dict[str, dict[str, Any]]:
    """The form's fields by their block ids."""
    view = form.build(draft, WORDS, facts)
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize(
    ("fields", "facts", "more"),
    [
        pytest.param({}, FormFacts(), [], id="nothing is known"),
        pytest.param({"instance_id": "ecd-1"}, FormFacts(), ["auto_clean_userdata"], id="a desktop"),
        pytest.param({"instance_id": "ws-1"}, FormFacts(), [], id="a workstation"),
        pytest.param({"instance_id": "aig-1"}, FormFacts(), ["instance_type"], id="an ID that tells no type"),
        pytest.param(
            {"instance_id": "aig-1", "instance_type": "clouddesktop"},
            FormFacts(),
            ["instance_type", "auto_clean_userdata"],
            id="a type in any case",
        ),
        pytest.param({}, MORE, ["instance_type", *BEHIND], id="more options"),
        pytest.param(
            {"instance_id": "ws-1"},
            MORE,
            ["instance_type", "sub_instance_id", *BEHIND],
            id="more of a workstation",
        ),
        pytest.param(
            {}, FormFacts(machine(state=InstanceState.RUNNING)), ["stop_first"], id="a machine that runs"
        ),
        pytest.param({}, FormFacts(machine()), [], id="one session is filled in"),
        pytest.param(
            {}, FormFacts(machine(sessions=("p-1", "p-2"))), ["sub_instance_id"], id="several are asked for"
        ),
        pytest.param({"tags": "a=1"}, FormFacts(), ["instance_type", *BEHIND], id="what was said is shown"),
    ],
)
def test_the_form_asks_what_the_machine_needs(
    fields: dict[str, str], facts: FormFacts, more: list[str]
) -> None:
    """The rest is behind a button."""
    assert set(blocks(Draft(fields), facts)) == {*ALWAYS, *more}


def test_every_element_is_called_value_and_only_the_machine_and_its_type_tell_of_changes() -> None:
    """As the contract has it."""
    fields = blocks(Draft({"instance_id": "ecd-1"}), MORE)

    assert {block["element"]["action_id"] for block in fields.values()} == {"value"}
    watched = [name for name, block in fields.items() if block.get("dispatch_action")]
    assert watched == ["instance_id", "instance_type"]


@pytest.mark.parametrize(
    ("facts", "required"),
    [
        (FormFacts(), ["instance_id"]),
        (FormFacts(rule=Rule(name="why", requester_reason_required=True)), ["instance_id", "reason"]),
        (FormFacts(machine(sessions=("p-1", "p-2"))), ["instance_id", "sub_instance_id"]),
    ],
)
def test_only_what_has_no_default_has_to_be_given(facts: FormFacts, required: list[str]) -> None:
    """The machine; a reason where the rule asks for one; which of several sessions."""
    assert [name for name, block in blocks(Draft(), facts).items() if not block["optional"]] == required


def test_the_machine_is_shown_by_name_and_its_name_and_disks_are_filled_in() -> None:
    """Anybody who opens the form sees what will be sent."""
    found = machine(state=InstanceState.RUNNING, users=("sam",))
    facts = FormFacts(found, disks=DiskType.SYSTEM, name="design-station-2026-11-25")
    view, fields = form.build(Draft(), WORDS, facts), blocks(Draft(), facts)

    chosen = fields["instance_id"]["element"]["initial_option"]
    assert (chosen["text"]["text"], chosen["value"]) == (
        "design-station · Windows · running",
        found.instance_id,
    )
    assert fields["image_name"]["element"]["initial_value"] == "design-station-2026-11-25"
    assert fields["disk_type"]["element"]["initial_option"]["value"] == "SYSTEM"
    assert "Workstation · Windows · running · connected: sam" in view["blocks"][1]["elements"][0]["text"]
    assert form.filled_in(view["private_metadata"]) == ("design-station-2026-11-25", "")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            Rule(name="r", quorum=(QuorumSlot(usergroups=frozenset({"S0OPS"})),), expires=4 * 3600),
            "Needs approval from one of S0OPS. Expires after 4 hours.",
        ),
        (Rule(name="r"), "Needs approval from one approver. Expires after 24 hours."),
        (Rule(name="r", quorum=()), "No approval needed. We start right away."),
    ],
)
def test_the_last_line_says_who_will_be_asked_and_for_how_long(rule: Rule, told: str) -> None:
    """Nobody is pinged by it."""
    last = form.build(Draft(), WORDS, FormFacts(rule=rule))["blocks"][-1]

    assert last["elements"][0]["text"] == told


def test_a_name_is_the_machines_and_the_day_on_the_persons_wall() -> None:
    """Whatever the machine is called, the name fits."""
    day = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

    assert usual_name(machine(), day) == "design-station-2026-11-25"
    assert len(usual_name(machine(name="x" * 900), day)) == 256


def test_leaving_out_user_data_is_warned_of_under_the_box() -> None:
    """No dialogue: whether Slack takes one in an input block is not known, and it refuses a view whole."""
    view = form.build(Draft({"instance_id": "ecd-1"}), WORDS)
    at = [block.get("block_id") for block in view["blocks"]].index("auto_clean_userdata")

    assert "confirm" not in view["blocks"][at]["element"]
    assert "can't be restored" in view["blocks"][at]["hint"]["text"]


def test_parameters_that_are_not_public_are_offered_to_nobody() -> None:
    """BizType and ProductType are the operator's."""
    assert not {"biz_type", "product_type"} & set(blocks(Draft({"biz_type": "1", "product_type": "x"})))


def as_state(draft: Draft) -> dict[str, Any]:
    """What Slack sends of a form that was opened and submitted untouched."""
    state: dict[str, Any] = {}
    for name, block in blocks(draft, MORE).items():
        element = block["element"]
        shapes: dict[str, dict[str, Any]] = {
            "plain_text_input": {"value": element.get("initial_value")},
            "static_select": {"selected_option": element.get("initial_option")},
            "external_select": {"selected_option": element.get("initial_option")},
            "radio_buttons": {"selected_option": element.get("initial_option")},
            "datetimepicker": {"selected_date_time": element.get("initial_date_time")},
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
        pytest.param(Draft(start_at=1795300000.0), Draft(start_at=1795300000.0), id="a start"),
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
    fields = {"disk_type": "ALL"} | dict(read.fields) | ({"instance_type": kind.value} if kind else {})
    if kind is InstanceType.CLOUD_DESKTOP:
        fields.setdefault("auto_clean_userdata", False)

    assert form_state.read(as_state(typed)) == replace(read, fields=fields)


@pytest.mark.parametrize(
    "state",
    [
        {"instance_id": None},
        {"instance_id": {"value": {"selected_option": {"value": "-"}}}},
        {"start_at": {"value": {"selected_date_time": "soon"}}},
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
    assert form_state.read(state) == Draft()


@pytest.mark.parametrize("at", [-(10**400), -1, 10**11, 10**400])
def test_a_start_that_no_clock_shows_is_one_to_refuse(at: int) -> None:
    """Left out, the image would be made at once."""
    start = form_state.read({"start_at": {"value": {"selected_date_time": at}}}).start_at

    assert start in (0.0, form_state.LATEST)


def test_the_form_for_a_reason_reads_back_its_ids_and_the_reason() -> None:
    """Build and parse are one here too."""
    view = reasons.build(reasons.REJECT, request(id="r-1"), WORDS)
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

    draft = form_state.read(state)

    assert (draft.stop_first, draft.regions) == (True, regions)
    assert blocks(draft)["stop_first"]["element"]["initial_options"][0]["value"] == "true"


LISTED = ("ap-southeast-1", "cn-beijing", "me-new-1")


def test_regions_are_chosen_by_name_and_read_back() -> None:
    """One that nobody has a name for is its ID; one that was asked for before stays to be seen."""
    typed = Draft({"instance_id": "ws-1"}, regions=("cn-beijing", "cn-gone-1", "no region"))
    choice = blocks(typed, FormFacts(regions=LISTED))["regions"]["element"]

    assert [(each["text"]["text"], each["value"]) for each in choice["options"]] == [
        ("Singapore · ap-southeast-1", "ap-southeast-1"),
        ("China (Beijing) · cn-beijing", "cn-beijing"),
        ("me-new-1", "me-new-1"),
        ("cn-gone-1", "cn-gone-1"),
    ]
    chosen = {"type": choice["type"], "selected_options": choice["initial_options"]}
    assert form_state.read({"regions": {"value": chosen}}).regions == ("cn-beijing", "cn-gone-1")


@pytest.mark.parametrize("listed", [None, ()])
def test_regions_that_nobody_can_list_are_typed(listed: tuple[str, ...] | None) -> None:
    """And the field says why."""
    block = blocks(Draft(regions=("cn-beijing",)), FormFacts(regions=listed))["regions"]

    assert (block["element"]["type"], block["element"]["initial_value"]) == ("plain_text_input", "cn-beijing")
    assert "can't list the regions right now" in block["hint"]["text"]
