"""Statements without effect: actions that the bot never asks for, resources that it never asks about."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from bot.allowlist.condition_checks import block_findings, location_in
from bot.allowlist.doubt import Doubt
from bot.allowlist.places import Tree, locate
from bot.allowlist.value_checks import fits_shape
from bot.domain.image import InstanceType
from bot.domain.text import HYPHENS, clean, narrow
from bot.domain.vocabulary import (
    ACTIONS,
    INSTANCE_ID,
    INSTANCE_TYPE,
    KEYS,
    STOP_DESKTOP,
    STOP_WORKSTATION,
    UNKNOWN_ACCOUNT,
    Action,
    ConditionKey,
    Deployment,
)
from bot.policy import Condition, Effect, Finding, Statement
from bot.policy.conditions import Comparison
from bot.policy.findings import SourceLocation, meant, shown
from bot.policy.patterns import RUN, Pattern, may_match
from bot.policy.resources import AccountPattern, account_in
from bot.policy.statements import Scope

SERVICES = {
    **{action.partition(":")[0]: action.partition(":")[0] for action in ACTIONS},
    **dict.fromkeys(("wuying", "wuyingserver", "appstream", "app-streaming"), "appstreaming"),
    **dict.fromkeys(("eds", "desktop", "clouddesktop"), "ecd"),
}
"""Services that the bot asks for, and names that people give them."""
ANYTHING = "*"
"""The resource of an action on nothing in particular."""
ANY_PLACE = Deployment("*")
STOPS_OF_OTHERS = {InstanceType.WUYING_SERVER: STOP_DESKTOP, InstanceType.CLOUD_DESKTOP: STOP_WORKSTATION}
"""What stops an instance of another type than this."""
_INSTANCE_ID = re.compile(r"(ws|ecd|aig|p)-[A-Za-z0-9*?-]+|[A-Za-z0-9-]*\*")


def statement_findings(
    statement: Statement, tree: Tree, deployment: Deployment, now: datetime
) -> Iterator[Finding]:
    """Yield the parts of a statement that never have an effect, or another one than they seem to."""
    at = ("policies", statement.ref.policy, "Statement", statement.ref.index)
    yield from _actions(statement.actions, tree, at)
    actions = [action for name, action in ACTIONS.items() if statement.actions.includes(name)]
    forms = _forms(actions or list(ACTIONS.values()), deployment)
    yield from _resources(statement, tree, at, forms, deployment)
    location_of = partial(location_in, tree, (*at, "Condition"))
    yield from _types(statement, actions, tree, at, location_of)
    yield from block_findings(statement.condition, statement.ref.effect, _keys(actions), location_of, now)


def _types(
    statement: Statement,
    actions: Sequence[Action],
    tree: Tree,
    at: tuple[str | int, ...],
    location_of: Callable[[Comparison], SourceLocation],
) -> Iterator[Finding]:
    """Yield what contradicts the type that the IDs of all resources tell."""
    ids = [text.rpartition("instance/")[2] for text in statement.resources.written]
    told = {InstanceType.told_by(instance_id) for instance_id in ids}
    kind = told.pop() if len(told) == 1 else None
    if statement.resources.negated or kind is None:
        return
    asked = tuple(
        each for each in statement.condition.comparisons if each.folded == INSTANCE_TYPE.name.lower()
    )
    if asked and not Condition(asked).holds({INSTANCE_TYPE.name: str(kind)}, statement.ref.effect):
        problem = f"never holds: every instance of this statement is a {kind}"
        yield location_of(asked[-1]).warning(problem, "condition-impossible")
    if actions and {action.name for action in actions} <= {STOPS_OF_OTHERS[kind]}:
        problem = f"is never asked for on a {kind}, and every instance of this statement is one"
        yield locate(tree, *at).warning(problem, "action-type")


def _keys(actions: Sequence[Action]) -> frozenset[ConditionKey]:
    """Return the keys that are sent with any of these actions; all of them when there is none."""
    if not actions:
        return frozenset(KEYS.values())
    return frozenset(key for action in actions for key in action.keys)


def _actions(scope: Scope, tree: Tree, at: tuple[str | int, ...]) -> Iterator[Finding]:
    element = "NotAction" if scope.negated else "Action"
    for index, text in enumerate(scope.written):
        pattern = Pattern(text.lower())
        if not any(pattern.matches(name) for name in ACTIONS):
            location = locate(tree, *at, element, index)
            yield location.warning(
                f"the bot never asks for {shown(text)}", "action-unknown", _action_meant(text)
            )


def _action_meant(text: str) -> str | None:
    service, _, rest = text.partition(":")
    probable = f"{SERVICES.get(service.lower()) or meant(service, SERVICES.values()) or service}:{rest}"
    if any(Pattern(probable.lower()).matches(name) for name in ACTIONS):
        known = ACTIONS.get(probable.lower())
        return known.name if known else probable
    return meant(probable, [action.name for action in ACTIONS.values()])


def _forms(actions: Sequence[Action], deployment: Deployment) -> dict[str, Action]:
    """Return the forms of the resources that are asked about, whatever the account, and an action of each."""
    return {
        action.resource((deployment.region if action.is_here else None) or RUN, RUN, RUN): action
        for action in actions
    }


def _resources(
    statement: Statement,
    tree: Tree,
    at: tuple[str | int, ...],
    forms: dict[str, Action],
    deployment: Deployment,
) -> Iterator[Finding]:
    scope = statement.resources
    element = "NotResource" if scope.negated else "Resource"
    for index, text in enumerate(scope.written):
        if doubt := _resource_doubt(text, forms, deployment, ANY_PLACE):
            yield doubt.at(locate(tree, *at, element, index))
        elif account := account_in(text):
            yield from _account(account, statement, locate(tree, *at, element, index), deployment)


def resource_doubt(text: str, action: str, deployment: Deployment) -> Doubt | None:
    """Return why the bot never asks about this resource with an action; None when it may."""
    known = ACTIONS.get(action.lower())
    forms = _forms([known] if known else list(ACTIONS.values()), deployment)
    here = Deployment(deployment.region or ANY_PLACE.region, deployment.account)
    return None if text == ANYTHING else _resource_doubt(text, forms, deployment, here)


def _resource_doubt(
    text: str, forms: dict[str, Action], deployment: Deployment, written_for: Deployment
) -> Doubt | None:
    """Return why nothing that is asked about fits; what was probably meant is `written_for` some place."""
    pattern = AccountPattern(text).anywhere.text if account_in(text) else text
    if not any(_fits(pattern, form) for form in forms):
        return _mismatch(text, pattern, forms, deployment, written_for)
    if not _is_account(text):
        problem = f"{shown(text)} names an account that is none: digits, or *"
        return Doubt(problem, "resource-account", deployment.account)
    if hint := _id_meant(text):
        problem = f"{shown(text)} names no instance: IDs are in small letters, digits and hyphens"
        return Doubt(problem, "resource-id", hint[0])
    return None


def _is_account(text: str) -> bool:
    """Whether what stands for the account may be one."""
    segments = text.split(":", 4)
    return len(segments) < 5 or not re.search("[^0-9*?]", segments[3])


def _id_meant(text: str) -> tuple[str | None] | None:
    """Return the resource with the ID that was probably meant, or none, when its own can't be an ID."""
    before, kind, instance_id = text.rpartition("instance/")
    if not kind or fits_shape(instance_id, INSTANCE_ID):
        return None
    likely = narrow(clean(instance_id)).translate(HYPHENS).strip().lower()
    return (before + kind + likely if fits_shape(likely, INSTANCE_ID) else None,)


