"""The language, row by row: the operators, the patterns, and the points where RAM is silent."""

from dataclasses import replace

import pytest

from bot.policy import AccessRequest, Part, Policy, PolicyError, PolicySet, Verdict, parse_policy
from bot.policy.conditions import OPERATORS

ALLOW, SILENT, DENY = Verdict.ALLOW, Verdict.IMPLICIT_DENY, Verdict.EXPLICIT_DENY
MISSING = None
Given = str | list[str] | None


def statement(effect: str = "Allow", /, **elements: object) -> dict[str, object]:
    """Return a statement about everything, except for what is given."""
    about: dict[str, object] = {"Effect": effect, **elements}
    if not {"Action", "NotAction"} & set(elements):
        about["Action"] = "*"
    if not {"Resource", "NotResource"} & set(elements):
        about["Resource"] = "*"
    return about


def policy(*statements: object) -> Policy:
    """A document with these statements."""
    return parse_policy("p", {"Version": "1", "Statement": list(statements)})


def verdict(*statements: object, action: str = "x:Do", resource: str = "*", **context: Given) -> Verdict:
    """What the statements decide; context keys as `k__A` for `k:A`."""
    facts = {key.replace("__", ":"): value for key, value in context.items() if value is not MISSING}
    return (
        PolicySet([policy(*statements)], indexed_from=0)
        .decide(AccessRequest(action, resource, facts))
        .verdict
    )


def holds(operator: str, wanted: object, actual: Given, effect: str = "Allow") -> bool:
    """Whether a condition lets a statement of this effect match."""
    decided = verdict(statement(effect, Condition={operator: {"k:A": wanted}}), k__A=actual)
    return decided is not Verdict.IMPLICIT_DENY


POSITIVE = {
    "StringEquals": "10",
    "StringEqualsIgnoreCase": "10",
    "StringLike": "1*",
    "NumericEquals": "10",
    "NumericLessThan": "11",
    "NumericLessThanEquals": "10",
    "NumericGreaterThan": "9",
    "NumericGreaterThanEquals": "10",
    "DateEquals": "2026-11-21T00:00:00Z",
    "DateLessThan": "2026-11-21T00:00:00Z",
    "DateLessThanEquals": "2026-11-21T00:00:00Z",
    "DateGreaterThan": "2026-11-21T00:00:00Z",
    "DateGreaterThanEquals": "2026-11-21T00:00:00Z",
    "Bool": "true",
    "IpAddress": "10.0.0.0/8",
}
NEGATED = {
    "StringNotEquals": "10",
    "StringNotEqualsIgnoreCase": "10",
    "StringNotLike": "1*",
    "NumericNotEquals": "10",
    "DateNotEquals": "2026-11-21T00:00:00Z",
    "NotIpAddress": "10.0.0.0/8",
}
TYPED = {each: wanted for each, wanted in (POSITIVE | NEGATED).items() if not each.startswith("String")}


