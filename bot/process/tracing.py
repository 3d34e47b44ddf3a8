"""Traces of requests by OpenTelemetry. Only `correlation.spans_for` imports this: it takes the extra `otel`.

One request is one trace. Its ID, and the ID of the span in which the request was submitted, are hashes of the
request's ID: every process knows them without being told. What is done within a day is a child of that first
span; what is done later links to it.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import entry_points, version
from threading import Thread
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, StatusCode, TraceFlags
from structlog.contextvars import get_contextvars

from bot.domain.lifecycle import Event
from bot.process.correlation import About, Facts
from bot.settings import BadSettings

DAY = 86400.0
FLUSH_SECONDS = 1.0
"""How long a stop waits for the collector to take what is left."""
GROUP = "opentelemetry_traces_exporter"
"""Where packages of OpenTelemetry's list their exporters."""
PROTOCOLS = {"grpc": "otlp_proto_grpc", "http/protobuf": "otlp_proto_http", "": "otlp_proto_http"}
"""OTLP's exporters by OTEL_EXPORTER_OTLP_PROTOCOL (OpenTelemetry, "OTLP Exporter Configuration")."""


class RequestIds(RandomIdGenerator):
    """Random IDs, except for a span that starts a request's trace."""

    def __init__(self) -> None:
        self.trace_id: int | None = None
        self.span_id: int | None = None

    def generate_trace_id(self) -> int:
        """Return the request's, when it is one's turn."""
        return self.trace_id or super().generate_trace_id()

    def generate_span_id(self) -> int:
        """Return the first span's, when it is its turn."""
        return self.span_id or super().generate_span_id()


class ExportedSpans:
    """Spans of requests, handed to a processor."""

    def __init__(self, processor: SpanProcessor, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._ids = RequestIds()
        self._provider = TracerProvider(resource=_resource(), id_generator=self._ids, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("image-bot", version("image-bot"))

    @classmethod
    def to(cls, exporter: str, environment: Mapping[str, str]) -> Self:
        """Export with the exporter of this name, which reads the rest of OTEL_* itself.

        Raises `BadSettings` when there is none, or it can't use what it reads.
        """
        try:
            return cls(BatchSpanProcessor(_exporter(exporter, environment)))
        except (ValueError, TypeError) as error:
            raise BadSettings((f"OTEL_*: {error}",)) from None

    @contextmanager
    def work(self, about: About) -> Iterator[Facts]:
        """Trace what is done within; an error is named by its kind, for its words may be somebody's."""
        span = self._start(about)
        with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield {"trace_id": trace.format_trace_id(span.get_span_context().trace_id)}
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    def happened(self, about: About, facts: Facts) -> None:
        """Trace what was written: as an event of the work that did it, else as a span of its own."""
        open_now = trace.get_current_span()
        if open_now.is_recording():
            open_now.add_event(about.name, _attributes(facts))
            return
        span = self._start(about)
        span.set_attributes(_attributes({**facts, **get_contextvars()}))  # Slack's envelope
        span.end()

    def called(self, name: str, facts: Facts) -> None:
        """Trace a call as an event of the work that made it."""
        trace.get_current_span().add_event(name, _attributes(facts))

    async def aclose(self) -> None:
        """Send what is left, for a moment: a collector that is away holds up no stop."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, FLUSH_SECONDS)

    def _start(self, about: About) -> Span:
        """Begin a span where it belongs in the request's trace."""
        first = self._first(about)
        attributes = _attributes({"request": about.request_id})
        if about.name == Event.SUBMIT:
            return self._begin(about.name, attributes, first.trace_id, first.span_id)
        if about.since is not None and self._clock() - about.since >= DAY:
            return self._begin(about.name, attributes, first.trace_id, links=[Link(first)])
        parent = trace.set_span_in_context(NonRecordingSpan(first), Context())
        return self._tracer.start_span(about.name, parent, attributes=attributes)

    def _begin(
        self,
        name: str,
        attributes: Mapping[str, str],
        trace_id: int,
        span_id: int | None = None,
        links: list[Link] | None = None,
    ) -> Span:
        self._ids.trace_id, self._ids.span_id = trace_id, span_id
        try:
            return self._tracer.start_span(name, Context(), attributes=attributes, links=links)
        finally:
            self._ids.trace_id = self._ids.span_id = None

    def _first(self, about: About) -> SpanContext:
        """Return the span of the submission; whether it is sampled follows from the trace's ID everywhere."""
        digest = hashlib.sha256(about.request_id.encode()).digest()
        trace_id, span_id = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
        decided = self._provider.sampler.should_sample(None, trace_id, about.name).decision
        flags = TraceFlags(
            TraceFlags.SAMPLED if decided is Decision.RECORD_AND_SAMPLE else TraceFlags.DEFAULT
        )
        return SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)


def _exporter(name: str, environment: Mapping[str, str]) -> SpanExporter:
    """Make the exporter of a name, as OpenTelemetry's own packages name them."""
    if name == "otlp":
        named = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
        protocol = next(filter(None, (environment.get(each, "").strip() for each in named)), "")
        name = PROTOCOLS.get(protocol, protocol)
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise ValueError(f"no exporter {name} is installed")
    made: SpanExporter = next(iter(found)).load()()
    return made


def _resource() -> Resource:
    """Return what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, our name where they say none."""
    said = Resource.create({"service.version": version("image-bot")})
    named = not str(said.attributes.get("service.name", "")).startswith("unknown_service")
    return said if named else said.merge(Resource({"service.name": "image-bot"}))


def _attributes(facts: Facts) -> dict[str, str]:
    return {f"imagebot.{name}": str(value) for name, value in facts.items() if value is not None}
