"""The Web API of the local Slack, driven by slack_sdk's own client."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, Channel, Conditions, LocalSlack, User, Usergroup

Json = dict[str, Any]
C, PRIVATE, ELSEWHERE = "C0IMAGES", "C0SECRET", "C0ELSEWHERE"
ALICE, BOB, GONE = "U0ALICE", "U0BOB", "U0GONE"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
METADATA = {"event_type": "image_request", "event_payload": {"request_id": "r1"}}


def workspace(app: App | None = None) -> LocalSlack:
    """Three people, three channels, two usergroups."""
    people = [
        User(ALICE, "alice", email="alice@example.com", locale="zh-CN"),
        User(BOB, "bob"),
        User(GONE, deleted=True, email="gone@example.com"),
    ]
    channels = [
        Channel(C, "images"),
        Channel(PRIVATE, "secret", {ALICE}, is_private=True),
        Channel(ELSEWHERE, "elsewhere", {ALICE}),
    ]
    groups = [Usergroup("S0OPS", "ops", (ALICE,)), Usergroup("S0OLD", "old", is_enabled=False)]
    return LocalSlack(
        people, channels, groups, app=app, conditions=Conditions(rate_limits=False, joined=True)
    )


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A running local Slack."""
    async with workspace() as local:
        yield local


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's client with the bot token."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.app.bot_token, base_url=slack.url, session=session)


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> Json:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    answer = refused.value.response.data
    assert isinstance(answer, dict)
    return answer


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    """The error code of a call that is refused."""
    return str((await refusal(client, method, **arguments))["error"])


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
    """Unknown methods are named before the token is looked at."""
    assert await error(AsyncWebClient(token=token, base_url=slack.url), method) == code


async def test_the_app_token_counts_in_the_authorization_header_only(slack: LocalSlack) -> None:
    """apps.connections.open refuses the token as a parameter."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}apps.connections.open", data={"token": slack.app.app_token}) as answer,
    ):
        assert (await answer.json())["error"] == "not_authed"


async def test_a_scope_that_was_not_granted_is_named() -> None:
    """``missing_scope`` tells what was needed and what there is."""
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


async def test_a_posted_message_keeps_text_blocks_and_metadata(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Metadata comes back only when it is asked for."""
    posted = await client.chat_postMessage(channel=C, text="hi", blocks=[SECTION], metadata=METADATA)
    plain = (await client.conversations_history(channel=C))["messages"]
    full = (await client.conversations_history(channel=C, include_all_metadata=True))["messages"]

    assert slack.message(C, posted["ts"]) == slack.messages(C)[0]
    assert full[0]["metadata"] == METADATA
    assert "metadata" not in plain[0]
    assert full[0]["blocks"][0]["text"] == SECTION["text"]
    assert full[0]["blocks"][0]["block_id"]


async def test_a_message_to_a_person_goes_to_their_direct_message(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """The answer names the conversation, not the person."""
    posted = await client.chat_postMessage(channel=ALICE, text="psst")

    assert posted["channel"].startswith("D")
    assert [m.text for m in slack.person(ALICE).direct_messages()] == ["psst"]
    assert slack.person(BOB).direct_messages() == []


async def test_a_channel_can_be_named(slack: LocalSlack, client: AsyncWebClient) -> None:
    """With and without the hash."""
    await client.chat_postMessage(channel="#images", text="one")
    await client.chat_postMessage(channel="images", text="two")

    assert [m.text for m in slack.messages(C)] == ["one", "two"]


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("C0NOWHERE", "channel_not_found"),
        (PRIVATE, "channel_not_found"),
        (ELSEWHERE, "not_in_channel"),
        (GONE, "user_disabled"),
        ("U0IMAGEBOT", "cannot_dm_bot"),
    ],
)
async def test_where_the_app_cannot_write_it_is_told_why(
    client: AsyncWebClient, channel: str, code: str
) -> None:
    """One code per reason."""
    assert await error(client, "chat.postMessage", channel=channel, text="hi") == code


