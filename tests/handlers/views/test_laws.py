"""Whatever people type: every block stays within Slack's limits, nobody is pinged, nothing is empty."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.allowlist.access import HELD
from bot.domain.approvals import QuorumSlot, Rule
from bot.domain.field_errors import FieldError
from bot.domain.image import CreateImage, Tag
from bot.domain.lifecycle import TRANSITIONS, Event, Status
from bot.domain.message import WAITS, Kind
from bot.domain.preferences import Preferences, quiet_hours
from bot.domain.request import End, Failure, InstanceFacts, InstanceState, Request, Review
from bot.playground.slack.blocks import check_blocks, check_options, check_view
from bot.service.home import PAGE, HomeContents, Part
from bot.service.instances import OFFERED, Emptiness, NoSuch, Offer
from bot.service.outcomes import Denied, Done, Found, RefusalReason, Refused, RightsHeld, Submitted
from bot.service.records import Happened, Story
from handlers.draft import Draft, Mistake
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, channel, escape, fit, inline, quote, unmarked
from handlers.views import (
    answers,
    card,
    form,
    form_state,
    history,
    home,
    machines,
    reasons,
    requests_list,
    standing,
)
from handlers.views import denial as verdicts
from handlers.views.blocks import Post, field_error
from handlers.views.form import FormFacts
from handlers.views.requests import needs
from handlers.views.rights import DEEDS
from tests.fakes import NOW, image, message, render, request, silence, translations
from tests.machines import machine

FIELDS = (*form_state.TEXTS, form_state.CLEAN)
LANGUAGES = [translations().for_locale(each) for each in translations().locales]
languages = st.sampled_from(LANGUAGES)
"""Each example is in one of the languages: every law holds in all of them, in the time of one."""
HOSTILE = "<!channel> <!here> <@U0BOB> <!subteam^S0OPS> @here @channel *_~`>& https://a.example"
texts = st.one_of(
    st.text(max_size=200),
    st.text(st.sampled_from("&<>`*_~!@#|^ \n"), max_size=4000),
    st.just(HOSTILE),
    st.just(HOSTILE * 60),
)
OURS = {"U0ALICE", "U0BOB", "U0CAROL"}
"""Whom the views mention by themselves: requester, approvers."""


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Any request, with anything in it that a person can have typed."""
    asked = CreateImage.model_construct(
        **{
            **dict(image()),
            "instance_id": draw(texts),
            "image_name": draw(st.none() | texts),
            "description": draw(st.none() | texts),
            "sub_instance_id": draw(st.none() | texts),
            "auto_clean_userdata": draw(st.none() | st.booleans()),
            "tags": tuple(
                Tag.model_construct(key=key, value="v") for key in draw(st.lists(texts, max_size=20))
            ),
        }
    )
    review = Review("U0BOB", draw(st.booleans()), draw(texts), NOW)
    slot = QuorumSlot(usergroups=frozenset({"S0OPS"}), count=2)
    return request(
        image=asked,
        reason=draw(texts),
        machine=draw(texts),
        facts=draw(st.builds(InstanceFacts, texts, texts, st.tuples(texts), st.integers(0, 3), texts)),
        status=draw(st.sampled_from(Status)),
        reviews=(review,) * draw(st.integers(0, 3)),
        rule=Rule(name=draw(texts), quorum=(slot,)),
        failure=draw(st.none() | st.builds(Failure, texts, texts, texts)),
        queue_reason=draw(st.none() | st.sampled_from(["instance-busy", "unheard-of"])),
        instance_state=draw(st.none() | st.sampled_from(InstanceState)),
        progress=draw(st.none() | st.integers(0, 100)),
        end=draw(st.none() | st.builds(End, st.just(NOW), st.sampled_from(["bot", "U0CAROL"]), texts)),
    )


