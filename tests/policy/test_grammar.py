"""The grammar: what is refused, and at which place."""

import pytest

from bot.policy import PolicyError, PolicyReader, parse_policy
from bot.policy.findings import MOST_FINDINGS, Report, SourceLocation


def statement(effect: str = "Allow", /, **elements: object) -> dict[str, object]:
    """Return a statement about everything, except for what is given."""
    about: dict[str, object] = {"Effect": effect, **elements}
    if not {"Action", "NotAction"} & set(elements):
        about["Action"] = "*"
    if not {"Resource", "NotResource"} & set(elements):
        about["Resource"] = "*"
    return about


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        (None, "p", "must be a mapping, not nothing"),
        ([], "p", "must be a mapping"),
        ({"Statement": []}, "p", "Version is missing"),
        ({"Version": "2", "Statement": []}, "p.Version", "not 2"),
        ({"Version": "2012-10-17", "Statement": []}, "p.Version", "not 2012-10-17"),
        ({"Version": 1, "Statement": []}, "p.Version", "must be text in quotes, not the number 1"),
        ({"Version": "1"}, "p", "Statement is missing"),
        ({"Version": "1", "Statement": "all"}, "p.Statement", "must be a list"),
        ({"Version": "1", "Statement": [], "Id": "x"}, "p.Id", "no such element"),
        ({"version": "1", "Version": "1", "Statement": []}, "p.version", "no such element"),
    ],
)
def test_a_document_outside_the_grammar_is_refused_with_its_place(
    document: object, place: str, message: str
) -> None:
    assert_refused(document, place, message)


@pytest.mark.parametrize(
    ("broken", "place", "message"),
    [
        ("text", "", "must be a mapping"),
        (statement(Sid="x"), ".Sid", "no such element"),
        (statement(Principal="*"), ".Principal", "no such element"),
        (statement("allow"), ".Effect", "must be Allow or Deny, not allow"),
        ({"Action": "*", "Resource": "*"}, "", "Effect is missing"),
        ({"Effect": "Allow", "Resource": "*"}, "", "Action (or NotAction) is missing"),
        ({"Effect": "Allow", "Action": "*"}, "", "Resource (or NotResource) is missing"),
        (statement(Action="*", NotAction="a:*"), "", "Action and NotAction exclude each other"),
        (statement(Resource="*", NotResource="*"), "", "Resource and NotResource exclude each other"),
        (statement(Action=[]), ".Action", "empty list"),
        (statement(NotAction=[]), ".NotAction", "empty list"),
        (statement(Action=["a:*", 5]), ".Action[1]", "must be text in quotes, not the number 5"),
        (statement(Action=None), ".Action", "must be text in quotes, not nothing"),
        (statement(Action={"a": "b"}), ".Action", "not a mapping"),
        (statement(Action=[["a:*"]]), ".Action[0]", "not a list"),
        (statement(Action=""), ".Action", "is no action"),
        (statement(NotAction="ram"), ".NotAction", "ram is no action"),
        (statement(Action="a:b c"), ".Action", "is no action"),
        (statement(Action="\u0430:Do"), ".Action", r"\u0430:Do is no action"),
        (statement(Resource=""), ".Resource", "is no resource"),
        (
            statement(Resource="acs:\u0430ppstreaming:*"),
            ".Resource",
            r"acs:\u0430ppstreaming:* is no resource",
        ),
        (statement(Condition=[]), ".Condition", "must be a mapping, not a list"),
        (statement(Condition=None), ".Condition", "must be a mapping, not nothing"),
        (statement(Condition={"IfExists": {}}), ".Condition.IfExists", "RAM has no such operator"),
        (
            statement(Condition={"StringEqualsIfExists": {"k:A": "1"}}),
            ".Condition.StringEqualsIfExists",
            "no such",
        ),
        (statement(Condition={"Null": {"k:A": "true"}}), ".Condition.Null", "RAM has no such operator"),
        (
            statement(Condition={"ForAnyValue:StringEquals": {}}),
            ".Condition.ForAnyValue:StringEquals",
            "no such",
        ),
        (
            statement(Condition={"ForAllValues:StringLike": {}}),
            ".Condition.ForAllValues:StringLike",
            "no such",
        ),
        (statement(Condition={"ArnLike": {}}), ".Condition.ArnLike", "no such operator"),
        (statement(Condition={"stringequals": {"k:A": "1"}}), ".Condition.stringequals", "no such operator"),
        (statement(Condition={"Bool": {}}), ".Condition.Bool", "names no condition key"),
        (statement(Condition={"Bool": "true"}), ".Condition.Bool", "must be a mapping"),
        (statement(Condition={"Bool": {"k:A": []}}), ".Condition.Bool.k:A", "empty list"),
        (statement(Condition={"Bool": {"k:A": True}}), ".Condition.Bool.k:A", "in quotes, not true"),
        (statement(Condition={"Bool": {"k:A": "yes"}}), ".Condition.Bool.k:A", "needs a boolean, not yes"),
        (
            statement(Condition={"NumericEquals": {"k:A": "x"}}),
            ".Condition.NumericEquals.k:A",
            "needs a number",
        ),
        (
            statement(Condition={"DateLessThan": {"k:A": "soon"}}),
            ".Condition.DateLessThan.k:A",
            "needs an ISO 8601 date, not soon",
        ),
        (
            statement(Condition={"IpAddress": {"k:A": "10.0.0.0/33"}}),
            ".Condition.IpAddress.k:A",
            "IP address",
        ),
        (statement(Condition={"StringEquals": {"A": "1"}}), ".Condition.StringEquals.A", "no condition key"),
    ],
)
def test_a_statement_outside_the_grammar_is_refused_with_its_place(
    broken: object, place: str, message: str
) -> None:
    assert_refused({"Version": "1", "Statement": [statement(), broken]}, f"p.Statement[1]{place}", message)


def assert_refused(document: object, place: str, message: str) -> None:
    """The document has one error, at this place, that says this."""
    with pytest.raises(PolicyError) as refused:
        parse_policy("p", document, "p")

    assert [(finding.place, message in finding.message) for finding in refused.value.findings] == [
        (place, True)
    ]


def test_every_error_of_a_document_is_reported_at_once() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(
            "p",
            {
                "Version": "1",
                "Statement": [{"Effect": "allow", "Action": "x", "Resource": "*", "Sid": "s"}, {}],
            },
        )

    assert len(refused.value.findings) == 6


@pytest.mark.parametrize(("characters", "warned"), [(6144, False), (6145, True)])
def test_a_document_that_ram_would_find_too_long_is_warned_of(characters: int, warned: bool) -> None:
    document = {"Version": "1", "Statement": [statement(Resource="*")]}
    length = parse_policy("p", document).length
    document["Statement"] = [statement(Resource="*" + "x" * (characters - length))]
    report = Report()

    assert PolicyReader(report).policy("p", document, SourceLocation("p")).length == characters
    assert [finding.is_error for finding in report.findings] == [False] * warned


def test_a_document_full_of_errors_is_given_up_with_a_list_that_can_be_read() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy("p", {"Version": "1", "Statement": [{}] * 100_000})

    assert len(refused.value.findings) == MOST_FINDINGS + 1
    assert refused.value.findings[-1].message == "and more, after 200 errors"


def test_a_document_full_of_warnings_is_still_read() -> None:
    odd = [statement(Resource="odd")] * 1000

    assert len(parse_policy("p", {"Version": "1", "Statement": odd}).statements) == 1000
