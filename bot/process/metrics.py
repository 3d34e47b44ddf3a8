"""What the process counts, in Prometheus' format at `GET /metrics`. Names are public: reference/metrics.md.

Counters are fed where a thing happens: one client calls the cloud, one calls Slack, one place acknowledges.
What is in the database (requests by status, messages that wait) is counted when somebody asks.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from importlib.metadata import version

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, exposition

from bot.domain.lifecycle import ENDS, Status
from bot.domain.message import Kind
from bot.errors import StoreUnavailable
from bot.store.counts import Counts

ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; Slack waits for three."""
IMAGE_BUCKETS = (60, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 14400, 21600)
"""Seconds; IMAGE_TIMEOUT is six hours unless it is set."""


class Metrics:
    """Every metric of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        gauge, counter = partial(Gauge, registry=registry), partial(Counter, registry=registry)
        histogram = partial(Histogram, registry=registry)
        self._requests = gauge("imagebot_requests", "Requests by status.", ["status"])
        self._oldest = gauge("imagebot_oldest_pending_seconds", "How long the oldest request has waited.")
        self._outbox = gauge("imagebot_outbox_waiting", "Messages that wait to be posted.")
        self._ready = gauge("imagebot_ready", "Whether the process can do its work: 1 or 0.")
        self._offset = gauge("imagebot_clock_offset_seconds", "How far the database's clock is ahead.")
        self._cloud_calls = counter("imagebot_cloud_calls", "Calls to Alibaba Cloud.", ["operation", "code"])
        self._slack_calls = counter(
            "imagebot_slack_calls", "Calls to Slack's Web API.", ["method", "outcome"]
        )
        self._messages = counter("imagebot_messages", "Messages on their way to Slack.", ["outcome", "kind"])
        self._takeovers = counter("imagebot_lease_takeovers", "Work taken over from a process that died.")
        self._reloads = counter("imagebot_allowlist_reloads", "Edits of the allowlist.", ["outcome"])
        self._decisions = counter("imagebot_decisions", "What approvers decided, by decision.", ["decision"])
        self._refusals = counter("imagebot_refusals", "What people were refused, by reason.", ["why"])
        self._ended = counter("imagebot_requests_ended", "Requests that ended, by status.", ["status"])
        acks = "Seconds from a delivery of Slack's to its acknowledgement, by kind of delivery."
        self._acks = histogram("imagebot_ack_seconds", acks, ["kind"], buckets=ACK_BUCKETS)
        images = "Seconds from the call that asks for an image until it was available."
        self._images = histogram("imagebot_image_seconds", images, buckets=IMAGE_BUCKETS)
        self._begin_at_zero()
        gauge("imagebot_info", "The program's version.", ["version"]).labels(version("image-bot")).set(1)

    def _begin_at_zero(self) -> None:
        """Show what alerts wait for before it first happens: a series that begins at one has no increase."""
        for outcome in ("taken", "broken"):
            self._reloads.labels(outcome)
        for decision in ("approve", "reject", "bypass", "sign_off"):
            self._decisions.labels(decision)
        for status in ENDS:
            self._ended.labels(status.value)

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Count an acknowledgement: `slash_commands`, `interactive` or `events_api`."""
        self._acks.labels(kind).observe(seconds)

    def called_cloud(self, operation: str, code: str) -> None:
        """Count a call to the cloud; `code` is OK, the cloud's code, or the client's for no answer."""
        self._cloud_calls.labels(operation, code).inc()

    def called_slack(self, method: str, outcome: str) -> None:
        """Count a call to Slack; `outcome` is ok, Slack's error code, or the kind of breakage."""
        self._slack_calls.labels(method, outcome).inc()

    def delivered(self, outcome: str, kind: Kind) -> None:
        """Count what became of a message: posted, delayed, nowhere, frozen or given_up."""
        self._messages.labels(outcome, kind.value).inc()

    def took_over(self) -> None:
        """Count work that another process left behind."""
        self._takeovers.inc()

    def reloaded(self, outcome: str) -> None:
        """Count an edit of the allowlist: `taken` or `broken`."""
        self._reloads.labels(outcome).inc()

    def decided(self, decision: str) -> None:
        """Count a decision: `approve`, `reject`, `bypass` or `sign_off`."""
        self._decisions.labels(decision).inc()

    def refused(self, why: str) -> None:
        """Count a refusal: `denied` by the allowlist, or the reason's code."""
        self._refusals.labels(why).inc()

    def ended(self, status: Status) -> None:
        """Count a request that came to its end."""
        self._ended.labels(status.value).inc()

    def made_image(self, seconds: float) -> None:
        """Record how many seconds an image took."""
        self._images.observe(seconds)

    def is_ready(self, ready: bool, offset: float) -> None:
        """Set whether the process can work, and the clocks' difference in seconds."""
        self._ready.set(ready)
        self._offset.set(offset)

    def show(self, counts: Counts) -> None:
        """Set the values that come from the database."""
        for status in Status:
            self._requests.labels(status.value).set(counts.requests.get(status, 0))
        self._oldest.set(counts.oldest_pending_seconds)
        self._outbox.set(counts.outbox_waiting)


def add_metrics(app: web.Application, metrics: Metrics, count: Callable[[], Awaitable[Counts]]) -> None:
    """Serve `/metrics`; while the database is away, what stands in it is shown as it was."""

    async def show(request: web.Request) -> web.Response:
        """Answer in the format that the scraper asks for."""
        with suppress(StoreUnavailable):  # readyz says so
            metrics.show(await count())
        encode, content_type = exposition.choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(metrics.registry), headers={"Content-Type": content_type})

    app.router.add_get("/metrics", show)
