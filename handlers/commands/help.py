"""`/image help [subcommand]`: the sub-commands and what they do."""

from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.grammar import nothing_in
from handlers.commands.unknown import unknown
from handlers.draft import Mistaken
from handlers.views import help as views
from handlers.views.blocks import Post


async def run(call: Call) -> Post:
    """Explain one sub-command, or list all by topic."""
    if extra := nothing_in(call.tokens[1:]):
        return call.mistaken(extra)
    topic = call.tokens[0].text.casefold() if call.tokens else ""
    if not topic:
        groups = {group.value: _lines(call, group) for group in Group}
        return views.overview(groups, call.words)
    if topic not in call.table:
        return call.mistaken(Mistaken((unknown(call.tokens[0].text, tuple(call.table)),)))
    told = call.table[topic]
    return views.one(told.name, told.usage, told.flags, call.words)


def _lines(call: Call, group: Group) -> list[tuple[str, str]]:
    return [(row.name, row.usage) for row in call.table.values() if row.group is group]


HELP = Subcommand("help", "[subcommand]", Group.ASK, run)
