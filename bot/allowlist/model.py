"""The allowlist as a value: who has which policies, and which rule approves what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from bot.allowlist.text import Sources
from bot.domain.approvals import QuorumSlot, Rule
from bot.errors import ImageBotError
from bot.policy import AccessRequest, Decision, Explanation, Finding, Policy, PolicySet

MOST_EXPLAINED = 200
"""Statements that an explanation for a person looks at closely; more would keep others waiting."""
REMEMBERED = 1024
"""Principals, and unions of policies, whose compiled policies are kept."""


def located(path: Path, finding: Finding) -> str:
    """Return a finding about an allowlist file with the name of the file that it stands in."""
    return f"{path.parent / finding.file if finding.file else path}: {finding}"


class AllowlistBroken(ImageBotError):
    """The file cannot be used: everything that is wrong with it, warnings included, and what was read.

    `lines` are the errors, each with its file.
    """

    def __init__(self, path: Path, findings: tuple[Finding, ...], sources: Sources) -> None:
        errors = [finding for finding in findings if finding.is_error]
        super().__init__("; ".join(map(str, errors)))
        self.findings = findings
        self.sources = sources
        self.lines = tuple(located(path, finding) for finding in errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Policies by name, and who has them: these users, usergroups and named groups, or everyone."""

    policies: tuple[str, ...]
    users: frozenset[str] = frozenset()
    usergroups: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    everyone: bool = False

    def concerns(self, user: str, memberships: frozenset[str], *, member: bool) -> bool:
        """Whether this person has the policies: by ID, by a group, or as a member where everyone has them."""
        named = user in self.users or not memberships.isdisjoint(self.usergroups | self.groups)
        return named or (self.everyone and member)


@dataclass(frozen=True, kw_only=True, eq=False)
class Allowlist:
    """What a file says, compiled. `groups` maps the file's own groups to user IDs.

    `end_marked`: its last line says that nothing is missing. `written` is the file as values with their
    lines, kept until it is inspected.
    """

    policies: Mapping[str, Policy] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    rules: tuple[Rule, ...] = ()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    admin_channel: str | None = None
    sources: Sources = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()
    end_marked: bool = False
    written: Mapping[str, object] = field(default_factory=dict, repr=False)
    _named: Callable[[str, frozenset[str], bool], tuple[str, ...]] = field(init=False, repr=False)
    _compiled: Callable[[tuple[str, ...]], PolicySet] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", lru_cache(REMEMBERED)(self._attached))
        object.__setattr__(self, "_compiled", lru_cache(REMEMBERED)(self._compile))

    @cached_property
    def usergroups(self) -> frozenset[str]:
        """Every Slack usergroup that the file names: whose members somebody has to know."""
        attached = (attachment.usergroups for attachment in self.attachments)
        in_slots = (slot.usergroups for slot in slots_of(self.rules))
        return frozenset[str]().union(*attached, *in_slots)

    @cached_property
    def users(self) -> frozenset[str]:
        """Every person that the file names by id, in a group of its own or alone."""
        attached = (attachment.users for attachment in self.attachments)
        in_slots = (slot.users for slot in slots_of(self.rules))
        return frozenset[str]().union(*attached, *in_slots, *self.groups.values())

    def memberships(self, user: str, usergroups: frozenset[str]) -> frozenset[str]:
        """Their usergroups and the file's own groups that list them: what `tally` and slots ask for."""
        return usergroups | {name for name, members in self.groups.items() if user in members}

    def policies_of(self, user: str, usergroups: frozenset[str], *, member: bool = True) -> tuple[str, ...]:
        """Names of the policies that a person has, in the file's order; `everyone` means members."""
        return self._named(user, usergroups, member)

    def reads(self, names: tuple[str, ...], keys: frozenset[str]) -> bool:
        """Tell whether a condition in one of these policies is about one of the keys, in lower case."""
        return not all(keys.isdisjoint(self.policies[name].keys) for name in names)

    def decide(
        self, user: str, usergroups: frozenset[str], ask: AccessRequest, *, member: bool = True
    ) -> Decision:
        """May this person do that?"""
        return self._compiled(self.policies_of(user, usergroups, member=member)).decide(ask)

    def explain(
        self,
        user: str,
        usergroups: frozenset[str],
        ask: AccessRequest,
        *,
        member: bool = True,
        most: int | None = MOST_EXPLAINED,
    ) -> Explanation:
        """Return the same decision, and what the statements nearest to matching had to do with it.

        None: all.
        """
        return self._compiled(self.policies_of(user, usergroups, member=member)).explain(ask, most)

    def _attached(self, user: str, usergroups: frozenset[str], member: bool) -> tuple[str, ...]:
        memberships = self.memberships(user, usergroups)
        theirs = (each for each in self.attachments if each.concerns(user, memberships, member=member))
        return tuple(dict.fromkeys(name for attachment in theirs for name in attachment.policies))

    def _compile(self, names: tuple[str, ...]) -> PolicySet:
        return PolicySet([self.policies[name] for name in names])


def slots_of(rules: tuple[Rule, ...]) -> Iterator[QuorumSlot]:
    """Every slot of every rule, and the one that it escalates to."""
    for rule in rules:
        yield from rule.quorum
        if rule.escalate:
            yield rule.escalate.to
