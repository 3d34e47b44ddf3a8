"""The `approvals` part of the file: approval rules."""

from collections.abc import Collection, Mapping

from bot.allowlist.fields import MOST_PEOPLE, Fields
from bot.domain.approvals import DAY, Escalation, Ping, QuorumSlot, Rule
from bot.policy import Condition, PolicyReader
from bot.policy.findings import Report, SourceLocation, meant, shown

PEOPLE = ("users", "usergroups", "groups")
MOST_RULES = 200
KEYS = (
    *("name", "when", "quorum", "expires", "remind", "reason", "requester_reason", "ping", "channel"),
    *("escalate", "allow_guests", "allow_external"),
)


def read_rules(
    value: object, location: SourceLocation, fields: Fields, groups: Collection[str]
) -> tuple[Rule, ...]:
    """Every rule, in order; `groups` are the named groups that the file knows."""
    rules: dict[str, Rule] = {}
    written = fields.items(value, location)
    if len(written) > MOST_RULES:
        fields.error(location, f"has more than {MOST_RULES} rules")
    for index, (each, at) in enumerate(written[:MOST_RULES]):
        rule = _rule(each, at, fields, groups, f"rule-{index + 1}")
        if rule.name in rules:
            fields.error(at, f"{shown(rule.name)} is the name of an earlier rule")
        rules[rule.name] = rule
    return tuple(rules.values())


def _rule(
    value: object, location: SourceLocation, fields: Fields, groups: Collection[str], default: str
) -> Rule:
    block = fields.block(value, location, KEYS)
    return Rule(
        name=fields.text(block["name"], location.key(block, "name")) if "name" in block else default,
        when=_when(block, location, fields),
        quorum=_quorum(block, location, fields, groups),
        expires=(expires := fields.seconds(block, "expires", location) or DAY),
        remind=_remind(block, location, fields, expires),
        reason_required=_is_required(block, "reason", location, fields),
        requester_reason_required=_is_required(block, "requester_reason", location, fields),
        ping=Ping(fields.choice(block, "ping", location, tuple(Ping))),
        channel=fields.channel(block, "channel", location),
        escalate=_escalation(block, location, fields, groups, expires),
        allow_guests=fields.flag(block, "allow_guests", location),
        allow_external=fields.flag(block, "allow_external", location),
    )


def _when(block: Mapping[str, object], location: SourceLocation, fields: Fields) -> Condition | None:
    if "when" not in block:
        return None
    aside = Report()
    condition = PolicyReader(aside).condition(block["when"], location.key(block, "when"))
    for finding in aside.findings:
        if finding.is_error:  # a rule is not pasted into RAM, so it needs no quotes
            fields.report.add(finding)
    return condition if condition.comparisons else None


def _quorum(
    block: Mapping[str, object], location: SourceLocation, fields: Fields, groups: Collection[str]
) -> tuple[QuorumSlot, ...]:
    if "quorum" not in block:
        return (QuorumSlot(),)
    at = location.key(block, "quorum")
    written = block["quorum"]
    if not isinstance(written, list):
        fields.error(at, f"must be a list such as [{{usergroups: [S0OPS], count: 1}}], not {shown(written)}")
        return (QuorumSlot(),)
    if len(written) > MOST_PEOPLE:
        fields.error(at, f"has more than {MOST_PEOPLE} entries")
        return (QuorumSlot(),)
    return tuple(
        _slot(each, where, fields, groups, (*PEOPLE, "count")) for each, where in fields.items(written, at)
    )


def _slot(
    value: object, location: SourceLocation, fields: Fields, groups: Collection[str], known: tuple[str, ...]
) -> QuorumSlot:
    if not isinstance(value, dict):
        fields.error(location, f"must be a mapping, not {shown(value)}")
        return QuorumSlot()
    block = fields.block(value, location, known)
    slot = QuorumSlot(
        users=fields.ids(block, "users", location),
        usergroups=fields.ids(block, "usergroups", location),
        groups=read_groups(block, location, fields, groups),
        count=fields.count(block, "count", location),
    )
    if slot.is_open and any(people in block for people in PEOPLE):
        fields.error(location, "names nobody: leave the empty list out to mean anyone with the right")
    return slot


def read_groups(
    block: Mapping[str, object], location: SourceLocation, fields: Fields, known: Collection[str]
) -> frozenset[str]:
    """Names of groups under `groups`, every one known to the file."""
    named = fields.names(block, "groups", location)
    for name, at in named:
        if name not in known:
            fields.error(
                at, f"there is no group {shown(name)} under groups", "group-unknown", meant(name, known)
            )
    return frozenset(name for name, _ in named)


def _remind(
    block: Mapping[str, object], location: SourceLocation, fields: Fields, expires: float
) -> float | None:
    remind = fields.seconds(block, "remind", location)
    if remind and remind >= expires:
        fields.report.add(
            location.key(block, "remind").warning(
                "comes when the request has expired already", "reminder-late"
            )
        )
    return remind


def _is_required(block: Mapping[str, object], key: str, location: SourceLocation, fields: Fields) -> bool:
    return fields.choice(block, key, location, ("optional", "required")) == "required"


def _escalation(
    block: Mapping[str, object],
    location: SourceLocation,
    fields: Fields,
    groups: Collection[str],
    expires: float,
) -> Escalation | None:
    if "escalate" not in block:
        return None
    at = location.key(block, "escalate")
    inner = fields.block(block["escalate"], at, ("after", *PEOPLE))
    if not isinstance(block["escalate"], dict | None):
        return None
    after = fields.seconds(inner, "after", at)
    if "after" not in inner:
        fields.error(at, "needs after: how long to wait, such as 2h")
    elif after is not None and after >= expires:
        late = "comes when the request has expired already"
        fields.report.add(location.key(block, "escalate").warning(late, "escalation-late"))
    people = {key: value for key, value in inner.items() if key in PEOPLE}
    if not people:
        fields.error(at, "needs the users, usergroups or groups to escalate to")
    slot = _slot(inner, at, fields, groups, ("after", *PEOPLE))
    return Escalation(after=after or DAY, to=slot) if people else None
