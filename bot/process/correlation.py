"""What is done to a request can be followed: by its ID in every log line, and in traces if wanted."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from bot.store.leases import Lease

log = structlog.get_logger(__name__)

Claimed = TypeVar("Claimed")
Step = Callable[[Claimed, Lease], Awaitable[None]]
Facts = Mapping[str, object]
"""IDs, codes and statuses by name: never what somebody wrote, and never a secret."""


@dataclass(frozen=True)
class About:
    """What is done, and to which request.

    `since` is when the request was made, or what is told happened: epoch seconds, None for unknown.
    """

    name: str
    request_id: str
    since: float | None = None


class Spans(Protocol):
    """Where work on requests is traced."""

    def work(self, about: About) -> AbstractContextManager[Facts]:
        """Trace what is done within; yields what log lines name the trace by."""

    def happened(self, about: About, facts: Facts) -> None:
        """Trace what was written: in the span that is open, else in one of its own."""

    def called(self, name: str, facts: Facts) -> None:
        """Trace a call to Slack or to the cloud, if it belongs to work that is traced."""

    async def aclose(self) -> None:
        """Send what is left."""


class NoSpans:
    """Nothing is traced."""

    def work(self, about: About) -> AbstractContextManager[Facts]:  # noqa: ARG002 - the protocol's
        """Do nothing."""
        return nullcontext({})

    def happened(self, about: About, facts: Facts) -> None:
        """Do nothing."""

    def called(self, name: str, facts: Facts) -> None:
        """Do nothing."""

    async def aclose(self) -> None:
        """Do nothing."""


def spans_for(environment: Mapping[str, str]) -> Spans:
    """Return traces as OpenTelemetry's own variables ask for them; without any of these nothing is imported.

    Raises `BadSettings` for a value of theirs that can't be used.
    """
    endpoints = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    default = "otlp" if any(environment.get(name, "").strip() for name in endpoints) else "none"
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip() or default
    if exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return NoSpans()
    try:
        from bot.process.tracing import ExportedSpans  # what it imports comes with the extra `otel`
    except ImportError:
        log.warning("not_traced", todo="pip install 'image-bot[otel]', or unset OTEL_*")
        return NoSpans()
    return ExportedSpans.to(exporter, environment)


def about_request(
    work: Step[Claimed], about: Callable[[Claimed], About | None], spans: Spans
) -> Step[Claimed]:
    """Return the work with the request's ID in each of its log lines, the cloud client's too, and traced.

    `about` returns None for what belongs to no request.
    """

    async def within(claimed: Claimed, lease: Lease) -> None:
        """Work on one claimed row."""
        subject = about(claimed)
        if subject is None:
            await work(claimed, lease)
            return
        with spans.work(subject) as trace, bound_contextvars(request=subject.request_id, **trace):
            await work(claimed, lease)

    return within
