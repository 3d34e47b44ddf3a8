"""Why somebody was refused, in words for an admin; the code stays, as exports and metrics have it."""

from collections.abc import Mapping

from bot.policy import Verdict
from bot.service.outcomes import RefusalReason

WORDS: Mapping[str, str] = {
    Verdict.IMPLICIT_DENY: "nothing in the allowlist allows it",
    Verdict.EXPLICIT_DENY: "the allowlist denies it",
    RefusalReason.NOT_FOUND: "there's no such request, or they may not see it",
    RefusalReason.OWN_REQUEST: "it's their own request",
    RefusalReason.ALREADY_REVIEWED: "they had decided already",
    RefusalReason.NOT_NEEDED: "the rule asks for other people",
    RefusalReason.TOO_LATE: "it was too late",
    RefusalReason.TOO_EARLY: "it wasn't over yet",
    RefusalReason.REASON_NEEDED: "they gave no reason, and the rule asks for one",
    RefusalReason.NOT_YOURS: "it's somebody else's request",
    RefusalReason.OUTSIDER: "they're a guest, deactivated or from another workspace",
    RefusalReason.NOT_SET_UP: "the bot lacks the scopes to tell who they are",
    RefusalReason.UNDECIDED: "Slack didn't say who they are",
    RefusalReason.NO_CHANNEL: "there's no channel for the card",
    RefusalReason.NOT_OPEN: "there was nothing left to review",
    RefusalReason.NOT_DELEGATED: "they had delegated nothing",
    RefusalReason.BAD_START: "the start was in the past or too far ahead",
    RefusalReason.BAD_END: "the end was in the past or too far ahead",
    RefusalReason.ALREADY_OPEN: "they already had an open request for the machine",
    RefusalReason.TOO_MANY: "they had too many open requests",
    RefusalReason.TOO_FAST: "they had sent too many requests within a minute",
    RefusalReason.YOURSELF: "they delegated to themselves",
    RefusalReason.NOTHING_TO_DELEGATE: "they can't approve anything",
    RefusalReason.TOO_OFTEN: "they had delegated too often that day",
    RefusalReason.REPEATED: "it had been done already",
    RefusalReason.NOT_IN_CHANNEL: "they aren't in the channel",
}


def in_words(code: str) -> str:
    """Return what a code means, with the code; a code without words stands alone."""
    return f"{WORDS[code]} ({code})" if code in WORDS else code
