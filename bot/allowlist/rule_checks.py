"""Approval rules without effect: rules that never apply, or that no people can satisfy."""

from collections.abc import Iterator, Mapping, Sequence

from bot.allowlist.model import Allowlist
from bot.allowlist.places import Tree, locate
from bot.domain.approvals import Rule, tally
from bot.domain.vocabulary import APPROVE
from bot.policy import Condition, Effect, Finding, Policy
from bot.policy.conditions import OPERATORS, Comparison
from bot.policy.findings import shown


def rule_findings(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    """Yield warnings about rules that people lack the right for, or that an earlier one shadows."""
    yield from _without_approvers(allowlist, tree)
    yield from _shadowed_rules(allowlist.rules, tree)


def impossible_rules(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    """Yield an error for each rule that no number of people can satisfy."""
    for index, rule in enumerate(allowlist.rules):
        if not tally(rule, _people(rule, allowlist), escalated=True).complete:
            problem = "can never reach its quorum: it names too few different people"
            yield locate(tree, "approvals", index).error(problem, "rule-unfillable")


def _shadowed_rules(rules: Sequence[Rule], tree: Tree) -> Iterator[Finding]:
    for index, rule in enumerate(rules):
        for earlier in rules[:index]:
            if _implies(rule.when, earlier.when):
                location = locate(tree, "approvals", index)
                yield location.warning(
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


def _without_approvers(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    able = {each for each in allowlist.policies if _could_approve(allowlist.policies[each])}
    if not any(name in able for attachment in allowlist.attachments for name in attachment.policies):
        problem = f"give nobody {APPROVE}: nothing can be approved"
        yield locate(tree, "attachments").warning(problem, "no-approver")
        return
    for index, rule in enumerate(allowlist.rules):
        people = _people(rule, allowlist)
        if not tally(rule, _with_right(people, allowlist, able), escalated=True).complete:
            problem = f"can never reach its quorum: too few of those named can have {APPROVE}"
            yield locate(tree, "approvals", index).warning(problem, "rule-unfillable")


def _could_approve(policy: Policy) -> bool:
    allows = (each for each in policy.statements if each.ref.effect is Effect.ALLOW)
    return any(each.actions.includes(APPROVE.lower()) for each in allows)


def _people(rule: Rule, allowlist: Allowlist) -> dict[str, frozenset[str]]:
    """Everybody whom the rule names, and as many strangers as its usergroups and open slots may need."""
    slots = [*rule.quorum, *([rule.escalate.to] if rule.escalate else [])]
    listed = {user for slot in slots for group in slot.groups for user in allowlist.groups[group]}
    named = listed.union(*(slot.users for slot in slots))
    people = {user: allowlist.memberships(user, frozenset()) for user in named}
    places = sum(slot.count for slot in rule.quorum)
    for number, slot in enumerate(slots):
        if slot.is_open or slot.usergroups:
            people |= {f"\0{number}.{place}": slot.usergroups for place in range(places)}
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
