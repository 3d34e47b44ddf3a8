"""Private answers that only one person sees."""

from collections.abc import Iterable, Sequence

from bot.domain.field_errors import FieldError
from bot.domain.image import is_usual_name
from bot.domain.lifecycle import Status
from bot.domain.request import Request
from bot.service.outcomes import Approvers, Done, Refused, Reviewed, RightsHeld, Submitted
from handlers.draft import Mistake
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, join, linked, mention, unmarked
from handlers.people.names import NAMELESS, Names
from handlers.views import command_buttons, delegation
from handlers.views.blocks import Post, actions, button, context, section
from handlers.views.card import card
from handlers.views.requests import needs, place
from handlers.views.rights import deed
from handlers.views.undeliverable import undeliverable

OPEN_FORM = "form_open"


def submitted(
    outcome: Submitted, words: Localizer, names: Names = NAMELESS, *, unchecked: bool = False
) -> Post:
    """Say that the request was sent: its ID, and what happens next.

    `unchecked`: nobody could tell whether images can be copied to its regions.
    """
    request = outcome.request
    waits = request.status is Status.PENDING
    filed = words(
        "answer-started" if request.break_glass else "answer-submitted",
        id=code(request.id),
        instance=code(request.image.instance_id),
        channel=place(request.channel),
        needs=needs(request, request.tally, words, names) if waits else "",
        again="yes" if outcome.again else "no",
        start=words.date(request.start_at) if request.start_at else "",
    )
    machine = (
        words("answer-machine", name=request.machine, instance=code(request.image.instance_id))
        if request.machine
        else Markup()
    )
    name = request.image.image_name or ""
    usual = not name or is_usual_name(name)
    refused = undeliverable(request.channel, outcome.refused, words) if outcome.refused else Markup()
    unusual = Markup() if usual else words("answer-name-unusual", name=name)
    regions = words("answer-regions-unchecked") if unchecked else Markup()
    return said(join((filed, machine, refused, unusual, regions)))


def reviewed(outcome: Reviewed, approves: bool, words: Localizer, names: Names = NAMELESS) -> Post:
    """Say that the click counted, and for whom; then what is still needed."""
    key = "answer-approved" if approves else "answer-rejected"
    request = outcome.request
    holder = request.reviews[-1].behalf_of if request.reviews else None
    return said(
        words(
            key,
            id=code(request.id),
            needs=needs(request, outcome.tally, words, names),
            holder=names.person(holder) if holder else "",
        )
    )


def cancelled(request: Request, words: Localizer) -> Post:
    """Say that the request won't be carried out."""
    return said(words("answer-cancelled", id=code(request.id)))


def retried(request: Request, words: Localizer) -> Post:
    """Say that the request is being retried."""
    return said(words("answer-retried", id=code(request.id)))


def signed_off(request: Request, words: Localizer) -> Post:
    """Say that the after-review is done."""
    return said(words("answer-signed-off", id=code(request.id)))


def already_open(outcome: Refused, typed: str, words: Localizer) -> Post:
    """Say that the person has a request for this instance: they can look at it, or request another anyway."""
    sentence, request_id = refusal(outcome, words), outcome.request.id if outcome.request else ""
    show = command_buttons.run(words.plain("button-show", id=request_id), f"show {request_id}")
    anyway = command_buttons.run(words.plain("button-anyway"), f"{typed} --anyway", 1)
    fits = command_buttons.fits(f"{typed} --anyway")
    return Post(sentence, (section(sentence), *actions([show, anyway] if fits else [show])))


def refused(outcome: Refused, words: Localizer) -> Post:
    """Say why it isn't possible, whatever the allowlist allows."""
    return said(refusal(outcome, words))


def refusal(outcome: Refused, words: Localizer) -> Markup:
    """Return the sentence alone."""
    request = outcome.request
    return words(
        f"refused-{outcome.why}",
        id=code(request.id if request else outcome.details.get("request", "")),
        status=words(f"status-text-{request.status}") if request else "",
        channel=place(outcome.details.get("channel", "")),
    )


