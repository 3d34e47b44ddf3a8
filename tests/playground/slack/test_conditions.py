"""What kind of workspace it is: limits, membership, an organization, other apps."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import (
    OTHER_APP,
    App,
    Channel,
    Fault,
    FaultKind,
    LocalSlack,
    User,
    Usergroup,
)
from bot.playground.slack.app import ALL_SCOPES
from bot.playground.slack.grid import ENTERPRISE_ID, SISTER_TEAM
from bot.playground.slack.refusals import REFUSALS
from bot.playground.slack.state import TEAM_ID
from tests.playground.slack.test_app import Kept

Json = dict[str, Any]
C, PRIVATE, ALICE, MARY, STRANGER = "C0IMAGES", "C0SECRET", "U0ALICE", "U0MARY", "U0STRANGER"
CARD = {"event_type": "image_request", "event_payload": {"request_id": "r-1", "status": "approved"}}
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "wipe",
            "optional": True,
            "label": {"type": "plain_text", "text": "Wipe"},
            "element": {
                "type": "checkboxes",
                "action_id": "value",
                "options": [{"text": {"type": "plain_text", "text": "Yes"}, "value": "yes"}],
                "confirm": {
                    key: {"type": "plain_text", "text": key} for key in ("title", "text", "confirm", "deny")
                },
            },
        }
    ],
}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A workspace whose channels the app did not join, and may post to."""
    people = [User(ALICE, "alice"), User(MARY, team_id=SISTER_TEAM), User(STRANGER, team_id="T0ELSEWHERE")]
    channels = [Channel(C, "images"), Channel(PRIVATE, "secret", {ALICE}, is_private=True)]
    app = App(scopes=ALL_SCOPES | {"chat:write.public"})
    groups = [Usergroup("S0OPS", "ops", (ALICE,))]
    async with LocalSlack(people, channels, groups, app=app) as local:
        yield local


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client without its retries."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=slack.app.bot_token, base_url=slack.url, session=session, retry_handlers=[]
        )


async def refused(client: AsyncWebClient, method: str, **arguments: Any) -> Json:
    """The answer of a call that is refused, with the HTTP status."""
    with pytest.raises(SlackApiError) as problem:
        await client.api_call(method, json=arguments)
    response = problem.value.response
    assert isinstance(response.data, dict)
    return response.data | {"status": response.status_code, "after": response.headers.get("Retry-After")}


@pytest.mark.parametrize(
    ("method", "channel", "code"),
    [
        ("conversations.history", C, "not_in_channel"),
        ("conversations.replies", C, "not_in_channel"),
        ("conversations.history", PRIVATE, "channel_not_found"),
        ("conversations.replies", PRIVATE, "channel_not_found"),
        ("conversations.join", PRIVATE, "channel_not_found"),
        ("chat.postMessage", PRIVATE, "channel_not_found"),
        ("chat.postMessage", "#secret", "channel_not_found"),
        ("chat.update", "#images", "channel_not_found"),
    ],
)
async def test_a_channel_that_was_not_joined_is_closed(
    client: AsyncWebClient, method: str, channel: str, code: str
) -> None:
    """The public one can be posted to, not read; the private one does not exist."""
    assert (await refused(client, method, channel=channel, text="x", ts="1.000000"))["error"] == code


async def test_a_public_channel_is_posted_to_joined_and_then_read(client: AsyncWebClient) -> None:
    """With ``chat:write.public`` and ``channels:join``."""
    posted = await client.chat_postMessage(channel=C, text="card")
    await client.conversations_join(channel=C)

    assert [m["ts"] for m in (await client.conversations_history(channel=C))["messages"]] == [posted["ts"]]


