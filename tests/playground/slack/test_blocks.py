"""What Slack refuses, the local Slack refuses: one row per rule, with Slack's code and hint."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models import blocks as sdk
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, Channel, Conditions, LocalSlack, User
from bot.playground.slack.blocks import check_blocks, check_options, check_view
from bot.playground.slack.blocks.elements import ELEMENTS
from bot.playground.slack.blocks.kinds import BLOCKS, SURFACES
from bot.playground.slack.blocks.rich_text import BODIES, PARTS

Json = dict[str, Any]
C, ALICE = "C0IMAGES", "U0ALICE"
URL = "https://example.com/a.png"


def plain(text: str = "x") -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:
    """A section, with text unless told otherwise."""
    return {"type": "section", "text": mrkdwn(), **fields}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def button(**fields: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(), **fields}


def option(value: str = "v", text: str = "x") -> Json:
    """An option."""
    return {"text": plain(text), "value": value}


def select(**fields: Any) -> Json:
    """A static select."""
    return {"type": "static_select", "options": [option()], **fields}


def field(element: Json, **fields: Any) -> Json:
    """An input block."""
    return {"type": "input", "label": plain(), "element": element, **fields}


def confirm(**fields: Any) -> Json:
    """A confirm dialog."""
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **fields}


def modal(*blocks: Json, **fields: Any) -> Json:
    """A modal with a submit button."""
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **fields}


MENU = select(action_id="a")
RICH_SECTION = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
RICH_TEXT = {"type": "rich_text", "elements": [RICH_SECTION]}
TYPED = {"type": "plain_text_input"}
TABLE: Json = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
CARD = {"type": "card", "title": mrkdwn(), "actions": [button()]}
TASK = {"type": "task_card", "task_id": "1", "title": "x", "status": "complete"}

REFUSED_BLOCKS: list[tuple[str, list[Json], str]] = [
    ("51 blocks", [section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("section of 3001", [section(text=mrkdwn("x" * 3001))], "must be less than 3001 characters"),
    ("section without text", [{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    ("empty text", [section(text=mrkdwn(""))], "must be more than 0 characters"),
    ("text as a string", [section(text="x")], "must provide an object [json-pointer:/blocks/0/text]"),
    ("text of no type", [section(text={"text": "x"})], "missing required field: type"),
    ("text of unknown type", [section(text={"type": "html", "text": "x"})], "unsupported type: html"),
    ("emoji in mrkdwn", [section(text={**mrkdwn(), "emoji": True})], "invalid additional property: emoji"),
    ("11 fields", [{"type": "section", "fields": [plain()] * 11}], "no more than 10 items allowed"),
    ("field of 2001", [{"type": "section", "fields": [plain("x" * 2001)]}], "less than 2001 characters"),
    ("input beside a section", [section(accessory=TYPED)], "unsupported type: plain_text_input"),
    ("block_id of 256", [section(block_id="x" * 256)], "must be less than 256 characters"),
    ("same block_id twice", [section(block_id="a"), section(block_id="a")], "must be unique"),
    ("unknown key", [section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ("block of unknown type", [{"type": "poem"}], "unsupported type: poem [json-pointer:/blocks/0/type]"),
    ("block without type", [{"text": plain()}], "missing required field: type"),
    ("header as mrkdwn", [{"type": "header", "text": mrkdwn()}], "unsupported type: mrkdwn"),
    ("header of 151", [{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    ("26 actions", [actions(*[button()] * 26)], "no more than 25 items allowed"),
    ("no actions", [actions()], "no fewer than 1 items allowed"),
    ("image among actions", [actions({"type": "image", "image_url": URL, "alt_text": "x"})], "unsupported"),
    ("multi-select among actions", [actions({"type": "multi_users_select"})], "unsupported type"),
    ("same action_id twice", [actions(button(action_id="a"), button(action_id="a"))], "must be unique"),
    ("action_id of 256", [actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    ("button of 76", [actions(button(text=plain("x" * 76)))], "must be less than 76 characters"),
    ("button in mrkdwn", [actions(button(text=mrkdwn()))], "unsupported type: mrkdwn"),
    ("button value of 2001", [actions(button(value="x" * 2001))], "must be less than 2001 characters"),
    ("button value as number", [actions(button(value=1))], "must provide a string"),
    ("button url of 3001", [actions(button(url="https://x/" + "x" * 2991))], "less than 3001 characters"),
    ("button style", [actions(button(style="loud"))], "must be a valid enum value"),
    ("confirm title of 101", [actions(button(confirm=confirm(title=plain("x" * 101))))], "less than 101"),
    ("confirm text of 301", [actions(button(confirm=confirm(text=plain("x" * 301))))], "less than 301"),
    ("confirm button of 31", [actions(button(confirm=confirm(confirm=plain("x" * 31))))], "less than 31"),
    ("confirm without deny", [actions(button(confirm=confirm(deny=None)))], "missing required field: deny"),
    ("select of 101", [actions(select(options=[option(str(n)) for n in range(101)]))], "no more than 100"),
    ("select of none", [actions(select(options=[]))], "no fewer than 1 items"),
    ("options and groups", [actions(select(option_groups=[{"label": plain(), "options": [option()]}]))],
     "invalid additional property: option_groups"),
    ("option text of 76", [actions(select(options=[option("v", "x" * 76)]))], "less than 76 characters"),
    ("option value of 151", [actions(select(options=[option("x" * 151)]))], "less than 151 characters"),
    ("same option twice", [actions(select(options=[option("a"), option("a")]))], "must be unique"),
    ("initial option not offered", [actions(select(initial_option=option("w")))], "must match one of"),
    ("option as mrkdwn", [actions(select(options=[{"text": mrkdwn(), "value": "v"}]))], "unsupported type"),
    ("placeholder of 151", [actions(select(placeholder=plain("x" * 151)))], "less than 151 characters"),
    ("overflow of 6", [actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]})],
     "no more than 5 items allowed"),
    ("11 checkboxes", [actions({"type": "checkboxes", "options": [option(str(n)) for n in range(11)]})],
     "no more than 10 items allowed"),
    ("date of another calendar", [actions({"type": "datepicker", "initial_date": "21.11.2026"})], "format"),
    ("time of day 25", [actions({"type": "timepicker", "initial_time": "25:00"})], "required format"),
    ("11 in context", [{"type": "context", "elements": [plain()] * 11}], "no more than 10 items allowed"),
    ("button in context", [{"type": "context", "elements": [button()]}], "unsupported type: button"),
    ("image without alt_text", [{"type": "image", "image_url": URL}], "missing required field: alt_text"),
    ("image without source", [{"type": "image", "alt_text": "x"}], "missing required field: image_url"),
    ("image url of 3001", [{"type": "image", "alt_text": "x", "image_url": URL + "x" * 3000}], "less than"),
    ("image that is no url", [{"type": "image", "alt_text": "x", "image_url": "a.png"}], "required format"),
    ("alt_text of 2001", [{"type": "image", "alt_text": "x" * 2001, "image_url": URL}], "less than 2001"),
    ("label of 2001", [field(TYPED, label=plain("x" * 2001))], "must be less than 2001 characters"),
    ("label in mrkdwn", [field(TYPED, label=mrkdwn())], "unsupported type: mrkdwn"),
    ("button as input", [field(button())], "unsupported type: button"),
    ("min above max", [field({**TYPED, "min_length": 5, "max_length": 4})], "less than or equal to"),
    ("max_length of 3001", [field({**TYPED, "max_length": 3001})], "less than or equal to 3000"),
    ("file input in a message", [field({"type": "file_input"})], "unsupported type: file_input"),
    ("number without decimals told", [field({"type": "number_input"})], "missing required field"),
    ("two with focus", [field({**TYPED, "focus_on_load": True})] * 2, "focus_on_load"),
    ("markdown of 12001", [{"type": "markdown", "text": "x" * 12_001}], "less than 12001 characters"),
    ("markdown of 12001 in two", [{"type": "markdown", "text": "x" * 6001}] * 2, "less than 12001"),
    ("alert in a message", [{"type": "alert", "text": plain()}], "unsupported type: alert"),
    ("number in words", [{"type": "table", "rows": [[{"type": "raw_number", "value": "one", "text": "1"}]]}],
     "must provide a number"),
    ("two tables", [TABLE, TABLE], "only_one_table_allowed"),
    ("101 rows", [{**TABLE, "rows": TABLE["rows"] * 101}], "no more than 100 items allowed"),
    ("21 columns", [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}], "more than 20"),
    ("rich text of plain text", [{"type": "rich_text", "elements": [plain()]}], "unsupported type"),
    ("card of nothing", [{"type": "card", "subtitle": plain()}], "missing required field: title"),
    ("card body of 201", [{**CARD, "body": plain("x" * 201)}], "must be less than 201 characters"),
    ("carousel of 11", [{"type": "carousel", "elements": [CARD] * 11}], "no more than 10 items allowed"),
    ("container of 11", [{"type": "container", "title": plain(), "child_blocks": [section()] * 11}],
     "no more than 10 items allowed"),
    ("container without title", [{"type": "container", "child_blocks": [section()]}], "missing required"),
    ("task of unknown status", [{**TASK, "status": "done"}], "must be a valid enum value"),
    ("video title of 200", [{"type": "video", "alt_text": "x", "video_url": URL, "thumbnail_url": URL,
                             "title": plain("x" * 200)}], "must be less than 200 characters"),
]  # fmt: skip

REFUSED_VIEWS: list[tuple[str, Json, str]] = [
    (
        "title of 25",
        modal(title=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/view/title",
    ),
    ("no title", modal(title=None), "missing required field: title [json-pointer:/view]"),
    ("title in mrkdwn", modal(title=mrkdwn()), "unsupported type: mrkdwn"),
    ("submit of 25", modal(submit=plain("x" * 25)), "must be less than 25 characters"),
    ("close of 25", modal(close=plain("x" * 25)), "must be less than 25 characters"),
    ("inputs without submit", modal(field(TYPED), submit=None), "missing required field: submit"),
    ("private_metadata of 3001", modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
    ("private_metadata as object", modal(private_metadata={}), "must provide a string"),
    ("callback_id of 256", modal(callback_id="x" * 256), "must be less than 256 characters"),
    ("external_id of 256", modal(external_id="x" * 256), "must be less than 256 characters"),
    ("101 blocks", modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ("no blocks", {"type": "modal", "title": plain()}, "missing required field: blocks"),
    ("unknown key of a view", modal(color="red"), "invalid additional property: color [json-pointer:/view]"),
    ("unknown type", modal(type="window"), "unsupported type: window"),
    ("home as modal", {"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
    ("table in a modal", modal(TABLE), "unsupported type: table"),
    ("markdown in a modal", modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    ("bad block inside", modal(section(text=mrkdwn("x" * 3001))), "[json-pointer:/view/blocks/0/text/text]"),
    ("notify as text", modal(notify_on_close="yes"), "must provide a boolean"),
]

REFUSED_HOMES: list[tuple[str, Json, str]] = [
    (
        "home with a title",
        {"type": "home", "title": plain(), "blocks": []},
        "invalid additional property: title",
    ),
    ("home with submit", {"type": "home", "submit": plain(), "blocks": []}, "invalid additional property"),
    ("modal as home", modal(), "unsupported type: modal"),
    ("101 blocks at home", {"type": "home", "blocks": [section()] * 101}, "no more than 100 items allowed"),
    ("alert at home", {"type": "home", "blocks": [{"type": "alert", "text": plain()}]}, "unsupported"),
]


def names(rows: list[Any]) -> list[str]:
    """The first column."""
    return [str(row[0]) for row in rows]


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A running local Slack."""
    joined = Conditions(joined=True)
    async with LocalSlack([User(ALICE)], [Channel(C, "images")], conditions=joined) as local:
        yield local


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client with the bot token."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.app.bot_token, base_url=slack.url, session=session)