def _fits(pattern: str, form: str) -> bool:
    """Whether a resource fits both; compared a segment at a time first, which is quick."""
    *mine, name = pattern.split(":", 4)
    *theirs, wanted = form.split(":", 4)
    kind = wanted.removesuffix(RUN)
    if len(mine) == len(theirs) and name.startswith(kind) and not re.search("[:/]", name[len(kind) :]):
        segments = zip(mine, theirs, strict=True)
        if all(one == other or other == RUN or Pattern(one).matches(other) for one, other in segments):
            return True
    return may_match(pattern, form)


def _mismatch(
    text: str, pattern: str, forms: dict[str, Action], deployment: Deployment, written_for: Deployment
) -> Doubt:
    action = next(iter(forms.values()))
    hint = _resource_meant(text, action, written_for)
    if not pattern.startswith(("acs:", "*", "?")):
        problem = f"{shown(text)} doesn't begin with acs:, so it matches nothing that the bot asks about"
        return Doubt(problem, "resource-acs", hint)
    if any(_fits(pattern, action.resource(RUN, RUN, RUN)) for action in forms.values()):
        problem = f"{shown(text)} is in another region: the bot asks in {deployment.region}"
        return Doubt(problem, "resource-region", hint)
    problem = f"{shown(text)} matches nothing that the bot asks about, {action.format()}"
    return Doubt(problem, "resource-shape", hint)


def _resource_meant(text: str, action: Action, place: Deployment) -> str:
    """Return the same instance, written as the bot asks about it."""
    last = re.split(r"[/:]", text)[-1]
    return action.resource(place.region or "*", place.account, last if _INSTANCE_ID.fullmatch(last) else "*")


def _account(
    account: str, statement: Statement, location: SourceLocation, deployment: Deployment
) -> Iterator[Finding]:
    if deployment.account == UNKNOWN_ACCOUNT:
        counts = "this Deny holds for every account" if _denies(statement) else "this allows nothing"
        problem = f"the bot does not know its account (ALIBABA_CLOUD_ACCOUNT_ID), so {counts}"
        yield location.warning(problem, "account-unknown")
    elif not Pattern(account).matches(deployment.account):
        problem = f"names account {shown(account)}, and the bot asks in {deployment.account}"
        yield location.warning(problem, "resource-account", deployment.account)


def _denies(statement: Statement) -> bool:
    return statement.ref.effect is Effect.DENY
