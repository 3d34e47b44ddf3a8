"""Conversations: their history and threads, their members, and who is who."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.playground.slack.web_api.calls import ALICE, BOB, ELSEWHERE, GONE, PRIVATE, C, error


async def test_a_thread_is_listed_in_order_below_its_first_message(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """The channel's history has the first message and what was also sent to the channel."""
    root = (await client.chat_postMessage(channel=C, text="root"))["ts"]
    first = (await client.chat_postMessage(channel=C, text="one", thread_ts=root))["ts"]
    await client.chat_postMessage(channel=C, text="two", thread_ts=first, reply_broadcast=True)
    replies = (await client.conversations_replies(channel=C, ts=root))["messages"]
    history = (await client.conversations_history(channel=C))["messages"]

    assert [m["text"] for m in replies] == ["root", "one", "two"]
    assert [m["text"] for m in history] == ["two", "root"]
    assert (history[1]["reply_count"], history[0]["subtype"]) == (2, "thread_broadcast")
    assert [m.text for m in slack.thread(C, root)] == ["root", "one", "two"]
    assert [m.text for m in slack.person(BOB).sees(C)] == ["root", "two"]
    assert [m.text for m in slack.person(BOB).sees_thread(C, root)] == ["root", "one", "two"]


async def test_replies_of_a_message_that_is_not_there_are_not_found(client: AsyncWebClient) -> None:
    """conversations.replies has its own code."""
    assert await error(client, "conversations.replies", channel=C, ts="1.000000") == "thread_not_found"


async def test_history_goes_page_by_page(client: AsyncWebClient) -> None:
    """Newest first, every message once."""
    for number in range(5):
        await client.chat_postMessage(channel=C, text=str(number))
    texts, cursor = [], ""
    while True:
        page = await client.conversations_history(channel=C, limit=2, cursor=cursor)
        texts += [m["text"] for m in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] is bool(cursor)
        if not cursor:
            break

    assert texts == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("inclusive", "found"), [(False, ["2"]), (True, ["3", "2", "1"])], ids=["exclusive", "inclusive"]
)
async def test_history_can_be_bounded(client: AsyncWebClient, inclusive: bool, found: list[str]) -> None:
    """The bounds themselves belong to it only when asked."""
    stamps = [(await client.chat_postMessage(channel=C, text=str(n)))["ts"] for n in range(5)]
    page = await client.conversations_history(
        channel=C, oldest=stamps[1], latest=stamps[3], inclusive=inclusive
    )

    assert [m["text"] for m in page["messages"]] == found


async def test_a_direct_message_is_opened_once(client: AsyncWebClient) -> None:
    """The second time it was open already."""
    first = await client.conversations_open(users=ALICE)
    second = await client.conversations_open(users=ALICE, return_im=True)

    assert first["channel"]["id"] == second["channel"]["id"]
    assert (second["already_open"], second["channel"]["user"]) == (True, ALICE)
    assert await error(client, "conversations.open") == "users_list_not_supplied"


async def test_a_conversation_tells_what_it_is(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Private ones only to their members."""
    info = (await client.conversations_info(channel=ELSEWHERE))["channel"]

    assert (info["name"], info["is_member"], info["is_archived"]) == ("elsewhere", False, False)
    assert await error(client, "conversations.info", channel=PRIVATE) == "channel_not_found"

    slack.admin.invite(PRIVATE)

    assert (await client.conversations_info(channel=PRIVATE))["channel"]["is_private"]


async def test_conversations_are_listed_by_type(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Public ones by default; archived ones can be left out."""
    slack.admin.archive(ELSEWHERE)
    slack.admin.invite(PRIVATE)
    public = await client.conversations_list()
    alive = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True)

    assert [c["id"] for c in public["channels"]] == [C, ELSEWHERE]
    assert [c["id"] for c in alive["channels"]] == [C, PRIVATE]
    assert await error(client, "conversations.list", types="rooms") == "invalid_types"


async def test_members_of_a_conversation_are_listed(client: AsyncWebClient) -> None:
    """By id."""
    assert (await client.conversations_members(channel=ELSEWHERE))["members"] == [ALICE]


async def test_only_public_channels_can_be_joined(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And joining twice is harmless."""
    slack.admin.invite(PRIVATE)
    await client.conversations_join(channel=ELSEWHERE)

    assert (await client.conversations_join(channel=ELSEWHERE))["warning"] == "already_in_channel"
    code = await error(client, "conversations.join", channel=PRIVATE)
    assert code == "method_not_supported_for_channel_type"

    slack.admin.archive(ELSEWHERE)

    assert await error(client, "conversations.join", channel=ELSEWHERE) == "is_archived"


async def test_the_locale_of_a_user_is_told_when_asked_for(client: AsyncWebClient) -> None:
    """As users.info documents."""
    plain = (await client.users_info(user=ALICE))["user"]
    full = (await client.users_info(user=ALICE, include_locale=True))["user"]

    assert ("locale" in plain, full["locale"]) == (False, "zh-CN")


async def test_users_are_listed_with_what_sets_them_apart(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Deactivated people, guests, strangers and bots can be told."""
    slack.admin.make_guest(BOB)
    slack.admin.move_to_team(ALICE, "T0OTHER")
    users = {user["id"]: user for user in (await client.users_list())["members"]}

    assert users[GONE]["deleted"]
    assert users[BOB]["is_restricted"]
    assert (users[ALICE]["is_stranger"], users[ALICE]["team_id"]) == (True, "T0OTHER")
    assert users["U0IMAGEBOT"]["is_bot"]


async def test_users_are_listed_page_by_page(client: AsyncWebClient) -> None:
    """With Slack's cursor."""
    first = await client.users_list(limit=3)
    second = await client.users_list(limit=3, cursor=first["response_metadata"]["next_cursor"])

    assert [u["id"] for u in first["members"] + second["members"]] == [ALICE, BOB, GONE, "U0IMAGEBOT"]


async def test_a_user_is_found_by_email_unless_deactivated(client: AsyncWebClient) -> None:
    """Case does not matter."""
    found = await client.users_lookupByEmail(email="Alice@example.com")

    assert found["user"]["id"] == ALICE
    assert await error(client, "users.lookupByEmail", email="gone@example.com") == "users_not_found"
    assert await error(client, "users.info", user="U0NOBODY") == "user_not_found"


async def test_usergroups_tell_their_members(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A disabled group is hidden unless asked for."""
    enabled = (await client.usergroups_list())["usergroups"]
    everything = (await client.usergroups_list(include_disabled=True, include_users=True))["usergroups"]
    slack.admin.set_usergroup_users("S0OPS", [ALICE, BOB])

    assert ([g["id"] for g in enabled], "users" in enabled[0]) == (["S0OPS"], False)
    assert [(g["id"], g["users"]) for g in everything] == [("S0OPS", [ALICE]), ("S0OLD", [])]
    assert (await client.usergroups_users_list(usergroup="S0OPS"))["users"] == [ALICE, BOB]
    assert await error(client, "usergroups.users.list", usergroup="S0OLD") == "no_such_subteam"


@pytest.mark.parametrize("method", ["usergroups.list", "usergroups.users.list"])
async def test_usergroups_need_a_paid_plan(slack: LocalSlack, client: AsyncWebClient, method: str) -> None:
    """``plan_upgrade_required`` on the free plan."""
    slack.admin.set_paid_plan(paid=False)

    assert await error(client, method, usergroup="S0OPS") == "plan_upgrade_required"