def strings(value: Any) -> Iterator[str]:
    """Every text that Slack would read markup in."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for child in value.values():
            yield from strings(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from strings(child)


def assert_sendable(post: Post) -> None:
    """Slack takes it, and nobody but whom we mention is pinged by it."""
    payload = post.payload()
    assert check_blocks(payload["blocks"], "message", "/blocks") == []
    assert payload["text"].strip()
    assert len(payload["text"]) <= 4000
    assert sum(len(text) for text in strings(payload["blocks"])) < 13_000
    for text in (payload["text"], *strings(payload["blocks"])):
        assert not re.search(r"<!(?:channel|here|everyone)", text)
        assert set(re.findall(r"<@(\w+)>", text)) <= OURS
        assert set(re.findall(r"<!subteam\^(\w+)", text)) <= {"S0OPS"}
    assert all(block.get("text", {}).get("verbatim", True) for block in payload["blocks"])


@given(requests(), languages)
@settings(max_examples=150, deadline=None)
def test_a_card_can_always_be_posted_and_pings_nobody(asked: Request, words: Localizer) -> None:
    """In every status, whatever was typed."""
    assert_sendable(card.card(asked, NOW, words))


EVENTS = [(row[event], event) for row in TRANSITIONS.values() for event in row] + [
    (Status.PENDING, Event.SUBMIT)
]


@given(
    requests(),
    st.sampled_from([kind for kind in Kind if kind not in (Kind.ADMIN, Kind.DIGEST)]),
    st.sampled_from(EVENTS),
    texts,
    st.sampled_from(["bot", "U0BOB"]),
    languages,
)
@settings(max_examples=150, deadline=None)
def test_every_message_can_be_posted_and_pings_nobody(
    asked: Request, kind: Kind, what: tuple[Status, Event], reason: str, actor: str, words: Localizer
) -> None:
    """Every kind of message about every event."""
    status, event = what
    details = {"reason": reason, "undeliverable": reason, "code": reason}
    about = message(kind, event, status=status, actor=actor, details=details)

    assert_sendable(render(about, asked, locale=words.locale))


@given(requests(), texts, st.sampled_from(RefusalReason), st.sampled_from(sorted(DEEDS)), languages)
@settings(max_examples=60, deadline=None)
def test_every_answer_can_be_sent(
    asked: Request, typed: str, why: RefusalReason, action: str, words: Localizer
) -> None:
    """What a person gets back may hold what they typed."""
    mistakes = (Mistake("flag-unknown", typed, typed, typed),) * 3
    problems = (FieldError("image_name", "image-name-length", typed[:80], "256"),) * 3
    for post in (
        answers.submitted(Submitted(asked), words),
        answers.refused(Refused(why, asked, {"given": typed}), words),
        verdicts.denied(Denied(action, silence()), words),
        requests_list.found(Found((asked,) * 20, more=True), "all", words),
        requests_list.images(Found((asked,) * 10, more=True), typed, words),
        standing.why(asked, words),
        history.told(
            Story(asked, tuple(Happened(NOW, typed, each, {"reason": typed}) for each in Event)), words
        ),
        answers.shown(Done(asked, others=2), NOW, f"https://example.com/{HOSTILE}", words),
        answers.mistaken(mistakes, problems, typed, words),
    ):
        assert_sendable(post)


SAID = "Approved by security"
IMITATION = f"fine\n\u2705 {SAID}\r*{SAID}*\u2028_{SAID}_\u2029\u000b{SAID}\x85`{SAID}`"
"""What somebody writes to have readers take it for the card's own words."""


