"""Answers to a response_url: how often, how long, and what is refused."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    Fault,
    FaultKind,
    LocalSlack,
    Person,
)
from tests.playground.slack.people.acting import (
    C,
    Clock,
    Json,
    Script,
    field,
    modal,
    opened,
    post_to,
)


async def test_a_response_url_works_five_times(script: Script, alice: Person) -> None:
    """Then it is used up."""
    await alice.command("/image", "x", C)
    url = script.sent[0]["response_url"]
    answers = [await post_to(url, {"text": str(n)}) for n in range(6)]

    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert answers[5][1]["error"] == "used_url"
    assert [m.text for m in alice.sees(C)] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_works_for_half_an_hour(script: Script, alice: Person, clock: Clock) -> None:
    """Then it has expired."""
    await alice.command("/image", "x", C)
    clock.now += 30 * 60
    last = await post_to(script.sent[0]["response_url"], {"text": "just in time"})
    clock.now += 1

    assert last == (200, {"ok": True})
    assert await post_to(script.sent[0]["response_url"], {"text": "x"}) == (
        404,
        {"ok": False, "error": "expired_url"},
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "no_text"), ({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
     ({"delete_original": True}, "message_not_found")],
)  # fmt: skip
async def test_a_bad_answer_to_a_response_url_is_refused(
    slack: LocalSlack, script: Script, alice: Person, body: Json, code: str
) -> None:
    """With Slack's code, and kept as a problem."""
    await alice.command("/image", "x", C)
    status, answer = await post_to(script.sent[0]["response_url"], body)

    assert (status, answer["error"]) == (400, code)
    assert slack.problems[0]["where"] == "response_url"


@pytest.mark.parametrize("kind", [FaultKind.DROPPED, FaultKind.LOST_RESPONSE])
async def test_an_answer_to_a_response_url_can_be_cut_off(
    slack: LocalSlack, script: Script, alice: Person, kind: FaultKind
) -> None:
    """As any call of the Web API, under the name ``response_url``."""
    slack.faults.set(Fault(kind, "response_url"))
    await alice.command("/image", "x", C)
    with pytest.raises(aiohttp.ClientError):
        await post_to(script.sent[0]["response_url"], {"text": "x"})

    assert len(alice.sees(C)) == (kind is FaultKind.LOST_RESPONSE)


@pytest.mark.parametrize("body", ["{", "[]", "[" * 100_000])
async def test_an_unreadable_answer_to_a_response_url_is_refused(
    script: Script, alice: Person, body: str
) -> None:
    """``invalid_payload``."""
    await alice.command("/image", "x", C)
    url = script.sent[0]["response_url"]
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as got:
        assert (got.status, (await got.json())["error"]) == (400, "invalid_payload")


async def test_a_chosen_channel_gives_a_response_url(
    slack: LocalSlack, script: Script, client: AsyncWebClient, alice: Person
) -> None:
    """With ``response_url_enabled`` only."""
    select = {"type": "conversations_select", "response_url_enabled": True}
    await opened(slack, client, modal(field("where", select)))
    await alice.fill({"where": C}).submit()
    url = script.sent[0]["response_urls"][0]
    await post_to(url["response_url"], {"text": "hi", "response_type": "in_channel"})

    assert (url["channel_id"], url["block_id"]) == (C, "where")
    assert [m.text for m in slack.messages(C)] == ["hi"]
