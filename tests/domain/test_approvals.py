"""Approval rules: distinct people, the best assignment, and what a request keeps of its rule."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals import (
    DEFAULT_RULE,
    Escalation,
    Ping,
    QuorumSlot,
    Rule,
    Tally,
    can_fill,
    rule_for,
    tally,
)
from bot.policy import PolicyReader
from bot.policy.findings import Report, SourceLocation

OPS, SEC = frozenset({"S0OPS"}), frozenset({"S0SEC"})
BOTH, NEITHER = OPS | SEC, frozenset[str]()
TWO_GROUPS = Rule(name="two", quorum=(QuorumSlot(usergroups=OPS), QuorumSlot(usergroups=SEC)))


def rule_when(name: str, when: object) -> Rule:
    """A rule with a compiled Condition block."""
    return Rule(name=name, when=PolicyReader(Report()).condition(when, SourceLocation("when")))


@pytest.mark.parametrize(
    ("approvers", "complete"),
    [
        ({}, False),
        ({"U0A": OPS}, False),
        ({"U0A": OPS, "U0B": OPS}, False),
        ({"U0A": OPS, "U0B": SEC}, True),
        ({"U0A": BOTH}, False),
        ({"U0A": BOTH, "U0B": OPS}, True),
        ({"U0A": BOTH, "U0B": SEC}, True),
        ({"U0A": NEITHER, "U0B": BOTH}, False),
    ],
)
def test_one_of_each_of_two_groups_takes_two_people_who_fit(
    approvers: Mapping[str, frozenset[str]], complete: bool
) -> None:
    assert tally(TWO_GROUPS, approvers).complete is complete


def test_the_default_rule_wants_one_approval_by_anyone_within_a_day() -> None:
    assert not tally(DEFAULT_RULE, {}).complete
    assert tally(DEFAULT_RULE, {"U0A": NEITHER}).complete
    assert DEFAULT_RULE.expires == 24 * 60 * 60


def test_an_empty_quorum_needs_nobody() -> None:
    assert tally(Rule(name="trusted", quorum=()), {}) == Tally(())
    assert tally(Rule(name="trusted", quorum=()), {}).complete


def test_a_tally_says_which_slot_is_still_free_and_how_many_places_it_has() -> None:
    rule = Rule(name="three", quorum=(QuorumSlot(usergroups=OPS, count=2), QuorumSlot(usergroups=SEC)))

    result = tally(rule, {"U0A": OPS})

    assert [(place.slot.usergroups, place.missing) for place in result.missing] == [(OPS, 1), (SEC, 1)]
    assert (result.filled, result.needed) == (1, 3)


def test_a_named_user_and_a_member_of_a_named_group_fill_a_seat() -> None:
    slot = QuorumSlot(users=frozenset({"U0A"}), groups=frozenset({"leads"}))

    assert slot.takes("U0A", NEITHER)
    assert slot.takes("U0B", frozenset({"leads"}))
    assert not slot.takes("U0B", OPS)


@pytest.mark.parametrize(
    ("slot", "is_open"),
    [
        (QuorumSlot(), True),
        (QuorumSlot(count=2), True),
        (QuorumSlot(users=frozenset({"U0A"})), False),
        (QuorumSlot(usergroups=OPS), False),
        (QuorumSlot(groups=frozenset({"leads"})), False),
    ],
)
def test_a_slot_that_names_somebody_is_filled_by_nobody_else(slot: QuorumSlot, is_open: bool) -> None:
    assert (slot.is_open, slot.takes("U0STRANGER", SEC)) == (is_open, is_open)


def test_a_rule_lets_nobody_from_outside_ask_and_wants_no_reasons_unless_it_says_so() -> None:
    rule = Rule(name="plain")
    assert not any(
        (rule.allow_guests, rule.allow_external, rule.reason_required, rule.requester_reason_required)
    )


@pytest.mark.parametrize(
    ("ping", "mentioned"), [(Ping.USERGROUPS, BOTH), (Ping.NONE, NEITHER), (Ping.PEOPLE, NEITHER)]
)
def test_the_card_mentions_the_usergroups_of_every_slot_when_the_rule_says_so(
    ping: Ping, mentioned: frozenset[str]
) -> None:
    assert replace(TWO_GROUPS, ping=ping).mentions == mentioned


@pytest.mark.parametrize("groups_then", [BOTH, NEITHER])
def test_who_has_approved_cannot_help_again(groups_then: frozenset[str]) -> None:
    """Also in a group that they have come into since."""
    assert not can_fill(TWO_GROUPS, {"U0A": groups_then}, "U0A", BOTH)


def test_somebody_of_a_group_whose_slot_looks_taken_helps_when_the_other_can_move() -> None:
    assert can_fill(TWO_GROUPS, {"U0A": BOTH}, "U0B", OPS)
    assert can_fill(TWO_GROUPS, {"U0A": BOTH}, "U0B", SEC)


def test_a_second_one_of_the_same_group_does_not_help() -> None:
    assert not can_fill(TWO_GROUPS, {"U0A": OPS}, "U0B", OPS)


def test_those_escalated_to_fill_any_slot_but_only_after_the_escalation() -> None:
    leads = Escalation(after=7200.0, to=QuorumSlot(users=frozenset({"U0LEAD"})))
    rule = Rule(name="two", quorum=TWO_GROUPS.quorum, escalate=leads)

    assert not can_fill(rule, {"U0A": OPS}, "U0LEAD", NEITHER)
    assert can_fill(rule, {"U0A": OPS}, "U0LEAD", NEITHER, escalated=True)
    assert not can_fill(rule, {"U0A": OPS}, "U0OTHER", NEITHER, escalated=True)
    assert tally(rule, {"U0A": OPS, "U0LEAD": NEITHER}, escalated=True).complete
    assert not tally(rule, {"U0A": OPS, "U0LEAD": NEITHER}).complete


def test_one_of_those_escalated_to_is_enough() -> None:
    leads = Escalation(after=7200.0, to=QuorumSlot(users=frozenset({"U0LEAD", "U0OTHER"})))
    rule = Rule(name="one", quorum=(QuorumSlot(usergroups=OPS),), escalate=leads)

    assert not can_fill(rule, {"U0LEAD": NEITHER}, "U0OTHER", NEITHER, escalated=True)


def test_the_first_rule_whose_condition_holds_counts() -> None:
    wipes = rule_when("wipes", {"Bool": {"appstreaming:AutoCleanUserdata": "true"}})
    everything = Rule(name="everything")

    assert rule_for([wipes, everything], {"appstreaming:autocleanuserdata": "true"}) is wipes
    assert rule_for([wipes, everything], {"appstreaming:AutoCleanUserdata": "false"}) is everything


def test_without_a_rule_that_holds_the_default_counts() -> None:
    assert rule_for([rule_when("small", {"NumericLessThan": {"x:Size": "10"}})], {}) is DEFAULT_RULE


def test_an_undecidable_condition_does_not_hold() -> None:
    trusted = rule_when("trusted", {"StringNotEquals": {"slack:UserId": "U0EVE"}})

    assert rule_for([trusted], {}) is DEFAULT_RULE


@pytest.mark.parametrize(
    ("remind", "reminded_at", "following"),
    [
        (None, None, 1000.0 + 7200.0),
        (None, 8200.0, None),
        (600.0, None, 1600.0),
        (600.0, 1605.0, 2205.0),
    ],
)
def test_a_rule_reminds_as_often_as_it_says_or_once_at_half_its_time(
    remind: float | None, reminded_at: float | None, following: float | None
) -> None:
    rule = Rule(name="r", expires=14400.0, remind=remind)

    assert rule.next_reminder(1000.0, reminded_at) == following


GROUPS = st.frozensets(st.sampled_from(["S0A", "S0B", "S0C"]), max_size=3)
SLOTS = st.builds(QuorumSlot, usergroups=GROUPS, count=st.integers(1, 2))
RULES = st.builds(lambda slots: Rule(name="any", quorum=tuple(slots)), st.lists(SLOTS, max_size=3))
APPROVERS = st.dictionaries(st.sampled_from(["U1", "U2", "U3", "U4", "U5"]), GROUPS, max_size=5)


def best_by_trying_all(rule: Rule, approvers: Mapping[str, frozenset[str]]) -> int:
    """The most places that any order of people taking the first free slot of any order of slots fills."""
    places = [slot for slot in rule.quorum for _ in range(slot.count)]
    people = [*approvers, *["nobody"] * len(places)]
    return max(
        sum(
            person in approvers and place.takes(person, approvers[person])
            for place, person in zip(places, line, strict=True)
        )
        for line in set(permutations(people, len(places)))
    )


@given(RULES.filter(lambda rule: sum(slot.count for slot in rule.quorum) <= 3), APPROVERS)
def test_no_assignment_fills_more_than_the_tally(rule: Rule, approvers: dict[str, frozenset[str]]) -> None:
    assert tally(rule, approvers).filled == best_by_trying_all(rule, approvers)


@given(RULES, APPROVERS)
def test_the_order_of_approvals_never_matters(rule: Rule, approvers: dict[str, frozenset[str]]) -> None:
    assert tally(rule, approvers) == tally(rule, dict(reversed(approvers.items())))


@given(RULES, APPROVERS, GROUPS)
def test_one_more_approval_never_takes_a_place_away(
    rule: Rule, approvers: dict[str, frozenset[str]], groups: frozenset[str]
) -> None:
    more = tally(rule, {**approvers, "U9": groups}).filled - tally(rule, approvers).filled

    assert more == can_fill(rule, approvers, "U9", groups)
