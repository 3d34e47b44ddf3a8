"""Parts of a request that several views show: what is asked, what is dangerous, who is still needed."""

from collections.abc import Iterator

from bot.alibaba.errors import refusal
from bot.approvals import Place, Tally, tally
from bot.images import CreateImage, DiskType, InstanceType
from bot.lifecycle import ENDS, TRANSITIONS, Event, Status
from bot.ports import InstanceState
from bot.records import BOT, Failure, Request
from handlers.mrkdwn import Markup, channel, code, escape, group, join, mention
from handlers.words import Words

MISSING = "missing"


def who(user_id: str, words: Words) -> Markup:
    """A person, or the bot itself."""
    return words("the-bot") if user_id in ("", BOT) else mention(user_id)


def place(channel_id: str) -> Markup:
    """A channel."""
    return channel(channel_id)


def counted(request: Request) -> Tally:
    """The approvals as they were given: for drawing, never for deciding."""
    given = {review.user_id: review.usergroups for review in request.reviews if review.approves}
    return tally(request.rule, given)


def details(image: CreateImage, words: Words) -> list[tuple[str, Markup]]:
    """Everything that was asked for, by the reference page's fields; what was left out is left out."""
    kind = words(f"type-{image.instance_type.value}") if image.instance_type else Markup()
    disks = words(f"disks-{image.disk_type or DiskType.ALL}")
    tags = join((code(f"{tag.key}={tag.value}") for tag in image.tags), " ")
    return [
        (words("card-instance"), join((code(image.instance_id), kind), " ")),
        (words("card-image"), escape(image.image_name or "")),
        (words("card-sub-instance"), code(image.sub_instance_id or "")),
        (words("card-disks"), disks),
        (words("card-description"), escape(image.description or "")),
        (words("card-tags"), tags),
    ]


def dangers(request: Request, words: Words) -> Iterator[Markup]:
    """What an approver must not overlook."""
    state = (request.instance_state or "").casefold()
    if request.image.auto_clean_userdata:
        yield words("danger-clean")
    if state == InstanceState.RUNNING.casefold():
        yield words("danger-running")
    if state == MISSING:
        yield words("danger-missing")
    if request.image.disk_type is not DiskType.SYSTEM:
        yield words("danger-data-disk")
    if request.break_glass:
        yield words("danger-break-glass") if not request.signed_off_by else Markup()


def needs(standing: Tally, words: Words) -> Markup:
    """What the rule still asks for, as in "1 of 2 approvals; still needs 1 of @security"."""
    if standing.complete:
        return Markup()
    missing = join((_seat(free, words) for free in standing.missing), ", ")
    return words("needs", filled=standing.filled, needed=standing.needed, missing=missing)


def explained(failure: Failure, words: Words) -> Markup:
    """Why a request failed: our sentence for the code, then the cloud's own words and request id."""
    own = [key for key in (f"failure-{failure.code}", f"cloud-{failure.code}") if words.has(key)]
    meaning = words(own[0] if own else refusal(failure.code, 0).explanation)
    theirs = (
        words("failure-cloud", code=failure.code, message=failure.message) if failure.message else Markup()
    )
    trace = words("failure-request", id=failure.cloud_request_id) if failure.cloud_request_id else Markup()
    return join((meaning, theirs, trace))


def elapsed(request: Request, now: float, words: Words) -> Markup:
    """How long the request has been where it is, or took."""
    if request.ended_at is not None:
        return words("elapsed-ended", span=words.span(request.ended_at - request.created_at))
    if request.status is Status.PENDING:
        return words(
            "elapsed-pending", span=words.span(now - request.created_at), until=words.date(request.expires_at)
        )
    return words("elapsed-working", span=words.span(now - (request.approved_at or request.created_at)))


def ends(status: Status, event: Event) -> bool:
    """Whether the event brought a request to its end: those entries are told to the channel as well."""
    return status in ENDS and any(
        row.get(event) is status for before, row in TRANSITIONS.items() if before is not status
    )


def is_workstation(image: CreateImage) -> bool:
    """Whether it is an image of a workstation."""
    return image.instance_type is InstanceType.WUYING_SERVER


def _seat(free: Place, words: Words) -> Markup:
    if free.seat.is_open:
        return words("needs-anyone", count=free.missing)
    named = [*map(group, sorted(free.seat.usergroups)), *map(escape, sorted(free.seat.groups))]
    people = [mention(user) for user in sorted(free.seat.users)]
    return words("needs-of", count=free.missing, who=join((*named, *people), ", "))
