"""What `policy simulate` answers: the decision and why, and who would have to approve."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.allowlist import Allowlist, access_request
from bot.cli.question_checks import Facts
from bot.domain.approvals import QuorumSlot, rule_for
from bot.domain.durations import written
from bot.domain.vocabulary import (
    APPROVE,
    CREATE,
    CURRENT_TIME,
    REQUESTER_ID,
    TAG,
    TEAM_ID,
    USER_ID,
    Deployment,
    condition_key,
)
from bot.policy import AccessRequest, Answer, Clause, Part


def facts_of(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the context as it was typed, key by key; a key in another case is the same key."""
    typed: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for key, value in pairs:
        typed.setdefault(spelled.setdefault(key.lower(), _spelled(key)), []).append(value)
    return typed


def asked_as_the_bot(
    user: str, action: str, resource: str | None, facts: Facts, deployment: Deployment
) -> AccessRequest:
    """Return the access request with what the bot would fill in: who, when, and what is sent by default."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return access_request(
        action, {USER_ID.name: [user], CURRENT_TIME.name: [now], **facts}, deployment, resource
    )


def answer(
    allowlist: Allowlist, user: str, groups: frozenset[str], asked: AccessRequest, notes: Sequence[str]
) -> dict[str, Any]:
    """Return the whole answer, for JSON."""
    explanation = allowlist.explain(user, groups, asked, most=None)
    takes_approval = explanation.decision.allowed and asked.action.lower() == CREATE.lower()
    return {
        "decision": explanation.decision.verdict,
        "notes": notes,
        "approval": _approval(allowlist, user, asked) if takes_approval else None,
        "user": user,
        "policies": allowlist.policies_of(user, groups),
        "action": asked.action,
        "resource": asked.resource,
        "context": asked.context,
        "statements": [_statement(each) for each in explanation.statements],
    }


def _spelled(key: str) -> str:
    known = condition_key(key)
    return known.name if known and not key.lower().startswith(TAG.lower()) else key


def _approval(allowlist: Allowlist, user: str, asked: AccessRequest) -> dict[str, Any]:
    """Return the rule that would apply, whom it takes (an empty quorum: nobody), and who has the right."""
    rule = rule_for(allowlist.rules, asked.context)
    return {
        "rule": rule.name,
        "quorum": [_slot(each) for each in rule.quorum],
        "expires": written(rule.expires),
        "may_approve": _may_approve(allowlist, user, asked),
    }


def _slot(slot: QuorumSlot) -> dict[str, Any]:
    people = _named(slot.users, slot.usergroups, slot.groups)
    return {"count": slot.count, **(people or {"anyone_with": APPROVE})}


def _may_approve(allowlist: Allowlist, requester: str, asked: AccessRequest) -> dict[str, Any]:
    """Return who the file names with the right to approve such a request; nobody may their own."""
    their_own = {USER_ID.name.lower(), TEAM_ID.name.lower()}
    context = {key: value for key, value in asked.context.items() if key.lower() not in their_own}
    context[REQUESTER_ID.name] = requester

    def able(user: str = "", *groups: str) -> bool:
        """Tell whether a member with that ID, in these groups alone, may."""
        said = {**context, USER_ID.name: user} if user else context
        access = AccessRequest(APPROVE, asked.resource, said)
        return allowlist.decide(user, frozenset(groups), access).allowed

    if able():
        return {"everyone": True}
    attached = allowlist.attachments
    return _named(
        [each for each in frozenset().union(*(some.users for some in attached)) - {requester} if able(each)],
        [each for each in frozenset().union(*(some.usergroups for some in attached)) if able("", each)],
        [each for each in frozenset().union(*(some.groups for some in attached)) if able("", each)],
    )


def _named(users: Iterable[str], usergroups: Iterable[str], groups: Iterable[str]) -> dict[str, Any]:
    kinds = {"users": sorted(users), "usergroups": sorted(usergroups), "groups": sorted(groups)}
    return {kind: ids for kind, ids in kinds.items() if ids}


def _statement(answer: Answer) -> dict[str, Any]:
    ref = answer.ref
    why = "; ".join(_why(miss) for miss in answer.misses) or "action, resource and condition hold"
    return {
        "policy": ref.policy,
        "index": ref.index,
        "effect": ref.effect,
        "matched": answer.matched,
        "why": why,
    }


def _why(miss: Clause) -> str:
    wanted = ", ".join(miss.wanted)
    actual = "is missing" if miss.actual is None else f"is {', '.join(miss.actual) or 'empty'}"
    if miss.part is Part.CONDITION:
        return f"{miss.key} {actual}: {miss.operator} wants {wanted}"
    return f"{miss.part} {actual}: the statement is about {'all but ' if miss.negated else ''}{wanted}"
