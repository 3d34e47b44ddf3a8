"""Statements that others make void or needless."""

from collections.abc import Hashable, Iterator, Sequence

from bot.allowlist.model import Allowlist
from bot.allowlist.places import Tree, locate
from bot.policy import AccessRequest, Effect, Finding, Policy, PolicySet, Statement
from bot.policy.patterns import stand_in
from bot.policy.statements import Scope, StatementRef

MOST_PAIRS = 1000
"""Pairs of an action and a resource of one statement that are looked at."""


def overlap_findings(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    """Yield Allows that a Deny of the same people voids, and statements that say what another says."""
    everyones = {name for each in allowlist.attachments if each.everyone for name in each.policies}
    for_everyone = PolicySet(
        [_unconditional(allowlist.policies[name], Effect.DENY) for name in sorted(everyones)]
    )
    for name, policy in allowlist.policies.items():
        yield from _voided(policy, for_everyone, tree)
        repeated = dict(_duplicates(policy))
        for index, first in repeated.items():
            location = locate(tree, "policies", name, "Statement", index)
            yield location.warning(f"says the same as {_named(first)}", "duplicate")
        yield from _redundant(policy, repeated, tree)


def _voided(policy: Policy, for_everyone: PolicySet, tree: Tree) -> Iterator[Finding]:
    """Return allows that an unconditional Deny always overrides."""
    denies = (PolicySet([_unconditional(policy, Effect.DENY)]), for_everyone)
    for statement in policy.statements:
        if statement.ref.effect is Effect.ALLOW and (deny := _covered(statement, denies)):
            location = locate(tree, "policies", policy.name, "Statement", statement.ref.index)
            yield location.warning(f"never allows anything: {_named(deny)} denies all of it", "allow-voided")


def _duplicates(policy: Policy) -> Iterator[tuple[int, StatementRef]]:
    """Yield the index of each statement that repeats an earlier one, and the earlier one."""
    seen: dict[Hashable, StatementRef] = {}
    for statement in policy.statements:
        first = seen.setdefault(_meaning(statement), statement.ref)
        if first is not statement.ref:
            yield statement.ref.index, first


def _meaning(statement: Statement) -> Hashable:
    """Equal for statements that say the same in another order or case."""
    conditions = (
        (each.operator, each.folded, frozenset(each.wanted)) for each in statement.condition.comparisons
    )
    return (
        statement.ref.effect,
        *(statement.actions.negated, frozenset(text.lower() for text in statement.actions.written)),
        *(statement.resources.negated, frozenset(statement.resources.written)),
        frozenset(conditions),
    )


def _redundant(policy: Policy, repeated: dict[int, StatementRef], tree: Tree) -> Iterator[Finding]:
    """Statements all of which an unconditional one with the same effect says too."""
    needless = set(repeated)
    wide = {effect: (PolicySet([_unconditional(policy, effect)]),) for effect in Effect}
    for statement in policy.statements:
        if statement.ref.index not in needless:
            needless_too = needless | {statement.ref.index}
            if other := _covered(statement, wide[statement.ref.effect], except_for=needless_too):
                needless.add(statement.ref.index)
                location = locate(tree, "policies", policy.name, "Statement", statement.ref.index)
                yield location.warning(f"adds nothing: {_named(other)} says all of it", "redundant")


def _unconditional(policy: Policy, effect: Effect) -> Policy:
    """Return what the policy says whatever the context.

    No `?` and no Not…, where covering could not be told.
    """

    def plain(scope: Scope) -> bool:
        return not scope.negated and not any("?" in text for text in scope.written)

    same = (
        each for each in policy.statements if each.ref.effect is effect and not each.condition.comparisons
    )
    kept = (each for each in same if plain(each.actions) and plain(each.resources))
    return Policy(policy.name, tuple({_meaning(each): each for each in kept}.values()))


def _covered(
    statement: Statement, by: Sequence[PolicySet], except_for: set[int] | None = None
) -> StatementRef | None:
    """Return a statement that covers every action on every resource of this one.

    None when one is left over.
    """
    actions, resources = _extent(statement.actions), _extent(statement.resources)
    if len(actions) * len(resources) > MOST_PAIRS:
        return None
    found = [
        _speaking(AccessRequest(action, resource), by, except_for or set())
        for action in actions
        for resource in resources
    ]
    return found[0] if all(found) else None


def _speaking(asked: AccessRequest, by: Sequence[PolicySet], except_for: set[int]) -> StatementRef | None:
    deciding = (ref for each in by for ref in each.decide(asked).deciding)
    return next((ref for ref in deciding if ref.index not in except_for), None)


def _extent(scope: Scope) -> list[str]:
    return ["\0"] if scope.negated else [stand_in(text) for text in scope.written]


def _named(ref: StatementRef) -> str:
    return f"{ref.policy}.Statement[{ref.index}]"
