"""What is posted about a request, once, and looked for when in doubt; against a local Slack."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.lifecycle import Event, Status
from bot.domain.message import Kind, Message, Subject
from bot.domain.request import BOT, Request
from bot.errors import NotifierLater, NotifierNowhere, NotifierRefused
from bot.playground.slack import Channel, Conditions, Fault, FaultKind, LocalSlack, User
from bot.playground.slack import Message as Shown
from bot.playground.slack.app import OTHER_APP
from bot.ports import Posted
from handlers.i18n import Translations
from handlers.messages.lookup import MOST_LOOKS
from handlers.messages.notifier import SlackNotifier
from handlers.transport.connection import web_client, web_session
from tests.fakes import NOW, message, request, told
from tests.ports import Clock, FakeDirectory

CHANNEL, OTHER = "C0IMAGES", "C0OTHER"
ASKED = request()
CARD = message(Kind.CARD, id=1)


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack with two channels that the bot is in."""
    people = [User("U0ALICE", "alice"), User("U0GONE", "gone", deleted=True)]
    channels = [Channel(CHANNEL, "images"), Channel(OTHER, "other")]
    async with LocalSlack(people, channels, conditions=Conditions(joined=True)) as local:
        yield local


@pytest.fixture
async def notifier(slack: LocalSlack) -> AsyncIterator[SlackNotifier]:
    """The notifier, connected."""
    async with web_session() as session:
        client = web_client(slack.app.bot_token, slack.url, session)
        yield SlackNotifier(client, Translations.read(), FakeDirectory(down=True))


async def post(notifier: SlackNotifier, what: Message, of: Request = ASKED) -> str:
    """Deliver a message; return its ts."""
    return (await notifier.deliver(what, of, NOW)).ts


def calls(slack: LocalSlack, method: str) -> int:
    """How often a method was called."""
    return [call.method for call in slack.ledger.calls].count(method)


def number(message: Shown) -> int:
    """The number in a message's metadata."""
    return int((message.metadata or {}).get("event_payload", {}).get("seq", 0))


async def test_a_card_carries_its_metadata(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """Public names, and the number and the seal by which it is found again."""
    posted = await notifier.deliver(CARD, ASKED, NOW)

    [card] = slack.messages(CHANNEL)
    assert posted == Posted(CHANNEL, card.ts)
    assert card.metadata is not None
    payload = dict(card.metadata["event_payload"])
    assert len(payload.pop("mac")) == 32
    assert card.metadata["event_type"] == "image_request"
    assert payload == {"request_id": "r-7abcdef", "status": "pending", "event": "submitted", "seq": 1}
    assert slack.problems == []


async def test_a_card_that_was_posted_is_edited_in_place(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """One message for a request, with its metadata kept up to date."""
    ts = await post(notifier, CARD)
    done = request(status=Status.AVAILABLE, image_id="img-1")

    again = await post(notifier, message(Kind.CARD, id=1, ts=ts), done)

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
        (Event.BYPASS, Status.APPROVED, True),
    ],
)
async def test_an_entry_stands_in_the_thread_and_the_last_in_the_channel_too(
    slack: LocalSlack, notifier: SlackNotifier, event: Event, status: Status, broadcast: bool
) -> None:
    """With its own metadata."""
    card = await post(notifier, CARD)

    await post(notifier, message(Kind.ENTRY, event, id=2, status=status, thread_ts=card, actor=BOT))

    entry = slack.thread(CHANNEL, card)[1]
    assert entry.broadcast is broadcast
    assert entry.metadata is not None
    assert entry.metadata["event_type"] == "image_request_event"
    payload = entry.metadata["event_payload"]
    assert (payload["status"], payload["event"], payload["seq"]) == (str(status), str(event), 2)


