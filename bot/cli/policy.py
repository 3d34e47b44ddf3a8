"""`image-bot policy`: check the allowlist, test it with cases, ask it what it would decide."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.allowlist import Allowlist, AllowlistBroken, check, load, located
from bot.allowlist.slack_ids import unwrapped
from bot.cli.cases import BadCasesError, needs_allowlist, notes, read_cases, run_cases
from bot.cli.question_checks import doubts
from bot.cli.simulation import answer, asked_as_the_bot, facts_of
from bot.domain.text import identifier
from bot.domain.vocabulary import UNKNOWN_ACCOUNT, Deployment
from bot.policy import AccessRequest
from bot.policy.findings import shown
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
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on warnings too, such as a Deny without effect.")
    ] = False,
    region: Region = DEFAULT_REGION,
    account: Account = None,
) -> None:
    """Print every finding about an allowlist file with its place; exit 1 on errors, or with --strict on any
    finding.
    """
    # context.obj opens what --live asks: only the program's root knows Slack
    if missing := _missing(file):
        _stop([f"{file}: {missing}"])
    findings = check(file, context.obj() if live else None, _deployment(region, account))
    for finding in findings:
        typer.echo(located(file, finding))
    errors = sum(finding.is_error for finding in findings)
    typer.echo(f"{file}: {_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}")
    raise typer.Exit(FINDINGS if errors or (strict and findings) else DONE)


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
    for note in notes(file):
        typer.echo(note, err=True)
    outcomes = list(run_cases(file, _load(allowlist) if needs_allowlist(file) else None))
    failed = [outcome for outcome in outcomes if outcome.mismatch]
    for outcome in failed:
        typer.echo(f"{outcome.id}: {outcome.mismatch}")
    if not outcomes:
        typer.echo(f"{cases}: has no cases in it", err=True)
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
    """Print the decision as JSON: why, statement by statement, by which rule it would be approved, and notes
    on what the bot never asks.
    """
    facts, user = facts_of(_pairs([*(context or ()), *(more or ())])), unwrapped(user)
    groups, deployment = [unwrapped(each) for each in usergroup or ()], _deployment(region, account)
    if not action.strip():
        raise typer.BadParameter(
            "is empty; name one such as appstreaming:CreateImageByInstance", param_hint="--action"
        )
    if exact:
        asked, doubtful = AccessRequest(action, resource or "*", facts), []
    else:
        asked = asked_as_the_bot(user, action, resource, facts, deployment)
        doubtful = [str(each) for each in doubts(user, groups, action, resource, facts, deployment)]
    found = answer(_load(allowlist), user, frozenset(groups), asked, doubtful)
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False))


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


def _pairs(written: Sequence[str]) -> list[tuple[str, str]]:
    read = [each.partition("=") for each in written]
    for key, separator, value in read:
        if not (key.strip() and separator):
            _stop([f"--context {shown(key + separator + value)}: must be KEY=VALUE"])
    return [(key.strip(), value) for key, _, value in read]


def _deployment(region: str, account: str | None) -> Deployment:
    """Return where the bot works, read as its settings are."""
    read, digits = identifier(region).lower() or DEFAULT_REGION, (account or "").strip()
    if not is_region(read):
        _stop([f"--region {region!r}: isn't a region ID such as {DEFAULT_REGION}"])
    if digits and not re.fullmatch("[0-9]{1,20}", digits):
        _stop([f"--account {account!r}: isn't made of digits alone"])
    return Deployment(read, digits or UNKNOWN_ACCOUNT)


def _missing(path: Path) -> str | None:
    """Return why there is nothing to check at all; None when there is."""
    try:
        is_there, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError):  # a path too long, a NUL in it
        return "there is no such file"
    return "is a directory, not a file" if is_folder else None if is_there else "there is no such file"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
