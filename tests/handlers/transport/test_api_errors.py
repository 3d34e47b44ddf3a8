"""What each of Slack's codes comes to: a table, with a row for every code."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import ImageBotError, NotifierFrozen, NotifierLater, NotifierNowhere, NotifierRefused
from handlers.transport.api_errors import MEANINGS, NO_MORE_EDITS, Meaning, describe, outcome

LATER = {Meaning.UNKNOWN, Meaning.PASSING, Meaning.OPERATOR}
EXPECTED = {
    **dict.fromkeys(LATER, NotifierLater),
    Meaning.NOWHERE: NotifierNowhere,
    Meaning.CLOSED: NotifierFrozen,
    Meaning.FINAL: NotifierRefused,
}
DOCUMENTED = {
    "internal_error": Meaning.UNKNOWN,
    "fatal_error": Meaning.UNKNOWN,
    "request_timeout": Meaning.UNKNOWN,
    "service_unavailable": Meaning.UNKNOWN,
    "ratelimited": Meaning.PASSING,
    "rate_limited": Meaning.PASSING,
    "message_limit_exceeded": Meaning.PASSING,
    "team_added_to_org": Meaning.PASSING,
    "org_login_required": Meaning.PASSING,
    "ekm_access_denied": Meaning.PASSING,
    "external_channel_migrating": Meaning.PASSING,
    "update_failed": Meaning.PASSING,
    "missing_scope": Meaning.OPERATOR,
    "two_factor_setup_required": Meaning.OPERATOR,
    "no_permission": Meaning.OPERATOR,
    "not_authed": Meaning.OPERATOR,
    "token_revoked": Meaning.OPERATOR,
    "token_expired": Meaning.OPERATOR,
    "account_inactive": Meaning.OPERATOR,
    "messages_tab_disabled": Meaning.OPERATOR,
    "channel_not_found": Meaning.NOWHERE,
    "is_archived": Meaning.NOWHERE,
    "not_in_channel": Meaning.NOWHERE,
    "restricted_action": Meaning.NOWHERE,
    "edit_window_closed": Meaning.CLOSED,
    "message_not_found": Meaning.FINAL,
    "cant_update_message": Meaning.FINAL,
    "is_inactive": Meaning.FINAL,
    "invalid_blocks": Meaning.FINAL,
    "msg_too_long": Meaning.FINAL,
    "user_disabled": Meaning.FINAL,
}
"""What the facts say of them."""


def refused(code: str, status: int = 200, **more: object) -> SlackApiError:
    """The error that slack_sdk raises for an answer with this code."""
    headers = {"Retry-After": "7"} if status == 429 else {}
    data = {"ok": False, "error": code, **more}
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # slack_sdk says no types


@pytest.mark.parametrize(("code", "meaning"), sorted(DOCUMENTED.items()))
def test_codes_mean_what_the_facts_say(code: str, meaning: Meaning) -> None:
    assert MEANINGS[code] is meaning


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_a_refused_post_comes_to_what_its_code_means(code: str) -> None:
    """Only four codes leave open whether something was posted."""
    meant = outcome(refused(code), edits=False, tries=0)

    assert type(meant) is EXPECTED[MEANINGS[code]]
    if isinstance(meant, NotifierLater):
        assert meant.in_doubt is (MEANINGS[code] is Meaning.UNKNOWN)
        assert bool(meant.operator) is (MEANINGS[code] is Meaning.OPERATOR)


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_an_edit_is_given_up_on_four_codes_alone(code: str) -> None:
    """A card never freezes for good."""
    meant = outcome(refused(code), edits=True, tries=0)

    if code in NO_MORE_EDITS:
        assert isinstance(meant, NotifierRefused)
    elif code == "edit_window_closed":
        assert isinstance(meant, NotifierFrozen)
    else:
        assert isinstance(meant, NotifierLater)


@pytest.mark.parametrize("edits", [False, True])
def test_a_code_that_nobody_knows_is_tried_on_slowly(edits: bool) -> None:
    waits = [outcome(refused("unheard_of"), edits=edits, tries=tries) for tries in (0, 3, 20)]

    assert [each.seconds for each in waits if isinstance(each, NotifierLater)] == [1.0, 8.0, 300.0]


@pytest.mark.parametrize(
    ("error", "seconds", "in_doubt"),
    [
        pytest.param(refused("ratelimited", 429), 7.0, False, id="as long as Slack asks"),
        pytest.param(refused("", 503), 1.0, True, id="a page instead of an answer"),
        pytest.param(refused("fatal_error"), 1.0, True, id="Slack is not well"),
        pytest.param(aiohttp.ServerDisconnectedError(), 1.0, True, id="a lost connection"),
        pytest.param(TimeoutError(), 1.0, True, id="no answer in time"),
        pytest.param(ConnectionResetError(), 1.0, True, id="a reset"),
    ],
)
def test_what_passes_is_waited_for_and_is_in_doubt_when_nobody_knows_what_was_done(
    error: Exception, seconds: float, in_doubt: bool
) -> None:
    meant = outcome(error, edits=False, tries=0)

    assert isinstance(meant, NotifierLater)
    assert (meant.seconds, meant.in_doubt) == (seconds, in_doubt)


def test_the_wait_grows_with_the_number_of_tries_to_a_minute() -> None:
    waits: list[ImageBotError] = [outcome(refused("", 503), edits=False, tries=n) for n in (1, 3, 5, 20)]

    assert [each.seconds for each in waits if isinstance(each, NotifierLater)] == [2.0, 8.0, 32.0, 60.0]


def test_doubt_about_an_earlier_attempt_outlasts_a_refusal_of_the_look() -> None:
    meant = outcome(refused("ratelimited", 429), edits=False, tries=1, in_doubt=True)

    assert isinstance(meant, NotifierLater)
    assert meant.in_doubt is True


def test_the_operator_is_told_which_scope_is_missing() -> None:
    assert describe(refused("missing_scope", needed="channels:join")) == "missing scope channels:join"
    assert describe(refused("token_revoked")) == "token revoked"
