"""What a renderer draws from, and the sentences that several kinds of messages share."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.actions import Action, actions_for
from bot.domain.lifecycle import Event
from bot.domain.message import DIRECTLY, Kind, Message, Told
from bot.domain.progress import making_seconds
from bot.domain.request import BOT, Failure, Request
from bot.ports import Posted
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, join, mention, quote
from handlers.people.names import NAMELESS, Names
from handlers.views.card import REASON_SHOWN
from handlers.views.card_facts import machine_name
from handlers.views.requests import ends, explained, named, needs, place, who

TROUBLE = frozenset({Event.STALL, Event.POWER_FAIL, Event.POWER_ABANDON, Event.DISTRIBUTION_FAIL})
"""Events whose details say what went wrong; the request itself may go on."""


@dataclass(frozen=True)
class Drawing:
    """A message, its subject as it stands at `now` (epoch seconds), and the reader's language.

    `others` is how many more requests for the same instance are open; `permalink` returns a link to a
    message, "" while the workspace's address isn't known.
    """

    message: Message
    request: Request | None
    now: float
    words: Localizer
    names: Names = NAMELESS
    others: int = 0
    permalink: Callable[[Posted], str] = lambda _: ""

    @property
    def about(self) -> Request:
        """The request that the message is about; raises `ValueError` if there is none."""
        if self.request is None:
            raise ValueError(f"a message of kind {self.message.kind} is about a request")
        return self.request


def is_end(told: Told) -> bool:
    """Whether the event brought its request to its end."""
    return told.status is not None and told.event in set(Event) and ends(told.status, Event(told.event))


def is_told_to_all(message: Message) -> bool:
    """Whether an entry is also posted in the channel: the end of a request, and emergency access."""
    return any(told.event == Event.BYPASS or is_end(told) for told in message.told)


def sentences(drawing: Drawing) -> list[Markup]:
    """Return everything that the message says, one paragraph each."""
    return [tell(told, drawing) for told in drawing.message.told]


def tell(told: Told, drawing: Drawing) -> Markup:
    """Return one event as a sentence, with its reason."""
    request, words, names = drawing.about, drawing.words, drawing.names
    making, requester = making_seconds(request), called(told, drawing)
    sentence = words(
        f"event-{told.event}",
        actor=who(told.actor, words),
        requester=requester,
        machine=machine_name(request),
        making=words.span(making) if making is not None else "",
        retry="yes" if Action.RETRY in actions_for(request, drawing.now) else "",
        image=code(request.attempt.image_id or ""),
        name=request.title,
        rule=named(request.rule),
        needs=needs(request, request.tally, words, names),
        holder=_holder(told, names),
        until=words.date(request.expires_at),
        helpers=_people(told.details.get("helpers")),
        regions=join(map(code, told.details.get("regions") or ()), ", "),
        somebody="yes" if told.details.get("somebody") else "",
        status=words(f"status-text-{request.status}"),
        waits=_named("queue", told, words),
    )
    failure = request.attempt.failure if is_end(told) else None
    why = explained(failure, words) if failure else _trouble(told, words)
    return join((sentence, _reason(told, requester, words), why))


def called(told: Told, drawing: Drawing) -> Markup:
    """Return the requester: mentioned in the thread, unless they get a direct message; elsewhere by name.

    Whatever happens, nobody is disturbed twice by it.
    """
    request, names = drawing.about, drawing.names
    in_thread = drawing.message.kind is Kind.ENTRY and not told.details.get(DIRECTLY)
    return mention(request.requester) if in_thread else names.person(request.requester)


def about(drawing: Drawing) -> Markup:
    """Return which request a message is about, for readers without its card above."""
    request = drawing.about
    return drawing.words(
        "about",
        name=request.title,
        machine=machine_name(request),
        requester=drawing.names.person(request.requester),
        channel=place(request.channel),
        id=code(request.id),
    )


def _trouble(told: Told, words: Localizer) -> Markup:
    """Return what Alibaba Cloud refuses, in words for the person who can act."""
    if told.event not in TROUBLE:
        return Markup()
    said = {name: str(told.details.get(name) or "") for name in ("code", "message", "cloud_request_id")}
    return explained(Failure(**said, explanation=str(told.details.get("explanation") or "")), words)


def _holder(told: Told, names: Names) -> Markup:
    """Return the person for whom the actor approved, without a mention: they are away."""
    behalf_of = told.details.get("behalf_of")
    return names.person(behalf_of) if isinstance(behalf_of, str) else Markup()


def _people(user_ids: object) -> Markup:
    """Return the people who are meant: mentioned, and so notified."""
    return join(map(mention, user_ids), " ") if isinstance(user_ids, list | tuple) else Markup()


def _reason(told: Told, requester: Markup, words: Localizer) -> Markup:
    """Return a person's reason in their own words; the bot's reason is a code with a sentence."""
    reason = str(told.details.get("reason") or "")
    if told.actor != BOT:
        return fit(quote(reason), REASON_SHOWN)
    return _named("reason", told, words, requester=requester)


def _named(kind: str, told: Told, words: Localizer, **values: Markup) -> Markup:
    """Return the words of this kind for the bot's own reason, which is a code; nothing where it has none."""
    key = f"{kind}-{told.details.get('reason')}"
    return words(key, **values) if told.actor == BOT and words.has(key) else Markup()