async def refusal(client: AsyncWebClient, method: str, arguments: Json) -> Json:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    answer = refused.value.response.data
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(("_name", "blocks", "hint"), REFUSED_BLOCKS, ids=names(REFUSED_BLOCKS))
async def test_blocks_that_slack_refuses_are_refused_in_messages(
    slack: LocalSlack, client: AsyncWebClient, _name: str, blocks: list[Json], hint: str
) -> None:
    """``invalid_blocks`` with a hint, twice; nothing is posted; the problem is kept."""
    answer = await refusal(client, "chat.postMessage", {"channel": C, "text": "x", "blocks": blocks})

    assert answer["error"] == "invalid_blocks"
    assert hint in answer["errors"][0]
    assert answer["response_metadata"]["messages"][0] == f"[ERROR] {answer['errors'][0]}"
    assert slack.messages(C) == []
    assert slack.problems[0]["error"] == "invalid_blocks"


@pytest.mark.parametrize(("_name", "view", "hint"), REFUSED_VIEWS, ids=names(REFUSED_VIEWS))
async def test_modals_that_slack_refuses_are_refused(
    slack: LocalSlack, client: AsyncWebClient, _name: str, view: Json, hint: str
) -> None:
    """``invalid_arguments`` with a hint; the trigger is not spent."""
    trigger = slack.workspace.triggers.issue(ALICE)
    answer = await refusal(client, "views.open", {"trigger_id": trigger, "view": view})
    await client.views_open(trigger_id=trigger, view=modal())

    assert answer["error"] == "invalid_arguments"
    assert hint in answer["response_metadata"]["messages"][0]


