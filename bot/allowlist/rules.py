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
    value: object, spot: SourceLocation, fields: Fields, groups: Collection[str]
) -> tuple[Rule, ...]:
    """Every rule, in order; `groups` are the named groups that the file knows."""
    rules: dict[str, Rule] = {}
    written = fields.items(value, spot)
    if len(written) > MOST_RULES:
        fields.error(spot, f"has more than {MOST_RULES} rules")
    for index, (each, at) in enumerate(written[:MOST_RULES]):
        rule = _rule(each, at, fields, groups, f"rule-{index + 1}")
        if rule.name in rules:
            fields.error(at, f"{shown(rule.name)} is the name of an earlier rule")
        rules[rule.name] = rule
    return tuple(rules.values())


def _rule(value: object, spot: SourceLocation, fields: Fields, groups: Collection[str], default: str) -> Rule:
    block = fields.block(value, spot, KEYS)
    return Rule(
        name=fields.text(block["name"], spot.key(block, "name")) if "name" in block else default,
        when=_when(block, spot, fields),
        quorum=_quorum(block, spot, fields, groups),
        expires=fields.seconds(block, "expires", spot) or DAY,
        remind=_remind(block, spot, fields),
        reason_required=_is_required(block, "reason", spot, fields),
        requester_reason_required=_is_required(block, "requester_reason", spot, fields),
        ping=Ping(fields.choice(block, "ping", spot, tuple(Ping))),
        channel=fields.channel(block, "channel", spot),
        escalate=_escalation(block, spot, fields, groups),
        allow_guests=fields.flag(block, "allow_guests", spot),
        allow_external=fields.flag(block, "allow_external", spot),
    )


def _when(block: Mapping[str, object], spot: SourceLocation, fields: Fields) -> Condition | None:
    if "when" not in block:
        return None
    aside = Report()
    condition = PolicyReader(aside).condition(block["when"], spot.key(block, "when"))
    for finding in aside.findings:
        if finding.is_error:  # a rule is not pasted into RAM, so it needs no quotes
            fields.report.add(finding)
    return condition if condition.comparisons else None


def _quorum(
    block: Mapping[str, object], spot: SourceLocation, fields: Fields, groups: Collection[str]
) -> tuple[QuorumSlot, ...]:
    if "quorum" not in block:
        return (QuorumSlot(),)
    at = spot.key(block, "quorum")
    written = block["quorum"]
    if not isinstance(written, list):
        fields.error(at, f"must be a list of seats, not {shown(written)}")
        return (QuorumSlot(),)
    if len(written) > MOST_PEOPLE:
        fields.error(at, f"has more than {MOST_PEOPLE} seats")
        return (QuorumSlot(),)
    return tuple(
        _seat(each, where, fields, groups, (*PEOPLE, "count")) for each, where in fields.items(written, at)
    )


def _seat(
    value: object, spot: SourceLocation, fields: Fields, groups: Collection[str], known: tuple[str, ...]
) -> QuorumSlot:
    if not isinstance(value, dict):
        fields.error(spot, f"must be a mapping, not {shown(value)}")
        return QuorumSlot()
    block = fields.block(value, spot, known)
    seat = QuorumSlot(
        users=fields.ids(block, "users", spot),
        usergroups=fields.ids(block, "usergroups", spot),
        groups=read_groups(block, spot, fields, groups),
        count=fields.count(block, "count", spot),
    )
    if seat.is_open and any(people in block for people in PEOPLE):
        fields.error(spot, "names nobody: leave the empty list out to mean anyone with the right")
    return seat


def read_groups(
    block: Mapping[str, object], spot: SourceLocation, fields: Fields, known: Collection[str]
) -> frozenset[str]:
    """Names of groups under `groups`, every one known to the file."""
    named = fields.names(block, "groups", spot)
    for name, at in named:
        if name not in known:
            fields.error(
                at, f"there is no group {shown(name)} under groups", "group-unknown", meant(name, known)
            )
    return frozenset(name for name, _ in named)


def _remind(block: Mapping[str, object], spot: SourceLocation, fields: Fields) -> float | None:
    remind = fields.seconds(block, "remind", spot)
    if remind and remind >= (fields.seconds(block, "expires", spot) or DAY):
        fields.report.add(
            spot.key(block, "remind").warning("comes when the request has expired already", "reminder-late")
        )
    return remind


def _is_required(block: Mapping[str, object], key: str, spot: SourceLocation, fields: Fields) -> bool:
    return fields.choice(block, key, spot, ("optional", "required")) == "required"


def _escalation(
    block: Mapping[str, object], spot: SourceLocation, fields: Fields, groups: Collection[str]
) -> Escalation | None:
    if "escalate" not in block:
        return None
    at = spot.key(block, "escalate")
    inner = fields.block(block["escalate"], at, ("after", *PEOPLE))
    after = fields.seconds(inner, "after", at)
    if after is None:
        fields.error(at, "needs after: how long to wait, such as 2h")
    people = {key: value for key, value in inner.items() if key in PEOPLE}
    if not people:
        fields.error(at, "needs the users, usergroups or groups to escalate to")
    seat = _seat(inner, at, fields, groups, ("after", *PEOPLE))
    return Escalation(after=after or DAY, to=seat) if people else None
