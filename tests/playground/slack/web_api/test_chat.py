"""Messages: posted, updated, deleted, and what is refused."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.playground.slack.web_api.calls import (
    ALICE,
    BOB,
    ELSEWHERE,
    GONE,
    METADATA,
    PRIVATE,
    SECTION,
    C,
    Json,
    error,
)


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
