"""What an approver finds on the card, and what the thread says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.approvals import QuorumSlot, Rule
from bot.domain.lifecycle import ENDS, TRANSITIONS, Event, Status
from bot.domain.message import DIRECTLY, Kind
from bot.domain.power import Power, PowerPhase
from bot.domain.request import BOT, End, Failure, InstanceFacts, InstanceState, Request, Review
from bot.service.outcomes import Done, Submitted
from handlers.people.names import Names
from handlers.views import answers, card, card_actions, command_buttons
from handlers.views.requests import ends
from tests.fakes import NOW, image, message, render, request, translations

AGAIN = f"{command_buttons.RUN}:0"
TRANSLATIONS = translations()
WORDS = TRANSLATIONS.for_locale()
TWO_SLOTS = Rule(
    name="wiping-needs-two",
    quorum=(QuorumSlot(usergroups=frozenset({"S0OPS"})), QuorumSlot(usergroups=frozenset({"S0SEC"}))),
)


def request_tally(asked: Request) -> str:
    """Return everything on the card."""
    return json.dumps(card.card(asked, NOW, WORDS).payload(), ensure_ascii=False)


def buttons(asked: Request) -> list[dict[str, Any]]:
    """The card's buttons."""
    blocks = card.card(asked, NOW, WORDS).payload()["blocks"]
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param({}, "*Machine*\\n`ws-0buj1s9gm`", id="the machine"),
        pytest.param(
            {"facts": InstanceFacts(name="design-station", os_type="Windows")},
            "*Machine*\\ndesign-station\\n`ws-0buj1s9gm`",
            id="the machine's name",
        ),
        pytest.param(
            {"facts": InstanceFacts(os_type="Windows")}, "Workstation · Windows · stopped", id="what it is"
        ),
        pytest.param({}, "Image request: build-tools", id="the image's name"),
        pytest.param({}, "<@U0ALICE>", id="who asks"),
        pytest.param({}, ">for the new build", id="why"),
        pytest.param({}, "System disk and data disk", id="the disks"),
        pytest.param({}, "*Waiting for 1 approval*", id="what is needed"),
        pytest.param(
            {"reviewers": QuorumSlot(usergroups=frozenset({"S0OPS", "S0SEC"}))},
            "*Waiting for 1 approval* from S0OPS or S0SEC",
            id="from whom",
        ),
        pytest.param({"reason": ""}, "_No reason given_", id="that there is no reason"),
        pytest.param({}, "`r-7abcdef` · ", id="the request's id"),
        pytest.param({}, "approve by <!date^", id="until when it waits"),
        pytest.param({}, "As soon as approved", id="when it starts"),
        pytest.param(
            {"instance_state": InstanceState.RUNNING}, "*The machine is running.*", id="a running instance"
        ),
        pytest.param(
            {"instance_state": InstanceState.MISSING},
            "Check the ID.",
            id="an instance that nobody knows",
        ),
        pytest.param(
            {
                "image": image(instance_id="ecd-1"),
                "instance_state": InstanceState.MISSING,
                "facts": InstanceFacts(regions=("cn-shanghai", "cn-hangzhou")),
            },
            "No cloud desktop with this ID is in cn-shanghai, cn-hangzhou",
            id="a desktop that is in none of the regions",
        ),
        pytest.param(
            {"instance_state": InstanceState.OTHER, "facts": InstanceFacts(state_text="HIBERNATED *now*")},
            "Alibaba Cloud says “HIBERNATED ∗now∗”",
            id="a state that we have no word for",
        ),
        pytest.param({"instance_state": InstanceState.OTHER}, "other state", id="a state without a word"),
        pytest.param({"break_glass": True}, "Made without approval", id="emergency access"),
        pytest.param({"stop_first": True}, "Stopped first", id="an instance that is to be stopped"),
        pytest.param(
            {"status": Status.APPROVED, "power": Power(PowerPhase.STOPPING, NOW, owed=True)},
            "Stopping `ws-0buj1s9gm`",
            id="an instance that is being stopped",
        ),
        pytest.param(
            {"status": Status.AVAILABLE, "power": Power(PowerPhase.STARTING, NOW, owed=True, told=True)},
            "isn't running again yet",
            id="an instance that doesn't start",
        ),
        pytest.param(
            {"rule": TWO_SLOTS}, "*Waiting for 2 approvals*: 1 from S0OPS, 1 from S0SEC", id="whose slots"
        ),
        pytest.param(
            {"status": Status.APPROVED},
            "*Approved* · waiting in line",
            id="the line",
        ),
        pytest.param(
            {"status": Status.APPROVED, "queue_reason": "cloud-busy"}, "come back later", id="why it waits"
        ),
        pytest.param({"status": Status.CREATING, "progress": 40}, "40%", id="the progress"),
        pytest.param(
            {"status": Status.AVAILABLE, "image_id": "img-1"}, "`img-1` · <https://", id="the image's id"
        ),
        pytest.param(
            {"status": Status.AVAILABLE, "image_id": "img-1", "called_at": NOW, "end": End(NOW + 3600)},
            "made in 60 minutes",
            id="how long it took",
        ),
        pytest.param(
            {"reviews": (Review("U0BOB", True, "fine by me", NOW, frozenset({"S0OPS"})),), "rule": TWO_SLOTS},
            "<@U0BOB> approved",
            id="who approved",
        ),
        pytest.param(
            {"status": Status.REJECTED, "reviews": (Review("U0BOB", False, "not now", NOW),)},
            ":no_entry: <@U0BOB> rejected",
            id="who rejected it",
        ),
        pytest.param(
            {"status": Status.REJECTED, "reviews": (Review("U0BOB", False, "not now", NOW),)},
            ": not now",
            id="why it was rejected",
        ),
        pytest.param({"status": Status.CREATING}, ":gear: Just started", id="an image that has just begun"),
        pytest.param({"status": Status.EXPIRED}, ":alarm_clock: Nobody approved in time.", id="the expiry"),
        pytest.param(
            {"status": Status.CANCELLED, "end": End(NOW, BOT, "rights-lost")},
            "Cancelled by the bot: <@U0ALICE> lost permission",
            id="why the bot cancelled it",
        ),
        pytest.param(
            {"status": Status.CANCELLED, "end": End(NOW, "U0CAROL", "moved")},
            "Cancelled by <@U0CAROL>: moved",
            id="who cancelled",
        ),
        pytest.param(
            {"status": Status.FAILED, "failure": Failure("ExceedBuilderQuota", "Full.", "REQ-1")},
            "Alibaba Cloud said (ExceedBuilderQuota): Full.",
            id="the cloud's own words",
        ),
        pytest.param(
            {"status": Status.FAILED, "failure": Failure("timed-out")},
            "watching for one more day",
            id="a time-out",
        ),
        pytest.param(
            {"status": Status.FAILED, "failure": Failure("credentials")},
            "no Alibaba Cloud credentials",
            id="our own trouble",
        ),
    ],
)
def test_the_card_shows(changes: dict[str, Any], shown: str) -> None:
    """Everything that a decision rests on, and how it went."""
    assert shown in request_tally(request(**changes))