@pytest.mark.parametrize(("_name", "view", "hint"), REFUSED_HOMES, ids=names(REFUSED_HOMES))
async def test_home_tabs_that_slack_refuses_are_refused(
    client: AsyncWebClient, _name: str, view: Json, hint: str
) -> None:
    """``invalid_arguments`` with a hint."""
    answer = await refusal(client, "views.publish", {"user_id": ALICE, "view": view})

    assert answer["error"] == "invalid_arguments"
    assert hint in answer["response_metadata"]["messages"][0]


async def test_a_view_of_more_than_250_kb_is_too_large(slack: LocalSlack, client: AsyncWebClient) -> None:
    """``view_too_large`` before anything else is checked."""
    trigger = slack.workspace.triggers.issue(ALICE)
    view = modal(*[section(text=mrkdwn("x" * 3000))] * 84)

    assert (await refusal(client, "views.open", {"trigger_id": trigger, "view": view}))[
        "error"
    ] == "view_too_large"


BOTH = ("message", "modal")
ACCEPTED: list[tuple[str, Json]] = [
    ("section", section(fields=[plain()], accessory=button(), expand=True)),
    ("divider", {"type": "divider"}),
    ("image", {"type": "image", "image_url": URL, "alt_text": "x", "title": plain()}),
    ("actions", actions(button(confirm=confirm(style="danger")), MENU)),
    ("context", {"type": "context", "elements": [
        plain(), {"type": "image", "image_url": URL, "alt_text": "x"}]}),
    ("context_actions", {"type": "context_actions", "elements": [
        {"type": "icon_button", "icon": "trash", "text": plain()},
        {"type": "feedback_buttons", "positive_button": option(), "negative_button": option("w")}]}),
    ("input", field(TYPED, hint=plain(), optional=True, dispatch_action=True)),
    ("file", {"type": "file", "external_id": "f", "source": "remote"}),
    ("call", {"type": "call", "call_id": "R1"}),
    ("header", {"type": "header", "text": plain()}),
    ("markdown", {"type": "markdown", "text": "**x**"}),
    ("video", {"type": "video", "alt_text": "x", "video_url": URL, "thumbnail_url": URL, "title": plain()}),
    ("rich_text", RICH_TEXT),
    ("table", {"rows": [[{"type": "raw_number", "value": 1.5, "text": "1.5"}, RICH_TEXT]], "type": "table",
               "column_settings": [{"align": "right", "is_wrapped": True}]}),
    ("task_card", {**TASK, "details": RICH_TEXT, "sources": [{"type": "url", "url": URL, "text": "x"}]}),
    ("plan", {"type": "plan", "title": "x", "tasks": [TASK]}),
    ("alert", {"type": "alert", "text": mrkdwn(), "level": "info"}),
    ("card", CARD),
    ("container", {"type": "container", "title": plain(), "child_blocks": [section(), actions(button())]}),
    ("carousel", {"type": "carousel", "elements": [CARD]}),
    ("auth_provider", {"type": "auth_provider", "value": "v", "name": plain(), "is_connected": False}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "block"), ACCEPTED, ids=names(ACCEPTED))
