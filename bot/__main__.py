"""`image-bot`: the command line. Exit status 0 done, 1 findings, 2 wrong use or configuration."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from typer.exceptions import TyperException

from bot.allowlist import AllowlistBroken
from bot.cli import audit, database, policy
from bot.errors import StoreUnavailable
from bot.process.logs import configure_logs
from bot.process.roles import Role
from bot.process.run import run as run_bot
from bot.settings import BadSettings, read_settings
from handlers.people.existence_check import SlackDoesNotTell, SlackExistenceCheck
from handlers.transport.manifest import manifest as slack_manifest

app = typer.Typer(
    name="image-bot",
    help="Custom images of WUYING desktops and workstations, on request and with approval, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(policy.app, name="policy")
app.add_typer(audit.app, name="audit")
app.add_typer(database.app, name="db")


@app.command()
def run(
    role: Annotated[Role, typer.Option(help="Slack's traffic, the work behind it, or both.")] = Role.ALL,
) -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else HTTP mode with SLACK_SIGNING_SECRET."""
    settings = read_settings(hears_slack=role is not Role.WORKER)
    configure_logs(settings)
    asyncio.run(run_bot(settings, role))


@app.command()
def manifest(
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode (the default).")] = False,
    http: Annotated[
        str | None, typer.Option(metavar="URL", help="HTTP mode, with the bot at this address.")
    ] = None,
) -> None:
    """Print the manifest to create the Slack app from."""
    if socket and http is not None:
        raise typer.BadParameter("--socket and --http exclude one another")
    typer.echo(json.dumps(slack_manifest(None if http is None else _events_url(http)), indent=2))


def _events_url(url: str) -> str:
    """Where Slack sends its requests when the bot is at `url`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise typer.BadParameter(f"--http {url!r} is no address such as https://bot.example.com")
    return f"{url.rstrip('/').removesuffix('/slack/events')}/slack/events"


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the page on 127.0.0.1; 0 takes any.")
    ] = 8090,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Play the story and exit.")] = False,
    story: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Another story than the main one; a wrong name lists them."),
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Write the story's transcript to this file.")] = None,
    allowlist: Annotated[Path | None, typer.Option(help="Rehearse this allowlist.")] = None,
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
    """Run the command line; what the operator has to mend is one line each on stderr, never a trace."""
    try:
        sys.exit(app(obj=_census, standalone_mode=False))
    except TyperException as wrong:  # its own display takes a box of several lines
        _end(tuple(filter(None, [wrong.format_message().replace("Value error, ", "")])))
    except BadSettings as bad:
        _end(bad.problems)
    except AllowlistBroken as broken:
        _end(tuple(str(finding) for finding in broken.findings if finding.is_error))
    except SlackDoesNotTell as silent:
        _end((f"SLACK_BOT_TOKEN: {silent}",))
    except StoreUnavailable as down:
        _end((f"DATABASE_URL: {down}",))


def _census() -> SlackExistenceCheck:
    """What `policy check --live` asks Slack with."""
    settings = read_settings()
    return SlackExistenceCheck(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)


def _end(problems: tuple[str, ...]) -> None:
    for problem in problems:
        typer.echo(problem, err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
