"""Who did what to which request: a log line and a count for everything that the audit log was given.

Lines hold IDs, names of events, codes and statuses: never what somebody wrote, and never a secret.
"""

import logging

import structlog

from bot.domain.lifecycle import ENDS, Event, Status
from bot.domain.request import Request
from bot.process.correlation import About, NoSpans, Spans
from bot.process.metrics import Metrics
from bot.process.refusals import Refusals
from bot.store.transaction import Recorded

log = structlog.get_logger(__name__)

DECISIONS = {
    Event.REVIEW: "approve",
    Event.REJECT: "reject",
    Event.BYPASS: "bypass",
    Event.SIGN_OFF: "sign_off",
}
FACTS = ("action", "channel", "code", "why", "behalf_of", "cloud_request_id", "image_id")
"""Details that are IDs or codes."""
REFUSED = "refused"


class Journal:
    """Called for everything that was written or called: logs, counts, traces, and remembers what keeps the
    bot from working.
    """

    def __init__(self, metrics: Metrics, refusals: Refusals, spans: Spans | None = None) -> None:
        self._metrics = metrics
        self._refusals = refusals
        self.spans = spans or NoSpans()

    def heard(self, recorded: Recorded) -> None:
        """Log, trace and count one line of the audit log, after its commit."""
        name = str(recorded.event)
        facts = {"by": recorded.actor, **_facts(recorded)}
        if recorded.request_id:
            since = recorded.request.created_at if recorded.request else None
            self.spans.happened(About(name, recorded.request_id, since), facts)
            log.info(f"request_{name}", request=recorded.request_id, **facts)
        else:
            log.info(name, **facts)
        if name in DECISIONS:
            self._metrics.decided(DECISIONS[Event(name)])
        elif name == REFUSED:
            self._metrics.refused(str(recorded.details.get("why") or "denied"))
        if recorded.request is not None and _ended(recorded):
            self._count_end(recorded.request)

    def called_slack(self, method: str, outcome: str, scope: str = "") -> None:
        """Count a call of Slack's Web API; what isn't ok is logged by who called.

        `scope` is the one that Slack misses.
        """
        self._metrics.called_slack(method, outcome)
        self._refusals.called_slack(method, outcome, scope)
        self.spans.called(method, {"outcome": outcome})

    def called_cloud(self, operation: str, code: str, cloud_request_id: str | None) -> None:
        """Count and log an attempt at a call of the cloud's; the line's context has the request."""
        self._metrics.called_cloud(operation, code)
        self._refusals.called_cloud(operation, code)
        self.spans.called(operation, {"code": code, "cloud_request_id": cloud_request_id})
        level = logging.DEBUG if code == "OK" else logging.WARNING
        log.log(level, "cloud_called", operation=operation, code=code, cloud_request_id=cloud_request_id)

    def _count_end(self, request: Request) -> None:
        self._metrics.ended(request.status)
        began, end = request.attempt.called_at, request.end
        if request.status is Status.AVAILABLE and began is not None and end is not None:
            self._metrics.made_image(max(0.0, end.at - began))


def _facts(recorded: Recorded) -> dict[str, object]:
    found: dict[str, object] = {
        name: recorded.details[name] for name in FACTS if recorded.details.get(name) is not None
    }
    status = recorded.details.get("status")
    if isinstance(status, dict):
        found |= {"was": status.get("from"), "status": status.get("to")}
    if recorded.request is not None:
        attempt = recorded.request.attempt
        found |= {"instance": recorded.request.image.instance_id}
        found |= {"image_id": attempt.image_id} if attempt.image_id else {}
        found |= {"cloud_request_id": attempt.cloud_request_id} if attempt.cloud_request_id else {}
    return found


def _ended(recorded: Recorded) -> bool:
    """Tell whether the request came to an end with this."""
    status = recorded.details.get("status")
    if not isinstance(status, dict) or recorded.request is None:
        return False
    return recorded.request.status in ENDS and status.get("from") != recorded.request.status.value