def test_what_the_credential_chain_says_is_not_for_the_channel() -> None:
    """It names files of the host, and Alibaba Cloud never said it."""
    failed = Failure("credentials", "credentials file: /home/bot/.alibabacloud/credentials.ini")
    told = request_tally(request(status=Status.FAILED, failure=failed))

    assert "The bot has no Alibaba Cloud credentials." in told
    assert "credentials.ini" not in told


def said(blocks: Any) -> Iterator[str]:
    """Every text in blocks that people read."""
    if isinstance(blocks, dict):
        if isinstance(blocks.get("text"), str):
            yield blocks["text"]
        blocks = blocks.values()
    for each in blocks if not isinstance(blocks, str | bool) else ():
        yield from said(each)


ENDED: dict[Status, dict[str, Any]] = {
    Status.AVAILABLE: {"image_id": "img-1", "end": End(NOW)},
    Status.REJECTED: {"reviews": (Review("U0BOB", False, "not now", NOW),)},
    Status.EXPIRED: {"end": End(NOW)},
    Status.CANCELLED: {"end": End(NOW, "U0CAROL")},
    Status.FAILED: {"failure": Failure("timed-out"), "end": End(NOW)},
}


@pytest.mark.parametrize("locale", TRANSLATIONS.locales)
@pytest.mark.parametrize("status", ENDED)
def test_the_line_under_the_title_says_what_the_title_does_not(status: Status, locale: str) -> None:
    """A card titled "Image failed" says why, not "Failed" again; nothing is on it twice."""
    words = TRANSLATIONS.for_locale(locale)
    asked = request(status=status, **ENDED[status])

    shown = [*said(card.card(asked, NOW, words).blocks)]

    assert words(f"status-{status}") not in shown
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"facts": InstanceFacts(sessions=0)}, "We found no session on this workstation"),
        ({"facts": InstanceFacts(sessions=1)}, "This workstation has a session"),
        ({"facts": InstanceFacts(sessions=2)}, "This workstation has 2 sessions"),
        ({"facts": InstanceFacts(sessions=2), "image": image(sub_instance_id="p-1")}, ""),
        ({"image": image(instance_id="ecd-1")}, ""),
        ({"instance_state": InstanceState.UNKNOWN}, ""),
        ({"instance_state": InstanceState.MISSING}, ""),
        ({"instance_state": None}, ""),
    ],
)
def test_a_workstation_without_a_session_is_warned_of(changes: dict[str, Any], told: str) -> None:
    """CreateImageByInstance: "specify the persistent session ID"; which of them, nobody guesses."""
    shown = request_tally(request(**changes))

    assert told in shown
    assert ("session" in shown) is bool(told)


