"""Suspicious parts of a usable file: those that never have an effect, or mean something else than they
seem to.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from bot.allowlist.condition_checks import block_findings, location_in
from bot.allowlist.model import Allowlist
from bot.allowlist.overlaps import overlap_findings
from bot.allowlist.places import Tree, locate
from bot.allowlist.rule_checks import rule_findings
from bot.allowlist.statement_checks import statement_findings
from bot.domain.vocabulary import ACTIONS, CREATE, Deployment
from bot.policy import Condition, Effect, Finding


def suspicions(allowlist: Allowlist, tree: Tree, deployment: Deployment) -> Iterator[Finding]:
    """Yield warnings about a usable file."""
    yield from rule_findings(allowlist, tree)
    yield from overlap_findings(allowlist, tree)
    yield from _unattached(allowlist, tree)
    now = datetime.now(UTC)
    for policy in allowlist.policies.values():
        for statement in policy.statements:
            yield from statement_findings(statement, tree, deployment, now)
    yield from _rule_conditions(allowlist, tree, now)


def _unattached(allowlist: Allowlist, tree: Tree) -> Iterator[Finding]:
    attached = {name for attachment in allowlist.attachments for name in attachment.policies}
    for name in allowlist.policies:
        if name not in attached:
            yield locate(tree, "policies", name).warning("is attached to nobody", "unattached")


def _rule_conditions(allowlist: Allowlist, tree: Tree, now: datetime) -> Iterator[Finding]:
    """Yield warnings about rules' conditions, which are matched with the context of the request for an
    image.
    """
    sent = ACTIONS[CREATE.lower()].keys
    for index, rule in enumerate(allowlist.rules):
        location_of = partial(location_in, tree, ("approvals", index, "when"))
        yield from block_findings(rule.when or Condition(), Effect.ALLOW, sent, location_of, now)
