"""What a usable file says in vain: statements and rules that never count, names that nobody sends."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bot.allowlist.model import Allowlist
from bot.domain.approvals import Rule, tally
from bot.policy import AccessRequest, Condition, Effect, Finding, Policy, PolicySet, Statement, Verdict
from bot.policy.conditions import OPERATORS, Comparison
from bot.policy.findings import SourceLocation, shown
from bot.policy.patterns import Pattern, stand_in
from bot.policy.statements import Scope

APPROVE = "imagebot:ApproveImageRequest"
ACTIONS = (APPROVE, "imagebot:CancelImageRequest", "imagebot:BypassApproval", "imagebot:ReadRequests")
KEYS = frozenset(
    key.lower()
    for key in (
        *(f"appstreaming:{name}" for name in ("InstanceId", "InstanceType", "SubInstanceId")),
        *(f"appstreaming:{name}" for name in ("DiskType", "AutoCleanUserdata", "ImageName")),
        *("slack:UserId", "slack:TeamId", "slack:ChannelId", "imagebot:RequesterId"),
    )
)
"""Condition keys of the bot's own services; a document may name any key of the cloud's."""
MOST_PAIRS = 1000
Tree = Mapping[str, object]


def suspicions(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    """Warnings about a usable file, after an error for each rule that no number of people can satisfy."""
    yield from _unreachable_rules(allowlist, tree)
    yield from _shadowed_rules(allowlist.rules, tree)
    yield from _dead_statements(allowlist, tree)
    yield from _unattached(allowlist, tree)
    yield from _unknown_names(allowlist, tree)


def _at(tree: Tree, *path: str | int) -> SourceLocation:
    """The place of something that was read from `tree`, as precise as the file is."""
    spot, here = SourceLocation(""), cast("object", tree)
    for step in path:
        if isinstance(step, str):
            block = here if isinstance(here, dict) else {}
            spot, here = spot.key(block, step), block.get(step)
        elif isinstance(here, list):
            spot, here = spot.item(here, step), here[step]
        elif not isinstance(here, dict):
            spot, here = SourceLocation(step, spot.line, spot), None
    return spot


def _dead_statements(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    """Allows that an unconditional Deny of the same people always overrides."""
    everyones = {name for each in allowlist.attachments if each.everyone for name in each.policies}
    for_everyone = PolicySet([_unconditional_denies(allowlist.policies[name]) for name in sorted(everyones)])
    for name, policy in allowlist.policies.items():
        denies = (PolicySet([_unconditional_denies(policy)]), for_everyone)
        for statement in policy.statements:
            if statement.ref.effect is Effect.ALLOW and (deny := _always_denied(statement, denies)):
                spot = _at(tree, "policies", name, "Statement", statement.ref.index)
                yield spot.warning(f"never allows anything: {deny} denies all of it", "allow-voided")


def _unconditional_denies(policy: Policy) -> Policy:
    """What the policy denies whatever the context; no `?` and no Not…, where covering could not be told."""

    def plain(scope: Scope) -> bool:
        return not scope.negated and not any("?" in text for text in scope.written)

    denies = (each for each in policy.statements if each.ref.effect is Effect.DENY)
    kept = (each for each in denies if not each.condition.comparisons)
    return Policy(policy.name, tuple(each for each in kept if plain(each.actions) and plain(each.resources)))


def _always_denied(statement: Statement, denies: Sequence[PolicySet]) -> str:
    """A Deny behind which every action on every resource of the statement is, or "" when one is not."""
    actions, resources = _extent(statement.actions), _extent(statement.resources)
    if len(actions) * len(resources) > MOST_PAIRS:
        return ""
    by = [_denied_by(AccessRequest(action, resource), denies) for action in actions for resource in resources]
    return by[0] if all(by) else ""


def _denied_by(ask: AccessRequest, denies: Sequence[PolicySet]) -> str:
    decisions = (each.decide(ask) for each in denies)
    deciding = next((each.deciding for each in decisions if each.verdict is Verdict.EXPLICIT_DENY), ())
    return f"{deciding[0].policy}.Statement[{deciding[0].index}]" if deciding else ""


def _extent(scope: Scope) -> list[str]:
    return ["\0"] if scope.negated else [stand_in(text) for text in scope.written]


def _unattached(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    attached = {name for attachment in allowlist.attachments for name in attachment.policies}
    for name in allowlist.policies:
        if name not in attached:
            yield _at(tree, "policies", name).warning("is attached to nobody", "unattached")


def _unknown_names(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    for name, policy in allowlist.policies.items():
        for statement in policy.statements:
            spot = _at(tree, "policies", name, "Statement", statement.ref.index)
            for action in statement.actions.written:
                if _is_unknown(action):
                    yield spot.warning(
                        f"the bot has no action {action}, only {', '.join(ACTIONS)}", "action-unknown"
                    )
            yield from _unknown_keys(statement.condition, spot)
    for index, rule in enumerate(allowlist.rules):
        yield from _unknown_keys(rule.when, _at(tree, "approvals", index, "when"))


def _is_unknown(action: str) -> bool:
    pattern = Pattern(action.lower())
    return pattern.text.startswith("imagebot:") and not any(pattern.matches(own.lower()) for own in ACTIONS)


def _unknown_keys(condition: Condition | None, spot: SourceLocation) -> Iterator[Finding]:
    for comparison in condition.comparisons if condition else ():
        service, _, _ = comparison.folded.partition(":")
        if service in ("appstreaming", "slack", "imagebot") and comparison.folded not in KEYS:
            yield spot.warning(
                f"the bot never sends the condition key {shown(comparison.key)}", "key-unknown"
            )


def _shadowed_rules(rules: Sequence[Rule], tree: Tree) -> Iterator[Finding]:
    for index, rule in enumerate(rules):
        for earlier in rules[:index]:
            if _implies(rule.when, earlier.when):
                spot = _at(tree, "approvals", index)
                yield spot.warning(
                    f"never counts: {shown(earlier.name)} before it holds whenever it does", "rule-shadowed"
                )
                break


def _implies(this: Condition | None, that: Condition | None) -> bool:
    """Whether `that` surely holds wherever `this` does."""
    narrow, wide = (condition.comparisons if condition else () for condition in (this, that))
    return all(any(_at_least(mine, theirs) for mine in narrow) for theirs in wide)


def _at_least(mine: Comparison, theirs: Comparison) -> bool:
    """Whether `theirs` holds wherever `mine` does: one key, one operator, no fewer choices."""
    if (mine.operator, mine.folded) != (theirs.operator, theirs.folded):
        return False
    narrow, wide = set(mine.wanted), set(theirs.wanted)
    return wide <= narrow if OPERATORS[mine.operator].negated else narrow <= wide


def _unreachable_rules(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    able = {each for each in allowlist.policies if _could_approve(allowlist.policies[each])}
    if not any(name in able for attachment in allowlist.attachments for name in attachment.policies):
        yield _at(tree, "attachments").warning(
            f"give nobody {APPROVE}: nothing can be approved", "no-approver"
        )
        return
    for index, rule in enumerate(allowlist.rules):
        spot = _at(tree, "approvals", index)
        people = _people(rule, allowlist)
        if not tally(rule, people, escalated=True).complete:
            yield spot.error(
                "can never reach its quorum: it names too few different people", "rule-unfillable"
            )
        elif not tally(rule, _with_right(people, allowlist, able), escalated=True).complete:
            yield spot.warning(
                f"can never reach its quorum: too few of those named can have {APPROVE}", "rule-unfillable"
            )


def _could_approve(policy: Policy) -> bool:
    allows = (each for each in policy.statements if each.ref.effect is Effect.ALLOW)
    return any(each.actions.includes(APPROVE.lower()) for each in allows)


def _people(rule: Rule, allowlist: Allowlist) -> dict[str, frozenset[str]]:
    """Everybody whom the rule names, and as many strangers as its usergroups and open seats may need."""
    seats = [*rule.quorum, *([rule.escalate.to] if rule.escalate else [])]
    listed = {user for seat in seats for group in seat.groups for user in allowlist.groups[group]}
    named = listed.union(*(seat.users for seat in seats))
    people = {user: allowlist.memberships(user, frozenset()) for user in named}
    places = sum(seat.count for seat in rule.quorum)
    for number, seat in enumerate(seats):
        if seat.is_open or seat.usergroups:
            people |= {f"\0{number}.{place}": seat.usergroups for place in range(places)}
    return people


def _with_right(
    people: Mapping[str, frozenset[str]], allowlist: Allowlist, able: set[str]
) -> dict[str, frozenset[str]]:
    """Those who may have the right; anyone may if a usergroup gives it: the file knows no members."""
    by_group = any(each.usergroups and able.intersection(each.policies) for each in allowlist.attachments)
    return {
        user: groups
        for user, groups in people.items()
        if by_group or user.startswith("\0") or able.intersection(allowlist.policies_of(user, frozenset()))
    }
