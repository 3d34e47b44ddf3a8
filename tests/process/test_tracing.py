"""Traces by OpenTelemetry: one trace a request, whatever process did what, and nothing that people wrote."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.contextvars import bound_contextvars, get_contextvars

from bot.process.correlation import About, NoSpans, about_request, spans_for
from bot.process.journal import Journal
from bot.process.metrics import Metrics
from bot.process.refusals import Refusals
from bot.process.tracing import DAY, ExportedSpans
from bot.settings import BadSettings
from tests.house import BOB, House, lease, person
from tests.ports import Clock

SECRET = "the reason is nobody's business"  # noqa: S105 - what a person wrote


class Process:
    """One process of the bot: its spans, and what it has exported."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.exporter = InMemorySpanExporter()
        self.spans = ExportedSpans(SimpleSpanProcessor(self.exporter), clock or Clock())
        self.journal = Journal(Metrics(), Refusals(), self.spans)

    def exported(self) -> list[ReadableSpan]:
        """Every span that ended, in order."""
        return list(self.exporter.get_finished_spans())


def ids(span: ReadableSpan) -> tuple[int, int]:
    """The IDs of a span: its trace's and its own."""
    context = span.get_span_context()
    assert context is not None
    return context.trace_id, context.span_id


async def test_what_two_processes_do_to_a_request_is_one_trace_under_its_submission(cabin: House) -> None:
    """A listener handles the submission and the approval, a worker takes the step."""
    listener, worker = Process(cabin.clock), Process(cabin.clock)
    cabin.store.heard = listener.journal.heard
    with bound_contextvars(envelope="e-1"):
        request = await cabin.submit(reason=SECRET)
    await cabin.service.review(person(BOB), request.id, approves=True)

    async def step(_row: str, _lease: object) -> None:
        """Call the cloud and Slack."""
        worker.journal.called_cloud("ListImage", "OK", "RID")
        worker.journal.called_slack("chat.update", "ok")

    await about_request(step, lambda row: About("step approved", row, cabin.clock()), worker.spans)(
        request.id, lease()
    )

    submitted, reviewed = listener.exported()
    (stepped,) = worker.exported()
    assert [span.name for span in (submitted, reviewed, stepped)] == [
        "submitted",
        "reviewed",
        "step approved",
    ]
    assert len({ids(span)[0] for span in (submitted, reviewed, stepped)}) == 1
    assert submitted.parent is None
    assert {span.parent and span.parent.span_id for span in (reviewed, stepped)} == {ids(submitted)[1]}
    assert submitted.attributes == {
        "imagebot.request": request.id,
        "imagebot.by": request.requester,
        "imagebot.status": "pending",
        "imagebot.instance": request.image.instance_id,
        "imagebot.envelope": "e-1",
    }
    assert [(event.name, dict(event.attributes or {})) for event in stepped.events] == [
        ("ListImage", {"imagebot.code": "OK", "imagebot.cloud_request_id": "RID"}),
        ("chat.update", {"imagebot.outcome": "ok"}),
    ]
    assert SECRET not in repr([span.to_json() for span in listener.exported()])


async def test_what_a_step_writes_is_an_event_of_its_span(cabin: House) -> None:
    """And the log lines name the trace."""
    worker = Process()
    request = await cabin.approved()
    cabin.store.heard = worker.journal.heard

    async def cancels(_row: str, _lease: object) -> None:
        """Write something."""
        assert len(str(get_contextvars()["trace_id"])) == 32
        await cabin.service.cancel(person(request.requester), request.id)

    await about_request(cancels, lambda row: About("step", row), worker.spans)(request.id, lease())

    (span,) = worker.exported()
    assert [event.name for event in span.events] == ["cancelled"]


@pytest.mark.parametrize(
    ("age", "linked"), [(0.0, False), (DAY - 60, False), (DAY + 60, True), (9 * DAY, True)]
)
def test_what_is_done_on_another_day_links_to_where_the_request_began(age: float, linked: bool) -> None:
    """In the same trace."""
    clock = Clock()
    process, began_at = Process(clock), clock()
    process.spans.happened(About("submitted", "r-1", began_at), {})
    clock.now += age
    with process.spans.work(About("step pending", "r-1", began_at)):
        pass

    began, later = process.exported()
    assert ids(later)[0] == ids(began)[0]
    assert (later.parent is None) is linked
    assert [(link.context.trace_id, link.context.span_id) for link in later.links] == [ids(began)] * linked


def test_two_requests_are_two_traces() -> None:
    process = Process()
    for request_id in ("r-1", "r-2"):
        process.spans.happened(About("submitted", request_id), {})

    assert len({ids(span)[0] for span in process.exported()}) == 2


def test_an_error_is_named_by_its_kind_and_its_words_are_kept_out() -> None:
    process = Process()
    with suppress(ValueError), process.spans.work(About("step", "r-1")):
        raise ValueError(SECRET)

    (span,) = process.exported()
    assert span.status.description == "ValueError"
    assert SECRET not in span.to_json()


@pytest.mark.parametrize("share", ["0", "1"])
def test_a_sampler_decides_on_whole_requests(monkeypatch: pytest.MonkeyPatch, share: str) -> None:
    """By the trace's ID, so that every process decides alike."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", share)
    process = Process()
    process.spans.happened(About("submitted", "r-1"), {})
    with process.spans.work(About("step", "r-1")):
        process.spans.called("ListImage", {"code": "OK"})

    assert len(process.exported()) == 2 * int(share)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": " "},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"},
    ],
    ids=str,
)
def test_without_a_collector_nothing_is_traced(environment: dict[str, str]) -> None:
    assert isinstance(spans_for(environment), NoSpans)


@pytest.mark.parametrize(
    "environment",
    [
        {"OTEL_TRACES_EXPORTER": "carrier-pigeon"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_PROTOCOL": "smoke"},
    ],
    ids=str,
)
def test_an_exporter_that_is_not_there_ends_the_start_with_one_line(environment: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match=r"^OTEL_\*: no exporter"):
        spans_for(environment)


@pytest.fixture
async def collector() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Somebody who takes spans over OTLP, and what they were sent."""
    taken: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        """Keep what comes."""
        taken.append(await request.read())
        return web.Response()

    application = web.Application()
    application.add_routes([web.post("/v1/traces", take)])
    async with TestServer(application, host="127.0.0.1") as server:
        yield str(server.make_url("")), taken


async def test_a_collector_that_the_environment_names_has_the_spans_when_the_process_ends(
    monkeypatch: pytest.MonkeyPatch, collector: tuple[str, list[bytes]]
) -> None:
    """Without `OTEL_SERVICE_NAME` the service is called image-bot."""
    url, taken = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    spans = spans_for({"OTEL_EXPORTER_OTLP_ENDPOINT": url})
    await asyncio.to_thread(spans.happened, About("submitted", "r-1"), {"by": "U0ALICE"})
    await spans.aclose()

    assert b"imagebot.request" in taken[0]
    assert b"image-bot" in taken[0]