@pytest.mark.parametrize(("name", "warns"), [("1 golden", True), ("x", True), ("golden-1", False)])
def test_a_name_that_might_be_refused_is_warned_of_and_sent(name: str, warns: bool) -> None:
    """This product's pages don't settle it, so we don't refuse it."""
    told = answers.submitted(Submitted(request(image=image(image_name=name))), WORDS)

    assert ("might refuse the name" in json.dumps(told.payload())) is warns


def test_one_of_two_approvals_says_who_is_still_needed() -> None:
    """The slot that is filled is not asked for again."""
    half = request(rule=TWO_SLOTS, reviews=(Review("U0BOB", True, "", NOW, frozenset({"S0OPS"})),))

    assert "*Waiting for 1 more approval* from S0SEC (1 of 2 given)" in request_tally(half)


@pytest.mark.parametrize(
    ("status", "actions"),
    [
        (Status.PENDING, [card_actions.APPROVE, card_actions.REJECT, card_actions.CANCEL]),
        (Status.APPROVED, [card_actions.CANCEL]),
        (Status.CREATING, []),
        (Status.AVAILABLE, [AGAIN]),
        (Status.REJECTED, [AGAIN]),
        (Status.EXPIRED, [AGAIN]),
        (Status.CANCELLED, [AGAIN]),
        (Status.FAILED, [card_actions.RETRY, AGAIN]),
    ],
)
def test_the_card_has_the_buttons_that_its_status_allows(status: Status, actions: list[str]) -> None:
    """And each carries the request's ID, or the command to ask for the same again."""
    shown = buttons(request(status=status, end=End(NOW) if status in ENDS else None))

    assert [each["action_id"] for each in shown] == actions
    assert {each["value"] for each in shown} <= {"r-7abcdef", "again r-7abcdef"}


def test_leaving_out_user_data_is_warned_of_and_asked_about() -> None:
    """Approve opens a dialog first; nothing else does."""
    wiping = request(image=image(instance_id="ecd-1", auto_clean_userdata=True))

    assert "*User profiles are removed*" in request_tally(wiping)
    assert [bool(each.get("confirm")) for each in buttons(wiping)] == [True, False, False]


def test_a_request_that_ended_warns_of_nothing() -> None:
    """What is over needs no decision."""
    wiping = request(status=Status.AVAILABLE, image=image(instance_id="ecd-1", auto_clean_userdata=True))

    assert "User profiles are removed" not in request_tally(wiping)


@pytest.mark.parametrize("event", Event)
def test_every_event_has_an_entry(event: Event) -> None:
    """One sentence that reads well alone."""
    told = render(message(event=event), request())

    assert len(told.text) > 10


@pytest.mark.parametrize(
    ("status", "event"),
    [
        (Status.AVAILABLE, Event.FINISH),
        (Status.AVAILABLE, Event.APPEAR),
        (Status.REJECTED, Event.REJECT),
        (Status.EXPIRED, Event.EXPIRE),
        (Status.CANCELLED, Event.CANCEL),
        (Status.FAILED, Event.FAIL),
    ],
)
def test_the_entry_that_ends_a_request_mentions_who_asked(status: Status, event: Event) -> None:
    """So that they need not watch the thread."""
    told = render(message(event=event, status=status, actor=BOT), request())

    assert told.text.startswith("<@U0ALICE> ")


def test_who_asks_hears_that_the_channel_takes_no_cards_and_what_helps() -> None:
    """In the answer, and again when they look the request up."""
    sent = answers.submitted(Submitted(request(), refused="not_in_channel"), WORDS)
    shown = answers.shown(Done(request(), refused="not_in_channel"), NOW, "", WORDS)

    for text in (sent.text, json.dumps(shown.payload())):
        assert "We can't post in <#C0IMAGES>" in text
        assert "/invite @image-bot" in text


def test_emergency_access_is_answered_with_started_and_not_with_sent() -> None:
    """Nothing waits for anybody."""
    told = answers.submitted(Submitted(request(break_glass=True)), WORDS).text

    assert "has started without approval" in told


def test_who_cancels_their_own_request_is_mentioned_once() -> None:
    """The sentence says it; the reason is theirs."""
    about = message(event=Event.CANCEL, status=Status.CANCELLED, details={"reason": "not needed"})

    assert render(about, request()).text == "Cancelled by <@U0ALICE>.\n>not needed"


