"""The collected RAM cases, each with its source, decided with and without the index."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.policy import AccessRequest, PolicyError, PolicySet, parse_policy

CASES = json.loads((Path(__file__).parents[1] / "data/policy/cases.json").read_text())


@pytest.mark.parametrize("indexed_from", [0, 1000], ids=["indexed", "one-by-one"])
@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_a_case_is_decided_as_its_source_says(case: dict[str, Any], indexed_from: int) -> None:
    policies = [parse_policy(f"p{number}", document) for number, document in enumerate(case["policies"])]
    request = case["request"]

    decision = PolicySet(policies, indexed_from=indexed_from).decide(
        AccessRequest(request["action"], request["resource"], request["context"])
    )

    assert decision.verdict == case["expected"]


@pytest.mark.parametrize("case", CASES["invalid_documents"], ids=lambda case: case["id"])
def test_what_ram_rejects_is_refused_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy("p", case["policy"])

    assert all(finding.place.startswith("policies.p") for finding in refused.value.findings)