async def test_an_archived_channel_takes_no_messages_and_no_edits(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Posting and updating have different codes."""
    posted = await client.chat_postMessage(channel=C, text="hi")
    slack.admin.archive(C)

    assert await error(client, "chat.postMessage", channel=C, text="hi") == "is_archived"
    assert await error(client, "chat.update", channel=C, ts=posted["ts"], text="ho") == "is_inactive"

    slack.admin.archive(C, archived=False)

    assert (await client.chat_update(channel=C, ts=posted["ts"], text="ho"))["text"] == "ho"


async def test_an_app_that_was_removed_from_a_channel_cannot_post(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Until it is invited again, or joins."""
    slack.admin.remove(C)
    refused = await error(client, "chat.postMessage", channel=C, text="hi")
    await client.conversations_join(channel=C)

    assert refused == "not_in_channel"
    assert (await client.chat_postMessage(channel=C, text="hi"))["ok"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "no_text"),
        ({"text": " \n"}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": {"type": "section"}}, "invalid_blocks_format"),
        ({"blocks": ["section"]}, "invalid_blocks_format"),
        ({"markdown_text": "x", "text": "y"}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "attachments": "x"}, "invalid_attachments"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": ["x"]}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"event_type": "", "event_payload": {}}}, "invalid_metadata_schema"),
        (
            {"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": "v" * 16_000}}},
            "metadata_too_large",
        ),
        (
            {"blocks": [{**SECTION, "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5},
            "msg_blocks_too_long",
        ),
        ({"text": "x", "thread_ts": "1.000000"}, "cannot_reply_to_message"),
    ],
)
async def test_content_that_cannot_be_posted_is_named(
    client: AsyncWebClient, arguments: Json, code: str
) -> None:
    """Slack's codes of chat.postMessage."""
    assert await error(client, "chat.postMessage", channel=C, **arguments) == code


async def test_a_missing_argument_is_named(slack: LocalSlack, client: AsyncWebClient) -> None:
    """And the refusal stands in the list of problems."""
    answer = await refusal(client, "chat.postMessage", text="hi")

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert [problem["where"] for problem in slack.problems] == ["chat.postMessage"]


async def test_very_long_text_is_cut_when_posted_and_refused_when_updated(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """40,000 and 4,000 characters."""
    posted = await client.chat_postMessage(channel=C, text="x" * 40_001)

    assert len(slack.messages(C)[0].text) == 40_000
    assert await error(client, "chat.update", channel=C, ts=posted["ts"], text="x" * 4001) == "msg_too_long"


@pytest.mark.parametrize(
    ("change", "text", "block_count", "metadata", "is_edited"),
    [
        ({"text": "new"}, "new", 0, METADATA, True),
        ({"text": "new", "blocks": [SECTION, SECTION]}, "new", 2, METADATA, False),
        ({"blocks": [SECTION, SECTION]}, "old", 2, METADATA, False),
        ({"text": "new", "blocks": [SECTION], "metadata": {}}, "new", 1, None, False),
    ],
)
async def test_an_update_keeps_what_it_does_not_name(
    slack: LocalSlack,
    client: AsyncWebClient,
    change: Json,
    text: str,
    block_count: int,
    metadata: Json | None,
    is_edited: bool,
) -> None:
    """But text without blocks takes the old blocks away."""
    posted = await client.chat_postMessage(channel=C, text="old", blocks=[SECTION], metadata=METADATA)
    await client.api_call("chat.update", json={"channel": C, "ts": posted["ts"], **change})
    message = slack.messages(C)[0]

    assert (message.text, len(message.blocks), message.metadata) == (text, block_count, metadata)
    assert (message.edited_ts is not None) is is_edited


async def test_only_own_messages_can_be_updated_and_deleted(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """A person's message is theirs."""
    said = await slack.person(ALICE).say(C, "mine")

    assert await error(client, "chat.update", channel=C, ts=said.ts, text="x") == "cant_update_message"
    assert await error(client, "chat.delete", channel=C, ts=said.ts) == "cant_delete_message"
    assert await error(client, "chat.update", channel=C, ts="1.2", text="x") == "message_not_found"


async def test_a_deleted_message_is_gone_and_a_thread_keeps_a_tombstone(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Neither can be updated anymore, but the thread can be answered."""
    alone = (await client.chat_postMessage(channel=C, text="alone"))["ts"]
    root = (await client.chat_postMessage(channel=C, text="root"))["ts"]
    await client.chat_postMessage(channel=C, text="reply", thread_ts=root)
    await client.chat_delete(channel=C, ts=alone)
    slack.admin.delete_message(C, root)

    assert [m.text for m in slack.messages(C)] == ["This message was deleted.", "reply"]
    assert await error(client, "chat.update", channel=C, ts=alone, text="x") == "message_not_found"
    assert await error(client, "chat.update", channel=C, ts=root, text="x") == "cant_update_message"
    assert (await client.chat_postMessage(channel=C, text="more", thread_ts=root))["ok"]


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


async def test_an_ephemeral_message_is_seen_by_one_person_and_kept_nowhere(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """Neither history nor chat.update knows it."""
    sent = await client.chat_postEphemeral(channel=C, user=ALICE, text="only you")

    assert [m.text for m in slack.person(ALICE).sees(C)] == ["only you"]
    assert slack.person(BOB).sees(C) == []
    assert (await client.conversations_history(channel=C))["messages"] == []
    assert (
        await error(client, "chat.update", channel=C, ts=sent["message_ts"], text="x") == "message_not_found"
    )


@pytest.mark.parametrize("user", [GONE, "U0STRANGER"])
async def test_an_ephemeral_message_needs_somebody_in_the_channel(client: AsyncWebClient, user: str) -> None:
    """Deactivated people are in no channel."""
    code = await error(client, "chat.postEphemeral", channel=C, user=user, text="x")

    assert code in ("user_not_in_channel", "user_not_found")


async def test_a_permalink_names_channel_message_and_thread(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """As Slack writes them: the timestamp without its dot."""
    root = (await client.chat_postMessage(channel=C, text="root"))["ts"]
    reply = (await client.chat_postMessage(channel=C, text="reply", thread_ts=root))["ts"]
    first = (await client.chat_getPermalink(channel=C, message_ts=root))["permalink"]
    second = (await client.chat_getPermalink(channel=C, message_ts=reply))["permalink"]

    assert first == f"{slack.workspace.url}/archives/{C}/p{root.replace('.', '')}"
    assert second.endswith(f"p{reply.replace('.', '')}?thread_ts={root}&cid={C}")


async def test_a_reaction_is_added_once(slack: LocalSlack, client: AsyncWebClient) -> None:
    """slack_sdk sends it with arguments in the query and no body."""
    ts = (await client.chat_postMessage(channel=C, text="hi"))["ts"]
    await client.reactions_add(channel=C, timestamp=ts, name="eyes")

    assert dict(slack.messages(C)[0].reactions) == {"eyes": ("U0IMAGEBOT",)}
    assert await error(client, "reactions.add", channel=C, timestamp=ts, name="eyes") == "already_reacted"


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
