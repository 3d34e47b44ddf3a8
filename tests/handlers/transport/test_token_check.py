"""A token that Slack refuses ends the start; a Slack that is away does not."""

import aiohttp
import pytest

from bot.playground.slack import Fault, FaultKind, LocalSlack
from handlers.people.directory import Home, home_of
from handlers.transport.connection import web_client
from handlers.transport.token_check import RefusedToken, TokenCheck, check_tokens


@pytest.mark.parametrize(
    ("bot_token", "app_token", "named"),
    [
        ("xoxb-playground", "xapp-playground", []),
        ("xoxb-wrong", "xapp-playground", [RefusedToken("SLACK_BOT_TOKEN", "auth.test", "invalid_auth")]),
        (
            "xoxb-playground",
            "xapp-wrong",
            [RefusedToken("SLACK_APP_TOKEN", "apps.connections.open", "invalid_auth")],
        ),
        ("xoxb-playground", None, []),
    ],
)
async def test_each_token_that_slack_refuses_is_named(
    bot_token: str, app_token: str | None, named: list[RefusedToken]
) -> None:
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        checked = await check_tokens(web_client(bot_token, slack.url, session), app_token)

    assert list(checked.refused) == named


async def test_a_slack_that_is_unwell_refuses_nothing() -> None:
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        slack.faults.set(Fault(FaultKind.SERVER_ERROR, method="auth.test", times=1))

        assert await check_tokens(web_client("xoxb-playground", slack.url, session), None) == TokenCheck()


async def test_a_slack_that_is_not_there_refuses_nothing() -> None:
    async with aiohttp.ClientSession() as session:
        nowhere = web_client("xoxb-any", "http://127.0.0.1:9/api/", session)

        assert await check_tokens(nowhere, None) == TokenCheck()


async def test_the_same_answer_tells_where_the_bot_is_installed() -> None:
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        checked = await check_tokens(web_client("xoxb-playground", slack.url, session), None)

    assert checked.identity is not None
    assert home_of(checked.identity) == Home("T0PLAYGROUND", "")
