"""Whatever an app sends, the local Slack answers in Slack's words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.slack import App, Channel, User, Usergroup
from bot.playground.slack.blocks import check_blocks, check_options, check_view, with_ids
from bot.playground.slack.blocks.elements import ELEMENTS
from bot.playground.slack.blocks.kinds import BLOCKS
from bot.playground.slack.ids import Ids
from bot.playground.slack.inputs import STATE_KEYS, initial_values
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.methods import METHODS
from bot.playground.slack.wire import ApiError
from bot.playground.slack.workspace import Workspace

C, ALICE = "C0IMAGES", "U0ALICE"
WORDS = [
    "type",
    "text",
    "blocks",
    "elements",
    "element",
    "options",
    "value",
    "title",
    "label",
    "rows",
    "tasks",
]
HALF_A_CHARACTER = "\ud83d"
TYPES = [*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn", "modal", "home"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.sampled_from([*TYPES, HALF_A_CHARACTER]),
)
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=5))


def _containers(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(inside, max_size=4), st.dictionaries(KEYS, inside, max_size=5))


ANYTHING = st.recursive(SCALARS, _containers, max_leaves=15)
NEAR_BLOCK = st.dictionaries(KEYS, ANYTHING, max_size=5).flatmap(
    lambda body: st.sampled_from(sorted(BLOCKS)).map(lambda kind: {**body, "type": kind})
)
TEXT = st.text(min_size=1, max_size=20).map(lambda text: {"type": "plain_text", "text": text})
FIELD = st.builds(
    lambda label, kind: {"type": "input", "label": label, "element": {"type": kind}},
    TEXT,
    st.sampled_from(["plain_text_input", "datepicker", "users_select", "multi_users_select"]),
)
ARGUMENTS = [
    "attachments",
    "blocks",
    "bot",
    "channel",
    "cursor",
    "email",
    "exclude_archived",
    "external_id",
    "hash",
    "include_users",
    "inclusive",
    "latest",
    "limit",
    "markdown_text",
    "message_ts",
    "metadata",
    "name",
    "oldest",
    "reply_broadcast",
    "team",
    "text",
    "thread_ts",
    "timestamp",
    "trigger_id",
    "ts",
    "types",
    "user",
    "user_id",
    "usergroup",
    "users",
    "view",
    "view_id",
]
VALUES = st.one_of(st.sampled_from([C, ALICE, "S0OPS"]), ANYTHING, ANYTHING.map(json.dumps))
SECTION = st.builds(lambda text: {"type": "section", "text": text}, TEXT)


def workspace() -> Workspace:
    """One person, one channel, one usergroup, at a time that stands still."""
    people, groups = [User(ALICE)], [Usergroup("S0OPS", "ops")]
    return Workspace(App(), people, [Channel(C, "images")], groups, lambda: 1_763_764_306.0)


@given(st.one_of(NEAR_BLOCK, ANYTHING), st.sampled_from(["message", "modal", "home"]))
@settings(max_examples=150, deadline=None)
def test_any_json_in_place_of_blocks_gives_hints_or_is_taken(value: object, surface: str) -> None:
    """Never an exception."""
    assert isinstance(check_blocks([value], surface, "/blocks"), list)
    assert isinstance(check_view({"type": "modal", "title": value, "blocks": [value]}), list)
    assert isinstance(check_options(value), list)


@given(st.lists(st.one_of(SECTION, FIELD, NEAR_BLOCK), max_size=4))
@settings(max_examples=150, deadline=None)
def test_blocks_that_are_taken_have_ids_and_a_state(blocks: list[dict[str, Any]]) -> None:
    """Filled in once, they stay, and they are still taken."""
    if check_blocks(blocks, "message", "/blocks"):
        return
    ids = Ids(lambda: 0.0)
    filled = with_ids(blocks, ids)
    fields = [block["element"] for block in filled if block["type"] == "input"]

    assert check_blocks(filled, "message", "/blocks") == []
    assert with_ids(filled, ids) == filled
    assert all(block["block_id"] for block in filled)
    assert len([f for f in fields if f["type"] in STATE_KEYS]) <= len(initial_values(filled))


@pytest.mark.parametrize("name", METHODS)
@given(arguments=st.dictionaries(st.sampled_from(ARGUMENTS), VALUES, max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_arguments_are_answered_or_refused(name: str, arguments: dict[str, Any]) -> None:
    """By every method, with a JSON answer or an error code, never otherwise."""
    try:
        answer = METHODS[name].call(workspace(), Arguments(arguments))
    except ApiError as refusal:
        answer = refusal.answer()

    assert json.dumps(answer)