async def test_merged_events_are_one_entry_that_is_known_by_its_last(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """A paragraph each; the end mentions who asked."""
    card = await post(notifier, CARD)
    events = (
        told(Event.REVIEW, actor="U0BOB"),
        told(Event.START, status=Status.CREATING, actor=BOT),
        told(Event.FINISH, status=Status.AVAILABLE, actor=BOT),
    )

    await post(notifier, message(id=2, thread_ts=card, told=events))

    entry = slack.thread(CHANNEL, card)[1]
    assert entry.broadcast is True
    assert entry.metadata is not None
    payload = entry.metadata["event_payload"]
    assert (payload["status"], payload["event"]) == ("available", "available")
    assert payload["events"] == ["reviewed", "creating", "available"]
    assert len(entry.blocks) == 3
    assert entry.text.startswith("<@U0BOB> approved")
    assert entry.text.splitlines()[-1].startswith("<@U0ALICE> ")


async def test_a_notice_goes_to_the_channel_that_asked(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """As a separate message."""
    await post(notifier, message(Kind.NOTICE, Event.FINISH, status=Status.AVAILABLE, target=OTHER, actor=BOT))

    [notice] = slack.messages(OTHER)
    assert notice.thread_ts is None
    assert "<@" not in notice.text  # the thread mentions who asked
    assert notice.text.endswith("requested by `U0ALICE` in <#C0IMAGES> · `r-7abcdef`")


async def test_admins_are_told_in_their_channel(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """About no request."""
    about = message(Kind.ADMIN, "broken", target=OTHER, status=None, details={"findings": ["line 3: no"]})

    await notifier.deliver(replace(about, subject=Subject("allowlist", "file")), None, NOW)

    [notice] = slack.messages(OTHER)
    assert "`line 3: no`" in notice.text


async def test_a_direct_message_reaches_the_person(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """In their conversation with the app, which is opened for it."""
    about = message(Kind.DIRECT, Event.FINISH, target="U0ALICE", actor=BOT)

    await post(notifier, about)
    await post(notifier, about)

    assert len(slack.person("U0ALICE").direct_messages()) == 2
    assert calls(slack, "conversations.open") == 1


@pytest.mark.parametrize("kind", [Kind.CARD, Kind.ENTRY, Kind.NOTICE, Kind.DIRECT])
async def test_a_message_whose_answer_was_lost_is_not_posted_twice(
    slack: LocalSlack, notifier: SlackNotifier, kind: Kind
) -> None:
    """Before a second attempt it is looked for."""
    card = await post(notifier, CARD)
    target = "U0ALICE" if kind is Kind.DIRECT else CHANNEL
    thread_ts = card if kind is Kind.ENTRY else None
    first = message(kind, id=9, target=target, thread_ts=thread_ts)
    slack.faults.set(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"))
    with pytest.raises(NotifierLater) as later:
        await post(notifier, first)
    posted = calls(slack, "chat.postMessage")

    ts = await post(notifier, replace(first, tries=1, in_doubt_since=float(card)))

    assert later.value.in_doubt is True
    assert calls(slack, "chat.postMessage") == posted
    alice = slack.person("U0ALICE")
    seen = alice.direct_messages() if kind is Kind.DIRECT else slack.messages(CHANNEL)
    assert [each.ts for each in seen if number(each) == 9] == [ts]


async def test_a_message_that_never_got_there_is_posted(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """Looking for it finds nothing."""
    slack.faults.set(Fault(FaultKind.DROPPED, "chat.postMessage"))
    with pytest.raises(NotifierLater):
        await post(notifier, CARD)

    await post(notifier, message(Kind.CARD, id=1, tries=1, in_doubt_since=time.time()))

    assert len(slack.messages(CHANNEL)) == 1
    assert calls(slack, "conversations.history") == 1


async def test_a_refusal_posted_nothing_and_is_not_looked_up(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """The same goes for every answer from Slack, except those that say it's in trouble."""
    slack.faults.set(Fault(FaultKind.RATE_LIMITED, "chat.postMessage", seconds=1))
    with pytest.raises(NotifierLater) as later:
        await post(notifier, CARD)
    assert later.value.in_doubt is False

    await post(notifier, message(Kind.CARD, id=1, tries=1))

    assert len(slack.messages(CHANNEL)) == 1
    assert calls(slack, "conversations.history") == 0


async def test_metadata_that_another_app_has_forged_is_not_taken_for_ours(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """It knows the request's ID and the number, and not our key; and it is not us."""
    genuine = await post(notifier, message(Kind.CARD, id=5))
    [ours] = slack.messages(CHANNEL)
    assert ours.metadata is not None
    seen = ours.metadata["event_payload"]
    for bot_id, payload in (
        (OTHER_APP.bot_id, seen),
        (OTHER_APP.bot_id, {**seen, "seq": 6}),
        (ours.bot_id, {**seen, "seq": 6, "mac": "0" * 32}),
        (ours.bot_id, {key: value for key, value in seen.items() if key != "mac"} | {"seq": 6}),
    ):
        metadata = {"event_type": "image_request", "event_payload": payload}
        slack.workspace.conversations.post(replace(ours, ts="", bot_id=bot_id, metadata=metadata))
    since = float(genuine)

    again = await post(notifier, message(Kind.CARD, id=5, tries=1, in_doubt_since=since))
    other = await post(notifier, message(Kind.CARD, id=6, tries=1, in_doubt_since=since))

    assert again == genuine
    assert other == slack.messages(CHANNEL)[-1].ts
    assert calls(slack, "chat.postMessage") == 2


async def test_a_channel_is_joined_before_it_is_looked_into(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """A public channel that the bot has not joined answers `not_in_channel` to history, not to a post."""
    slack.admin.remove(CHANNEL)
    slack.faults.set(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"))
    with pytest.raises(NotifierLater):
        await post(notifier, CARD)

    ts = await post(notifier, message(Kind.CARD, id=1, tries=1, in_doubt_since=time.time()))

    assert [each.ts for each in slack.messages(CHANNEL)] == [ts]
    assert calls(slack, "conversations.join") == 1


@pytest.mark.parametrize("code", ["missing_scope", "method_not_supported_for_channel_type", "unheard_of"])
async def test_when_nobody_lets_us_look_it_is_posted(
    slack: LocalSlack, notifier: SlackNotifier, code: str
) -> None:
    """A message twice is better than none."""
    slack.faults.set(Fault(FaultKind.REFUSED, "conversations.history", error="not_in_channel"))
    slack.faults.set(Fault(FaultKind.REFUSED, "conversations.join", error=code))

    await post(notifier, message(Kind.CARD, id=1, tries=1, in_doubt_since=time.time()))

    assert len(slack.messages(CHANNEL)) == 1


async def test_a_look_that_passes_is_tried_again_for_a_while(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """And the message stays in doubt; in the end it is posted."""
    slack.faults.set(Fault(FaultKind.RATE_LIMITED, "conversations.history", seconds=60, times=2))
    with pytest.raises(NotifierLater) as later:
        await post(notifier, message(Kind.CARD, id=1, tries=1, in_doubt_since=time.time()))
    assert (later.value.in_doubt, later.value.seconds) == (True, 60.0)

    await post(notifier, message(Kind.CARD, id=1, tries=MOST_LOOKS, in_doubt_since=time.time()))

    assert len(slack.messages(CHANNEL)) == 1


async def test_an_app_that_may_read_fifteen_once_a_minute_still_finds_its_message() -> None:
    """A distributed app: it asks for less, waits as long as Slack says, and posts nothing twice."""
    clock, conditions = Clock(), Conditions(joined=True, distributed=True)
    again = message(Kind.CARD, id=1, tries=1, in_doubt_since=clock())
    channels = [Channel(CHANNEL, "images")]
    async with (
        LocalSlack([], channels, conditions=conditions, clock=clock) as slack,
        web_session() as session,
    ):
        client = web_client(slack.app.bot_token, slack.url, session)
        notifier = SlackNotifier(client, Translations.read(), FakeDirectory(down=True))
        slack.faults.set(Fault(FaultKind.LOST_RESPONSE, "chat.postMessage"))
        waits = []
        for tries in range(3):
            with pytest.raises(NotifierLater) as later:
                await post(notifier, replace(again, tries=tries, in_doubt_since=clock() if tries else None))
            waits.append((later.value.reason, later.value.in_doubt))
        clock.advance(60)
        ts = await post(notifier, replace(again, tries=3))

    assert waits[1:] == [("invalid_limit", True), ("ratelimited", True)]
    assert [each.ts for each in slack.messages(CHANNEL)] == [ts]


async def test_only_the_minutes_around_the_attempt_are_looked_into(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """Some apps may look once a minute, and get fifteen messages."""
    began = time.time()
    await post(notifier, message(Kind.CARD, id=1, tries=1, in_doubt_since=began))

    [looked] = slack.ledger.calls_of("conversations.history")
    assert float(looked.arguments["oldest"]) == pytest.approx(began - 120, abs=0.01)
    assert float(looked.arguments["latest"]) == pytest.approx(began + 300, abs=0.01)


async def test_the_thread_is_searched_to_its_end(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """However many entries there are: the search turns pages."""
    card = await post(notifier, CARD)
    client = slack.person("U0ALICE")
    first = await post(notifier, message(Kind.ENTRY, id=2, thread_ts=card))
    for _ in range(250):
        await client.say(CHANNEL, "and another", thread_ts=card)
    last = await post(notifier, message(Kind.ENTRY, id=3, thread_ts=card))
    again = [
        message(Kind.ENTRY, id=number, thread_ts=card, tries=1, in_doubt_since=float(card))
        for number in (2, 3)
    ]

    assert [await post(notifier, each) for each in again] == [first, last]


async def test_a_private_channel_without_the_bot_is_nowhere_to_post(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """Until somebody invites it: it can't join on its own."""
    slack.faults.set(Fault(FaultKind.REFUSED, "chat.postMessage", error="not_in_channel"))
    slack.faults.set(
        Fault(FaultKind.REFUSED, "conversations.join", error="method_not_supported_for_channel_type")
    )

    with pytest.raises(NotifierNowhere) as nowhere:
        await post(notifier, CARD)

    assert nowhere.value.code == "not_in_channel"


async def test_a_public_channel_is_joined_when_slack_wants_a_member_to_post(
    slack: LocalSlack, notifier: SlackNotifier
) -> None:
    """As it is without `chat:write.public`."""
    slack.faults.set(Fault(FaultKind.REFUSED, "chat.postMessage", error="not_in_channel"))

    await post(notifier, CARD)

    assert len(slack.messages(CHANNEL)) == 1


async def test_a_card_that_was_deleted_cannot_be_edited(notifier: SlackNotifier) -> None:
    """The core decides what then."""
    with pytest.raises(NotifierRefused) as refused:
        await post(notifier, message(Kind.CARD, ts="1795300000.000100"))

    assert refused.value.code == "message_not_found"


async def test_what_cannot_be_drawn_is_not_sent(slack: LocalSlack, notifier: SlackNotifier) -> None:
    """It raises before Slack is called."""
    with pytest.raises(KeyError):
        await post(notifier, message(Kind.ENTRY, "no-such-event", thread_ts="1.0"))

    assert slack.ledger.calls == []