@pytest.mark.parametrize(
    ("operator", "wanted", "actual", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a*", "a*", True),
        ("StringEquals", "", "", True),
        ("StringNotEquals", "a", "A", True),
        ("StringNotEquals", "a", "a", False),
        ("StringEqualsIgnoreCase", "dev", "DEV", True),
        ("StringNotEqualsIgnoreCase", "dev", "DEV", False),
        ("StringNotEqualsIgnoreCase", "dev", "prod", True),
        ("StringLike", "a*c", "a/b:c", True),
        ("StringLike", "a?c", "ac", False),
        ("StringLike", "a?c", "abc", True),
        ("StringLike", "a?c", "aBc", True),
        ("StringLike", "A?c", "abc", False),
        ("StringLike", "*", "", True),
        ("StringNotLike", "prod-*", "dev-1", True),
        ("StringNotLike", "prod-*", "prod-1", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericEquals", "10", "1e1", True),
        ("NumericEquals", "10", "11", False),
        ("NumericNotEquals", "10", "10.00", False),
        ("NumericNotEquals", "10", "9", True),
        ("NumericLessThan", "10", "9.99", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThan", "9", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "-1", "0", True),
        ("NumericGreaterThan", "10", "10", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("DateEquals", "2026-11-21T17:00:00+08:00", "2026-11-21T09:00:00Z", True),
        ("DateEquals", "2026-11-21T09:00:00", "2026-11-21T09:00:00Z", True),
        ("DateEquals", "2026-11-21", "2026-11-21T00:00:00Z", True),
        ("DateNotEquals", "2026-11-21T09:00:00Z", "2026-11-21T09:00:01Z", True),
        ("DateLessThan", "2026-11-21T09:00:00Z", "2026-11-21T16:59:59+08:00", True),
        ("DateLessThan", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z", False),
        ("DateLessThanEquals", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z", True),
        ("DateGreaterThan", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00.001Z", True),
        ("DateGreaterThanEquals", "2026-11-21T09:00:00Z", "2026-11-21T04:00:00-05:00", True),
        ("Bool", "true", "true", True),
        ("Bool", "true", "True", True),
        ("Bool", "false", "true", False),
        ("IpAddress", "10.0.0.1", "10.0.0.1", True),
        ("IpAddress", "10.0.0.0/8", "10.255.0.1", True),
        ("IpAddress", "10.0.0.7/8", "10.255.0.1", True),
        ("IpAddress", "10.0.0.0/8", "11.0.0.1", False),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("IpAddress", "2001:db8::/32", "10.0.0.1", False),
        ("IpAddress", "10.0.0.0/8", "::ffff:10.0.0.1", True),
        ("IpAddress", "::ffff:10.0.0.0/104", "10.0.0.1", True),
        ("NotIpAddress", "10.0.0.0/8", "11.0.0.1", True),
        ("NotIpAddress", "10.0.0.0/8", "10.0.0.1", False),
        ("NotIpAddress", "2001:db8::/32", "10.0.0.1", True),
    ],
)
def test_an_operator_compares_as_published(operator: str, wanted: str, actual: str, expected: bool) -> None:
    assert holds(operator, wanted, actual) is expected
    assert holds(operator, wanted, actual, "Deny") is expected


@pytest.mark.parametrize(("operator", "wanted"), POSITIVE.items())
def test_a_missing_key_fails_a_positive_operator(operator: str, wanted: str) -> None:
    assert not holds(operator, wanted, MISSING)
    assert not holds(operator, wanted, MISSING, "Deny")
    assert not holds(operator, wanted, [])


@pytest.mark.parametrize(("operator", "wanted"), NEGATED.items())
def test_a_missing_key_lets_a_negated_operator_deny_but_never_allow(operator: str, wanted: str) -> None:
    assert not holds(operator, wanted, MISSING)
    assert holds(operator, wanted, MISSING, "Deny")


UNREADABLE = [
    "",
    "ten",
    "NaN",
    "Infinity",
    "1_0",
    "\uff11\uff10",
    "0x10",
    " 10",
    "2026-13-01",
    "yes",
    "1.2.3",
    "10.0.0.0/8",
    "fe80::1%1",
]


@pytest.mark.parametrize("value", UNREADABLE)
@pytest.mark.parametrize(("operator", "wanted"), TYPED.items())
def test_a_value_that_is_none_of_the_kind_counts_as_a_missing_key(
    operator: str, wanted: str, value: str
) -> None:
    assert not holds(operator, wanted, value)
    assert holds(operator, wanted, value, "Deny") is (operator in NEGATED)


@pytest.mark.parametrize(
    ("operator", "wanted", "actual", "expected"),
    [
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a", ["x", "a"], True),
        ("StringEquals", ["a", "b"], ["x", "y"], False),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringNotEquals", "a", ["x", "a"], False),
        ("StringNotEquals", "a", ["x", "y"], True),
        ("NumericLessThan", ["1", "5"], "3", True),
        ("NumericNotEquals", "1", ["2", "no number"], False),
        ("NumericEquals", "1", ["1", "no number"], True),
        ("NotIpAddress", ["10.0.0.0/8", "11.0.0.0/8"], "11.0.0.1", False),
    ],
)
def test_of_several_values_any_is_enough_and_a_negated_operator_wants_none(
    operator: str, wanted: object, actual: Given, expected: bool
) -> None:
    assert holds(operator, wanted, actual) is expected


def test_keys_and_operators_must_all_hold() -> None:
    condition = {"StringEquals": {"k:A": "1", "k:B": "2"}, "NumericLessThan": {"k:C": "5"}}
    both = statement(Condition=condition)

    assert verdict(both, k__A="1", k__B="2", k__C="4") is ALLOW
    assert verdict(both, k__A="1", k__B="3", k__C="4") is SILENT
    assert verdict(both, k__A="1", k__B="2", k__C="5") is SILENT


@pytest.mark.parametrize(
    ("element", "pattern", "asked", "expected"),
    [
        ("Action", "X:DO", "x:do", ALLOW),
        ("Action", "x:D?", "x:Do", ALLOW),
        ("Action", "x:D?", "x:D", SILENT),
        ("Action", "*:Do", "x:Do", ALLOW),
        ("Action", "x:*", "y:Do", SILENT),
        ("Action", ["y:*", "x:*"], "x:Do", ALLOW),
        ("NotAction", "y:*", "x:Do", ALLOW),
        ("NotAction", ["y:*", "X:do"], "x:Do", SILENT),
        ("Resource", "acs:a:*:*:i/1", "acs:a:r::i/1", ALLOW),
        ("Resource", "acs:a:*", "acs:a:r:1:i/1/2", ALLOW),
        ("Resource", "acs:a:r:1:i/?", "acs:a:r:1:i/12", SILENT),
        ("Resource", "i/*a?c*z", "i/zabcz", ALLOW),
        ("Resource", "i/*a?c*z", "i/zabdz", SILENT),
        ("Resource", "i/*a?*z", "i/abz", ALLOW),
        ("Resource", "i/*a?*z", "i/az", SILENT),
        ("Resource", "acs:a:r:1:I/1", "acs:a:r:1:i/1", SILENT),
        ("Resource", "acs:a:r:1:i/*", "acs:a:r:1:i/*", ALLOW),
        ("NotResource", "acs:a:*", "acs:b:r:1:i/1", ALLOW),
        ("NotResource", ["acs:a:*", "acs:b:*"], "acs:b:r:1:i/1", SILENT),
    ],
)
def test_actions_match_without_case_resources_with_it(
    element: str, pattern: object, asked: str, expected: Verdict
) -> None:
    what = {"action": asked} if "Action" in element else {"resource": asked}

    assert verdict(statement(**{element: pattern}), **what) is expected


def test_condition_keys_are_compared_without_case() -> None:
    assert holds("StringEquals", "1", "1")
    assert (
        verdict(statement(Condition={"StringEquals": {"ACS:currenttime": "1"}}), acs__CurrentTime="1")
        is ALLOW
    )


@pytest.mark.parametrize("facts", [{"k:a": "dev", "K:A": "prod"}, {"K:A": "prod", "k:a": "dev"}])
def test_a_second_spelling_of_a_key_hides_nothing_from_a_deny(facts: dict[str, str]) -> None:
    deny = statement("Deny", Condition={"StringEquals": {"k:A": "prod"}})

    assert PolicySet([policy(statement(), deny)]).decide(AccessRequest("x:Do", "*", facts)).verdict is DENY


def test_an_empty_condition_block_is_no_condition() -> None:
    assert verdict(statement(Condition={})) is ALLOW


def test_a_policy_without_statements_allows_nothing() -> None:
    assert verdict() is SILENT


def test_a_pattern_cannot_make_the_engine_slow() -> None:
    stars = statement(Resource="acs:" + "*a" * 500 + "b")

    assert verdict(stars, resource="acs:" + "a" * 20_000) is SILENT


MINE, OTHER = "acs:app:cn-1:123:instance/ws-1", "acs:app:cn-1:456:instance/ws-1"
UNKNOWN_ACCOUNT = "acs:app:cn-1:*:instance/ws-1"


@pytest.mark.parametrize(
    "pattern",
    [
        "acs:app:cn-1:123:instance/ws-1",
        "acs:app:*:123:instance/*",
        "acs:app:*:12?:*",
        "acs:app:*:1*:*",
        "acs:app:*:???:*",
        "acs:*:123:*",
        "acs:app:*123:instance/ws-1",
        "acs:*123:instance/ws-1",
    ],
)
def test_an_account_in_digits_counts_in_a_deny_and_not_in_an_allow_when_the_account_is_unknown(
    pattern: str,
) -> None:
    allow, deny, all_of_it = statement(Resource=pattern), statement("Deny", Resource=pattern), statement()

    assert verdict(allow, resource=UNKNOWN_ACCOUNT) is SILENT
    assert verdict(all_of_it, deny, resource=UNKNOWN_ACCOUNT) is DENY
    assert verdict(allow, resource=MINE) is ALLOW
    assert verdict(all_of_it, deny, resource=MINE) is DENY


@pytest.mark.parametrize("pattern", ["acs:app:*:?:instance/*", "acs:app:*:*?:instance/*"])
def test_the_sign_of_an_unknown_account_is_no_character_of_one(pattern: str) -> None:
    """`?` stands for a digit here, not for the `*` of a request whose account isn't known."""
    assert verdict(statement(Resource=pattern), resource=UNKNOWN_ACCOUNT) is SILENT
    assert verdict(statement(), statement("Deny", Resource=pattern), resource=UNKNOWN_ACCOUNT) is DENY


@pytest.mark.parametrize("pattern", ["acs:app:*:123:instance/*", "acs:app:*123:instance/ws-1"])
def test_an_account_in_digits_is_compared_when_the_account_is_known(pattern: str) -> None:
    assert verdict(statement(Resource=pattern), resource=OTHER) is SILENT
    assert verdict(statement(), statement("Deny", Resource=pattern), resource=OTHER) is ALLOW


def test_everything_but_an_accounts_resources_is_told_only_when_the_account_is_known() -> None:
    but_mine = {"NotResource": "acs:app:*:123:*"}

    assert verdict(statement(**but_mine), resource=UNKNOWN_ACCOUNT) is SILENT
    assert verdict(statement(), statement("Deny", **but_mine), resource=UNKNOWN_ACCOUNT) is DENY
    assert verdict(statement(**but_mine), resource=OTHER) is ALLOW
    assert verdict(statement(**but_mine), resource=MINE) is SILENT


@pytest.mark.parametrize("resource", ["acs:app:cn-1:*:instance/ws-2", "acs:ecs:cn-1:*:instance/ws-1", "*"])
def test_an_unknown_account_makes_nothing_else_fit(resource: str) -> None:
    deny = statement("Deny", Resource="acs:app:*:123:instance/ws-1")

    assert verdict(statement(), deny, resource=resource) is ALLOW


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        ("acs:app:*:*:instance/123", "acs:app:cn-1:*:instance/123"),
        ("acs:app:*:*:123", "acs:app:cn-1:*:123"),
        ("acs:app:cn-1:*:instance/ws-1", UNKNOWN_ACCOUNT),
        ("*", UNKNOWN_ACCOUNT),
    ],
)
def test_digits_that_are_no_account_are_just_digits(pattern: str, resource: str) -> None:
    assert verdict(statement(Resource=pattern), resource=resource) is ALLOW


def test_an_account_beside_a_pattern_that_fits_anyway_does_no_harm() -> None:
    both = ["acs:app:*:123:instance/*", "acs:app:*:*:instance/*"]

    assert verdict(statement(Resource=both), resource=UNKNOWN_ACCOUNT) is ALLOW
    assert verdict(statement(NotResource=both), resource=UNKNOWN_ACCOUNT) is SILENT


def test_an_explanation_says_what_a_condition_wanted_and_what_there_was() -> None:
    """Each part by itself: operator, key, what was written, what was given, and whether it was negated."""
    condition = {"StringNotEquals": {"x:Kind": ["a", "b"]}, "Bool": {"x:Sure": "true"}}
    document = policy(statement("Allow", Condition=condition))
    asked = AccessRequest("x:Do", "*", {"X:kind": "a", "x:Sure": "true"})
    [answer] = PolicySet([document]).explain(asked).statements
    [miss] = answer.misses
    assert (miss.part, miss.operator, miss.key, miss.negated) == (
        Part.CONDITION,
        "StringNotEquals",
        "x:Kind",
        True,
    )
    assert (tuple(miss.wanted), tuple(miss.actual or ())) == (("a", "b"), ("a",))
    agreed = replace(asked, context={"X:kind": "c", "x:Sure": "true"})
    [answer] = PolicySet([document]).explain(agreed).statements
    assert [(each.key or each.part, each.actual) for each in answer.held] == [
        (Part.ACTION, ("x:Do",)),
        (Part.RESOURCE, ("*",)),
        ("x:Kind", ("c",)),
        ("x:Sure", ("true",)),
    ]


def test_a_key_without_values_is_one_that_is_missing() -> None:
    document = policy(statement("Deny", Condition={"StringNotEquals": {"x:Kind": "a"}}))
    decided = PolicySet([document]).explain(AccessRequest("x:Do", "*", {"x:Kind": []}))
    assert decided.decision.verdict is Verdict.EXPLICIT_DENY
    assert decided.statements[0].held[-1].actual is None


NETWORK = "an IP address or CIDR block"
NEEDED = {
    "Numeric": "a number",
    "Date": "an ISO 8601 date",
    "Bool": "a boolean",
    "Ip": NETWORK,
    "NotIp": NETWORK,
}


@pytest.mark.parametrize("operator", [each for each in OPERATORS if not each.startswith("String")])
def test_a_value_that_an_operator_cannot_read_is_refused_with_what_it_needs(operator: str) -> None:
    needed = next(needed for kind, needed in NEEDED.items() if operator.startswith(kind))
    with pytest.raises(PolicyError, match=needed):
        policy(statement(Condition={operator: {"x:Key": "none of these"}}))
