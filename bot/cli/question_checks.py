"""What is asked of the allowlist and never is by the bot: likely typos, which would look like a denial."""

from collections.abc import Iterator, Mapping, Sequence

from bot.allowlist.condition_checks import key_doubt
from bot.allowlist.doubt import Doubt
from bot.allowlist.slack_ids import id_doubt
from bot.allowlist.statement_checks import STOPS_OF_OTHERS, resource_doubt
from bot.allowlist.value_checks import value_doubt
from bot.domain.image import InstanceType
from bot.domain.vocabulary import (
    ACTIONS,
    APPROVE,
    INSTANCE_ID,
    INSTANCE_TYPE,
    KEYS,
    REQUESTER_ID,
    USER_ID,
    Deployment,
    condition_key,
)
from bot.policy.findings import meant, shown

Facts = Mapping[str, Sequence[str]]
"""Condition keys, as they are known, and their values."""


def doubts(
    user: str,
    groups: Sequence[str],
    action: str,
    resource: str | None,
    facts: Facts,
    deployment: Deployment,
) -> Iterator[Doubt]:
    """Yield what the bot never asks, in the words of the file's own checks."""
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
    if told and action.lower() == STOPS_OF_OTHERS[told].lower():
        yield Doubt(
            f"{action} is never asked for on a {told}, and {shown(instance_id)} is one", "action-type"
        )
    named = (resource or "").rpartition("instance/")[2]
    if instance_id and named and "*" not in named and named != instance_id:
        problem = f"the resource is {shown(named)}, and {INSTANCE_ID.name} {shown(instance_id)}"
        yield Doubt(problem, "resource-id")
    if any(each != user for each in facts.get(USER_ID.name, ())):
        problem = f"{USER_ID.name} is always who asks: here the policies of {shown(user)} are taken"
        yield Doubt(problem, "user-other")
    if action.lower() == APPROVE.lower() and user in facts.get(REQUESTER_ID.name, ()):
        yield Doubt("nobody approves their own request, whatever the file says", "own-request")