def test_every_block_is_taken_where_slack_takes_it_and_refused_elsewhere(kind: str, block: Json) -> None:
    """Per surface: message, modal, home."""
    for surface, taken in SURFACES.items():
        hints = check_blocks([block], surface, "/blocks")

        assert bool(hints) is (kind not in taken), (surface, hints)


_INPUTS: dict[str, Json] = {
    "static_select": {"options": [option()], "initial_option": option()},
    "multi_static_select": {"option_groups": [{"label": plain(), "options": [option()]}]},
    "external_select": {"min_query_length": 2},
    "multi_external_select": {"max_selected_items": 3},
    "users_select": {"initial_user": ALICE},
    "multi_users_select": {"initial_users": [ALICE]},
    "conversations_select": {"filter": {"include": ["public"]}, "response_url_enabled": True},
    "multi_conversations_select": {"default_to_current_conversation": True},
    "channels_select": {"initial_channel": C},
    "multi_channels_select": {"initial_channels": [C]},
    "datepicker": {"initial_date": "2026-11-21"},
    "timepicker": {"initial_time": "22:11", "timezone": "Asia/Shanghai"},
    "datetimepicker": {"initial_date_time": 1_795_000_000},
    "checkboxes": {"options": [{"text": mrkdwn(), "value": "v", "description": mrkdwn()}]},
    "radio_buttons": {"options": [option()]},
    "plain_text_input": {
        "multiline": True, "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
    "rich_text_input": {"initial_value": RICH_TEXT},
    "email_text_input": {"initial_value": "a@example.com"},
    "url_text_input": {"placeholder": plain()},
    "number_input": {"is_decimal_allowed": True, "min_value": "-1", "max_value": "2.5"},
    "file_input": {"filetypes": ["pdf"], "max_files": 3},
}  # fmt: skip
ELEMENTS_TAKEN: list[tuple[str, Json]] = [
    *((kind, field({"type": kind, **fields})) for kind, fields in _INPUTS.items()),
    ("button", actions(button(value="v", url=URL, style="primary", accessibility_label="x"))),
    ("overflow", actions({"type": "overflow", "options": [{**option(), "url": URL}]})),
    ("workflow_button", actions(
        {"type": "workflow_button", "text": plain(), "workflow": {"trigger": {"url": URL}}})),
]  # fmt: skip


@pytest.mark.parametrize(("_kind", "block"), ELEMENTS_TAKEN, ids=names(ELEMENTS_TAKEN))
def test_every_element_is_taken_as_documented(_kind: str, block: Json) -> None:
    """In a modal, which takes them all."""
    assert check_view(modal(block)) == []


def sdk_types(base: type[Any]) -> Iterator[str]:
    """The types of all of slack_sdk's classes below ``base``."""
    subclasses: list[type[Any]] = base.__subclasses__()
    for below in subclasses:
        kind = below.__dict__.get("type")
        if isinstance(kind, str):
            yield kind
        yield from sdk_types(below)


def test_every_block_of_slack_sdk_is_known_and_tried() -> None:
    """A new version of slack_sdk that knows more makes this fail."""
    known = set(sdk_types(sdk.Block))

    assert known == set(BLOCKS) == set(names(ACCEPTED))


def test_every_element_of_slack_sdk_is_known() -> None:
    """Including those in rich_text."""
    assert set(sdk_types(sdk.BlockElement)) == {*ELEMENTS, *PARTS, *BODIES}


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        ({"options": [option(str(n)) for n in range(101)]}, "no more than 100"),
        ({"options": [option("x" * 151)]}, "less than 151"),
        ({"choices": []}, "missing required field: options"),
        (None, "must provide an object"),
        ({"option_groups": [{"label": plain(), "options": []}]}, "no fewer than 1"),
    ],
)
def test_options_that_slack_refuses_are_refused(payload: object, hint: str) -> None:
    """Answers to block_suggestion."""
    assert hint in check_options(payload)[0]


@pytest.mark.parametrize("value", [None, 1, "x", [], [[]], {"type": []}, {"type": {}}, True, 1.5])
def test_nonsense_in_place_of_a_block_is_refused_with_a_hint(value: object) -> None:
    """Never an exception."""
    assert check_blocks([value], "message", "/blocks")
    assert check_blocks(value, "message", "/blocks") or value == []
    assert check_view({"type": "modal", "title": value, "blocks": value})


def test_the_table_has_more_than_forty_rows() -> None:
    """Rows have names of their own."""
    rows = names(REFUSED_BLOCKS) + names(REFUSED_VIEWS) + names(REFUSED_HOMES)

    assert len(rows) == len(set(rows))
    assert len(rows) > 40


async def test_a_home_tab_that_is_switched_off_is_not_enabled() -> None:
    """``not_enabled``."""
    async with LocalSlack([User(ALICE)], [], app=App(home_enabled=False)) as local:
        client = AsyncWebClient(token=local.app.bot_token, base_url=local.url)
        answer = await refusal(
            client, "views.publish", {"user_id": ALICE, "view": {"type": "home", "blocks": []}}
        )

    assert answer["error"] == "not_enabled"
