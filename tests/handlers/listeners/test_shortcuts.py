"""What begins without a command: shortcuts open the form, a direct message is answered with help."""

from collections.abc import AsyncIterator

import pytest

from tests.counter import ALICE, CHANNEL, Counter, open_counter


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    """A connected bot."""
    async with open_counter() as opened:
        yield opened


async def test_the_global_shortcut_opens_the_empty_form(counter: Counter) -> None:
    alice = counter.slack.person(ALICE)
    answer = await alice.shortcut("image_create")
    await counter.slack.until(lambda _: alice.modal)

    assert answer.error is None
    assert alice.modal is not None
    assert alice.modal.body["callback_id"] == "image_create"


async def test_the_shortcut_on_a_message_takes_its_text_as_the_reason(counter: Counter) -> None:
    alice = counter.slack.person(ALICE)
    said = await alice.say(CHANNEL, "the build needs a fresh image")
    await alice.shortcut("image_create_from_message", said)
    await counter.slack.until(lambda _: alice.modal)

    assert alice.modal is not None
    [reason] = [block for block in alice.modal.blocks if block["block_id"] == "reason"]
    assert reason["element"]["initial_value"] == "the build needs a fresh image"


async def test_a_direct_message_is_answered_with_help_once(counter: Counter) -> None:
    """The bot's own answer is a message in that conversation, too, and is left unanswered."""
    opened = await counter.client.conversations_open(users=ALICE)
    alice, channel = counter.slack.person(ALICE), str(opened["channel"]["id"])
    for author in ({"user": ALICE}, {"user": "U0IMAGEBOT", "bot_id": "B0IMAGEBOT"}):
        event = {"type": "message", "channel_type": "im", "channel": channel, "text": "hello?", **author}
        await alice.send_raw(
            "events_api", {"type": "event_callback", "team_id": "T0PLAYGROUND", "event": event}
        )
    await counter.told(ALICE, "/image")

    assert len(alice.direct_messages()) == 1
    assert counter.service.asked == []


async def test_who_writes_again_at_once_is_answered_once(counter: Counter) -> None:
    """Nobody makes the bot talk without end."""
    opened = await counter.client.conversations_open(users=ALICE)
    alice, channel = counter.slack.person(ALICE), str(opened["channel"]["id"])
    for number in range(5):
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": channel,
            "text": f"{number}",
            "user": ALICE,
        }
        await alice.send_raw(
            "events_api", {"type": "event_callback", "team_id": "T0PLAYGROUND", "event": event}
        )
    await counter.told(ALICE, "/image")

    assert len(alice.direct_messages()) == 1


async def test_opening_home_publishes_it_for_who_opened_it(counter: Counter) -> None:
    """In the workspace that Slack says."""
    alice = counter.slack.person(ALICE)
    await alice.open_home()
    await counter.slack.until(lambda _: alice.home)

    assert alice.home is not None
    assert "form_open" in str(alice.home.blocks)
    assert counter.slack.problems == []
