"""Forms on the page: every element that a modal can hold is drawn with its label, its value and its error."""

from typing import Any

import pytest

from bot.playground.cast import ALICE, default_cast
from bot.playground.page.drawing import Drawing
from bot.playground.slack import LocalSlack, View
from bot.playground.slack.inputs import STATE_KEYS
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

OPTIONS = [{"text": {"type": "plain_text", "text": f"Option {n}"}, "value": f"v{n}"} for n in range(3)]
NOT_DRAWN = ("rich_text_input", "file_input", "multi_external_select")
"""What the bot does not use; the page says so instead of leaving a blank."""

HELD: dict[str, tuple[dict[str, Any], str]] = {
    "plain_text_input": ({"initial_value": "typed"}, 'value="typed"'),
    "email_text_input": ({"initial_value": "a@b.example"}, 'value="a@b.example"'),
    "url_text_input": ({"initial_value": "https://b.example"}, 'value="https://b.example"'),
    "number_input": ({"initial_value": "7", "is_decimal_allowed": False}, 'value="7"'),
    "datepicker": ({"initial_date": "2026-11-21"}, 'type="date" value="2026-11-21"'),
    "timepicker": ({"initial_time": "12:30"}, 'type="time" value="12:30"'),
    "datetimepicker": ({"initial_date_time": 1795300000}, 'type="datetime-local" value="2026-11-21T23:26"'),
    "static_select": ({"options": OPTIONS, "initial_option": OPTIONS[1]}, 'value="v1" selected'),
    "external_select": ({"initial_option": OPTIONS[1]}, 'data-chosen="v1"'),
    "radio_buttons": ({"options": OPTIONS, "initial_option": OPTIONS[1]}, 'value="v1" checked'),
    "checkboxes": ({"options": OPTIONS, "initial_options": OPTIONS[1:2]}, 'value="v1" checked'),
    "multi_static_select": ({"options": OPTIONS, "initial_options": OPTIONS[2:]}, 'value="v2" checked'),
    "users_select": ({"initial_user": "U0BOB"}, 'value="U0BOB" selected'),
    "multi_users_select": ({"initial_users": ["U0BOB"]}, 'value="U0BOB" checked'),
    "conversations_select": ({"initial_conversation": "C0IMAGES"}, 'value="C0IMAGES" selected'),
    "multi_conversations_select": ({"initial_conversations": ["C0IMAGES"]}, 'value="C0IMAGES" checked'),
    "channels_select": ({"initial_channel": "C0IMAGES"}, 'value="C0IMAGES" selected'),
    "multi_channels_select": ({"initial_channels": ["C0IMAGES"]}, 'value="C0IMAGES" checked'),
}


@pytest.fixture
def workspace() -> Workspace:
    """The playground's own people and channels."""
    cast = default_cast()
    return LocalSlack(cast.people, cast.channels, cast.usergroups).workspace


def opened(workspace: Workspace, element: JsonObject, **block: object) -> View:
    """A form with one field, open before Alice."""
    label = {"type": "plain_text", "text": "The field"}
    field = {"type": "input", "block_id": "field", "label": label, "element": element, **block}
    title = {"type": "plain_text", "text": "Form"}
    return workspace.surfaces.open(
        ALICE, {"type": "modal", "title": title, "submit": title, "blocks": [field]}
    )


def test_every_element_is_in_the_table_or_said_not_to_be_drawn() -> None:
    """An element that the local Slack learns has to be thought of here."""
    assert {*HELD, *NOT_DRAWN} == STATE_KEYS.keys()


@pytest.mark.parametrize(("kind", "settings", "shown"), [(kind, *row) for kind, row in HELD.items()])
def test_an_element_shows_its_label_and_what_it_holds(
    kind: str, settings: dict[str, Any], shown: str, workspace: Workspace
) -> None:
    """As Slack draws it, with the browser's own controls."""
    view = opened(workspace, {"type": kind, "action_id": "value", **settings})

    html = Drawing(workspace).modal(view, ALICE, {})

    assert shown in html
    assert "The field" in html
    assert 'data-do="change"' in html
    assert "not drawn" not in html


@pytest.mark.parametrize("kind", NOT_DRAWN)
def test_an_element_that_cannot_be_drawn_says_so(kind: str, workspace: Workspace) -> None:
    """Never a blank."""
    html = Drawing(workspace).modal(opened(workspace, {"type": kind, "action_id": "value"}), ALICE, {})

    assert f"not drawn: <code>{kind}</code>" in html


def test_an_error_stands_under_its_field_and_is_read_out_with_it(workspace: Workspace) -> None:
    """By `aria-describedby`; so is the hint."""
    hint = {"type": "plain_text", "text": "Letters only"}
    view = opened(workspace, {"type": "plain_text_input", "action_id": "value"}, hint=hint, optional=True)

    html = Drawing(workspace).modal(view, ALICE, {"field": "No such <thing>."})

    field = f"v{view.id}-field"
    assert f'aria-describedby="{field}-error {field}-hint"' in html
    assert f'<p class="error" id="{field}-error" role="alert">No such &lt;thing&gt;.</p>' in html
    assert f'<label class="label" for="{field}">' in html
    assert "(optional)" in html
    assert 'aria-invalid="true"' in html


def test_what_a_person_typed_is_never_markup(workspace: Workspace) -> None:
    """Quotes and angle brackets stay inside the value."""
    element = {"type": "plain_text_input", "action_id": "value", "initial_value": '"><script>x</script>'}

    assert "<script>" not in Drawing(workspace).modal(opened(workspace, element), ALICE, {})


def test_option_groups_are_offered_in_one_menu(workspace: Workspace) -> None:
    """Every group's options are there."""
    label = {"type": "plain_text", "text": "Group"}
    groups = [{"label": label, "options": OPTIONS[:1]}, {"label": label, "options": OPTIONS[1:]}]
    view = opened(workspace, {"type": "static_select", "action_id": "value", "option_groups": groups})

    html = Drawing(workspace).modal(view, ALICE, {})

    assert [f'value="v{n}"' in html for n in range(3)] == [True] * 3
