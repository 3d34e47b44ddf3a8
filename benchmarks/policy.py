"""The policy engine: decisions with 100 and 10,000 statements, loading a file of 10,000; beside other
engines.

Every question of a row is about another statement, so earlier ones don't help. The peers get the first
shape, which all of them can express.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.peers import peers
from benchmarks.table import Goal, Row, median_of
from bot.allowlist import load
from bot.policy import AccessRequest, PolicySet, parse_policy

ACTION = "appstreaming:CreateImageByInstance"
SIZES = (100, 1_000, 10_000)
"""Statements."""
SLOWEST = 200e-6
"""The most seconds that a decision may take among the most statements."""
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
    """Measure every figure."""
    return [_loading(), *map(_deciding, (people, mixture)), *_beside_peers()]


def _loading() -> Row:
    taken = []
    for size in SIZES:
        document = {"Version": "1", "Statement": [people(number)[0] for number in range(size)]}
        attachments = [{"everyone": "true", "policies": ["all"]}]
        with TemporaryDirectory() as folder:
            file = Path(folder) / "allowlist.yaml"
            file.write_text(json.dumps({"policies": {"all": document}, "attachments": attachments}, indent=1))
            taken.append(median_of([partial(load, file)]))
    return Row(
        name="load a file of statements",
        sizes=SIZES,
        ours=tuple(taken),
        goal=Goal(text="≤ 1 s", measured=taken[-1], most=1.0),
        why="reading YAML (libyaml) and pydantic, in a thread: the bot goes on meanwhile.",
    )


def _deciding(shape: Callable[[int], tuple[Statement, AccessRequest]]) -> Row:
    taken = tuple(_decision(*_asks(shape, size)) for size in SIZES)
    return Row(
        name=f"decide among statements: {shape.__name__}",
        sizes=SIZES,
        ours=taken,
        goal=Goal(text="≤ 200 µs", measured=taken[-1], most=SLOWEST),
        why="an index leaves a handful of statements to look at.",
    )


def _asks(
    shape: Callable[[int], tuple[Statement, AccessRequest]], size: int
) -> tuple[list[Statement], list[AccessRequest]]:
    """So many statements, and what is asked: each about another of them."""
    asked = [shape(number * size // min(size, ASKS))[1] for number in range(min(size, ASKS))]
    return [shape(number)[0] for number in range(size)], asked


def _decision(written: list[Statement], asked: list[AccessRequest]) -> float:
    policies = _prepared(written)
    return median_of([partial(policies.decide, each) for each in asked], within=0.5)


def _prepared(statements: list[Statement]) -> PolicySet:
    """Return the policies as a loaded allowlist has them."""
    policy = parse_policy("all", {"Version": "1", "Statement": statements})
    policy.prepare()
    return PolicySet([policy])


def _beside_peers() -> Iterator[Row]:
    inputs = [_asks(instances, size) for size in SIZES]
    ours = tuple(_decision(*each) for each in inputs)
    theirs: dict[str, list[float]] = {}
    for written, asked in inputs:
        for name, decide in peers(ACTION, [statement["Resource"] for statement in written]):
            if not all(decide(ask.resource) for ask in asked[:2]) or decide("acs:appstreaming:x:*:other"):
                raise RuntimeError(f"{name} decides otherwise")
            theirs.setdefault(name, []).append(median_of([partial(decide, ask.resource) for ask in asked]))
    for name, taken in theirs.items():
        yield Row(
            name=f"decide among statements: instances, beside {name}",
            sizes=SIZES,
            ours=ours,
            reference_name=name,
            reference=tuple(taken),
            goal=Goal(text="≤ 200 µs", measured=ours[-1], most=SLOWEST),
        )