def all_texts(value: Any) -> Iterator[str]:
    """Every text that a reader sees, markup or plain."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for child in value.values():
            yield from all_texts(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from all_texts(child)


def imitated(drawn: Any) -> list[str]:
    """Every line that begins with somebody's own words, and isn't set apart as such."""
    lines = [line for text in all_texts(drawn) for line in text.splitlines()]
    return [line for line in lines if re.match(rf"(?!>)\W*_?{SAID}", line)]


def imitating() -> Request:
    """A request in which all that people write imitates the card."""
    asked = CreateImage.model_construct(
        **{
            **dict(image()),
            "image_name": IMITATION,
            "description": IMITATION,
            "sub_instance_id": IMITATION,
            "tags": (Tag.model_construct(key=IMITATION, value=IMITATION),),
        }
    )
    return request(
        image=asked,
        reason=IMITATION,
        machine=IMITATION,
        facts=InstanceFacts(IMITATION, IMITATION, (IMITATION,), 3, IMITATION, NOW),
        reviews=(Review("U0BOB", True, IMITATION, NOW),),
        end=End(NOW, "U0CAROL", IMITATION),
        instance_state=InstanceState.RUNNING,
        failure=Failure("Code", IMITATION),
    )


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_nobodys_words_look_like_the_cards_own(locale: str) -> None:
    """A value is on one line behind its label, or quoted: on cards, in threads, answers, lists and Homes."""
    words, asked, details = translations().for_locale(locale), imitating(), {"reason": IMITATION}
    kinds = [kind for kind in Kind if kind not in (Kind.ADMIN, Kind.DIGEST)]
    lines = [{"id": asked.id, "name": IMITATION, "requester": "U0BOB"}]
    digest = message(
        Kind.DIGEST, "digest", status=None, details={"count": 1, "more": False, "requests": lines}
    )
    part = Part((asked,))
    drawn = [
        *(card.card(replace(asked, status=status), NOW, words).payload() for status in Status),
        *(
            render(
                message(kind, event, status=status, actor="U0BOB", details=details), asked, locale=locale
            ).payload()
            for kind in kinds
            for status, event in EVENTS
        ),
        render(message(Kind.DIRECT, WAITS), asked, locale=locale).payload(),
        render(digest, None, locale=locale).payload(),
        answers.submitted(Submitted(asked), words).payload(),
        requests_list.found(Found((asked,)), "all", words).payload(),
        requests_list.images(Found((asked,)), IMITATION, words).payload(),
        standing.why(asked, words).payload(),
        history.told(
            Story(asked, tuple(Happened(NOW, "U0BOB", each, details) for each in Event)), words
        ).payload(),
        home.home(HomeContents(part, part, part), words),
        reasons.build(reasons.REJECT, asked, words),
    ]

    assert len(imitated({"text": IMITATION})) == 5
    assert SAID in str(drawn[0])
    assert [line for each in drawn for line in imitated(each)] == []


@given(
    st.dictionaries(st.sampled_from([*form_state.TEXTS, form_state.CLEAN]), texts),
    texts,
    st.lists(texts, max_size=3),
    languages,
)
@settings(max_examples=100, deadline=None)
def test_the_form_can_always_be_opened(
    fields: dict[str, Any], reason: str, notify: list[str], words: Localizer
) -> None:
    """Filled with whatever was typed in a command."""
    view = form.build(Draft(fields, reason, tuple(notify)), words)

    assert check_view(view) == []


@given(st.lists(texts, min_size=1, max_size=3), texts, st.sampled_from(Emptiness), texts, languages)
@settings(max_examples=100, deadline=None)
def test_whatever_machines_are_called_they_can_be_offered_and_chosen(
    names: list[str], os_type: str, why: Emptiness, typed: str, words: Localizer
) -> None:
    """Emoji, right-to-left, markup, thousands of letters."""
    found = tuple(replace(machine(name=name), os_type=os_type, users=(name,) * 9) for name in names)
    slot = QuorumSlot(usergroups=frozenset({typed[:50]}), count=2)
    facts = FormFacts(found[0], Rule(name=typed, quorum=(slot,) * 20), name=names[0][:256], more=True)

    for offer in (Offer((found * 100)[:OFFERED]), Offer(why=why)):
        assert check_options({"options": machines.choices(offer, typed, words)}) == []
    assert check_view(form.build(Draft({"instance_id": typed}), words, facts)) == []
    assert field_error(machines.no_such(NoSuch(typed, found), words))


@given(st.lists(requests(), max_size=PAGE), st.booleans(), st.integers(0, 10_000), languages)
@settings(max_examples=60, deadline=None)
def test_a_home_can_always_be_published(
    found: list[Request], more: bool, offset: int, words: Localizer
) -> None:
    """Full pages of whatever was typed, in every part."""
    part = Part((tuple(found) * PAGE)[:PAGE], offset, more)
    held = RightsHeld("U0ALICE", (), (), dict.fromkeys(HELD, more))

    chosen = Preferences(decided=more, quiet=quiet_hours("21:15-06:00"))
    assert check_view(home.home(HomeContents(choices=chosen), words)) == []
    for rights in (held, None):
        assert check_view(home.home(HomeContents(part, part, part, rights), words)) == []


@given(
    st.lists(st.fixed_dictionaries({"id": texts, "name": texts, "requester": texts}), max_size=5),
    st.booleans(),
    languages,
)
@settings(max_examples=60, deadline=None)
def test_a_digest_can_always_be_posted(lines: list[dict[str, str]], more: bool, words: Localizer) -> None:
    """Whatever the requests are called."""
    details = {"count": len(lines), "more": more, "requests": lines}

    assert_sendable(
        render(message(Kind.DIGEST, "digest", status=None, details=details), None, locale=words.locale)
    )


@given(requests(), languages)
@settings(max_examples=60, deadline=None)
def test_who_is_told_what_waits_for_them_can_always_be(asked: Request, words: Localizer) -> None:
    """With the buttons of the card."""
    assert_sendable(render(message(Kind.DIRECT, WAITS), asked, locale=words.locale))


@given(texts)
def test_whatever_a_page_button_holds_is_a_page(value: str) -> None:
    """It came through a client."""
    assert all(0 <= each <= home.MOST for each in home.offsets(value))


@given(texts, st.sampled_from([reasons.APPROVE, reasons.REJECT]), languages)
def test_the_form_for_a_reason_can_always_be_opened(typed: str, callback_id: str, words: Localizer) -> None:
    """Names of images and machines are people's."""
    named = image(instance_id="ecd-1", image_name=typed[:256] or None, auto_clean_userdata=True)
    about = request(image=named, facts=InstanceFacts(name=typed))

    view = reasons.build(callback_id, about, words)

    assert check_view(view) == []


