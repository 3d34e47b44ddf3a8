"""What a Web API error means for a message: one table for every code. Pure.

Codes: Slack, the reference pages of chat.postMessage, chat.update and conversations.*, "Errors".
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import ImageBotError, NotifierFrozen, NotifierLater, NotifierNowhere, NotifierRefused

UNREACHABLE = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a Web API call raises when it fails."""


class Meaning(StrEnum):
    """What a refusal means. Only UNKNOWN leaves open whether something was posted."""

    UNKNOWN = "unknown"  # it may have been posted: look before posting again
    PASSING = "passing"  # it passes on its own
    OPERATOR = "operator"  # the operator has to fix something
    NOWHERE = "nowhere"  # somebody has to add the bot to the channel, or unarchive it
    CLOSED = "closed"  # it can no longer be edited, but the message is there
    FINAL = "final"  # never, whatever anybody does


_CODES: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.UNKNOWN: (
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
    ),
    Meaning.PASSING: (
        "accesslimited",
        "ekm_access_denied",
        "external_channel_migrating",
        "message_limit_exceeded",
        "org_login_required",
        "rate_limited",
        "ratelimited",
        "team_added_to_org",
        "update_failed",
    ),
    Meaning.OPERATOR: (
        "access_denied",
        "account_inactive",
        "app_not_installed",
        "deprecated_endpoint",
        "enterprise_is_restricted",
        "invalid_auth",
        "messages_tab_disabled",
        "method_deprecated",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    ),
    Meaning.NOWHERE: (
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
    ),
    Meaning.CLOSED: ("edit_window_closed",),
    Meaning.FINAL: (
        "as_user_not_supported",
        "attachment_payload_limit_exceeded",
        "block_mismatch",
        "cannot_dm_bot",
        "cannot_reply_to_message",
        "cant_broadcast_message",
        "cant_update_message",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "is_inactive",
        "markdown_text_conflict",
        "message_not_found",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "thread_not_found",
        "too_many_attachments",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    ),
}

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {code: meaning for meaning, codes in _CODES.items() for code in codes}
)
"""What each code means for a post. A code that isn't here is retried slowly, and logged."""

NO_MORE_EDITS = frozenset({"cant_update_message", "channel_not_found", "is_inactive", "message_not_found"})
"""Refusals after which a message is never edited again; after any other the edit is retried."""

LONGEST_SECONDS = 60.0
SLOWEST_SECONDS = 300.0
"""For anything that somebody has to fix, and for unknown codes."""


def code_of(error: Exception) -> str:
    """Return Slack's code, the HTTP status of an answer without one, or the kind of failure."""
    response = error.response if isinstance(error, SlackApiError) else None
    if response is None:
        return type(error).__name__
    code = response.get("error") if isinstance(getattr(response, "data", None), dict) else None
    return str(code) if code else f"http_{status_of(error)}"


def status_of(error: Exception) -> int:
    """Return the HTTP status of Slack's answer, 0 for none."""
    response = error.response if isinstance(error, SlackApiError) else None
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def meaning_of(error: Exception) -> Meaning:
    """Return what an error means; without an answer from Slack, or with 5xx, the outcome is unknown."""
    status, code = status_of(error), code_of(error)
    if status == 429:
        return Meaning.PASSING
    if status != 200:
        return Meaning.UNKNOWN
    return MEANINGS.get(code, Meaning.PASSING)


def outcome(error: Exception, *, edits: bool, tries: int, in_doubt: bool = False) -> ImageBotError:
    """Return the error as the core knows it; without advice from Slack the wait grows with the number of
    tries.

    `in_doubt` says that an earlier attempt may have succeeded, whatever happened to this one.
    """
    code, meant = code_of(error), meaning_of(error)
    if edits and meant in (Meaning.NOWHERE, Meaning.FINAL):
        return NotifierRefused(code) if code in NO_MORE_EDITS else _later(error, meant, tries, in_doubt)
    match meant:
        case Meaning.NOWHERE:
            return NotifierNowhere(code, min(LONGEST_SECONDS, 2.0 ** min(tries, 10)))
        case Meaning.FINAL:
            return NotifierRefused(code)
        case Meaning.CLOSED:
            return NotifierFrozen(code)
    return _later(error, meant, tries, in_doubt)


def _later(error: Exception, meant: Meaning, tries: int, in_doubt: bool) -> NotifierLater:
    code = code_of(error)
    if status_of(error) == 429:
        return NotifierLater(retry_after(error), code, in_doubt=in_doubt)
    quick = meant is Meaning.UNKNOWN or (meant is Meaning.PASSING and code in MEANINGS)
    seconds = min(LONGEST_SECONDS if quick else SLOWEST_SECONDS, 2.0 ** min(tries, 10))
    needed = describe(error) if meant is Meaning.OPERATOR else ""
    return NotifierLater(seconds, code, in_doubt=in_doubt or meant is Meaning.UNKNOWN, operator=needed)


def describe(error: Exception) -> str:
    """Return Slack's code for the operator, with the missing scope: "missing scope channels:join"."""
    return f"{code_of(error).replace('_', ' ')} {needed_scope(error)}".strip()


def needed_scope(error: Exception) -> str:
    """Return the scope that is missing, "" if Slack names none."""
    data = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
    return str(data.get("needed") or "") if isinstance(data, dict) else ""


def retry_after(error: Exception) -> float:
    """Return how many seconds Slack asks us to wait, at least one."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    given = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return max(1.0, float(given)) if given.isdigit() else 1.0
