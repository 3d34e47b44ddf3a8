"""What `policy simulate` answers: the decision and why, who would have to approve, and what can't be so."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.allowlist import Allowlist, access_request
from bot.allowlist.condition_checks import key_doubt
from bot.allowlist.doubt import Doubt
from bot.allowlist.slack_ids import id_doubt
from bot.allowlist.statement_checks import resource_doubt
from bot.allowlist.value_checks import value_doubt
from bot.domain.approvals import QuorumSlot, Rule, rule_for
from bot.domain.durations import written
from bot.domain.image import InstanceType
from bot.domain.vocabulary import (
    ACTIONS,
    APPROVE,
    CREATE,
    CURRENT_TIME,
    INSTANCE_ID,
    INSTANCE_TYPE,
    KEYS,
    REQUESTER_ID,
    TAG,
    USER_ID,
    Deployment,
    condition_key,
)
from bot.policy import AccessRequest, Answer, Clause, Part
from bot.policy.findings import meant, shown

Facts = Mapping[str, Sequence[str]]


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
        "approval": _approval(rule_for(allowlist.rules, asked.context)) if takes_approval else None,
        "user": user,
        "policies": allowlist.policies_of(user, groups),
        "action": asked.action,
        "resource": asked.resource,
        "context": asked.context,
        "statements": [_statement(each) for each in explanation.statements],
    }


def doubts(
    user: str,
    groups: Sequence[str],
    action: str,
    resource: str | None,
    facts: Facts,
    deployment: Deployment,
) -> Iterator[Doubt]:
    """Yield what the bot never asks: likely typos, which would look like a denial."""
    known = ACTIONS.get(action.lower())
    yield from filter(None, [id_doubt(user, "users"), *(id_doubt(each, "usergroups") for each in groups)])
    if known is None:
        hint = meant(action, [each.name for each in ACTIONS.values()])
        yield Doubt(f"the bot never asks for {shown(action)}", "action-unknown", hint)
    if resource is not None and (doubt := resource_doubt(resource, action, deployment)):
        yield doubt
    sent = frozenset(known.keys if known else KEYS.values())
    for name, values in facts.items():
        key = condition_key(name)
        if doubt := key_doubt(name, sent, f"with {shown(action)}"):
            yield doubt
        elif key is not None:
            yield from filter(None, (value_doubt(value, key) for value in values))
            if len(values) > 1:
                yield Doubt(f"the bot sends one value of {name}, not {len(values)}", "value-several")
    yield from _contradictions(user, action, resource, facts)


def _contradictions(user: str, action: str, resource: str | None, facts: Facts) -> Iterator[Doubt]:
    """Yield what doesn't go together, though each alone may be so."""
    instance_id = next(iter(facts.get(INSTANCE_ID.name, ())), "")
    told = InstanceType.told_by(instance_id)
    if told and any(each != told for each in facts.get(INSTANCE_TYPE.name, ())):
        yield Doubt(f"{shown(instance_id)} is a {told} by its ID", "condition-impossible")
    named = (resource or "").rpartition("instance/")[2]
    if instance_id and named and "*" not in named and named != instance_id:
        problem = f"the resource is {shown(named)}, and {INSTANCE_ID.name} {shown(instance_id)}"
        yield Doubt(problem, "resource-id")
    if any(each != user for each in facts.get(USER_ID.name, ())):
        problem = f"{USER_ID.name} is always who asks: here the policies of {shown(user)} are taken"
        yield Doubt(problem, "user-other")
    if action.lower() == APPROVE.lower() and user in facts.get(REQUESTER_ID.name, ()):
        yield Doubt("nobody approves their own request, whatever the file says", "own-request")


def _spelled(key: str) -> str:
    known = condition_key(key)
    return known.name if known and not key.lower().startswith(TAG.lower()) else key


def _approval(rule: Rule) -> dict[str, Any]:
    """Return the rule that would apply, with whom it takes; an empty quorum takes nobody."""
    return {
        "rule": rule.name,
        "quorum": [_slot(each) for each in rule.quorum],
        "expires": written(rule.expires),
    }


def _slot(slot: QuorumSlot) -> dict[str, Any]:
    named = {"users": slot.users, "usergroups": slot.usergroups, "groups": slot.groups}
    people: dict[str, Any] = {kind: sorted(ids) for kind, ids in named.items() if ids}
    return {"count": slot.count, **(people or {"anyone_with": APPROVE})}


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
