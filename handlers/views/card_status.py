"""A request's state in one line; who decided what; until when it waits."""

from collections.abc import Iterator

from bot.domain.lifecycle import Status
from bot.domain.progress import making_seconds, progress
from bot.domain.request import Request, Review
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, inline, join, mention
from handlers.people.names import Names
from handlers.views.requests import end_reason, meaning, needs, who

CELLS = 10
DONE, TO_DO = "▓", "░"
DECISIONS = 8
"""How many decisions are shown, newest ones, a line each: as many as fit into a text."""
REASON_SHOWN = 300


def line(request: Request, now: float, words: Localizer, names: Names, place: int | None) -> Markup:
    """Return the request's state: what the title above doesn't say already."""
    told = Markup()
    match request.status:
        case Status.PENDING if settled(request) is Status.PENDING:
            waits = needs(request, request.tally, words, names, bold=True)
            told = words("card-waiting", needs=waits)
        case Status.APPROVED:
            told = join((words("status-approved"), _waiting(request, place, words)), " · ")
        case Status.CREATING:
            told = words("card-making", bar=_bar(request, now, words) or words("card-begun"))
        case Status.AVAILABLE if request.attempt.image_id:
            told = words("card-image-id", image=code(request.attempt.image_id))
        case Status.REJECTED if request.reviews:
            told = _decision(request.reviews[-1], words, names)
        case Status.EXPIRED:
            told = words("card-expired")
        case Status.CANCELLED if request.end is not None:
            reason = _short(end_reason(request, words))
            told = words("card-cancelled-by", who=who(request.end.by, words), reason=reason)
        case Status.FAILED if request.attempt.failure is not None:
            told = words("card-failed", why=meaning(request.attempt.failure, words))
    return told or words(f"status-{settled(request)}")


def settled(request: Request) -> Status:
    """Return its status, approved already where nobody has to approve it, or nobody anymore.

    The bot makes it so within a moment; what people are notified of is the card as it was until then.
    """
    is_free = request.status is Status.PENDING and (request.break_glass or request.tally.complete)
    return Status.APPROVED if is_free else request.status


def decisions(request: Request, words: Localizer, names: Names) -> Iterator[Markup]:
    """Yield who decided what, in order, one line each, without the rejection that is the status line."""
    decided = request.reviews[:-1] if request.status is Status.REJECTED else request.reviews
    for review in decided[-DECISIONS:]:
        yield _decision(review, words, names)


def small_print(request: Request, words: Localizer) -> Markup:
    """Return the request's ID, and until when it waits or how long its image took."""
    until = words("card-approve-by", at=words.date(request.expires_at))
    seconds = making_seconds(request) if request.status is Status.AVAILABLE else None
    took = words("card-took", span=words.span(seconds)) if seconds is not None else Markup()
    return join((code(request.id), until if request.status is Status.PENDING else took), " · ")


def _waiting(request: Request, place: int | None, words: Localizer) -> Markup:
    if place is not None:
        return words("card-queued", place=place)
    if request.attempt.queue_reason:
        key = f"queue-{request.attempt.queue_reason}"
        return words(key) if words.has(key) else words("queue-other")
    return Markup() if request.start_at else words("queue-other")


def _bar(request: Request, now: float, words: Localizer) -> Markup:
    """Return how far the image has come, as in "▓▓▓▓▓▓░░░░ 59% · about 3 minutes left"."""
    told = progress(request, now)
    if told is None:
        return Markup()
    done = told.percent * CELLS // 100
    bar = Markup(DONE * done + TO_DO * (CELLS - done))
    left = words("progress-left", span=words.span(told.seconds)) if told.seconds is not None else Markup()
    since = words.date(request.attempt.progress_at) if request.attempt.progress_at else ""
    pace = words(f"progress-{told.pace}", since=since)
    return join((Markup(f"{bar} {words('card-progress', percent=told.percent)}"), left, pace), " · ")


def _decision(review: Review, words: Localizer, names: Names) -> Markup:
    return words(
        "card-approved-by" if review.approves else "card-rejected-by",
        who=mention(review.user_id),
        holder=names.person(review.behalf_of) if review.behalf_of else "",
        at=words.date(review.at),
        reason=_short(review.reason),
    )


def _short(reason: str) -> Markup:
    """Return a reason cut to one line; the thread has all of it."""
    return fit(inline(reason), REASON_SHOWN)
