"""A token that Slack refuses ends the start; a Slack that is away does not."""

import asyncio

import aiohttp
import pytest

from bot.playground.slack import Fault, FaultKind, LocalSlack
from bot.process.doctor.slack_app import NEW_APP_TOKEN, NEW_BOT_TOKEN
from bot.process.doctor.start import refused_tokens
from handlers.people.directory import Home, home_of
from handlers.transport.connection import web_client
from handlers.transport.token_check import check_tokens


@pytest.mark.parametrize(
    ("bot_token", "app_token", "codes"),
    [
        ("xoxb-playground", "xapp-playground", ("", "")),
        ("xoxb-wrong", "xapp-playground", ("invalid_auth", "")),
        ("xoxb-playground", "xapp-wrong", ("", "invalid_auth")),
        ("xoxb-playground", None, ("", None)),
    ],
)
async def test_slack_is_asked_about_each_token(
    bot_token: str, app_token: str | None, codes: tuple[str, str | None]
) -> None:
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        checked = await check_tokens(web_client(bot_token, slack.url, session), app_token)

    assert (checked.bot.code, checked.app and checked.app.code) == codes
    assert set(refused_tokens(checked)) == set(filter(None, map(refusal_of, zip(NAMES, codes, strict=True))))


NAMES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
TODO = {"SLACK_BOT_TOKEN": NEW_BOT_TOKEN, "SLACK_APP_TOKEN": NEW_APP_TOKEN}


def refusal_of(answered: tuple[str, str | None]) -> str:
    """The line that ends the start."""
    name, code = answered
    return f"Slack refuses {name}: {code}; {TODO[name]}" if code else ""


async def test_a_slack_that_is_unwell_refuses_nothing() -> None:
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        slack.faults.set(Fault(FaultKind.SERVER_ERROR, method="auth.test", times=1))
        checked = await check_tokens(web_client("xoxb-playground", slack.url, session), None)

    assert (checked.identity, refused_tokens(checked)) == (None, ())


async def test_a_start_does_not_wait_for_a_ticket() -> None:
    """Slack gives one a minute when many were asked for: who restarts processes would wait for each."""
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        slack.faults.set(Fault(FaultKind.RATE_LIMITED, "apps.connections.open", times=None, seconds=60.0))
        async with asyncio.timeout(10.0):
            client = web_client("xoxb-playground", slack.url, session)
            checked = await check_tokens(client, "xapp-playground", tries=1)

    assert checked.app is not None
    assert (checked.app.code, refused_tokens(checked)) == ("ratelimited", ())


async def test_a_slack_that_is_not_there_refuses_nothing() -> None:
    async with aiohttp.ClientSession() as session:
        checked = await check_tokens(web_client("xoxb-any", "http://127.0.0.1:9/api/", session), None)

    assert (checked.identity, refused_tokens(checked)) == (None, ())


async def test_the_same_answer_tells_where_the_bot_is_installed() -> None:
    async with LocalSlack([], []) as slack, aiohttp.ClientSession() as session:
        checked = await check_tokens(web_client("xoxb-playground", slack.url, session), None)

    assert checked.identity is not None
    assert home_of(checked.identity) == Home("T0PLAYGROUND", "", slack.url.removesuffix("api/"))
