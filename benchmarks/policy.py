"""The policy engine: decisions with 100 and 10,000 statements, loading a file of 10,000; beside other
engines.

`python -m benchmarks.policy` prints the table. Every ask of a row is about another statement, so nothing
that was asked before helps. The peers get the first shape, which all of them can express.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.peers import peers
from benchmarks.table import Row, median_of, print_table
from bot.allowlist import load
from bot.policy import AccessRequest, PolicySet, parse_policy

ACTION = "appstreaming:CreateImageByInstance"
SIZES = {100: 20e-6, 10_000: 200e-6}
"""Statements, and the most seconds that a decision among them may take."""
ASKS = 200
CONTEXT = {
    "appstreaming:InstanceType": "WuyingServer",
    "appstreaming:DiskType": "SYSTEM",
    "appstreaming:AutoCleanUserdata": "false",
    "appstreaming:ImageName": "design-2026",
    "acs:CurrentTime": "2026-11-21T09:00:00+00:00",
    "slack:TeamId": "T0TEAM",
    "slack:ChannelId": "C0IMAGES",
}
Statement = dict[str, Any]


def instances(number: int) -> tuple[Statement, AccessRequest]:
    """Each statement allows one instance in any region."""
    name = f"instance/ws-{number * 2654435761 % 2**32:08x}"
    statement = {"Effect": "Allow", "Action": ACTION, "Resource": f"acs:appstreaming:*:*:{name}"}
    return statement, AccessRequest(ACTION, f"acs:appstreaming:cn-shanghai:*:{name}", CONTEXT)


def people(number: int) -> tuple[Statement, AccessRequest]:
    """Each statement is about one person, everywhere."""
    user = f"U{number:08X}"
    condition = {"StringEquals": {"slack:UserId": user}, "Bool": {"appstreaming:AutoCleanUserdata": "false"}}
    statement = {"Effect": "Allow", "Action": ACTION, "Resource": "*", "Condition": condition}
    return statement, AccessRequest(
        ACTION, "acs:appstreaming:cn-shanghai:*:instance/ws-1", {**CONTEXT, "slack:UserId": user}
    )


def mixture(number: int) -> tuple[Statement, AccessRequest]:
    """Wildcards in actions and resources, a Deny in five, a date in three."""
    statement: Statement = {
        "Effect": "Deny" if number % 5 == 0 else "Allow",
        "Action": [f"s{number}:Describe*", f"s{number}:*Image?"],
        "Resource": [f"acs:s{number}:*:*:*", f"acs:*:*cn-beijing*:*:{number}/*"],
    }
    if number % 3 == 0:
        statement["Condition"] = {"DateLessThan": {"acs:CurrentTime": "2030-01-01T00:00:00+08:00"}}
    return statement, AccessRequest(
        f"s{number}:CreateImages", f"acs:s{number}:cn-beijing:1:{number}/x", CONTEXT
    )


def run() -> list[Row]:
    """Every figure, measured now."""
    return [*_loading(), *_deciding(people), *_deciding(mixture), *_deciding(instances), *_beside_peers()]


def _loading() -> Iterator[Row]:
    document = {"Version": "1", "Statement": [people(number)[0] for number in range(10_000)]}
    attachments = [{"everyone": "true", "policies": ["all"]}]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "allowlist.yaml"
        file.write_text(json.dumps({"policies": {"all": document}, "attachments": attachments}, indent=1))
        yield Row(name="load a file, 10,000 statements", ours=median_of([partial(load, file)]), limit=1.0)


def _deciding(shape: Callable[[int], tuple[Statement, AccessRequest]]) -> Iterator[Row]:
    for size, limit in SIZES.items():
        written = [shape(number)[0] for number in range(size)]
        policies = _prepared(written)
        asks = [shape(number * size // min(size, ASKS))[1] for number in range(min(size, ASKS))]
        decisions = [partial(policies.decide, ask) for ask in asks]
        yield Row(
            name=f"decide, {size:,} {shape.__name__}", ours=median_of(decisions, within=0.5), limit=limit
        )


def _prepared(statements: list[Statement]) -> PolicySet:
    """As the allowlist has them when it comes to count."""
    policy = parse_policy("all", {"Version": "1", "Statement": statements})
    policy.prepare()
    return PolicySet([policy])


def _beside_peers() -> Iterator[Row]:
    for size in SIZES:
        pairs = [instances(number) for number in range(size)]
        written = [statement for statement, _ in pairs]
        asks = [ask for _, ask in pairs[:: max(1, size // ASKS)]]
        policies = _prepared(written)
        ours = median_of([partial(policies.decide, ask) for ask in asks], within=0.5)
        for name, decide in peers(ACTION, [statement["Resource"] for statement in written]):
            if not all(decide(ask.resource) for ask in asks[:2]) or decide("acs:appstreaming:x:*:other"):
                raise RuntimeError(f"{name} decides otherwise")
            theirs = median_of([partial(decide, ask.resource) for ask in asks])
            yield Row(name=f"decide, {size:,} instances", ours=ours, reference_name=name, reference=theirs)


if __name__ == "__main__":
    print_table(run(), "Policy engine")
