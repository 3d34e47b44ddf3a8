"""The walk of one request, over real Bolt, a real WebSocket and real HTTP: nothing of the bot is patched."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.cast import ALICE, BOB, DAVE, IMAGES, WORKSTATION
from bot.playground.slack import LocalSlack, Message
from bot.playground.stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage with the bot running on it."""
    async with Stage(image_seconds=1.0) as stage:
        await stage.start_bot()
        yield stage


def cards(slack: LocalSlack) -> list[Message]:
    """The cards in the channel, as they stand."""
    return [
        message
        for message in slack.messages(IMAGES)
        if (message.metadata or {}).get("event_type") == "image_request"
    ]


def status(slack: LocalSlack) -> str:
    """What the newest card says of its request."""
    card = cards(slack)[-1]
    assert card.metadata is not None
    return str(card.metadata["event_payload"]["status"])


def events(slack: LocalSlack) -> list[str]:
    """The events in the newest card's thread, in order."""
    replies = slack.thread(IMAGES, cards(slack)[-1].ts)[1:]
    told = [reply.metadata["event_payload"] for reply in replies if reply.metadata]
    return [event for each in told for event in each.get("events", [each["event"]])]


async def test_a_request_is_typed_approved_made_and_told(stage: Stage) -> None:
    slack, cloud = stage.slack, stage.cloud
    alice, bob = stage.person(ALICE), stage.person(BOB)

    answer = await alice.command("/image", f"create {WORKSTATION} --name golden --reason 'new hires'", IMAGES)
    assert answer.error is None
    await slack.until(cards)
    card = cards(slack)[0]
    assert WORKSTATION in card.text
    assert "golden" in card.text

    await bob.click(card, "request_approve")
    await slack.until(lambda s: status(s) == "available", 20)

    await slack.until(lambda s: "available" in events(s), 10)
    assert events(slack) == ["reviewed", "creating", "available"]
    assert len(slack.thread(IMAGES, card.ts)) <= 1 + 3
    last = slack.thread(IMAGES, card.ts)[-1]
    assert last.broadcast
    assert f"<@{ALICE}>" in last.text
    (image,) = cloud.images
    assert len(cloud.ledger.of("CreateImageByInstance")) == 1
    assert image.name == "golden"
    assert card.metadata
    assert image.description.startswith(f"[{card.metadata['event_payload']['request_id']}.")


async def test_who_is_not_on_the_allowlist_is_told_so_alone_and_nothing_happens(stage: Stage) -> None:
    answer = await stage.person(DAVE).command("/image", f"create {WORKSTATION}", IMAGES)

    assert answer.error is None
    assert answer.text
    assert cards(stage.slack) == []
    assert stage.person(ALICE).sees(IMAGES) == []
    assert list(stage.cloud.images) == []
