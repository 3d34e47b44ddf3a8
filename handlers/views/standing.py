"""Why a request is waiting, was rejected or failed, in a sentence or two."""

from bot.domain.lifecycle import Status
from bot.domain.request import Request
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, join
from handlers.people.names import NAMELESS, Names
from handlers.views.blocks import Post, section
from handlers.views.requests import end_reason, explained, needs, who


def why(request: Request, words: Localizer, names: Names = NAMELESS) -> Post:
    """Say what state the request is in, and why."""
    end = request.end
    sentence = words(
        f"standing-{request.status}",
        id=code(request.id),
        needs=needs(request, request.tally, words, names),
        until=words.date(request.expires_at),
        waits=_waits(request, words),
        percent=request.attempt.progress or 0,
        image=code(request.attempt.image_id or ""),
        who=who(end.by, words) if end else "",
        reason=end_reason(request, words),
    )
    failure = request.attempt.failure
    failed = failure is not None and request.status is Status.FAILED
    text = join((sentence, explained(failure, words) if failure and failed else Markup()))
    return Post(text, (section(text),))


def _waits(request: Request, words: Localizer) -> Markup:
    """Say why an approved request hasn't started."""
    reason = request.attempt.queue_reason
    if reason:
        key = f"queue-{reason}"
        return words(key) if words.has(key) else words("queue-other")
    return words("card-starts", at=words.date(request.start_at)) if request.start_at else Markup()
