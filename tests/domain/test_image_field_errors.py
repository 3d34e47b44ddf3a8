"""What can be wrong with an image request: every code, and all of them at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.field_errors import GIVEN_LENGTH, FieldError, cut
from bot.domain.image import (
    DESCRIPTION_LENGTH,
    ID_LENGTH,
    NAME_LENGTH,
    PROBLEM_CODES,
    parse_image,
)
from bot.domain.tags import TAG_COUNT, TAG_LENGTH

DESKTOP = {"instance_id": "ecd-7w78ozhjcwa3u0001"}
WORKSTATION = {"instance_id": "ws-0buj1s9gm000001"}


def problems(**fields: Any) -> list[FieldError]:
    """Everything that is wrong with the fields."""
    parsed = parse_image(fields)
    assert isinstance(parsed, list), parsed
    return parsed


@pytest.mark.parametrize(
    ("fields", "field", "code", "shown", "allowed"),
    [
        ({}, "instance_id", "instance-id-missing", "", "A-Z a-z 0-9 -"),
        ({"instance_id": "  "}, "instance_id", "instance-id-missing", "", "A-Z a-z 0-9 -"),
        ({"instance_id": "ws_1"}, "instance_id", "instance-id-shape", "ws_1", "A-Z a-z 0-9 -"),
        ({"instance_id": "ws-é"}, "instance_id", "instance-id-shape", "ws-é", "A-Z a-z 0-9 -"),
        ({"instance_id": "ws-²"}, "instance_id", "instance-id-shape", "ws-²", "A-Z a-z 0-9 -"),
        ({"instance_id": "-ws-1"}, "instance_id", "instance-id-shape", "-ws-1", "A-Z a-z 0-9 -"),
        ({"instance_id": "ws-1 x"}, "instance_id", "instance-id-shape", "ws-1 x", "A-Z a-z 0-9 -"),
        ({"instance_id": "w" * (ID_LENGTH + 1)}, "instance_id", "instance-id-shape", "www", str(ID_LENGTH)),
        ({"instance_id": "i-1"}, "instance_type", "instance-type-missing", "", "CloudDesktop, WuyingServer"),
        (
            WORKSTATION | {"instance_type": "Server"},
            "instance_type",
            "instance-type-unknown",
            "Server",
            "CloudDesktop, WuyingServer",
        ),
        (
            WORKSTATION | {"instance_type": "CloudDesktop"},
            "instance_type",
            "instance-type-mismatch",
            "CloudDesktop",
            "WuyingServer",
        ),
        (WORKSTATION | {"sub_instance_id": "p 1"}, "sub_instance_id", "sub-instance-id-shape", "p 1", "A-Z"),
        (
            DESKTOP | {"sub_instance_id": "p-1"},
            "sub_instance_id",
            "sub-instance-id-needs-workstation",
            "p-1",
            "WuyingServer",
        ),
        (
            WORKSTATION | {"image_name": "n" * (NAME_LENGTH + 1)},
            "image_name",
            "image-name-length",
            "nnn",
            str(NAME_LENGTH),
        ),
        (
            WORKSTATION | {"description": "d" * (DESCRIPTION_LENGTH + 1)},
            "description",
            "description-length",
            "ddd",
            str(DESCRIPTION_LENGTH),
        ),
        (WORKSTATION | {"disk_type": "DATA"}, "disk_type", "disk-type-unknown", "DATA", "ALL, SYSTEM"),
        (
            DESKTOP | {"auto_clean_userdata": "maybe"},
            "auto_clean_userdata",
            "auto-clean-userdata-unknown",
            "maybe",
            "true, false",
        ),
        (
            WORKSTATION | {"auto_clean_userdata": True},
            "auto_clean_userdata",
            "auto-clean-userdata-needs-desktop",
            "True",
            "CloudDesktop",
        ),
        (WORKSTATION | {"tags": "prod"}, "tags", "tag-shape", "prod", "KEY=VALUE"),
        (WORKSTATION | {"tags": "=prod"}, "tags", "tag-shape", "=prod", "KEY=VALUE"),
        (WORKSTATION | {"tags": 5}, "tags", "tag-shape", "5", "KEY=VALUE"),
        (
            WORKSTATION | {"tags": [f"k={'v' * (TAG_LENGTH + 1)}"]},
            "tags",
            "tag-length",
            "vvv",
            str(TAG_LENGTH),
        ),
        (WORKSTATION | {"tags": "a="}, "tags", "tag-value-missing", "a", "KEY=VALUE"),
        (WORKSTATION | {"tags": ["a=\u200b"]}, "tags", "tag-value-missing", "a", "KEY=VALUE"),
        (WORKSTATION | {"tags": "a=b c d=e"}, "tags", "tag-ambiguous", "a=b c d=e", "a=b c, d=e"),
        (WORKSTATION | {"tags": ['"a=b,c=d"']}, "tags", "tag-ambiguous", "a=b,c=d", "a=b, c=d"),
        (WORKSTATION | {"tags": "a=b, tools"}, "tags", "tag-shape", "tools", "KEY=VALUE"),
        (WORKSTATION | {"tags": "System/x=1"}, "tags", "tag-reserved", "System/x", "System/"),
        (WORKSTATION | {"tags": "Image-Bot-Request=x"}, "tags", "tag-own", "image-bot-request", ""),
        (WORKSTATION | {"tags": "ACS:x=1"}, "tags", "tag-reserved", "ACS:x", "acs:"),
        (WORKSTATION | {"tags": "k=https://x"}, "tags", "tag-reserved", "https://x", "https://"),
        (WORKSTATION | {"tags": "a=1,a=2"}, "tags", "tag-duplicate", "a", ""),
        (WORKSTATION | {"tags": "Env=dev,env=prod"}, "tags", "tag-duplicate", "Env, env", ""),
        (
            WORKSTATION | {"tags": [f"k{number}=v" for number in range(TAG_COUNT + 1)]},
            "tags",
            "tag-count",
            str(TAG_COUNT + 1),
            str(TAG_COUNT),
        ),
    ],
)
def test_problem_names_the_field_what_was_given_and_what_is_allowed(
    fields: dict[str, Any], field: str, code: str, shown: str, allowed: str
) -> None:
    """One mistake, one problem."""
    (problem,) = problems(**fields)

    assert (problem.field, problem.code) == (field, code)
    assert shown in problem.given
    assert bool(shown) is bool(problem.given.strip())
    assert allowed in problem.allowed


def test_every_problem_code_is_tested_above() -> None:
    """The table above is complete."""
    mark = next(
        mark
        for mark in test_problem_names_the_field_what_was_given_and_what_is_allowed.pytestmark
        if mark.name == "parametrize"
    )

    assert {row[2] for row in mark.args[1]} == set(PROBLEM_CODES)


def test_all_problems_are_told_at_once() -> None:
    """Nobody fixes one field only to be told about the next."""
    found = problems(
        instance_id="w s", disk_type="x", tags="a", image_name="n" * 257, auto_clean_userdata="?"
    )

    assert [problem.code for problem in found] == [
        "instance-id-shape",
        "image-name-length",
        "disk-type-unknown",
        "auto-clean-userdata-unknown",
        "tag-shape",
    ]


anything = st.one_of(
    st.none(), st.text(max_size=200), st.booleans(), st.integers(), st.lists(st.text(max_size=9))
)


@given(
    st.dictionaries(
        st.sampled_from(["instance_id", "instance_type", "sub_instance_id", "image_name", "description"])
        | st.sampled_from(["disk_type", "auto_clean_userdata", "tags"]),
        anything,
    )
)
def test_whatever_is_given_ends_in_an_image_or_in_known_problems(fields: dict[str, Any]) -> None:
    """No input raises, and every problem can be shown: a known code, sane length, encodable."""
    parsed = parse_image(fields)

    for problem in parsed if isinstance(parsed, list) else []:
        assert problem.code in PROBLEM_CODES
        assert len(problem.given) <= GIVEN_LENGTH
        problem.given.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * GIVEN_LENGTH, "x" * GIVEN_LENGTH),
        ("x" * (GIVEN_LENGTH + 1), "x" * (GIVEN_LENGTH - 1) + "…"),
        ("half of a pair: \ud83d", "half of a pair: ?"),
    ],
)
def test_what_was_given_is_shown_as_far_as_it_can_be(text: str, shown: str) -> None:
    assert cut(text) == shown
