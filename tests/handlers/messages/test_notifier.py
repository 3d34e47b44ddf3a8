"""What is posted about a request, once, and what Slack's refusals come to; against a local Slack."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.lifecycle import Event, Status
from bot.domain.request import BOT, Kind
from bot.errors import NotifierLater, NotifierRefused
from bot.playground.slack import Channel, Fault, FaultKind, LocalSlack, User
from handlers.i18n import Translations
from handlers.messages.notifier import SlackNotifier
from handlers.transport.connection import web_client, web_session
from tests.fakes import facts, message, request
from tests.ports import FakeDirectory

CHANNEL, OTHER = "C0IMAGES", "C0OTHER"
ASKED = request()
CARD = message(Kind.CARD, id=1)


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack with two channels."""
    people = [User("U0ALICE", "alice"), User("U0GONE", "gone", deleted=True)]
    async with LocalSlack(people, [Channel(CHANNEL, "images"), Channel(OTHER, "other")]) as local:
        yield local


@pytest.fixture
async def notifier(slack: LocalSlack) -> AsyncIterator[SlackNotifier]:
    """The notifier, connected."""
    async with web_session() as session:
        client = web_client(slack.app.bot_token, slack.url, session)
        yield SlackNotifier(client, Translations.read(), FakeDirectory(down=True))


