"""The card of a request: one message in the channel, read on a phone in ten seconds, edited in place."""

from collections.abc import Collection, Iterator

from bot.domain.actions import Action
from bot.domain.lifecycle import ENDS, Status
from bot.domain.request import Request
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, join, mention, quote
from handlers.people.names import NAMELESS, Names
from handlers.views import card_actions, card_facts, card_status
from handlers.views.blocks import Block, Post, actions, context, fields, header, section
from handlers.views.requests import needs, trace

REASON_SHOWN = 900


def card(
    request: Request,
    now: float,
    words: Localizer,
    names: Names = NAMELESS,
    place: int | None = None,
    *,
    others: int = 0,
    before: str = "",
    may: Collection[Action] = tuple(Action),
) -> Post:
    """Draw everything that an approver bases a decision on, and the request's state at `now` (epoch seconds).

    `others` is how many other requests for its instance are open, `before` a link to the card of the request
    that made this machine's last image. For a private answer: `place` is its place in line, `may` what the
    reader can do.
    """
    status = card_status.line(request, now, words, names, place)
    return Post(
        _alone(request, words, names),
        (
            header(words.plain(f"card-title-{request.status}", name=request.title)),
            section(status, card_actions.menu(request, words)),
            *fields(card_facts.fields_of(request, words, before)),
            section(_reason(request, words)),
            *context(card_facts.details(request, words)),
            *_notes(request, words, others),
            *context(join(card_status.decisions(request, words, names))),
            *context(card_status.small_print(request, words)),
            *actions(card_actions.buttons(request, now, words, may)),
        ),
    )


def _alone(request: Request, words: Localizer, names: Names) -> Markup:
    """Return the card as one sentence, for notifications."""
    return words(
        "card-text",
        requester=mention(request.requester),
        machine=card_facts.machine_and_id(request),
        name=request.title,
        status=words(f"status-text-{card_status.settled(request)}"),
        needs=needs(request, request.tally, words, names) if request.status is Status.PENDING else "",
        image=code(request.attempt.image_id or "") if request.status is Status.AVAILABLE else "",
    )


def _reason(request: Request, words: Localizer) -> Markup:
    return fit(quote(request.reason), REASON_SHOWN) if request.reason else words("card-no-reason")


def _notes(request: Request, words: Localizer, others: int) -> Iterator[Block]:
    """Yield what people have to know: that nobody approved it, warnings, the machine's power, a failure."""
    if request.break_glass:
        signed_off = request.attempt.signed_off_by
        key = "card-emergency-signed" if signed_off else "card-emergency-open"
        yield section(words(key, who=mention(signed_off or "")))
    warnings = [] if request.status in ENDS else list(card_facts.warnings(request, words, others))
    if warnings:
        yield section(join(warnings))
    if request.power is not None:
        key = "power-late" if request.power.told else f"power-{request.power.phase}"
        yield section(words(key, machine=card_facts.machine_name(request)))
    if request.attempt.failure is not None:
        yield from context(trace(request.attempt.failure, words))
