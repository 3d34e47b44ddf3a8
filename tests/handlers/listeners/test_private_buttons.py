"""Questions in buttons, delegated approvals, findings for the admins: sendable, by name, pinging nobody."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.allowlist.access import Target
from bot.allowlist.authorizer import Candidates
from bot.domain import vocabulary
from bot.domain.approvals import Escalation, QuorumSlot, Rule
from bot.domain.image import CreateImage, parse_image
from bot.domain.message import Kind
from bot.domain.request import Delegation, Request, Review
from bot.domain.vocabulary import APPROVE, CREATE
from bot.policy import AccessRequest, PolicySet, parse_policy
from bot.service.outcomes import (
    Advice,
    Approvers,
    Considered,
    Delegated,
    Delegations,
    Denied,
    Explained,
    RightsHeld,
)
from handlers.i18n import Translations
from handlers.people.names import Names
from handlers.views import answers, card, delegation
from handlers.views import confirmation as question
from handlers.views import denial as verdicts
from handlers.views import emergency_access as break_glass
from handlers.views import explanation as account
from handlers.views.blocks import Post
from tests.fakes import NOW, image, message, render, request, silence
from tests.handlers.views.test_laws import HOSTILE, assert_sendable, texts

ACTIONS = [action.name for action in vocabulary.ACTIONS.values()]
WORDS = Translations.read().for_locale()
PEOPLE = ("U0BOB", "U0CAROL", "U0DAVE")
GIVEN = Delegation("U0BOB", "U0DAVE", NOW + 3600)
ESCALATED = Rule(
    name=HOSTILE,
    quorum=(
        QuorumSlot(users=frozenset(PEOPLE)),
        QuorumSlot(usergroups=frozenset({"S0SEC"}), groups=frozenset({HOSTILE})),
    ),
    escalate=Escalation(after=60.0, to=QuorumSlot(usergroups=frozenset({"S0LEAD"}))),
)


def named(name: str) -> Names:
    """Everybody and every group is called the same."""
    return Names(dict.fromkeys(PEOPLE, name), dict.fromkeys(("S0SEC", "S0LEAD", "S0OPS"), name))


def assert_names_only(post: Post) -> None:
    """Slack takes it, and no approver and no group is mentioned."""
    assert_sendable(post)
    whole = json.dumps(post.payload())
    assert "<!subteam" not in whole
    assert "<@U0BOB>" not in whole


@given(texts)
@settings(max_examples=60, deadline=None)
def test_whatever_people_are_called_no_answer_pings_them(name: str) -> None:
    """Names come from profiles, which people write themselves."""
    names, asked = named(name), request(rule=ESCALATED, escalated_at=NOW)
    advice = Advice((name,), Candidates(PEOPLE, anyone=True), "C0ADMINS")
    for post in (
        card.card(asked, NOW, WORDS, names),
        answers.approvers(Approvers(asked, asked.tally, Candidates(PEOPLE), (GIVEN,)), WORDS, names),
        verdicts.explained(Explained(silence(), advice=advice), WORDS, names),
        answers.whoami(
            RightsHeld("U0ALICE", ("S0OPS", name), (name,), {}, Delegations(GIVEN, (GIVEN,))), WORDS, names
        ),
        delegation.changed(Delegated("U0BOB", "U0DAVE", NOW), WORDS, names),
        delegation.told(Delegated("U0BOB", "U0DAVE", None), WORDS, names),
        delegation.shown(Delegations(GIVEN, (GIVEN,)), WORDS, names),
        delegation.shown(Delegations(), WORDS, names),
        break_glass.ask(Considered(replace(asked, reason=name)), "create ws-1 --break-glass", WORDS),
    ):
        assert_names_only(post)


def test_a_card_says_who_may_stand_in_once_a_request_was_escalated() -> None:
    """And not before."""
    before, after = request(rule=ESCALATED), request(rule=ESCALATED, escalated_at=NOW)
    texts_of = [card.card(each, NOW, WORDS, named("x")).text for each in (before, after)]

    assert ["or from @x" in text for text in texts_of] == [False, True]


def test_a_card_names_whose_place_an_approval_fills() -> None:
    """Both names."""
    delegated = request(reviews=(Review("U0DAVE", True, "", NOW, behalf_of="U0BOB"),))

    assert "<@U0DAVE> approved for Bob" in json.dumps(
        card.card(delegated, NOW, WORDS, named("Bob")).payload()
    )


@pytest.mark.parametrize(
    "asked",
    [
        image(),
        image(image_name='a "b" <c>', tags=("team=x", "k=a,b=c"), disk_type="SYSTEM", sub_instance_id="p-1"),
        parse_image({"instance_id": "ecd-1", "auto_clean_userdata": True, "description": "left out"}),
    ],
)
@pytest.mark.parametrize(
    "around", [{}, {"stop_first": True, "regions": ("cn-beijing",), "break_glass": True}]
)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_question_comes_back_as_it_was_put(asked: CreateImage, action: str, around: dict[str, Any]) -> None:
    """Everything that a policy can ask about; not the description."""
    built = question.build(Denied(action, silence(), Target(asked, "U0ALICE", **around)), WORDS)

    assert built is not None
    back = question.parse(built["value"])
    assert back is not None
    image_asked = asked.model_copy(update={"description": None})
    assert (back.action, back.target) == (action, Target(image_asked, "U0ALICE", **around))


def test_a_question_that_a_button_cannot_hold_is_answered_at_once() -> None:
    """The denial has the whole account then."""
    tags = tuple(f"{number}={'x' * 100}" for number in range(19))
    denied = Denied(CREATE, silence(), Target(image(tags=tags), "U0ALICE"))

    assert question.build(denied, WORDS) is None
    assert_sendable(verdicts.denied(denied, WORDS))


JSON = st.recursive(
    st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(
    st.text()
    | JSON.map(json.dumps)
    | st.dictionaries(
        st.sampled_from(["action", "image", "requester", "regions", "stop_first"]),
        JSON | st.sampled_from(ACTIONS),
    ).map(json.dumps)
)
@settings(max_examples=200, deadline=None)
def test_any_value_is_a_question_or_none(value: str) -> None:
    """What comes back through a client is read as anybody's."""
    asked = question.parse(value)

    assert asked is None or asked.action in ACTIONS


