"""Who has to approve, and what is still missing. Pure: people and groups are IDs.

A rule has slots, and each slot asks for a number of people. Nobody counts twice, not even as a member of two
groups. The best assignment counts (a maximum matching), so the order of approvals never matters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer

from bot.policy import Condition, Effect

DAY = 86400.0
Ids = Annotated[frozenset[str], PlainSerializer(sorted)]
"""IDs, sorted when serialized, so that equal values are equal text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumSlot:
    """`count` approvals by these users, usergroups or named groups; with none of them, by anyone with the
    right.
    """

    users: Ids = frozenset()
    usergroups: Ids = frozenset()
    groups: Ids = frozenset()
    count: int = 1

    @property
    def is_open(self) -> bool:
        """Whether anyone with the right can fill this slot."""
        return not (self.users or self.usergroups or self.groups)

    def takes(self, user: str, memberships: frozenset[str]) -> bool:
        """Tell whether this person, with these usergroups and named groups, can fill the slot."""
        named = user in self.users or not memberships.isdisjoint(self.usergroups | self.groups)
        return self.is_open or named


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Seconds after which these people can fill any slot too."""

    after: float
    to: QuorumSlot


class Ping(StrEnum):
    """Who is notified when a request's card appears."""

    NONE = "none"
    USERGROUPS = "usergroups"
    """Mentioned on the card."""
    PEOPLE = "people"
    """Direct messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of request is approved. Times are seconds; an empty quorum needs nobody.

    `remind` is how often; None: once, at half its time. `reason_required` is about the approver's reason.
    """

    name: str
    when: Condition | None = None
    quorum: tuple[QuorumSlot, ...] = (QuorumSlot(),)
    expires: float = DAY
    remind: float | None = None
    reason_required: bool = False
    requester_reason_required: bool = False
    ping: Ping = Ping.NONE
    channel: str | None = None
    escalate: Escalation | None = None
    allow_guests: bool = False
    allow_external: bool = False

    @property
    def mentions(self) -> frozenset[str]:
        """The usergroups that the card mentions when it appears; their members have been notified."""
        slots = self.quorum if self.ping is Ping.USERGROUPS else ()
        return frozenset[str]().union(*(slot.usergroups for slot in slots))

    def next_reminder(self, created_at: float, reminded_at: float | None) -> float | None:
        """Return when a request's approvers are reminded next, in epoch seconds; None for never again."""
        if self.remind is not None:
            return (reminded_at or created_at) + self.remind
        return None if reminded_at else created_at + self.expires / 2


DEFAULT_RULE = Rule(name="default")
"""One approval by anyone with the right, within a day."""


@dataclass(frozen=True, slots=True)
class SlotTally:
    """A slot and how many of its approvals the best assignment has found."""

    slot: QuorumSlot
    filled: int

    @property
    def missing(self) -> int:
        """Approvals that the slot still needs."""
        return self.slot.count - self.filled


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a request has got: one entry per slot of the rule, in the rule's order."""

    slots: tuple[SlotTally, ...]

    @property
    def complete(self) -> bool:
        """Whether the rule has everything it asks for."""
        return not self.missing

    @property
    def missing(self) -> tuple[SlotTally, ...]:
        """The slots that still need approvals."""
        return tuple(each for each in self.slots if each.missing)

    @property
    def filled(self) -> int:
        """Approvals that count."""
        return sum(each.filled for each in self.slots)

    @property
    def needed(self) -> int:
        """Approvals that the rule asks for."""
        return sum(each.slot.count for each in self.slots)


def rule_for(rules: Iterable[Rule], context: Mapping[str, str | Sequence[str]]) -> Rule:
    """Return the first rule whose `when` holds, else `DEFAULT_RULE`; a condition that can't be decided
    doesn't hold.
    """
    for rule in rules:
        if rule.when is None or rule.when.holds(context, Effect.ALLOW):
            return rule
    return DEFAULT_RULE


def tally(rule: Rule, approvers: Mapping[str, frozenset[str]], *, escalated: bool = False) -> Tally:
    """Return which slots these approvers (user ID -> usergroups and named groups) fill.

    `escalated`: the rule's escalation has begun.
    """
    places = [number for number, slot in enumerate(rule.quorum) for _ in range(slot.count)]
    taken: dict[int, str] = {}
    fits = {
        user: [place for place, number in enumerate(places) if _takes(rule, number, user, groups, escalated)]
        for user, groups in sorted(approvers.items())
    }
    for user in fits:
        _assign(user, fits, taken, set())
    filled = [places[place] for place in taken]
    return Tally(tuple(SlotTally(slot, filled.count(number)) for number, slot in enumerate(rule.quorum)))


def can_fill(
    rule: Rule,
    approved: Mapping[str, frozenset[str]],
    candidate: str,
    memberships: frozenset[str],
    *,
    escalated: bool = False,
) -> bool:
    """Tell whether an approval by this person would still help."""
    if candidate in approved:
        return False
    after = tally(rule, {**approved, candidate: memberships}, escalated=escalated)
    return after.filled > tally(rule, approved, escalated=escalated).filled


def _takes(rule: Rule, number: int, user: str, groups: frozenset[str], escalated: bool) -> bool:
    stands_in = escalated and rule.escalate is not None and rule.escalate.to.takes(user, groups)
    return stands_in or rule.quorum[number].takes(user, groups)


def _assign(user: str, fits: Mapping[str, list[int]], taken: dict[int, str], tried: set[int]) -> bool:
    """Find the user a place, moving others where that makes room (an augmenting path)."""
    for place in fits[user]:
        if place in tried:
            continue
        tried.add(place)
        if place not in taken or _assign(taken[place], fits, taken, tried):
            taken[place] = user
            return True
    return False
