"""The part of the examination that costs nothing: what the start knows anyway, in the same sentences."""

from collections.abc import Callable, Iterator

from bot.errors import NOT_ALLOWED
from bot.process.doctor.database import audit_key_findings
from bot.process.doctor.finding import Finding, Severity
from bot.process.doctor.host import clock_findings
from bot.process.doctor.slack_app import scope_findings, token_findings
from bot.settings import Settings
from handlers.transport.token_check import TokenCheck


def start_findings(settings: Settings, checked: TokenCheck, clock: Callable[[], float]) -> Iterator[Finding]:
    """Yield what would fail in use, or is worth knowing, from the tokens' check and the settings."""
    told = checked.bot.time
    ahead = {} if told is None else {"Slack": told.timestamp() - clock()}
    found = (*scope_findings(checked), *audit_key_findings(settings), *clock_findings(ahead))
    yield from (each for each in found if each.severity is not Severity.OK)


def refused_tokens(checked: TokenCheck) -> tuple[str, ...]:
    """Return a line for each token that Slack won't take; one that couldn't be asked about isn't refused."""
    if not any(answer and answer.code in NOT_ALLOWED for answer in (checked.bot, checked.app)):
        return ()
    found = token_findings(checked)
    return tuple(f"{each.sentence}; {each.todo}" for each in found if each.severity is Severity.FINDING)