async def test_only_admins_post_where_posting_is_restricted(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Nor is there a message box for others."""
    slack.admin.restrict(C)

    assert (await refused(client, "chat.postMessage", channel=C, text="x"))["error"] == "restricted_action"
    assert not slack.person(ALICE).may_write(slack.workspace.channels[C])


async def test_rate_limits_are_on_from_the_start(client: AsyncWebClient) -> None:
    """A fourth post within a second is one too many, and says when to come back."""
    for _ in range(3):
        await client.chat_postMessage(channel=C, text="x")
    answer = await refused(client, "chat.postMessage", channel=C, text="x")

    assert (answer["status"], answer["error"], answer["after"]) == (429, "ratelimited", "1")


async def test_usergroups_are_told_twenty_times_a_minute(client: AsyncWebClient) -> None:
    """Members one group at a time soon end; all of them come with one usergroups.list."""
    for _ in range(20):
        await client.usergroups_users_list(usergroup="S0OPS")

    assert (await refused(client, "usergroups.users.list", usergroup="S0OPS"))["status"] == 429
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == [ALICE]


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
async def test_a_distributed_app_reads_once_a_minute_and_fifteen_objects(
    slack: LocalSlack, client: AsyncWebClient, method: str
) -> None:
    """Also where the other limits are off."""
    slack.conditions.distributed, slack.conditions.rate_limits = True, False
    slack.admin.invite(C)
    root = slack.admin.post_as(OTHER_APP, C, "root").ts
    for number in range(20):
        slack.admin.post_as(OTHER_APP, C, str(number), thread_ts=root if "replies" in method else None)
    page = (await client.api_call(method, json={"channel": C, "ts": root}))["messages"]

    assert len(page) in (15, 16)  # replies begin with the first message of the thread
    assert (await refused(client, method, channel=C, ts=root))["after"] == "60"


async def test_a_page_of_more_than_fifteen_is_refused_to_a_distributed_app(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """``limit`` has another maximum."""
    slack.conditions.distributed = True
    slack.admin.invite(C)

    assert (await refused(client, "conversations.history", channel=C, limit=16))["error"] == "invalid_limit"


async def test_a_confirm_in_an_input_is_refused_by_switch(slack: LocalSlack, client: AsyncWebClient) -> None:
    """No source decides it, so an app does best without."""
    answer = await refused(client, "views.open", trigger_id=slack.workspace.triggers.issue(ALICE), view=FORM)
    slack.conditions.confirm_in_inputs = True

    assert (answer["error"], "confirm" in str(answer["response_metadata"])) == ("invalid_arguments", True)
    assert (await client.views_open(trigger_id=slack.workspace.triggers.issue(ALICE), view=FORM))["ok"]


@pytest.mark.parametrize("code", REFUSALS)
async def test_every_passing_refusal_can_be_switched_on_and_off(
    slack: LocalSlack, client: AsyncWebClient, code: str
) -> None:
    """For one method, until it is switched off; nothing is done meanwhile."""
    slack.faults.set(Fault(FaultKind.REFUSED, "chat.postMessage", times=None, error=code))
    answers = [await refused(client, "chat.postMessage", channel=C, text="x") for _ in range(2)]
    await client.auth_test()
    slack.faults.clear()

    assert [(each["error"], each["status"]) for each in answers] == [(code, 200)] * 2
    assert slack.messages(C) == []
    assert (await client.chat_postMessage(channel=C, text="x"))["ok"]


async def test_a_scope_taken_away_is_named_in_the_refusal(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And what is provided lacks it."""
    slack.faults.set(Fault(FaultKind.REFUSED, error="missing_scope", needed="chat:write"))
    answer = await refused(client, "chat.postMessage", channel=C, text="x")

    assert answer["needed"] == "chat:write"
    assert "chat:write" not in answer["provided"].split(",")


async def test_on_enterprise_grid_ids_of_the_organization_come_along(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """A command names the workspace, a click's person the organization; a form may name no team."""
    slack.conditions.grid = slack.conditions.confirm_in_inputs = True
    slack.dispatcher.transport = kept = Kept()
    mary = slack.person(MARY)
    await mary.command("/image", "list", C)
    await client.views_open(trigger_id=kept.sent[0]["trigger_id"], view=FORM)
    await mary.submit()
    command, submission = kept.sent

    assert (command["team_id"], command["enterprise_id"]) == (TEAM_ID, ENTERPRISE_ID)
    assert (submission["user"]["team_id"], submission["team"]) == (ENTERPRISE_ID, None)
    assert submission["enterprise"]["id"] == ENTERPRISE_ID
    assert (await client.auth_test())["enterprise_id"] == ENTERPRISE_ID


@pytest.mark.parametrize(
    ("grid", "user", "teams", "stranger"),
    [
        (True, ALICE, [TEAM_ID], False),
        (True, MARY, [SISTER_TEAM], False),
        (True, STRANGER, None, True),
        (False, ALICE, None, False),
        (False, MARY, None, True),
    ],
)
async def test_a_colleague_of_another_workspace_is_no_stranger(
    slack: LocalSlack, client: AsyncWebClient, grid: bool, user: str, teams: list[str] | None, stranger: bool
) -> None:
    """``enterprise_user.teams`` lists their workspaces."""
    slack.conditions.grid = grid
    told = (await client.users_info(user=user))["user"]

    assert told.get("enterprise_user", {}).get("teams") == teams
    assert bool(told.get("is_stranger")) is stranger


async def test_another_app_can_forge_metadata_but_not_who_it_is(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """``bot_id`` and ``app_id`` tell; metadata is read only with ``include_all_metadata``."""
    slack.admin.invite(C)
    forged = slack.admin.post_as(OTHER_APP, C, "Image request", metadata=CARD)
    plain = (await client.conversations_history(channel=C))["messages"][0]
    full = (await client.conversations_history(channel=C, include_all_metadata=True))["messages"][0]

    assert "metadata" not in plain
    assert (full["metadata"], full["app_id"], full["bot_id"]) == (CARD, "A0OTHERAPP", "B0OTHERAPP")
    update = await refused(client, "chat.update", channel=C, ts=forged.ts, text="mine")
    assert update["error"] == "cant_update_message"


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
async def test_web_pages_do_not_reach_the_local_slack(slack: LocalSlack, headers: dict[str, str]) -> None:
    """They would know its token, which is the same for everybody."""
    form = {"token": slack.app.bot_token, "channel": C, "text": "x"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}chat.postMessage", data=form, headers=headers) as answer,
    ):
        assert answer.status == 403
    assert slack.messages(C) == []
