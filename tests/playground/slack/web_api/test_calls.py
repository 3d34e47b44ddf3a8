"""Every call of the Web API: its token, its scope, its arguments, its entry in the ledger."""

import json

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, LocalSlack
from tests.playground.slack.web_api.calls import (
    ALICE,
    SECTION,
    C,
    Json,
    error,
    refusal,
    workspace,
)


async def test_auth_test_tells_whose_token_it_is(client: AsyncWebClient) -> None:
    """Bolt reads the bot's ids from it."""
    answer = await client.auth_test()

    assert (answer["user_id"], answer["bot_id"]) == ("U0IMAGEBOT", "B0IMAGEBOT")


@pytest.mark.parametrize(
    ("token", "method", "code"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("xapp-playground", "auth.test", "not_allowed_token_type"),
        ("xoxb-playground", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-playground", "chat.shout", "unknown_method"),
    ],
)
async def test_a_call_is_refused_with_the_code_for_its_token(
    slack: LocalSlack, token: str, method: str, code: str
) -> None:
    """Unknown methods are refused before the token is checked."""
    assert await error(AsyncWebClient(token=token, base_url=slack.url), method) == code


async def test_the_app_token_counts_in_the_authorization_header_only(slack: LocalSlack) -> None:
    """apps.connections.open refuses the token as a parameter."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}apps.connections.open", data={"token": slack.app.app_token}) as answer,
    ):
        assert (await answer.json())["error"] == "not_authed"


async def test_a_scope_that_was_not_granted_is_named() -> None:
    """``missing_scope`` says what was needed and what there is."""
    async with workspace(App(scopes=frozenset({"chat:write"}))) as local:
        client = AsyncWebClient(token=local.app.bot_token, base_url=local.url)
        answer = await refusal(client, "users.info", user=ALICE)

    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        "chat:write",
    )


async def test_reading_a_channel_needs_the_scope_of_its_kind() -> None:
    """``channels:history`` does not open direct messages."""
    async with workspace(App(scopes=frozenset({"im:write", "channels:history"}))) as local:
        client = AsyncWebClient(token=local.app.bot_token, base_url=local.url)
        dm = (await client.conversations_open(users=ALICE))["channel"]["id"]

        assert (await client.conversations_history(channel=C))["messages"] == []
        assert (await refusal(client, "conversations.history", channel=dm))["needed"] == "im:history"


@pytest.mark.parametrize(
    ("how", "arguments"),
    [
        ("params", {"channel": C, "text": "hi"}),
        ("data", {"channel": C, "text": "hi", "blocks": json.dumps([SECTION])}),
        ("json", {"channel": C, "text": "hi", "blocks": [SECTION]}),
    ],
)
async def test_arguments_are_taken_from_query_form_and_json(
    slack: LocalSlack, client: AsyncWebClient, how: str, arguments: Json
) -> None:
    """slack_sdk uses all three ways."""
    kwargs: Json = {how: arguments}
    await client.api_call("chat.postMessage", **kwargs)

    assert slack.messages(C)[0].text == "hi"


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        ("{", "application/json", "invalid_json"),
        ("[1]", "application/json", "json_not_object"),
        ("[" * 100_000, "application/json", "invalid_json"),
        ("x", "text/plain", "invalid_post_type"),
    ],
)
async def test_a_body_that_cannot_be_read_is_named(
    slack: LocalSlack, body: str, content_type: str, code: str
) -> None:
    """Never a 500."""
    headers = {"Authorization": f"Bearer {slack.app.bot_token}", "Content-Type": content_type}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}chat.postMessage", data=body, headers=headers) as answer,
    ):
        assert (answer.status, (await answer.json())["error"]) == (200, code)


async def test_a_missing_argument_is_named(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And the refusal is in the list of problems."""
    answer = await refusal(client, "chat.postMessage", text="hi")

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert [problem["where"] for problem in slack.problems] == ["chat.postMessage"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"cursor": "bmV4dDp4"}, "invalid_cursor"),
        ({"limit": 0}, "invalid_limit"),
        ({"limit": "many"}, "invalid_limit"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "now"}, "invalid_ts_latest"),
    ],
)
async def test_a_page_that_does_not_exist_is_refused(
    client: AsyncWebClient, arguments: Json, code: str
) -> None:
    """Codes of conversations.history."""
    assert await error(client, "conversations.history", channel=C, **arguments) == code


async def test_team_and_bot_tell_their_names(client: AsyncWebClient) -> None:
    """And unknown ones are not found."""
    assert (await client.team_info())["team"]["domain"] == "playground"
    assert (await client.bots_info(bot="B0IMAGEBOT"))["bot"]["name"] == "image-bot"
    assert await error(client, "bots.info", bot="B0OTHER") == "bot_not_found"
    assert await error(client, "team.info", team="T0OTHER") == "team_not_found"


async def test_timestamps_are_unique_and_grow(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A message is found by channel and timestamp alone."""
    for _ in range(3):
        await client.chat_postMessage(channel=C, text="x")
    stamps = [m.ts for m in slack.messages(C)]

    assert stamps == sorted(set(stamps))
    assert all(len(ts.split(".")[1]) == 6 for ts in stamps)


async def test_the_ledger_tells_every_call_without_its_token(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Method, arguments and answer, in order."""
    await client.auth_test()
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{slack.url}chat.postMessage", data={"token": slack.app.bot_token, "channel": C}
        ) as got,
    ):
        await got.read()
    calls = slack.ledger.calls

    assert [(c.number, c.method, c.answer["ok"]) for c in calls] == [
        (1, "auth.test", True),
        (2, "chat.postMessage", False),
    ]
    assert calls[1].arguments == {"channel": C}
    assert slack.ledger.calls_of("auth.test") == calls[:1]
