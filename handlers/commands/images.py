"""`/image images [word]`: images that were made through the bot."""

from bot.service.outcomes import Refused
from handlers.commands.call import Call, Group, Subcommand
from handlers.views import requests_list
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """List the finished images whose name or ID has the words in it."""
    word = " ".join(token.text for token in call.tokens)
    outcome = await call.service.records.images(call.person, word)
    if isinstance(outcome, Refused):
        return refusal_view(outcome, call.words)
    return requests_list.images(outcome, word, call.words)


IMAGES = Subcommand("images", "[word]", Group.FOLLOW, run)
