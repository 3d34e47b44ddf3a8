"""Laws of the engine on random documents, against an engine written naively here."""

import fnmatch
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.policy import AccessRequest, Answer, Decision, Effect, Part, PolicySet, Verdict, parse_policy
from bot.policy.patterns import RUN, Pattern, may_match

Document = dict[str, Any]
ACTIONS = ["a:Do", "a:Done", "A:DO", "a:D*", "a:*", "*", "b:?o", "b:*o*", "*:Do", "a:*on?"]
RESOURCES = [
    "*",
    "acs:a:r:1:i/x",
    "acs:a:*:*:i/x",
    "acs:a:*:i/?",
    "acs:*x",
    "acs:b:*",
    "acs:a:r:1:I/X",
    "*i*1*",
]
ASKED_ACTIONS = ["a:Do", "a:done", "b:Do", "b:Undo", "c:Do"]
UNKNOWN_ACCOUNT = "acs:a:r:*:i/x"
ASKED_RESOURCES = ["*", "acs:a:r:1:i/x", UNKNOWN_ACCOUNT, "acs:a:r:1:i/xy", "acs:b:r:1:i/x", "acs:a::1:I/X"]
TEXTS = ["x", "X", "xy", "x*", "?", ""]
NUMBERS = ["1", "1.0", "2", "-1", "10"]


def one_or_more(values: list[str]) -> st.SearchStrategy[Any]:
    """A scalar or a list, as the grammar takes either."""
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)


STRING_OPERATORS = [
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike"),
]
NUMERIC_OPERATORS = [
    f"Numeric{name}"
    for name in ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
]
CONDITIONS = st.dictionaries(
    st.sampled_from(STRING_OPERATORS),
    st.dictionaries(st.sampled_from(["k:A", "K:a", "k:B"]), one_or_more(TEXTS), min_size=1, max_size=2),
    max_size=2,
) | st.dictionaries(
    st.sampled_from(NUMERIC_OPERATORS),
    st.dictionaries(st.sampled_from(["k:A", "k:B"]), one_or_more(NUMBERS), min_size=1, max_size=2),
    max_size=2,
)


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> Document:
    """Any statement of the grammar over a small vocabulary."""
    statement: Document = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "Action", "NotAction"])): draw(one_or_more(ACTIONS)),
        draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"])): draw(
            one_or_more(RESOURCES)
        ),
    }
    if draw(st.booleans()):
        statement["Condition"] = draw(CONDITIONS)
    return statement


LISTS = st.lists(statements(), max_size=6)
VALUES = st.sampled_from([*TEXTS, *NUMBERS]) | st.lists(st.sampled_from([*TEXTS, *NUMBERS]), max_size=2)
ASKS = st.builds(
    AccessRequest,
    st.sampled_from(ASKED_ACTIONS),
    st.sampled_from(ASKED_RESOURCES),
    st.dictionaries(st.sampled_from(["k:A", "k:b", "k:c"]), VALUES, max_size=2),
)


def compiled(written: Sequence[Document], *, indexed_from: int = 0) -> PolicySet:
    """One policy with these statements."""
    policy = parse_policy("p", {"Version": "1", "Statement": list(written)})
    return PolicySet([policy], indexed_from=indexed_from)


def verdict(written: Sequence[Document], ask: AccessRequest) -> Verdict:
    """What these statements decide, through the index."""
    return compiled(written).decide(ask).verdict


# an engine as plain as can be


def listed(value: str | list[str]) -> list[str]:
    """A scalar is a list of one."""
    return [value] if isinstance(value, str) else value


def glob(pattern: str, text: str) -> bool:
    """By regular expression."""
    expression = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def naive_fits(operator: str, given: str, wanted: str) -> bool | None:
    """Whether a value fits one wanted value, the operator taken as positive; None when it cannot be told."""
    if operator.startswith("Numeric"):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", given):
            return None
        left, right = Decimal(given), Decimal(wanted)
        answers = {
            "Equals": left == right,
            "NotEquals": left == right,
            "LessThan": left < right,
            "LessThanEquals": left <= right,
            "GreaterThan": left > right,
            "GreaterThanEquals": left >= right,
        }
        return answers[operator.removeprefix("Numeric")]
    if operator.endswith("IgnoreCase"):
        return given.lower() == wanted.lower()
    return glob(wanted, given) if operator.endswith("Like") else given == wanted


