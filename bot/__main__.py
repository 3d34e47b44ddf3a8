"""`image-bot`: the command line. Exit status 0 done, 1 findings, 2 wrong use or configuration.

What runs the bot is imported by the commands that do: it takes half a second, and others needn't wait for it.
"""

import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from bot.allowlist import AllowlistBroken
from bot.cli import audit, database, policy, ram, requests, typed
from bot.errors import SlackDoesNotTell, StoreUnavailable
from bot.process.logs import configure_logs, log_errors_alone
from bot.process.role import Role
from bot.settings import BadSettings, Mode, check_url, read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.process.doctor import Finding
    from handlers.people.existence_check import SlackExistenceCheck

app = typer.Typer(
    name="image-bot",
    help="Custom images of WUYING desktops and workstations, on request and with approval, in Slack.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: the tables call a switch a <bool>
)
app.add_typer(policy.app, name="policy")
app.add_typer(audit.app, name="audit")
app.add_typer(database.app, name="db")
app.add_typer(requests.app, name="requests")
app.command("ram-policy")(ram.print_ram_policy)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"image-bot {version('image-bot')}")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Take what every command takes."""


@app.command()
def run(
    role: Annotated[Role, typer.Option(help="Take Slack's traffic, do the work, or both.")] = Role.ALL,
    mode: Annotated[
        Mode | None, typer.Option(help="How Slack reaches the bot, where the secrets of both ways are set.")
    ] = None,
) -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else HTTP mode with SLACK_SIGNING_SECRET."""
    gc.disable()  # what a start makes stays: there is nothing to find until it is over
    try:
        from bot.process.run import run as run_bot

        settings = read_settings(hears_slack=role is not Role.WORKER, mode=mode)
        configure_logs(settings)
        asyncio.run(run_bot(settings, role))
    finally:
        gc.enable()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    message_to: Annotated[
        str | None,
        typer.Option(
            parser=typed.user_id, metavar="USER", help="Send them a direct message, to see that it works."
        ),
    ] = None,
    make_image: Annotated[
        str | None,
        typer.Option(
            parser=typed.instance_id,
            metavar="INSTANCE",
            help="Have an image made, to see what Alibaba Cloud keeps of it.",
        ),
    ] = None,
) -> None:
    """Check the setup against Slack, Alibaba Cloud and the database; exit 1 if something would fail."""
    from bot.process.doctor import OptIns, Severity, examine, examine_without_settings, report

    async def looked(findings: "AsyncIterator[Finding]") -> "list[Finding]":
        """Print each finding as it is found."""
        found = []
        async for each in findings:
            found.append(each)
            if not as_json:
                typer.echo(report.line(each))
        typer.echo(report.as_json(found) if as_json else report.summary(found))
        return found

    try:
        settings = read_settings(hears_slack=True)
    except BadSettings:
        asyncio.run(looked(examine_without_settings()))
        raise
    found = asyncio.run(looked(examine(settings, OptIns(message_to, make_image))))
    raise typer.Exit(int(any(each.severity is Severity.FINDING for each in found)))


@app.command()
def manifest(
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode (the default).")] = False,
    http: Annotated[
        str | None, typer.Option(metavar="URL", help="HTTP mode, with the bot at this address.")
    ] = None,
) -> None:
    """Print the manifest to create the Slack app from."""
    from handlers.commands.table import USAGE_HINT
    from handlers.transport.manifest import manifest as slack_manifest

    if socket and http is not None:
        raise typer.BadParameter("--socket and --http exclude one another")
    url = None if http is None else _events_url(http)
    typer.echo(json.dumps(slack_manifest(url, USAGE_HINT), indent=2))


def _events_url(url: str) -> str:
    """Where Slack sends its requests when the bot is at `url`."""
    url = url.strip()
    try:
        check_url(url)
    except ValueError as wrong:
        problem = f"{wrong}; an address such as https://bot.example.com is needed"
        raise typer.BadParameter(problem, param_hint="--http") from None
    return f"{url.rstrip('/').removesuffix('/slack/events')}/slack/events"


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(parser=typed.whole(0, 65535), metavar="PORT", help="Port of the page; 0 takes any."),
    ] = 8090,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Don't open a browser.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Play the story and exit.")] = False,
    story: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Another story than the main one; a wrong name lists them."),
    ] = None,
    record: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the story to this file.")] = None,
    allowlist: Annotated[Path | None, typer.Option(metavar="FILE", help="Rehearse this allowlist.")] = None,
) -> None:
    """Show the bot at work with a local Slack and a local cloud: no account, no network."""
    try:
        from bot.playground.demo import demo as play  # its page needs the extra `demo`
    except ImportError:
        raise BadSettings(("the playground needs the extra: pip install 'image-bot[demo]'",)) from None
    raise typer.Exit(
        asyncio.run(
            play(
                port=port, browser=not no_browser, once=once, story=story, record=record, allowlist=allowlist
            )
        )
    )


def main() -> None:
    """Run the command line, with stdout for its answer alone."""
    log_errors_alone()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what the terminal's encoding lacks is shown as its escape
            stream.reconfigure(errors="backslashreplace")
    sys.exit(status_of(sys.argv[1:]))


def status_of(arguments: Sequence[str]) -> int:
    """Run a command line; what the operator has to change is one line each on stderr, never a trace."""
    try:
        return int(app(arguments, obj=_census, standalone_mode=False) or 0)
    except TyperException as wrong:  # its own display takes a box of several lines
        problems = tuple(filter(None, [wrong.format_message().replace("Value error, ", "")]))
    except BadSettings as bad:
        problems = bad.problems
    except AllowlistBroken as broken:
        problems = broken.lines
    except SlackDoesNotTell as silent:
        problems = (f"SLACK_BOT_TOKEN: {silent}",)
    except StoreUnavailable as down:
        problems = (f"DATABASE_URL: {down}",)
    for problem in problems:
        typer.echo(problem, err=True)
    return 2


def _census() -> "SlackExistenceCheck":
    """Return what `policy check --live` asks Slack with."""
    from handlers.people.existence_check import SlackExistenceCheck

    settings = read_settings()
    return SlackExistenceCheck(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)


if __name__ == "__main__":
    main()
