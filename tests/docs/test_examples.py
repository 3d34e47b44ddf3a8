"""What people are told to try first works with the allowlist that they are told to start from."""

import re
from pathlib import Path

import pytest

from bot.allowlist import access_request, check, load
from bot.domain.vocabulary import CREATE, Deployment

ROOT = Path(__file__).parents[2]
README = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
EXAMPLE = ROOT / "allowlist.example.yaml"
CREATED = re.findall(r"^\| `/image (?:why )?create ([^`]*)`", README, re.MULTILINE)
START = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
SIMULATED = re.findall(r"^ +image-bot policy simulate (.*)$", START, re.MULTILINE)


@pytest.mark.parametrize("example", CREATED + SIMULATED)
def test_no_example_is_denied_by_the_example_of_an_allowlist(example: str) -> None:
    """What people copy first has to work."""
    disks = re.search(r"(?:--disk |DiskType=)(\w+)", example)
    facts = {"appstreaming:DiskType": disks[1]} if disks else {}
    asked = access_request(CREATE, facts, Deployment())

    assert load(EXAMPLE).decide("U0REQUESTER", frozenset(), asked).allowed


def test_there_are_examples_of_both_kinds() -> None:
    assert len(CREATED) > 1
    assert SIMULATED


def test_the_example_of_an_allowlist_has_nothing_to_warn_of() -> None:
    assert check(EXAMPLE, deployment=Deployment("cn-shanghai")) == []
