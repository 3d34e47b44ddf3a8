"""`/image delegate [@person until TIME | off]`: somebody else approves for me for a while."""

from datetime import time

from bot.service.outcomes import Delegated, Refused
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.grammar import nothing_in
from handlers.commands.references import person_of
from handlers.draft import Mistake, Mistaken
from handlers.transport.payloads import Address
from handlers.views import delegation
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view

END_OF_DAY = time(23, 59, 59)
"""A delegation until Friday lasts over Friday."""
OFF = frozenset({"off", "end", "stop", "结束", "取消"})
"""What people type to end theirs; `off` is what the help says."""


async def run(call: Call) -> Post:
    """Delegate, end it, or show what is delegated."""
    if not call.tokens:
        in_force = await call.service.delegations(call.person)
        return await call.context.named(lambda names: delegation.shown(in_force, call.words, names))
    if call.tokens[0].text.casefold() in OFF:
        return call.mistaken(extra) if (extra := nothing_in(call.tokens[1:])) else await _end(call)
    return await _delegate(call)


async def _end(call: Call) -> Post:
    return await _changed(call, await call.service.end_delegation(call.person))


async def _delegate(call: Call) -> Post:
    to, until = person_of(call.tokens[0].raw), " ".join(token.text for token in call.tokens[1:])
    mistakes = [] if to else [Mistake("person-unknown", call.tokens[0].text)]
    mistakes += [] if until else [Mistake("time-missing")]
    if mistakes:
        return call.mistaken(Mistaken(tuple(mistakes)))
    moment = await call.context.moment(until, call.person.user_id, otherwise=END_OF_DAY)
    if isinstance(moment, Mistake):
        return call.mistaken(Mistaken((moment,)))
    return await _changed(call, await call.service.delegate(call.person, to, moment))


async def _changed(call: Call, outcome: Delegated | Refused) -> Post:
    """Tell both what changed."""
    if isinstance(outcome, Refused):
        return refusal_view(outcome, call.words)
    theirs = await call.context.words(outcome.delegate)
    told = await call.context.named(lambda names: delegation.told(outcome, theirs, names))
    call.context.reply(Address(outcome.delegate), told)
    return await call.context.named(lambda names: delegation.changed(outcome, call.words, names))


DELEGATE = Subcommand("delegate", "[@person|off] [time]", Group.APPROVE, run)
