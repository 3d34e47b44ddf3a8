"""Modals at the local Slack: opened, updated, filled in, submitted and dismissed."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    LocalSlack,
    Person,
)
from bot.playground.slack.delivery import Ack
from bot.playground.slack.inputs import NoSuchOptionError
from tests.playground.slack.people.acting import (
    ALICE,
    BOB,
    KINDS,
    NAME,
    TEXT,
    C,
    Clock,
    Json,
    Script,
    error,
    field,
    modal,
    opened,
    option,
)


@pytest.mark.parametrize(
    ("seconds", "spent", "code"),
    [
        (0, True, "exchanged_trigger_id"),
        (3.5, False, "expired_trigger_id"),
        (None, False, "invalid_trigger_id"),
    ],
)
async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: LocalSlack, client: AsyncWebClient, clock: Clock, seconds: float | None, spent: bool, code: str
) -> None:
    """One code for each way to miss it."""
    trigger = slack.workspace.triggers.issue(ALICE)
    if spent:
        await client.views_open(trigger_id=trigger, view=modal())
    clock.now += seconds or 0

    assert (
        await error(
            client, "views.open", trigger_id=trigger if seconds is not None else "1.2.3", view=modal()
        )
        == code
    )


async def test_three_views_stack_and_no_more(
    slack: LocalSlack, client: AsyncWebClient, alice: Person
) -> None:
    """``push_limit_reached``; closing goes back one by one."""
    root = await opened(slack, client, modal())
    for _ in range(2):
        trigger = slack.workspace.triggers.issue(ALICE)
        pushed = await client.views_push(trigger_id=trigger, view=modal())
    trigger = slack.workspace.triggers.issue(ALICE)

    assert await error(client, "views.push", trigger_id=trigger, view=modal()) == "push_limit_reached"
    assert (pushed["view"]["root_view_id"], len(slack.workspace.surfaces.stack(ALICE))) == (root["id"], 3)

    await alice.close()
    await alice.close()

    assert alice.modal is not None
    assert alice.modal.id == root["id"]


async def test_an_update_needs_the_newest_hash(slack: LocalSlack, client: AsyncWebClient) -> None:
    """``hash_conflict`` otherwise; without a hash it is done."""
    first = await opened(slack, client, modal())
    await client.views_update(view_id=first["id"], hash=first["hash"], view=modal(NAME))
    stale = await error(client, "views.update", view_id=first["id"], hash=first["hash"], view=modal())

    assert stale == "hash_conflict"
    assert (await client.views_update(view_id=first["id"], view=modal()))["ok"]
    assert await error(client, "views.update", view_id="V0NONE", view=modal()) == "not_found"


async def test_an_external_id_belongs_to_one_view(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And finds it."""
    await opened(slack, client, modal(external_id="mine"))
    trigger = slack.workspace.triggers.issue(BOB)
    taken = await error(client, "views.open", trigger_id=trigger, view=modal(external_id="mine"))
    found = await client.views_update(external_id="mine", view=modal(NAME, external_id="mine"))

    assert taken == "duplicate_external_id"
    assert len(found["view"]["blocks"]) == 1


async def test_what_was_typed_stays_when_ids_stay(
    slack: LocalSlack, client: AsyncWebClient, alice: Person
) -> None:
    """A choice that is no longer offered is reset; so is one under another block_id."""
    view = await opened(slack, client, modal(NAME, field("kind", KINDS)))
    alice.fill({"name": "typed", "kind": "b"})
    fewer = field("kind", {**KINDS, "options": [option("a")]})
    kept = await client.views_update(view_id=view["id"], view=modal(NAME, fewer))
    renamed = await client.views_update(view_id=view["id"], view=modal(field("name2", TEXT)))

    assert kept["view"]["state"]["values"]["name"]["value"]["value"] == "typed"
    assert kept["view"]["state"]["values"]["kind"]["value"]["selected_option"] is None
    assert renamed["view"]["state"]["values"] == {
        "name2": {"value": {"type": "plain_text_input", "value": None}}
    }


ENTERED: list[tuple[Json, object, Json]] = [
    (TEXT, "x", {"value": "x"}),
    (TEXT, "", {"value": None}),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, {"value": "7"}),
    (KINDS, "b", {"selected_option": option("b")}),
    (KINDS, None, {"selected_option": None}),
    ({**KINDS, "type": "multi_static_select"}, ["b", "a"], {"selected_options": [option("b"), option("a")]}),
    ({"type": "checkboxes", "options": [option("a")]}, ["a"], {"selected_options": [option("a")]}),
    ({"type": "checkboxes", "options": [option("a")]}, None, {"selected_options": []}),
    ({"type": "radio_buttons", "options": [option("a")]}, "a", {"selected_option": option("a")}),
    ({"type": "datepicker"}, "2026-11-21", {"selected_date": "2026-11-21"}),
    ({"type": "timepicker"}, "22:11", {"selected_time": "22:11"}),
    ({"type": "datetimepicker"}, 1_795_000_000, {"selected_date_time": 1_795_000_000}),
    ({"type": "users_select"}, BOB, {"selected_user": BOB}),
    ({"type": "multi_users_select"}, [BOB], {"selected_users": [BOB]}),
    ({"type": "conversations_select"}, C, {"selected_conversation": C}),
    ({"type": "multi_conversations_select"}, [C], {"selected_conversations": [C]}),
    ({"type": "channels_select"}, C, {"selected_channel": C}),
    ({"type": "multi_channels_select"}, C, {"selected_channels": [C]}),
]


