"""What an edit does beyond being right or wrong."""

import pytest

from bot.allowlist import Allowlist, Attachment
from bot.allowlist.edits import findings_of_edit
from bot.domain.approvals import Rule
from bot.policy import parse_policy

STATEMENT = {"Effect": "Allow", "Action": "a:B", "Resource": "*"}


def allowlist(statements: int = 0, attachments: int = 0, rules: int = 0) -> Allowlist:
    """An allowlist of this size, its statements in two policies."""
    documents = {"p": statements // 2, "q": statements - statements // 2}
    return Allowlist(
        policies={
            name: parse_policy(name, {"Version": "1", "Statement": [STATEMENT] * count})
            for name, count in documents.items()
        },
        attachments=(Attachment(policies=()),) * attachments,
        rules=tuple(Rule(name=str(number)) for number in range(rules)),
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((10, 0, 0), (5, 0, 0), ["this edit removed 5 of 10 statements"]),
        ((10, 0, 0), (6, 0, 0), []),
        ((3, 0, 0), (0, 0, 0), ["this edit removed 3 of 3 statements"]),
        ((2, 2, 2), (0, 0, 0), []),
        (
            (0, 4, 6),
            (0, 1, 0),
            ["this edit removed 3 of 4 attachments", "this edit removed 6 of 6 approval rules"],
        ),
        ((1, 1, 1), (9, 9, 9), []),
        ((4, 4, 4), (4, 4, 4), []),
    ],
)
def test_an_edit_that_removes_half_of_a_part_says_so(
    before: tuple[int, int, int], after: tuple[int, int, int], said: list[str]
) -> None:
    found = findings_of_edit(allowlist(*before), allowlist(*after))

    assert [finding.message for finding in found] == said
    assert not any(finding.is_error for finding in found)


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [(True, False, ["end-missing"]), (True, True, []), (False, True, []), (False, False, [])],
)
def test_only_a_file_that_had_the_end_mark_needs_it(before: bool, after: bool, codes: list[str]) -> None:
    found = findings_of_edit(Allowlist(end_marked=before), Allowlist(end_marked=after))

    assert [finding.code for finding in found] == codes
