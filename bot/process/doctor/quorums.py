"""Whether every rule can be fulfilled: by enough active members who may approve."""

from collections.abc import Iterator, Mapping

from bot.allowlist import Allowlist
from bot.allowlist.principal import Principal
from bot.domain.approvals import DEFAULT_RULE, Rule, tally
from bot.domain.vocabulary import APPROVE
from bot.process.doctor.finding import Finding, finding, ok

TODO = "add people or usergroups to the rule, or attach a policy with imagebot:ApproveImageRequest to them"


def quorum_findings(allowlist: Allowlist, people: Mapping[str, Principal]) -> Iterator[Finding]:
    """Name each rule that nobody could ever fulfill; `people` are all that the allowlist names."""
    rules = (
        (*allowlist.rules, DEFAULT_RULE) if all(rule.when for rule in allowlist.rules) else allowlist.rules
    )
    unreachable = [each for rule in rules if (each := _unreachable(rule, people))]
    yield from unreachable
    if not unreachable:
        yield ok("quorums", f"all {len(rules)} rules can be fulfilled")


def _unreachable(rule: Rule, people: Mapping[str, Principal]) -> Finding | None:
    able = {
        user_id: principal.memberships
        for user_id, principal in people.items()
        if not principal.outsider(rule) and principal.may_somewhere(APPROVE)
    }
    reached = tally(rule, able, escalated=rule.escalate is not None)
    if reached.complete or _anyone_may(rule, people):
        return None
    sentence = f"the rule {rule.name} takes {reached.needed} approvals, and {reached.filled} can be given"
    return finding("quorum", sentence, TODO)


def _anyone_may(rule: Rule, people: Mapping[str, Principal]) -> bool:
    """Tell whether every member may approve and fill every slot: then nobody has to be named."""
    somebody = next(iter(people.values()), None)
    if somebody is None or not all(slot.is_open for slot in rule.quorum):
        return False
    allowlist = somebody.snapshot.allowlist
    everyones = {name for each in allowlist.attachments if each.everyone for name in each.policies}
    return any(
        statement.concerns_action(APPROVE.lower()) and statement.ref.effect == "Allow"
        for name in everyones
        for statement in allowlist.policies[name].statements
    )
