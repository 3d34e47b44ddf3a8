"""`image-bot ram-policy`: what RAM has to let the bot's own key do, and no more."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.alibaba.permissions import ram_policy
from bot.allowlist import Allowlist, load
from bot.domain.vocabulary import ACTIONS
from bot.policy import Effect

DEFAULT_FILE = Path("allowlist.yaml")


def print_ram_policy(
    allowlist: Annotated[Path, typer.Option(envvar="ALLOWLIST", help="The allowlist file.")] = DEFAULT_FILE,
) -> None:
    """Print the least RAM policy that the bot's own key needs with this allowlist."""
    typer.echo(json.dumps(ram_policy(grantable(load(allowlist))), indent=2))


def grantable(allowlist: Allowlist) -> frozenset[str]:
    """Return the actions that somebody could be allowed, by a statement of a policy that is attached."""
    attached = {name for attachment in allowlist.attachments for name in attachment.policies}
    allowing = [
        statement
        for name in attached
        for statement in allowlist.policies[name].statements
        if statement.ref.effect is Effect.ALLOW
    ]
    known = [action.name for action in ACTIONS.values()]
    return frozenset(name for name in known if any(each.concerns_action(name.lower()) for each in allowing))
