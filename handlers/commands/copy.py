"""`/image copy <request>`: the command that requests the same again, to copy."""

from bot.service.outcomes import Done
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Mistaken
from handlers.mrkdwn import escape
from handlers.views.blocks import Post, section
from handlers.views.command_line import command_of
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Show the command to people who may see the request."""
    request_id = await call.request(COPY.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    outcome = await call.service.questions.show(call.person, request_id)
    if not isinstance(outcome, Done):
        return refusal_view(outcome, call.words)
    command = escape(command_of(outcome.request).replace("`", "'"))
    text = call.words("copy-command", command=command)
    return Post(text, (section(text),))


COPY = Subcommand("copy", "<request>", Group.FOLLOW, run)