@pytest.mark.parametrize(("element", "value", "state"), ENTERED)
async def test_what_is_entered_stands_in_the_submission_as_slack_writes_it(
    slack: LocalSlack,
    script: Script,
    client: AsyncWebClient,
    alice: Person,
    element: Json,
    value: object,
    state: Json,
) -> None:
    """Per element type."""
    await opened(slack, client, modal(field("f", element, optional=True)))
    await alice.fill({"f": value}).submit()
    payload = script.sent[0]

    assert payload["type"] == "view_submission"
    assert payload["view"]["state"]["values"]["f"]["value"] == {"type": element["type"], **state}


async def test_an_option_that_is_not_offered_cannot_be_chosen(
    slack: LocalSlack, client: AsyncWebClient, alice: Person
) -> None:
    """The error lists what is."""
    await opened(slack, client, modal(field("kind", KINDS)))
    with pytest.raises(NoSuchOptionError, match="only a, b"):
        alice.fill({"kind": "c"})


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        (TEXT, None, "complete this required field"),
        ({**TEXT, "min_length": 3}, "ab", "at least 3"),
        ({**TEXT, "max_length": 3}, "abcd", "no more than 3"),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "url_text_input"}, "nowhere", "valid URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "1"}, "1.5", "within the range"),
        (KINDS, None, "complete this required field"),
        ({"type": "checkboxes", "options": [option("a")]}, None, "complete this required field"),
    ],
)
async def test_slacks_client_stops_a_form_that_is_not_filled_in(
    slack: LocalSlack,
    script: Script,
    client: AsyncWebClient,
    alice: Person,
    element: Json,
    value: object,
    complaint: str,
) -> None:
    """The app isn't told."""
    await opened(slack, client, modal(field("f", element)))
    submission = await alice.fill({"f": value}).submit()

    assert (submission.outcome, submission.sent, script.sent) == ("errors", False, [])
    assert complaint in submission.errors["f"]


@pytest.mark.parametrize(
    ("ack", "outcome", "open_views"),
    [
        (Ack(), "closed", 1),
        (Ack({"response_action": "clear"}), "cleared", 0),
        (Ack({"response_action": "errors", "errors": {"name": "No."}}), "errors", 2),
        (Ack({"response_action": "update", "view": modal()}), "updated", 2),
        (Ack({"response_action": "push", "view": modal()}), "pushed", 3),
        (Ack({"response_action": "errors", "errors": {"other": "No."}}), "failed", 2),
        (Ack({"response_action": "errors", "errors": {}}), "failed", 2),
        (Ack({"response_action": "update", "view": {"type": "modal"}}), "failed", 2),
        (Ack({"response_action": "dance"}), "failed", 2),
        (Ack(error="operation_timeout"), "failed", 2),
    ],
)
async def test_a_submission_ends_as_the_app_answers(
    slack: LocalSlack,
    script: Script,
    client: AsyncWebClient,
    alice: Person,
    ack: Ack,
    outcome: str,
    open_views: int,
) -> None:
    """An answer that Slack would not take leaves the form open."""
    await opened(slack, client, modal())
    await client.views_push(trigger_id=slack.workspace.triggers.issue(ALICE), view=modal(NAME))
    script.acks = [ack]
    submission = await alice.fill({"name": "x"}).submit()

    assert submission.outcome == outcome
    assert len(slack.workspace.surfaces.stack(ALICE)) == open_views


@pytest.mark.parametrize(
    ("ack", "outcome"), [(Ack(), "closed"), (Ack({"response_action": "update", "view": modal()}), "failed")]
)
async def test_a_modal_that_is_gone_before_the_app_answers_stays_gone(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person, ack: Ack, outcome: str
) -> None:
    """Nothing is left to update."""
    await opened(slack, client, modal(NAME))
    script.meanwhile = lambda: slack.workspace.surfaces.close(ALICE)
    script.acks = [ack]

    assert (await alice.fill({"name": "x"}).submit()).outcome == outcome
    assert slack.workspace.surfaces.stack(ALICE) == []


async def test_a_dismissed_modal_is_told_when_asked(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """``view_closed`` with ``notify_on_close`` only."""
    await opened(slack, client, modal())
    await alice.close()
    await opened(slack, client, modal(notify_on_close=True))
    await alice.close(all_views=True)

    assert [(p["type"], p["is_cleared"]) for p in script.sent] == [("view_closed", True)]
