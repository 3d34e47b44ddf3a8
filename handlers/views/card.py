"""The card of a request: one message in the channel, read on a phone in ten seconds, edited in place."""

from collections.abc import Collection, Iterator

from bot.domain.actions import Action, actions_for
from bot.domain.lifecycle import Status
from bot.domain.request import Request
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, join, mention, quote
from handlers.people.names import NAMELESS, Names
from handlers.views.blocks import Block, Post, actions, button, confirm, context, fields, section
from handlers.views.requests import dangers, details, elapsed, explained, needs, who

APPROVE = "request_approve"
REJECT = "request_reject"
CANCEL = "request_cancel"
RETRY = "request_retry"
SIGN_OFF = "request_sign_off"

REASON_SHOWN = 900
OPEN = frozenset({Status.PENDING, Status.APPROVED, Status.CREATING})


def card(
    request: Request,
    now: float,
    words: Localizer,
    names: Names = NAMELESS,
    place: int | None = None,
    *,
    others: int = 0,
    may: Collection[Action] = tuple(Action),
) -> Post:
    """Everything that an approver decides from, and how the request stands at `now` (epoch seconds).

    `others` is how many more requests for its instance are open. For who asks just now: `place` is how far it
    has come in the line, `may` what they may do.
    """
    headline = join((words(f"status-{request.status}"), _standing(request, words, names, place)), " · ")
    return Post(
        _alone(request, words, names),
        (
            section(join((headline, _asked(request, words)))),
            *fields(
                [
                    *details(request.image, words, request.machine),
                    *_start(request, words),
                    *_copies(request, words),
                ]
            ),
            *([section(_reason(request, words))] if request.reason else ()),
            *_broken_glass(request, words),
            *_warnings(request, words, others),
            *_power(request, words),
            *([section(explained(request.attempt.failure, words))] if request.attempt.failure else ()),
            *context(_decided(request, words, names), _small_print(request, now, words)),
            *actions(list(_buttons(request, now, words, may))),
        ),
    )


def _alone(request: Request, words: Localizer, names: Names) -> Markup:
    """Return the card in one sentence, for notifications."""
    return words(
        "card-text",
        requester=mention(request.requester),
        instance=request.image.instance_id,
        name=request.image.image_name or "",
        status=words(f"status-text-{request.status}"),
        needs=needs(request, request.tally, words, names) if request.status is Status.PENDING else "",
    )


def _standing(request: Request, words: Localizer, names: Names, place: int | None) -> Markup:
    """Return what the status alone does not tell."""
    if request.status is Status.PENDING:
        return needs(request, request.tally, words, names)
    if request.status is Status.APPROVED:
        return _waiting(request, place, words)
    if request.status is Status.CREATING and request.attempt.progress is not None:
        return words("card-progress", percent=request.attempt.progress)
    if request.status is Status.AVAILABLE and request.attempt.image_id:
        return code(request.attempt.image_id)
    return Markup()


def _waiting(request: Request, place: int | None, words: Localizer) -> Markup:
    if place is not None:
        return words("card-queued", place=place)
    if request.attempt.queue_reason:
        key = f"queue-{request.attempt.queue_reason}"
        return words(key) if words.has(key) else words("queue-other")
    return words("card-starts", at=words.date(request.start_at)) if request.start_at else words("queue-other")


def _asked(request: Request, words: Localizer) -> Markup:
    return words("card-asked", requester=mention(request.requester), at=words.date(request.created_at))


def _reason(request: Request, words: Localizer) -> Markup:
    return join((Markup(f"*{words('card-reason')}*"), fit(quote(request.reason), REASON_SHOWN)))


def _start(request: Request, words: Localizer) -> Iterator[tuple[str, Markup]]:
    """When the making may begin, as long as that lies ahead."""
    if request.start_at is not None and request.status in (Status.PENDING, Status.APPROVED):
        yield words("card-start"), words("card-starts", at=words.date(request.start_at))


def _copies(request: Request, words: Localizer) -> Iterator[tuple[str, Markup]]:
    """Where the image goes besides, and how far it has come there."""
    distribution = request.attempt.distribution
    copies = distribution.copies if distribution is not None else ()
    told = [
        words(f"copy-{copy.status}", region=code(copy.region_id), progress=copy.progress or 0)
        for copy in copies
    ]
    if request.regions:
        yield words("card-regions"), join(told or map(code, request.regions), ", ")


def _broken_glass(request: Request, words: Localizer) -> Iterator[Block]:
    """Return a request that nobody approved says so for good, and whether somebody has looked at it since."""
    if request.break_glass:
        signed_off = request.attempt.signed_off_by
        key = "card-emergency-signed" if signed_off else "card-emergency-open"
        yield section(words(key, who=mention(signed_off or "")))


def _warnings(request: Request, words: Localizer, others: int) -> Iterator[Block]:
    text = join(dangers(request, words, others)) if request.status in OPEN else Markup()
    if text:
        yield section(text)


def _power(request: Request, words: Localizer) -> Iterator[Block]:
    """Return an instance that isn't left as it was, until it runs again."""
    if request.power is not None:
        key = "power-late" if request.power.told else f"power-{request.power.phase}"
        yield section(words(key, instance=code(request.image.instance_id)))


def _decided(request: Request, words: Localizer, names: Names) -> Markup:
    """Who decided what, in order."""
    lines = [
        words(
            "card-approved-by" if review.approves else "card-rejected-by",
            who=mention(review.user_id),
            holder=names.person(review.behalf_of) if review.behalf_of else "",
            at=words.date(review.at),
            reason=review.reason,
        )
        for review in request.reviews
    ]
    if request.status is Status.CANCELLED and request.end is not None:
        lines.append(words("card-cancelled-by", who=who(request.end.by, words), reason=request.end.reason))
    return join(lines)


def _small_print(request: Request, now: float, words: Localizer) -> Markup:
    rule = words("card-rule", rule=request.rule.name)
    return join((words("card-id", id=code(request.id)), elapsed(request, now, words), rule), " · ")


def _buttons(request: Request, now: float, words: Localizer, may: Collection[Action]) -> Iterator[Block]:
    for action in actions_for(request, now):
        if action not in may:
            continue
        match action:
            case Action.APPROVE:
                ask = _ask_about_cleaning(request, words)
                yield button(APPROVE, words.plain("button-approve"), request.id, "primary", ask)
            case Action.REJECT:
                yield button(REJECT, words.plain("button-reject"), request.id, "danger")
            case Action.CANCEL:
                yield button(CANCEL, words.plain("button-cancel"), request.id)
            case Action.RETRY:
                yield button(RETRY, words.plain("button-retry"), request.id)
            case Action.SIGN_OFF:
                yield button(SIGN_OFF, words.plain("button-sign-off"), request.id)


def _ask_about_cleaning(request: Request, words: Localizer) -> Block | None:
    if not request.image.auto_clean_userdata:
        return None
    return confirm(
        words.plain("confirm-clean-title"),
        words.plain("confirm-clean-approve", instance=request.image.instance_id),
        words.plain("confirm-clean-yes"),
        words.plain("confirm-clean-no"),
        "danger",
    )