def naive_condition(condition: Mapping[str, Any], context: Mapping[str, Any], effect: str) -> bool:
    """Every operator and key must hold."""
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            named = [listed(value) for name, value in context.items() if name.lower() == key.lower()]
            values = [value for each in named for value in each]
            outcomes = [naive_fits(operator, value, want) for value in values for want in listed(wanted)]
            fitted = True if True in outcomes else None if not outcomes or None in outcomes else False
            negated = "Not" in operator
            if fitted is None and not (negated and effect == "Deny"):
                return False
            if fitted is not None and fitted is negated:
                return False
    return True


def naive_matches(statement: Document, ask: AccessRequest) -> bool:
    """Action, resource and condition, one after the other."""
    for element, asked in (("Action", ask.action.lower()), ("Resource", ask.resource)):
        fold = str.lower if element == "Action" else str
        patterns = [fold(pattern) for pattern in listed(statement.get(element) or statement[f"Not{element}"])]
        fits: bool | None = any(glob(pattern, asked) for pattern in patterns)
        if not fits and asked == UNKNOWN_ACCOUNT and "acs:a:r:1:i/x" in patterns:
            fits = None
        if fits is None and statement["Effect"] == "Allow":
            return False
        if fits is not None and fits is not (element in statement):
            return False
    return naive_condition(statement.get("Condition", {}), ask.context, statement["Effect"])


def naive_verdict(written: Sequence[Document], ask: AccessRequest) -> Verdict:
    """Deny wins, then Allow, else silence denies."""
    effects = {statement["Effect"] for statement in written if naive_matches(statement, ask)}
    if "Deny" in effects:
        return Verdict.EXPLICIT_DENY
    return Verdict.ALLOW if "Allow" in effects else Verdict.IMPLICIT_DENY


# the laws


@given(LISTS, ASKS)
def test_an_engine_written_naively_agrees(written: list[Document], ask: AccessRequest) -> None:
    assert verdict(written, ask) == naive_verdict(written, ask)


@given(LISTS, ASKS)
def test_deciding_with_and_without_the_index_and_explaining_never_disagree(
    written: list[Document], ask: AccessRequest
) -> None:
    indexed, plain = compiled(written), compiled(written, indexed_from=100)

    assert indexed.decide(ask) == plain.decide(ask) == plain.explain(ask).decision


@given(LISTS, ASKS)
def test_an_explanation_answers_for_every_statement_and_the_matched_ones_decide(
    written: list[Document], ask: AccessRequest
) -> None:
    explained = compiled(written).explain(ask)
    matched = [answer.ref for answer in explained.statements if answer.matched]
    effect = Effect.DENY if explained.decision.verdict is Verdict.EXPLICIT_DENY else Effect.ALLOW

    assert [answer.ref.index for answer in explained.statements] == list(range(len(written)))
    assert all(bool(answer.held) is answer.matched for answer in explained.statements)
    assert explained.decision == Decision(
        explained.decision.verdict, tuple(ref for ref in matched if ref.effect is effect)
    )


@given(LISTS, statements(effect="Deny"), ASKS)
def test_adding_a_deny_never_allows_more(written: list[Document], deny: Document, ask: AccessRequest) -> None:
    if verdict([*written, deny], ask) is Verdict.ALLOW:
        assert verdict(written, ask) is Verdict.ALLOW


@given(LISTS, statements(effect="Allow"), ASKS)
def test_adding_an_allow_never_denies_more(
    written: list[Document], allow: Document, ask: AccessRequest
) -> None:
    if verdict(written, ask) is Verdict.ALLOW:
        assert verdict([*written, allow], ask) is Verdict.ALLOW


@given(LISTS.flatmap(lambda written: st.tuples(st.just(written), st.permutations(written))), ASKS)
def test_the_order_of_statements_never_matters(
    both: tuple[list[Document], list[Document]], ask: AccessRequest
) -> None:
    assert verdict(both[0], ask) == verdict(both[1], ask)


def reversed_keys(value: object) -> Any:
    """The same document with the keys of every mapping the other way round."""
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return value


@given(LISTS, ASKS)
def test_the_order_of_keys_never_matters(written: list[Document], ask: AccessRequest) -> None:
    assert verdict([reversed_keys(statement) for statement in written], ask) == verdict(written, ask)


