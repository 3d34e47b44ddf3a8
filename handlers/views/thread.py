"""What is told about a request beside its card: entries in the thread, notices, direct messages."""

from bot.domain.lifecycle import Event
from bot.domain.request import BOT, Failure, Kind, Message, Request
from bot.ports import CardFacts
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, join, mention, quote
from handlers.people.names import NAMELESS, Names
from handlers.views.blocks import Post, section
from handlers.views.card import REASON_SHOWN, card
from handlers.views.requests import ends, explained, needs, place, who


def drawing(
    message: Message, request: Request, facts: CardFacts, words: Localizer, names: Names = NAMELESS
) -> Post:
    """What the message shows."""
    match message.kind:
        case Kind.CARD:
            return card(request, facts, words, names)
        case Kind.ENTRY:
            return entry(message, request, facts, words, names)
        case Kind.NOTICE:
            return notice(message, request, facts, words, names)
        case Kind.DIRECT:
            return direct(message, request, facts, words, names)


def entry(
    message: Message, request: Request, facts: CardFacts, words: Localizer, names: Names = NAMELESS
) -> Post:
    """One event in the card's thread; the one that ends the request mentions who asked."""
    told = _told(message, request, facts, words, names)
    if ends(message.status, message.event):
        told = words("entry-end", requester=mention(request.requester), told=told)
    return Post(told, (section(told),))


def notice(
    message: Message, request: Request, facts: CardFacts, words: Localizer, names: Names = NAMELESS
) -> Post:
    """The outcome, for a channel that asked to be told."""
    told = words(
        "notice",
        requester=mention(request.requester),
        instance=code(request.image.instance_id),
        told=_told(message, request, facts, words, names),
        id=code(request.id),
    )
    return Post(told, (section(told),))


def direct(
    message: Message, request: Request, facts: CardFacts, words: Localizer, names: Names = NAMELESS
) -> Post:
    """The same for one person, and why they are told directly."""
    why = _undeliverable(message, words)
    told = words(
        "direct",
        instance=code(request.image.instance_id),
        told=_told(message, request, facts, words, names),
        id=code(request.id),
        channel=place(request.channel),
    )
    told = join((told, why))
    return Post(told, (section(told),))


def _told(message: Message, request: Request, facts: CardFacts, words: Localizer, names: Names) -> Markup:
    """The event as a sentence, with the words that were given for it."""
    told = words(
        f"event-{message.event}",
        actor=who(message.actor, words),
        requester=mention(request.requester),
        instance=code(request.image.instance_id),
        image=code(request.attempt.image_id or ""),
        name=request.image.image_name or "",
        rule=request.rule.name,
        needs=needs(request, facts.tally, words, names),
        holder=_holder(message, names),
        until=words.date(request.expires_at),
        helpers=_people(message.details.get("helpers")),
        span=words.span(message.at - request.created_at),
    )
    failed = request.attempt.failure if ends(message.status, message.event) else None
    why = explained(failed, words) if failed else _trouble(message, words)
    return join((told, _reason(message, request, words), why))


def _trouble(message: Message, words: Localizer) -> Markup:
    """Why the cloud refuses to be asked, in the words for who can act."""
    if message.event is not Event.STALL:
        return Markup()
    said = {name: str(message.details.get(name) or "") for name in ("code", "message", "cloud_request_id")}
    return explained(Failure(**said, explanation=str(message.details.get("explanation") or "")), words)


def _holder(message: Message, names: Names) -> Markup:
    """Whose place the actor fills, who is away and not to be pinged."""
    behalf_of = message.details.get("behalf_of")
    return names.person(behalf_of) if isinstance(behalf_of, str) else Markup()


def _people(user_ids: object) -> Markup:
    """The people who are meant: they are mentioned, and so told."""
    return join(map(mention, user_ids), " ") if isinstance(user_ids, list | tuple) else Markup()


def _reason(message: Message, request: Request, words: Localizer) -> Markup:
    """A person's reason in their own words; the bot's reason is a code with a sentence."""
    reason = str(message.details.get("reason") or "")
    if message.actor != BOT:
        return fit(quote(reason), REASON_SHOWN)
    keys = [key for key in (f"reason-{reason}", f"queue-{reason}") if words.has(key)]
    return words(keys[0], requester=mention(request.requester)) if keys else Markup()


def _undeliverable(message: Message, words: Localizer) -> Markup:
    channel_id = str(message.details.get("undeliverable") or "")
    code = str(message.details.get("code") or "")
    return words("direct-undeliverable", channel=place(channel_id), code=code) if channel_id else Markup()