def shown(
    outcome: Done, now: float, link: str, words: Localizer, names: Names = NAMELESS, *, before: str = ""
) -> Post:
    """Show a request as its card does, as it is right now, with the buttons that this person can press.

    `before` links to the card of the request that made this machine's last image.
    """
    request, may, others = outcome.request, outcome.may, outcome.others
    post = card(request, now, words, names, outcome.place, others=others, before=before, may=may)
    to_card = context(words("show-card", link=linked(link, words.plain("show-card-link")))) if link else []
    refused = outcome.refused if outcome.card is None else ""
    unposted = [section(undeliverable(outcome.request.channel, refused, words))] if refused else []
    return Post(post.text, (*to_card, *unposted, *post.blocks))


def on_the_card(shown: Post, words: Localizer) -> Post:
    """Say that the card's buttons approve and reject, and show them."""
    sentence = words("answer-on-the-card")
    return Post(join((sentence, shown.text)), (section(sentence), *shown.blocks))


def whoami(outcome: RightsHeld, words: Localizer, names: Names = NAMELESS) -> Post:
    """Show what the allowlist says about a person: groups, policies, rights and delegations."""
    nothing = words("whoami-none")
    may = [
        words("whoami-may" if allowed else "whoami-may-not", what=deed(action, words))
        for action, allowed in outcome.actions.items()
    ]
    text = words(
        "whoami",
        user=mention(outcome.user_id),
        groups=words.listed(map(names.group, outcome.usergroups)) or nothing,
        policies=words.listed(map(code, outcome.policies)) or nothing,
        actions=join(may),
    )
    return said(join((text, *delegation.lines(outcome.delegations, words, names))))


def approvers(outcome: Approvers, words: Localizer, names: Names = NAMELESS) -> Post:
    """Name who can still approve, without notifying anybody."""
    instead = {each.delegator: each.delegate for each in outcome.stand_ins}
    people = (
        words("approver-delegated", who=names.person(user), to=names.person(instead[user]))
        if user in instead
        else names.person(user)
        for user in outcome.candidates.user_ids
    )
    anyone = [words("anyone")] if outcome.candidates.anyone else []
    return said(
        words(
            "approvers",
            id=code(outcome.request.id),
            needs=needs(outcome.request, outcome.tally, words, names),
            people=words.listed((*people, *anyone)),
            count=len(outcome.candidates.user_ids) + len(anyone),
        )
    )


def mistaken(
    mistakes: Sequence[Mistake], problems: Sequence[FieldError], typed: str | None, words: Localizer
) -> Post:
    """Turn each mistake into a sentence; `typed` is what a button fills the form with, None for no button."""
    lines = [
        *(mistake(each, words) for each in mistakes),
        *(Markup(problem(each, words)) for each in problems),
    ]
    open_form = [button(OPEN_FORM, words.plain("button-form"), typed or " ")] if typed is not None else []
    return Post(join(lines), (*_sections(lines), *actions(open_form)))


def mistake(each: Mistake, words: Localizer) -> Markup:
    """Return what we can't read, and what was probably meant."""
    meant = words("did-you-mean", meant=code(each.meant)) if each.meant else Markup()
    allowed = join((code(choice) for choice in each.allowed.split(", ") if choice), " ")
    return words(f"mistake-{each.code}", given=code(each.given), did_you_mean=meant, allowed=allowed)


def problem(each: FieldError, words: Localizer) -> Markup:
    """Return what is wrong with a field: its name, what was given, what is allowed."""
    return words(f"problem-{each.code}", given=each.given, allowed=each.allowed)


def problem_text(each: FieldError, words: Localizer) -> str:
    """Return the same as plain text, for the error under a form's field."""
    return unmarked(Markup(words.plain(f"problem-{each.code}", given=each.given, allowed=each.allowed)))


def said(text: Markup) -> Post:
    """Return a sentence."""
    return Post(text, (section(text),))


def _sections(lines: Iterable[Markup]) -> list[dict[str, object]]:
    """Put lines into as few sections as possible: a section holds 3,000 characters, a line is far shorter."""
    kept, rows = list(lines), 8
    return [section(join(kept[start : start + rows])) for start in range(0, len(kept), rows)]
