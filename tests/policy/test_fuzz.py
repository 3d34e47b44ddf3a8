"""Whatever comes in ends in a policy or in findings, and whatever is asked in a decision."""

from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.allowlist.text import UnreadableFileError, Written, parse_json, parse_yaml
from bot.policy import AccessRequest, Finding, Policy, PolicyError, PolicySet, Verdict, parse_policy
from bot.policy.conditions import OPERATORS

NAMES = st.sampled_from(
    ["Version", "Statement", "Effect", "Action", "NotAction", "Resource", "Condition", "Sid"]
)
KEYS = NAMES | st.sampled_from([*OPERATORS, "k:A", "acs:CurrentTime", "1"]) | st.text(max_size=5)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("1")
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": st.just("*"), "Resource": st.just("*")},
    optional={"Condition": VALUES},
)
DOCUMENTS = VALUES | st.fixed_dictionaries(
    {"Version": st.just("1"), "Statement": VALUES | st.lists(STATEMENTS)}
)


def outcome(document: object) -> Policy | tuple[Finding, ...]:
    """What reading comes to."""
    try:
        return parse_policy("p", document)
    except PolicyError as refused:
        return refused.findings


@given(DOCUMENTS)
def test_any_document_is_a_policy_or_has_findings_of_one_line(document: object) -> None:
    read = outcome(document)

    if isinstance(read, tuple):
        assert read
        assert all(str(finding).isprintable() for finding in read)


@given(
    st.sampled_from(sorted(OPERATORS)),
    st.sampled_from(["10", "2026-11-21", "true", "10.0.0.1", "a*"]),
    st.text() | st.lists(st.text(), max_size=3),
)
@example("DateLessThan", "2026-11-21", "0001-01-01T00:00:00+14:00")
@example("DateLessThan", "2026-11-21", "9999-12-31T23:59:59-14:00")
@example("NumericEquals", "10", "1e999999")
@example("IpAddress", "10.0.0.1", "::ffff:0:0")
def test_any_value_of_a_request_is_decided(operator: str, wanted: str, value: Any) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {"k:A": wanted}}}
    read = outcome({"Version": "1", "Statement": [statement]})

    if isinstance(read, Policy):
        decided = PolicySet([read], indexed_from=0).decide(AccessRequest("x:Do", "*", {"k:A": value}))
        assert decided.verdict in (Verdict.ALLOW, Verdict.IMPLICIT_DENY)


@given(st.text(st.sampled_from("ab:-[]{},#&*!|>'\"%@`?\\ \n\t\0\ud800\ufeff0~")) | st.text())
def test_any_text_is_values_or_one_finding(text: str) -> None:
    for parse in (parse_yaml, parse_json):
        assert all(str(finding).isprintable() for finding in problems(parse, text))


def problems(parse: Callable[[str], Written], text: str) -> tuple[Finding, ...]:
    """What is wrong with a text."""
    try:
        return parse(text).findings
    except UnreadableFileError as unreadable:
        return (unreadable.finding,)