@given(texts, st.integers(1, 300))
def test_cutting_never_breaks_an_entity(typed: str, longest: int) -> None:
    """What is left of a text reads as a beginning of what was typed."""
    left = fit(escape(typed), longest)

    assert len(left) <= longest
    whole = html.unescape(escape(typed))
    assert whole.startswith(html.unescape(left.removesuffix("…")))


@given(texts)
def test_escaped_text_reads_as_it_was_typed(typed: str) -> None:
    """Nothing is lost but what no screen shows; a line's end in two characters is one."""
    each = typed.replace("\r\n", "\n")
    seen = "".join(unmarked(escape(char)) for char in each)
    assert unmarked(escape(typed)) == unicodedata.normalize("NFC", seen)
    assert not set("<>") & set(escape(typed))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*Approved* by ~nobody~ `x`", "∗Approved∗ by ∼nobody∼ 'x'"),
        ("_really_ snake_case", "＿really＿ snake_case"),
        (":white_check_mark: :+1: :火箭:", "∶white_check_mark∶ ∶+1∶ ∶火箭∶"),
        ("```\n*a*", "'''\n∗a∗"),
        ("> quoted <!here> & more", "\u203a quoted &lt;!here&gt; &amp; more"),
        (">>> all that follows, 2 > 1", "\u203a\u203a\u203a all that follows, 2 &gt; 1"),
        ("an\u200b *i\u200bnvisible*", "an ∗invisible∗"),
        ("👍 2 * 3 = 6", "👍 2 ∗ 3 = 6"),
    ],
)
def test_what_people_write_is_never_formatted(typed: str, shown: str) -> None:
    """Neither quoted nor in a sentence: nothing of theirs looks like our words."""
    assert quote(typed) == "\n".join(f">{line}" for line in shown.splitlines())
    assert inline(typed) == " ".join(shown.split())
    assert channel(typed) == inline(typed)


def test_no_line_of_a_quote_begins_another() -> None:
    """Three signs would quote all that follows, which is ours."""
    assert quote("a\n  >>> b\n\t> c") == ">a\n>\u203a\u203a\u203a b\n>\u203a c"


@given(texts)
@example("0__")
@example("__0 _a_ b_")
def test_no_text_keeps_a_sign_of_slacks_formatting(typed: str) -> None:
    signs = r"[*~`<]|(?<!\w)_|_(?!\w)|:[\w+'-]{1,80}:|^>?\s*(?:&gt;|>>)"
    assert not re.search(signs, quote(typed), re.MULTILINE)


def test_markup_is_escaped_once() -> None:
    """Escaping what is escaped changes nothing."""
    assert escape(escape("a & b")) == "a &amp; b"
    assert isinstance(escape("a"), Markup)


@pytest.mark.parametrize("words", LANGUAGES, ids=translations().locales)
@pytest.mark.parametrize("status", Status)
def test_a_card_says_in_its_text_what_it_is_about(status: Status, words: Localizer) -> None:
    """The notification alone tells who asks, for what, and its status."""
    asked = replace(request(), status=status)

    text = card.card(asked, NOW, words).text

    assert "<@U0ALICE>" in text
    assert "ws-0buj1s9gm" in text
    assert "build-tools" in text
    waits = needs(asked, asked.tally, words)
    assert (waits if status is Status.PENDING else words(f"status-text-{status}")) in text
