"""The sub-commands of `/image`. A new one: its module, its row here, and its sentences in the locales."""

from dataclasses import replace

from bot.domain.text import narrow
from handlers.commands import on_the_card
from handlers.commands.again import AGAIN
from handlers.commands.approvers import APPROVERS
from handlers.commands.call import Call, Subcommand
from handlers.commands.cancel import CANCEL
from handlers.commands.copy import COPY
from handlers.commands.create import CREATE
from handlers.commands.delegate import DELEGATE
from handlers.commands.help import HELP
from handlers.commands.history import HISTORY
from handlers.commands.images import IMAGES
from handlers.commands.instances import INSTANCES
from handlers.commands.list import LIST
from handlers.commands.retry import RETRY
from handlers.commands.show import SHOW
from handlers.commands.unknown import unknown
from handlers.commands.whoami import WHOAMI
from handlers.commands.why import WHY
from handlers.draft import Mistaken
from handlers.views.blocks import Post

ASK = (CREATE, INSTANCES, AGAIN, WHY)
FOLLOW = (LIST, SHOW, COPY, HISTORY, IMAGES, CANCEL, RETRY)
APPROVE = (APPROVERS, DELEGATE)
SUBCOMMANDS: dict[str, Subcommand] = {row.name: row for row in (*ASK, *FOLLOW, *APPROVE, WHOAMI, HELP)}
USAGE_HINT = " | ".join(SUBCOMMANDS).replace(CREATE.name, f"{CREATE.name} <machine>", 1)
"""What Slack shows next to `/image` while somebody types it."""


async def run(call: Call) -> Post | None:
    """Answer the sub-command named by the first word; None: a form is on its way instead."""
    word = call.tokens[0].text
    if narrow(word).casefold() in on_the_card.WORDS:
        return await on_the_card.run(call)
    row = SUBCOMMANDS.get(narrow(word).casefold())
    if row is None:
        return call.mistaken(Mistaken((unknown(word, tuple(SUBCOMMANDS)),)))
    return await row.run(replace(call, tokens=call.tokens[1:], table=SUBCOMMANDS))
