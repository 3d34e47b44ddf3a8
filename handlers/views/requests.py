"""Parts of a request that several views show: who acted, who is still needed, why it ended."""

from bot.domain.approvals import DEFAULT_RULE, QuorumSlot, Rule, SlotTally, Tally
from bot.domain.lifecycle import ENDS, TRANSITIONS, Event, Status
from bot.domain.request import NOBODY_IN_SLACK, OPERATOR, Failure, Request
from bot.errors import NO_CREDENTIALS
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, channel, join, mention
from handlers.people.names import NAMELESS, Names


def who(user_id: str, words: Localizer) -> Markup:
    """Return a person, the bot itself, or its operator."""
    return unnamed(user_id, words) if user_id in NOBODY_IN_SLACK else mention(user_id)


def unnamed(actor: str, words: Localizer) -> Markup:
    """Return an actor who isn't in Slack."""
    return words("the-operator" if actor == OPERATOR else "the-bot")


def place(channel_id: str) -> Markup:
    """Return a channel."""
    return channel(channel_id)


def named(rule: Rule) -> str:
    """Return a rule's name; "" for the built-in one."""
    return "" if rule == DEFAULT_RULE else rule.name


NAMED = 4
"""How many people and groups are named; the rest are "others"."""


def needs(
    request: Request, valid_reviews: Tally, words: Localizer, names: Names = NAMELESS, *, bold: bool = False
) -> Markup:
    """Return what the rule still needs, as in "Waiting for 1 approval from @operations"; notifies nobody."""
    if valid_reviews.complete or request.break_glass:
        return Markup()
    missing = valid_reviews.missing
    escalation = request.rule.escalate if request.escalated_at is not None else None
    return words(
        "needs" if len(missing) == 1 else "needs-several",
        mark=Markup("*" if bold else ""),
        count=sum(free.missing for free in missing),
        who=_from(request, missing[0].slot, words, names),
        slots=words.listed(_place(request, free, words, names) for free in missing),
        filled=valid_reviews.filled,
        needed=valid_reviews.needed,
        others=_either(escalation.to, words, names) if escalation else "",
    )


def _place(request: Request, free: SlotTally, words: Localizer, names: Names) -> Markup:
    return words("needs-place", count=free.missing, who=_from(request, free.slot, words, names))


def _from(request: Request, slot: QuorumSlot, words: Localizer, names: Names) -> Markup:
    """Return whose approval counts; "" when that's unknown, or anybody's does."""
    if slot.is_open:
        slot = request.reviewers or slot
    return _either(slot, words, names)


def _either(slot: QuorumSlot, words: Localizer, names: Names) -> Markup:
    """Return groups and people, shortened if there are many, as in "@operations or @security"."""
    people = _called(slot, names)
    shown = people if len(people) <= NAMED else [*people[: NAMED - 1], words("needs-others")]
    return join(shown, words.plain("list-or"))


def explained(failure: Failure, words: Localizer) -> Markup:
    """Say why a request failed: our sentence for the code, then what Alibaba Cloud said."""
    return join((meaning(failure, words), trace(failure, words)))


def meaning(failure: Failure, words: Localizer) -> Markup:
    """Return our sentence for a failure's code."""
    own = (failure.explanation, f"failure-{failure.code}", f"cloud-{failure.code}", "cloud-other")
    return words(next(key for key in own if key and words.has(key)))


def trace(failure: Failure, words: Localizer) -> Markup:
    """Return Alibaba Cloud's own words and its request ID, for the person who looks into it.

    Without credentials it wasn't asked: what the credential chain says is in the log and the audit log.
    """
    said = Markup()
    if failure.message and failure.code != NO_CREDENTIALS:
        said = words("failure-cloud", code=failure.code, message=failure.message)
    found_by = failure.cloud_request_id
    return join((said, words("failure-request", id=found_by) if found_by else Markup()))


def end_reason(request: Request, words: Localizer) -> Markup | str:
    """Return why a request ended: a person's own words, or a sentence for the bot's code."""
    reason = request.end.reason if request.end else ""
    key = f"reason-{reason}"
    return words(key, requester=mention(request.requester)) if words.has(key) else reason


def ends(status: Status, event: Event) -> bool:
    """Whether the event ended a request: those entries are posted in the channel as well."""
    return status in ENDS and any(
        row.get(event) is status for before, row in TRANSITIONS.items() if before is not status
    )


def slots(rule: Rule, words: Localizer, names: Names = NAMELESS) -> Markup:
    """Return whose approval a rule needs, as in "one of @operations, one of @security"; notifies nobody."""
    return join((_slot(SlotTally(each, 0), words, names) for each in rule.quorum), ", ")


def _slot(free: SlotTally, words: Localizer, names: Names) -> Markup:
    if free.slot.is_open:
        return words("needs-anyone", count=free.missing)
    return words("needs-of", count=free.missing, who=_people(free.slot, words, names))


def _people(slot: QuorumSlot, words: Localizer, names: Names) -> Markup:
    return words.listed(_called(slot, names))


def _called(slot: QuorumSlot, names: Names) -> list[Markup]:
    groups = map(names.group, (*sorted(slot.usergroups), *sorted(slot.groups)))
    return [*groups, *map(names.person, sorted(slot.users))]