@given(LISTS, LISTS, ASKS)
def test_one_policy_or_its_statements_in_two_decide_alike(
    first: list[Document], second: list[Document], ask: AccessRequest
) -> None:
    policies = [
        parse_policy(name, {"Version": "1", "Statement": written})
        for name, written in (("first", first), ("second", second))
    ]

    assert PolicySet(policies).decide(ask).verdict == verdict([*first, *second], ask)


@given(st.text("ab*?:/", max_size=8), st.text("ab*?:/\n", max_size=8))
def test_a_pattern_matches_what_the_same_glob_matches(pattern: str, text: str) -> None:
    written = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringLike": {"k:A": pattern}},
    }
    asked = AccessRequest("a:Do", "*", {"k:A": text})

    assert (verdict([written], asked) is Verdict.ALLOW) == fnmatch.fnmatchcase(text, pattern)


PIECES = st.text(st.sampled_from("ab:*?"), max_size=5)


@given(PIECES, st.text(st.sampled_from(["a", "b", ":", RUN]), max_size=4))
def test_a_pattern_may_match_a_form_when_it_matches_one_text_of_it(pattern: str, form: str) -> None:
    runs = [""] + [one + other for one in "abc" for other in ("", *"abc")]
    texts = {""}
    for piece in form:
        texts = {text + run for text in texts for run in (runs if piece == RUN else [piece])}

    assert may_match(pattern, form) or not any(Pattern(pattern).matches(text) for text in texts)
    if form.count(RUN) == 0:
        assert may_match(pattern, form) == Pattern(pattern).matches(form)


@given(
    st.text(st.sampled_from("ab:/*?"), max_size=5),
    PIECES.filter(lambda text: not {"*", "?"} & set(text)),
    PIECES.filter(str.isalpha),
)
@example("a:b", "a", "b")
@example("a/b", "a", "b")
def test_a_run_of_a_form_crosses_no_colon_and_no_slash(pattern: str, head: str, tail: str) -> None:
    """What a pattern without wildcards may match is the form with its run written out."""
    plain = pattern.replace("*", "a").replace("?", "b")
    fits = plain.startswith(head) and plain.endswith(tail) and len(plain) >= len(head + tail)
    between = plain[len(head) : len(plain) - len(tail)]

    assert may_match(plain, f"{head}{RUN}{tail}") == (fits and not {":", "/"} & set(between))


def test_what_is_too_long_to_compare_may_match() -> None:
    assert may_match("a" * 301, "b")
    assert may_match("a", "b" * 301)
    assert not may_match("a" * 300, "b")


@given(LISTS, ASKS, st.integers(0, 6))
def test_an_explanation_that_is_cut_short_keeps_the_nearest_statements_and_the_decision(
    written: list[Document], ask: AccessRequest, most: int
) -> None:
    policies = compiled(written)
    whole, short = policies.explain(ask), policies.explain(ask, most)

    def nearness(answer: Answer) -> tuple[bool, int]:
        """As a reader would rank them: about the action first, then by what does not hold."""
        return any(miss.part is Part.ACTION for miss in answer.misses), len(answer.misses)

    assert short.decision == whole.decision
    assert [answer for answer in whole.statements if answer in short.statements] == list(short.statements)
    assert sorted(map(nearness, short.statements)) == sorted(map(nearness, whole.statements))[:most]


def test_statements_that_decide_are_named_in_the_order_of_their_policies_and_documents() -> None:
    """However they are found."""
    statements = [statement_of(resource) for resource in ("ws-1", "*", "ws-?", "*1") * 8]
    policies = [parse_policy(name, {"Version": "1", "Statement": statements}) for name in ("z", "a", "m")]
    decided = PolicySet(policies).decide(AccessRequest("a:Do", "ws-1"))

    assert [(ref.policy, ref.index) for ref in decided.deciding] == [
        (name, index) for name in "zam" for index in range(32)
    ]


def test_policies_of_one_person_share_what_is_compiled() -> None:
    policy = parse_policy("p", {"Version": "1", "Statement": [statement_of("ws-1")] * 30})
    policy.prepare()
    index = policy.index
    for _ in range(2):
        PolicySet([policy]).decide(AccessRequest("a:Do", "ws-1"))

    assert policy.index is index


def statement_of(resource: str) -> Document:
    """An Allow of everything about one resource."""
    return {"Effect": "Allow", "Action": "*", "Resource": resource}
