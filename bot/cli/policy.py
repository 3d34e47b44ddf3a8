"""`image-bot policy`: check the allowlist, test it with cases, ask it what it would decide."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot.allowlist import Allowlist, AllowlistBroken, access_request, check, load, located
from bot.allowlist.fields import USER
from bot.cli.cases import BadCasesError, needs_allowlist, read_cases, run_cases
from bot.domain.text import identifier
from bot.domain.vocabulary import (
    ACTIONS,
    CURRENT_TIME,
    TAG,
    UNKNOWN_ACCOUNT,
    USER_ID,
    Deployment,
    condition_key,
)
from bot.policy import AccessRequest, Answer, Clause, Part
from bot.policy.findings import meant, shown
from bot.regions import is_region

DONE, FINDINGS, WRONG_USE = 0, 1, 2
app = typer.Typer(help="Check, test and ask the allowlist.", no_args_is_help=True)
AllowlistFile = Annotated[Path, typer.Option("--allowlist", envvar="ALLOWLIST", help="The allowlist file.")]
DEFAULT_FILE = Path("allowlist.yaml")
Region = Annotated[str, typer.Option(envvar="APPSTREAM_REGION", help="The region in resource names.")]
Account = Annotated[
    str | None, typer.Option(envvar="ALIBABA_CLOUD_ACCOUNT_ID", help="The account in resource names.")
]
DEFAULT_REGION = "cn-shanghai"


@app.command("check")
def check_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(envvar="ALLOWLIST", help="The allowlist file.")] = DEFAULT_FILE,
    live: Annotated[
        bool, typer.Option("--live", help="Ask Slack whether everybody and everything named exists.")
    ] = False,
    region: Region = DEFAULT_REGION,
    account: Account = None,
) -> None:
    """Print every finding about an allowlist file with its place; exit 1 on errors."""
    # context.obj opens what --live asks: only the program's root knows Slack
    if not _is_file(file):
        _stop([f"{file}: there is no such file"])
    findings = check(file, context.obj() if live else None, _deployment(region, account))
    for finding in findings:
        typer.echo(located(file, finding))
    errors = sum(finding.is_error for finding in findings)
    typer.echo(f"{file}: {_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}")
    raise typer.Exit(FINDINGS if errors else DONE)


@app.command("test")
def run_tests(
    cases: Annotated[Path, typer.Argument(help="A JSON file of cases.", metavar="CASES.json")],
    allowlist: AllowlistFile = DEFAULT_FILE,
) -> None:
    """Run policy cases and print each mismatch; exit 1 when there is one, or no case."""
    try:
        file = read_cases(cases)
    except BadCasesError as bad:
        _stop([f"{cases}: {bad}"])
    outcomes = list(run_cases(file, _load(allowlist) if needs_allowlist(file) else None))
    failed = [outcome for outcome in outcomes if outcome.mismatch]
    for outcome in failed:
        typer.echo(f"{outcome.id}: {outcome.mismatch}")
    if not outcomes:
        typer.echo(f"{cases}: holds no cases", err=True)
    typer.echo(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    raise typer.Exit(FINDINGS if failed or not outcomes else DONE)


@app.command("simulate")
def simulate(
    user: Annotated[str, typer.Option(help="Who asks: a Slack user ID.")],
    action: Annotated[str, typer.Option(help="What for, such as appstreaming:CreateImageByInstance.")],
    resource: Annotated[
        str | None, typer.Option(help="On what; left out, the instance of appstreaming:InstanceId, else *.")
    ] = None,
    usergroup: Annotated[list[str] | None, typer.Option(help="A Slack usergroup they are in.")] = None,
    context: Annotated[list[str] | None, typer.Option(help="KEY=VALUE; a key again adds a value.")] = None,
    more: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE", help="More of the context.")
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Take the context as given, without what the bot fills in.")
    ] = False,
    allowlist: AllowlistFile = DEFAULT_FILE,
    region: Region = DEFAULT_REGION,
    account: Account = None,
) -> None:
    """Print the decision as JSON, with every statement of the user's policies and why it matched or not."""
    facts = _context([*(context or ()), *(more or ())])
    if exact:
        asked = AccessRequest(action, resource or "*", facts)
    else:
        asked = access_request(action, _known_of(user) | facts, _deployment(region, account), resource)
    file, groups = _load(allowlist), frozenset(usergroup or [])
    explanation = file.explain(user, groups, asked, most=None)
    answer = {
        "decision": explanation.decision.verdict,
        "notes": [] if exact else _doubts(user, action),
        "user": user,
        "policies": file.policies_of(user, groups),
        "action": asked.action,
        "resource": asked.resource,
        "context": asked.context,
        "statements": [_statement(each) for each in explanation.statements],
    }
    typer.echo(json.dumps(answer, indent=2))


def _load(path: Path) -> Allowlist:
    try:
        return load(path)
    except AllowlistBroken as broken:
        _stop(broken.lines)


def _stop(problems: Sequence[str]) -> NoReturn:
    """Wrong use or configuration: one line each on stderr."""
    for problem in problems:
        typer.echo(problem, err=True)
    raise typer.Exit(WRONG_USE)


def _context(pairs: Sequence[str]) -> dict[str, list[str]]:
    """Return what was typed; a key that is typed in another case is the same key."""
    typed: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not (key and separator):
            _stop([f"--context {pair!r}: must be KEY=VALUE"])
        typed.setdefault(spelled.setdefault(key.lower(), _spelled(key)), []).append(value)
    return typed


def _spelled(key: str) -> str:
    known = condition_key(key)
    return known.name if known and not key.lower().startswith(TAG.lower()) else key


def _known_of(user: str) -> dict[str, list[str]]:
    """Return what the bot knows of a person without being told."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {USER_ID.name: [user], CURRENT_TIME.name: [now]}


def _deployment(region: str, account: str | None) -> Deployment:
    """Return where the bot works, read as its settings are."""
    read, digits = identifier(region).lower() or DEFAULT_REGION, (account or "").strip()
    if not is_region(read):
        _stop([f"--region {region!r}: isn't a region ID such as {DEFAULT_REGION}"])
    if digits and not re.fullmatch("[0-9]{1,20}", digits):
        _stop([f"--account {account!r}: isn't made of digits alone"])
    return Deployment(read, digits or UNKNOWN_ACCOUNT)


def _doubts(user: str, action: str) -> list[str]:
    """Return likely typos in the user and the action: they would look like a denial."""
    hint = meant(action, [each.name for each in ACTIONS.values()])
    who = [] if USER.fullmatch(user) else [f"{shown(user)} is no Slack user ID such as U0ALICE"]
    if action.lower() in ACTIONS:
        return who
    return [*who, f"the bot never asks for {shown(action)}" + (f". Did you mean {hint}?" if hint else "")]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a path too long, a NUL in it
        return False


def _statement(answer: Answer) -> dict[str, Any]:
    ref = answer.ref
    why = "; ".join(_why(miss) for miss in answer.misses) or "action, resource and condition hold"
    return {
        "policy": ref.policy,
        "index": ref.index,
        "effect": ref.effect,
        "matched": answer.matched,
        "why": why,
    }


def _why(miss: Clause) -> str:
    wanted = ", ".join(miss.wanted)
    actual = "is missing" if miss.actual is None else f"is {', '.join(miss.actual)}"
    if miss.part is Part.CONDITION:
        return f"{miss.key} {actual}: {miss.operator} wants {wanted}"
    return f"{miss.part} {actual}: the statement is about {'all but ' if miss.negated else ''}{wanted}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
