"""Why something is denied, or would be: briefly with the denial, in full on request."""

from bot.allowlist.authorizer import Candidates
from bot.policy import Explanation, Part, Verdict
from bot.service.outcomes import Denied, Explained, Refused
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, join
from handlers.people.names import NAMELESS, Names
from handlers.views import confirmation as question
from handlers.views.answers import refused
from handlers.views.blocks import Post, actions, context, section
from handlers.views.explanation import SHOWN, grounds, nearest, verdict
from handlers.views.requests import named, place
from handlers.views.rights import deed

CHOICES = {
    ("appstreaming:disktype", "all"): "data-disk",
    ("appstreaming:autocleanuserdata", "true"): "clean",
    ("imagebot:stopfirst", "true"): "stop-first",
}
"""Values with their own sentence, `denied-<name>`: what isn't allowed, and what to choose instead."""


def refusal_view(outcome: Denied | Refused, words: Localizer) -> Post:
    """Return a refusal, by the allowlist or because it isn't possible."""
    return denied(outcome, words) if isinstance(outcome, Denied) else refused(outcome, words)


def denied(outcome: Denied, words: Localizer) -> Post:
    """Return what isn't allowed and what to do about it.

    The statements are behind a button, if they fit into one.
    """
    details = question.build(outcome, words)
    step = _next_step(outcome.explanation, words) or (words("denied-ask") if details else Markup())
    headline = words.sentences((_headline(outcome, words), step))
    if details:
        return Post(headline, (section(headline), *actions([details])))
    account = join((verdict(outcome.explanation, words), _account(outcome.explanation, words, SHOWN)))
    return Post(headline, (section(headline), *context(account)))


def _headline(outcome: Denied, words: Localizer) -> Markup:
    return words("answer-denied", what=deed(outcome.action, words))


def _next_step(explanation: Explanation, words: Localizer) -> Markup:
    """Return what to change, if the Deny is about a single value that tells it."""
    deciding = set(explanation.decision.deciding)
    spoke = [answer for answer in explanation.statements if answer.ref in deciding]
    if explanation.decision.verdict is not Verdict.EXPLICIT_DENY or len(spoke) != 1:
        return Markup()
    conditions = [clause for clause in spoke[0].held if clause.part is Part.CONDITION]
    if len(conditions) != 1 or conditions[0].negated or not conditions[0].actual:
        return Markup()
    key, value = conditions[0].key or "", conditions[0].actual[0]
    choice = CHOICES.get((key.casefold(), value.casefold()))
    if choice:
        return words(f"denied-{choice}")
    return words("denied-value", key=code(key), actual=code(value))


def explained(outcome: Explained, words: Localizer, names: Names = NAMELESS) -> Post:
    """Say whether and why it would be allowed; then who could approve, or what to change and whom to ask."""
    decision = outcome.explanation.decision
    answer = words("why-allowed" if decision.allowed else "why-denied", what=deed(outcome.action, words))
    account = _account(outcome.explanation, words, SHOWN)
    spoken = decision.verdict is Verdict.EXPLICIT_DENY and bool(account)  # it names the statement
    headline = answer if spoken else words.sentences((answer, verdict(outcome.explanation, words)))
    more = _rule(outcome, words, names) if decision.allowed else _advice(outcome, words, names)
    blocks = [section(part) for part in (headline, account, more) if part]
    return Post(join((headline, account, more)), tuple(blocks))


def _account(explanation: Explanation, words: Localizer, most: int) -> Markup:
    """Return why a Deny matched or, if none did, what each Allow lacked."""
    match explanation.decision.verdict:
        case Verdict.ALLOW:
            return Markup()
        case Verdict.EXPLICIT_DENY:
            return grounds(explanation, words)
        case Verdict.IMPLICIT_DENY:
            return nearest(explanation, words, most)


def _rule(outcome: Explained, words: Localizer, names: Names) -> Markup:
    if outcome.rule is None:
        return Markup()
    needed = sum(slot.count for slot in outcome.rule.quorum)
    rule = words("why-rule", rule=named(outcome.rule), count=needed)
    people = _people(outcome.approvers, words, names)
    return words.sentences((rule, words("why-approvers", people=people) if people else Markup()))


def _advice(outcome: Explained, words: Localizer, names: Names) -> Markup:
    """Return what to change, and whom to ask."""
    advice = outcome.advice
    is_deny = outcome.explanation.decision.verdict is Verdict.EXPLICIT_DENY
    people = _people(advice.people, words, names)
    policies = words.listed(map(code, advice.policies))
    return join(
        (
            words("advice-deny") if is_deny else Markup(),
            words("advice-policies", policies=policies) if policies else Markup(),
            words("advice-people", people=people) if people else Markup(),
            words("advice-ask", channel=place(advice.admin_channel or "")),
        )
    )


def _people(candidates: Candidates, words: Localizer, names: Names) -> Markup:
    """Name them, or say that every member can."""
    anyone = [words("anyone")] if candidates.anyone else []
    return words.listed((*map(names.person, candidates.user_ids), *anyone))
