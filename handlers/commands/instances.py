"""`/image instances [word]`: machines I can request images of."""

from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.grammar import page_in
from handlers.draft import Mistaken
from handlers.views import machine_list
from handlers.views.blocks import Post

SECONDS = 1.0
"""How long a search may take, of the three seconds that Slack waits."""


async def run(call: Call) -> Post:
    """List a page of the machines whose name or ID has the words in it."""
    read = page_in(call.tokens)
    if isinstance(read, Mistaken):
        return call.mistaken(read)
    tokens, page = read
    word = " ".join(token.text for token in tokens)
    offer = await call.context.instances.search(call.person, word, within=SECONDS)
    return machine_list.listed(offer, word, page, call.words)


INSTANCES = Subcommand("instances", "[word]", Group.ASK, run)