async def test_a_card_carries_its_metadata(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """Public names, and the number by which it is found again."""
    ts = await notifier.deliver(CARD, ASKED, facts(ASKED))

    [card] = slack.messages(CHANNEL)
    assert card.ts == ts
    assert card.metadata == {
        "event_type": "image_request",
        "event_payload": {"request_id": "r-7abcdef", "status": "pending", "event": "submitted", "seq": 1},
    }
    assert slack.problems == []


async def test_a_card_that_was_posted_is_edited_in_place(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """One message for a request, with its metadata kept up to date."""
    ts = await notifier.deliver(CARD, ASKED, facts(ASKED))
    done = request(status=Status.AVAILABLE, image_id="img-1")

    again = await notifier.deliver(message(Kind.CARD, id=1, ts=ts), done, facts(done))

    [card] = slack.messages(CHANNEL)
    assert again == ts == card.ts
    assert "available" in card.text
    assert card.metadata is not None
    assert card.metadata["event_payload"]["status"] == "available"


@pytest.mark.parametrize(
    ("event", "status", "broadcast"),
    [
        (Event.REVIEW, Status.PENDING, False),
        (Event.FINISH, Status.AVAILABLE, True),
        (Event.REJECT, Status.REJECTED, True),
    ],
)
async def test_an_entry_stands_in_the_thread_and_the_last_in_the_channel_too(
    slack: LocalSlack, notifier: SlackNotifier, event: Event, status: Status, broadcast: bool
) -> None:
    """With its own metadata."""
    card = await notifier.deliver(CARD, ASKED, facts(ASKED))
    about = message(Kind.ENTRY, event, id=2, status=status, thread_ts=card, actor=BOT)

    await notifier.deliver(about, ASKED, facts(ASKED))

    entry = slack.thread(CHANNEL, card)[1]
    assert entry.broadcast is broadcast
    assert entry.metadata == {
        "event_type": "image_request_event",
        "event_payload": {"request_id": "r-7abcdef", "status": str(status), "event": str(event), "seq": 2},
    }


async def test_a_notice_goes_to_the_channel_that_asked(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """As a message of its own."""
    about = message(Kind.NOTICE, Event.FINISH, status=Status.AVAILABLE, channel=OTHER, actor=BOT)

    await notifier.deliver(about, ASKED, facts(ASKED))

    [notice] = slack.messages(OTHER)
    assert notice.thread_ts is None
    assert notice.text.startswith("The request of <@U0ALICE>")


async def test_a_direct_message_reaches_the_person(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """In their conversation with the app, which is opened for it."""
    about = message(Kind.DIRECT, Event.FINISH, channel="U0ALICE", actor=BOT)

    await notifier.deliver(about, ASKED, facts(ASKED))
    await notifier.deliver(about, ASKED, facts(ASKED))

    assert len(slack.person("U0ALICE").direct_messages()) == 2
    assert [call.method for call in slack.ledger.calls].count("conversations.open") == 1


@pytest.mark.parametrize("kind", [Kind.CARD, Kind.ENTRY, Kind.NOTICE, Kind.DIRECT])
async def test_a_message_whose_answer_was_lost_is_not_posted_twice(
    slack: LocalSlack, notifier: SlackNotifier, kind: Kind
) -> None:
    """Before a second attempt it is looked for."""
    card = await notifier.deliver(CARD, ASKED, facts(ASKED))
    where = "U0ALICE" if kind is Kind.DIRECT else CHANNEL
    thread_ts = card if kind is Kind.ENTRY else None
    slack.faults.set(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"))
    with pytest.raises(NotifierLater):
        await notifier.deliver(message(kind, id=9, channel=where, thread_ts=thread_ts), ASKED, facts(ASKED))
    posted = [call.method for call in slack.ledger.calls].count("chat.postMessage")

    again = message(kind, id=9, channel=where, thread_ts=thread_ts, tries=1, at=float(card) - 1)
    ts = await notifier.deliver(again, ASKED, facts(ASKED))

    assert [call.method for call in slack.ledger.calls].count("chat.postMessage") == posted
    alice = slack.person("U0ALICE")
    seen = alice.direct_messages() if kind is Kind.DIRECT else slack.messages(CHANNEL)
    assert [each.ts for each in seen if each.metadata and each.metadata["event_payload"]["seq"] == 9] == [ts]


async def test_a_message_that_never_got_there_is_posted(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """Looking for it finds nothing."""
    slack.faults.set(Fault(FaultKind.DROPPED, "chat.postMessage"))
    with pytest.raises(NotifierLater):
        await notifier.deliver(CARD, ASKED, facts(ASKED))

    await notifier.deliver(message(Kind.CARD, id=1, tries=1), ASKED, facts(ASKED))

    assert len(slack.messages(CHANNEL)) == 1


async def test_the_thread_is_searched_to_its_end(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """However many entries there are: the search turns pages."""
    card = await notifier.deliver(CARD, ASKED, facts(ASKED))
    client = slack.person("U0ALICE")
    first = await notifier.deliver(message(Kind.ENTRY, id=2, thread_ts=card), ASKED, facts(ASKED))
    for _ in range(250):
        await client.say(CHANNEL, "and another", thread_ts=card)
    last = await notifier.deliver(message(Kind.ENTRY, id=3, thread_ts=card), ASKED, facts(ASKED))

    found = [
        await notifier.deliver(message(Kind.ENTRY, id=number, thread_ts=card, tries=1), ASKED, facts(ASKED))
        for number in (2, 3)
    ]

    assert found == [first, last]


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        pytest.param(
            Fault(FaultKind.RATE_LIMITED, "chat.postMessage", seconds=7), 7.0, id="as long as Slack asks"
        ),
        pytest.param(
            Fault(FaultKind.SERVER_ERROR, "chat.postMessage"), 1.0, id="a page instead of an answer"
        ),
        pytest.param(Fault(FaultKind.DROPPED, "chat.postMessage"), 1.0, id="a dropped connection"),
        pytest.param(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"), 1.0, id="a lost response"),
        pytest.param(
            Fault(FaultKind.REFUSED, "chat.postMessage", error="fatal_error"), 1.0, id="Slack is not well"
        ),
        pytest.param(
            Fault(FaultKind.REFUSED, "chat.postMessage", error="token_revoked"), 1.0, id="a token to mend"
        ),
    ],
)
async def test_trouble_that_passes_delays_a_message(
    slack: LocalSlack, notifier: SlackNotifier, fault: Fault, seconds: float
) -> None:
    """And it is sent once only: the client itself tries nothing again."""
    slack.faults.set(fault)

    with pytest.raises(NotifierLater) as later:
        await notifier.deliver(CARD, ASKED, facts(ASKED))

    assert later.value.seconds == seconds
    assert [call.method for call in slack.ledger.calls].count("chat.postMessage") == 1


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "invalid_blocks",
        "unheard_of",
    ],
)
async def test_a_refusal_that_stays_is_final(slack: LocalSlack, notifier: SlackNotifier, code: str) -> None:
    """By Slack's own code."""
    slack.faults.set(Fault(FaultKind.REFUSED, "chat.postMessage", error=code))

    with pytest.raises(NotifierRefused) as refused:
        await notifier.deliver(CARD, ASKED, facts(ASKED))

    assert refused.value.code == code


async def test_a_card_that_was_deleted_cannot_be_edited(notifier: SlackNotifier) -> None:
    """The core decides what then."""
    with pytest.raises(NotifierRefused) as refused:
        await notifier.deliver(message(Kind.CARD, ts="1795300000.000100"), ASKED, facts(ASKED))

    assert refused.value.code == "message_not_found"


async def test_the_wait_grows_with_the_number_of_tries(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """To a minute."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, "*", times=9))
    waits = []
    for tries in (1, 3, 5, 20):
        with pytest.raises(NotifierLater) as later:
            await notifier.deliver(message(Kind.CARD, tries=tries), ASKED, facts(ASKED))
        waits.append(later.value.seconds)

    assert waits == [2.0, 8.0, 32.0, 60.0]
