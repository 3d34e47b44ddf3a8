"""Parts of a request that several views show: what is asked, what is dangerous, who is still needed."""

from collections.abc import Iterator

from bot.domain.approvals import QuorumSlot, Rule, SlotTally, Tally
from bot.domain.image import CreateImage, DiskType, InstanceType
from bot.domain.lifecycle import ENDS, TRANSITIONS, Event, Status
from bot.domain.request import NOBODY_IN_SLACK, OPERATOR, Failure, InstanceState, Request
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, channel, code, inline, join, mention
from handlers.people.names import NAMELESS, Names


def who(user_id: str, words: Localizer) -> Markup:
    """Return a person, the bot itself, or who runs it."""
    return unnamed(user_id, words) if user_id in NOBODY_IN_SLACK else mention(user_id)


def unnamed(actor: str, words: Localizer) -> Markup:
    """Return an actor that isn't in Slack."""
    return words("the-operator" if actor == OPERATOR else "the-bot")


def place(channel_id: str) -> Markup:
    """Return a channel."""
    return channel(channel_id)


def details(image: CreateImage, words: Localizer, machine: str = "") -> list[tuple[str, Markup]]:
    """Everything that was asked for, by the reference page's fields; what was left out is left out."""
    name = inline(machine) if machine != image.instance_id else Markup()
    kind = words(f"type-{image.instance_type.value}") if image.instance_type else Markup()
    disks = words(f"disks-{image.disk_type or DiskType.ALL}")
    tags = join((code(f"{tag.key}={tag.value}") for tag in image.tags), " ")
    return [
        (words("card-instance"), join((name, code(image.instance_id), kind), " ")),
        (words("card-image"), inline(image.image_name or "")),
        (words("card-sub-instance"), code(image.sub_instance_id or "")),
        (words("card-disks"), disks),
        (words("card-description"), inline(image.description or "")),
        (words("card-tags"), tags),
    ]


def dangers(request: Request, words: Localizer, others: int = 0) -> Iterator[Markup]:
    """Return what an approver must not overlook."""
    if request.image.auto_clean_userdata:
        yield words("danger-clean")
    if request.stop_first and request.power is None:
        yield words("danger-stop")
    elif request.instance_state is InstanceState.RUNNING:
        yield words("danger-running")
    if request.instance_state is InstanceState.MISSING:
        yield words("danger-missing")
    if request.instance_state is InstanceState.UNKNOWN:
        yield words("danger-unknown")
    if request.image.instance_type is InstanceType.WUYING_SERVER and not request.image.sub_instance_id:
        yield words("danger-session")
    if others:
        yield words("danger-others", count=others)
    if request.image.disk_type is not DiskType.SYSTEM:
        yield words("danger-data-disk")


def needs(request: Request, valid_reviews: Tally, words: Localizer, names: Names = NAMELESS) -> Markup:
    """Return what the rule still asks for, as in "1 of 2 approvals.

    Still needs 1 of @security"; pings nobody.
    """
    if valid_reviews.complete or request.break_glass:
        return Markup()
    missing = words.listed(_seat(free, words, names) for free in valid_reviews.missing)
    escalation = request.rule.escalate if request.escalated_at is not None else None
    others = _people(escalation.to, words, names) if escalation else Markup()
    return words(
        "needs", filled=valid_reviews.filled, needed=valid_reviews.needed, missing=missing, others=others
    )


def explained(failure: Failure, words: Localizer) -> Markup:
    """Why a request failed: our sentence for the code, then the cloud's own words and request id."""
    own = (failure.explanation, f"failure-{failure.code}", f"cloud-{failure.code}", "cloud-other")
    meaning = words(next(key for key in own if key and words.has(key)))
    theirs = (
        words("failure-cloud", code=failure.code, message=failure.message) if failure.message else Markup()
    )
    trace = words("failure-request", id=failure.cloud_request_id) if failure.cloud_request_id else Markup()
    return join((meaning, theirs, trace))


def elapsed(request: Request, now: float, words: Localizer) -> Markup:
    """How long the request has been where it is, or took."""
    if request.end is not None:
        return words("elapsed-ended", span=words.span(request.end.at - request.created_at))
    if request.status is Status.PENDING:
        return words("elapsed-pending", until=words.date(request.expires_at))
    return words("elapsed-working", span=words.span(now - (request.approved_at or request.created_at)))


def ends(status: Status, event: Event) -> bool:
    """Whether the event brought a request to its end: those entries are told to the channel as well."""
    return status in ENDS and any(
        row.get(event) is status for before, row in TRANSITIONS.items() if before is not status
    )


def seats(rule: Rule, words: Localizer, names: Names = NAMELESS) -> Markup:
    """Whose approval a rule asks for, as in "one of @operations, one of @security"; pings nobody."""
    return join((_seat(SlotTally(each, 0), words, names) for each in rule.quorum), ", ")


def _seat(free: SlotTally, words: Localizer, names: Names) -> Markup:
    if free.seat.is_open:
        return words("needs-anyone", count=free.missing)
    return words("needs-of", count=free.missing, who=_people(free.seat, words, names))


def _people(seat: QuorumSlot, words: Localizer, names: Names) -> Markup:
    groups = map(names.group, (*sorted(seat.usergroups), *sorted(seat.groups)))
    return words.listed((*groups, *map(names.person, sorted(seat.users))))