def test_a_quoted_reason_stands_alone_in_a_channel_that_is_told() -> None:
    """Nothing of ours is attached to what a person wrote."""
    about = message(Kind.NOTICE, Event.REJECT, status=Status.REJECTED, details={"reason": "not now"})

    told = render(about, request()).text
    assert "\n>not now\nbuild-tools of `ws-0buj1s9gm` · requested by" in told
    assert "`r-7abcdef`" in told


@pytest.mark.parametrize(
    ("kind", "details", "mentions"),
    [
        pytest.param(Kind.ENTRY, {}, 1, id="the thread"),
        pytest.param(Kind.ENTRY, {DIRECTLY: True}, 0, id="the thread of who is told directly"),
        pytest.param(Kind.DIRECT, {}, 0, id="a direct message"),
        pytest.param(Kind.NOTICE, {}, 0, id="a channel that is told"),
    ],
)
@pytest.mark.parametrize("event", [Event.FINISH, Event.FAIL, Event.EXPIRE, Event.POWER_FAIL])
def test_who_asked_is_disturbed_once_by_an_event(
    kind: Kind, details: dict[str, Any], mentions: int, event: Event
) -> None:
    """By a mention in the thread or by a direct message, never by both; wherever else it is told, by name."""
    ended = {Event.FINISH: Status.AVAILABLE, Event.FAIL: Status.FAILED, Event.EXPIRE: Status.EXPIRED}
    about = message(kind, event, status=ended.get(event, Status.FAILED), actor=BOT, details=details)

    told = render(about, request(), Names({"U0ALICE": "Alice"}))

    assert told.text.count("<@U0ALICE>") == mentions
    assert mentions or "Alice" in told.text


def test_the_end_tells_how_long_the_image_took_and_not_how_long_it_waited() -> None:
    """It was asked for two minutes before it was begun."""
    made = request(status=Status.AVAILABLE, image_id="img-1", called_at=NOW, end=End(NOW + 600))

    told = render(message(event=Event.FINISH, status=Status.AVAILABLE, actor=BOT), made).text
    assert "made in 10 minutes" in told


def test_only_events_that_lead_to_an_end_end_a_request() -> None:
    """A failed request that is still watched, or a sign-off afterwards, is not told again."""
    ending = {
        (row[event], event) for status, row in TRANSITIONS.items() for event in row if ends(row[event], event)
    }

    assert {event for _, event in ending} == {
        Event.FINISH,
        Event.APPEAR,
        Event.REJECT,
        Event.EXPIRE,
        Event.CANCEL,
        Event.FAIL,
    }


def test_a_request_that_nobody_has_to_approve_is_not_said_to_wait_for_approval() -> None:
    """The card is posted before the bot has made it approved, and people are notified of that text."""
    told = render(message(Kind.CARD, Event.SUBMIT), request(rule=Rule(name="trusted", quorum=())))

    assert "approved" in told.text
    assert "aiting for approval" not in str(told)


@pytest.mark.parametrize(
    ("actor", "event", "reason", "shown"),
    [
        ("U0BOB", Event.REJECT, "not now", ">not now"),
        (BOT, Event.CANCEL, "rights-lost", "lost permission"),
        (BOT, Event.QUEUE, "instance-busy", "Not started yet, waiting for another image of this machine."),
        (BOT, Event.QUEUE, "", "Not started yet."),
    ],
)
def test_a_reason_is_quoted_from_people_and_said_in_a_sentence_by_the_bot(
    actor: str, event: Event, reason: str, shown: str
) -> None:
    """The bot keeps codes, people write words."""
    about = message(event=event, actor=actor, details={"reason": reason})

    assert shown in render(about, request()).text


def test_a_direct_message_says_why_it_is_direct() -> None:
    """The channel was archived, say."""
    about = message(Kind.DIRECT, Event.FINISH, details={"undeliverable": "C0IMAGES", "code": "is_archived"})
    done = request(image_id="img-1", status=Status.AVAILABLE)

    told = render(about, done).text

    assert "*build-tools* of `ws-0buj1s9gm` is ready: `img-1`" in told
    assert "We can't post in <#C0IMAGES> (Slack says: is_archived). The channel is archived" in told


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("https://x.slack.com/archives/C1/p2", "<https://x.slack.com/archives/C1/p2|r-before>"),
        ("", "`r-before`"),
    ],
)
def test_the_card_links_the_request_of_the_last_image_of_its_machine(before: str, shown: str) -> None:
    facts = InstanceFacts(last_image="golden", last_image_at=NOW, last_request="r-before")
    drawn = card.card(request(facts=facts), NOW, WORDS, before=before).payload()
    [told] = [
        field["text"]
        for block in drawn["blocks"]
        for field in block.get("fields", ())
        if "Last image of this machine" in field["text"]
    ]
    assert told.splitlines()[1] == "golden"
    assert told.splitlines()[-1] == shown
