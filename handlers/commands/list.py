"""`/image list [mine|pending|all]`: requests, with those that wait first."""

from bot.service.outcomes import Found
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.grammar import nearest, nothing_in, page_in
from handlers.draft import Mistake, Mistaken
from handlers.views import requests_list
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view

SCOPES = ("mine", "pending", "all")


async def run(call: Call) -> Post:
    """List a page of the requests of a scope."""
    read = page_in(call.tokens)
    if isinstance(read, Mistaken):
        return call.mistaken(read)
    tokens, page = read
    scope = tokens[0].text.casefold() if tokens else SCOPES[0]
    if scope not in SCOPES:
        unknown = Mistake("scope-unknown", tokens[0].text, nearest(scope, SCOPES), ", ".join(SCOPES))
        return call.mistaken(Mistaken((unknown,)))
    if extra := nothing_in(tokens[1:]):
        return call.mistaken(extra)
    outcome = await call.service.questions.find(call.person, scope, page)
    if not isinstance(outcome, Found):
        return refusal_view(outcome, call.words)
    return requests_list.found(outcome, scope, call.words)


LIST = Subcommand("list", f"[{'|'.join(SCOPES)}]", Group.FOLLOW, run)