@pytest.mark.parametrize(
    "value",
    [
        *("", "[" * 5000, "null", '{"action": "*"}', f'{{"action": "{APPROVE}", "image": {{}}}}'),
        *(
            json.dumps({"action": APPROVE, "image": {"instance_id": "ws-1"}, "requester": forged})
            for forged in ("<!here>", "u0alice", "U0ALICE U0BOB", ["U0ALICE"])
        ),
        *(
            json.dumps({"action": APPROVE, "image": {"instance_id": "ws-1"}, "regions": forged})
            for forged in ("cn-beijing", ["*"], ["cn-beijing", 7], ["cn-beijing"] * 51)
        ),
    ],
)
def test_what_is_no_question_is_none(value: str) -> None:
    """Not half of one either."""
    assert question.parse(value) is None


NEAR = {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": "imagebot:ReadRequests", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": CREATE,
            "Resource": "*",
            "Condition": {"StringEquals": {"appstreaming:DiskType": ["SYSTEM"]}},
        },
        {"Effect": "Deny", "Action": CREATE, "Resource": "acs:*:*:*:instance/ws-secret*"},
    ],
}


def explained(resource: str, disks: str) -> str:
    """The account of a denial, nearest miss alone."""
    policies = PolicySet([parse_policy("p", NEAR, "p")])
    explanation = policies.explain(AccessRequest(CREATE, resource, {"appstreaming:DiskType": disks}))
    return account.nearest(explanation, WORDS, 1) + account.grounds(explanation, WORDS)


def test_the_nearest_miss_is_the_statement_about_the_very_action() -> None:
    """With the key, what was wanted and what it was."""
    said = explained("acs:appstreaming:cn-shanghai:*:instance/ws-1", "ALL")

    assert said == (
        "• `p` Statement[1] (Allow) doesn't apply: "
        "`appstreaming:DiskType` `StringEquals` `SYSTEM` doesn't match: it's `ALL`"
    )


def test_a_deny_says_by_what_it_spoke() -> None:
    """What of the request it names."""
    said = explained("acs:appstreaming:cn-shanghai:*:instance/ws-secret-1", "SYSTEM")

    assert "`p` Statement[2] (Deny) blocks this:" in said
    assert "it covers `acs:*:*:*:instance/ws-secret*`, and this is" in said


def broken(findings: list[str]) -> Post:
    """What the admin channel is told of an edit that can't be used."""
    return render(message(Kind.ADMIN, "broken", details={"findings": findings}), None)


@given(st.lists(texts, max_size=40), st.sampled_from(["broken", "warned", "fixed"]))
@settings(max_examples=60, deadline=None)
def test_findings_can_always_be_told(findings: list[str], event: str) -> None:
    """However many, whatever is in them."""
    details = {"findings": findings, "policies": 2, "rules": 1}
    assert_sendable(render(message(Kind.ADMIN, event, details=details), None))


@pytest.mark.parametrize(
    "text", ["x" * 5_000, "& " * 3_000, HOSTILE * 60], ids=["long", "escaped", "hostile"]
)
def test_a_message_full_of_long_findings_is_one_that_slack_takes(text: str) -> None:
    """Each is cut short, and the rest is counted."""
    post = broken([text] * 40)

    assert_sendable(post)
    assert "and 30 more" in post.text


def test_a_request_without_names_shows_ids() -> None:
    """Slack couldn't tell them, and nothing waits for it."""
    asked: Request = request(rule=ESCALATED)

    assert "`U0BOB`" in card.card(asked, NOW, WORDS).text
