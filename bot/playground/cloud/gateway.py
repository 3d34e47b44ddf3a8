"""One call from the wire to the answer: recorded, verified, dispatched, spoiled if a switch says so."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from bot.playground.cloud.changes import Changes
from bot.playground.cloud.envelopes import Answer, Refused, denied, refusal, request_id, unsuccessful
from bot.playground.cloud.faults import FAILS_LATER, Fault, Faults, Kind
from bot.playground.cloud.ledger import Call, Ledger
from bot.playground.cloud.operations import OPERATIONS
from bot.playground.cloud.parameters import Asked, World
from bot.playground.cloud.signatures import Verifier

_HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"


class Dropped(Exception):
    """There's no answer: the connection has to be cut."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it arrived; header names are in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body's parameters."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


class Gateway:
    """Answers calls, and records them in the ledger."""

    def __init__(
        self,
        world: World,
        verifier: Verifier,
        faults: Faults,
        ledger: Ledger,
        changes: Changes,
        now: Callable[[], datetime],
    ) -> None:
        self._world = world
        self._verifier = verifier
        self._faults = faults
        self._ledger = ledger
        self._changes = changes
        self._now = now

    async def answer(self, received: Received) -> Answer:
        """Return the answer to a call; raises `Dropped` when a switch cuts the connection instead."""
        call, begun = self._opened(received), time.monotonic()
        try:
            answer = await self._answer(received, call)
            call.status, call.response = answer.status, answer.body
            return answer
        finally:
            call.status = call.status or 0
            call.seconds = time.monotonic() - begun
            self._changes.happened()

    def _opened(self, received: Received) -> Call:
        headers = received.headers
        operation, version = headers.get("x-acs-action", ""), headers.get("x-acs-version", "")
        parameters = dict(received.query) | received.form
        call = self._ledger.open(self._now(), operation, version, parameters, request_id())
        call.in_query = tuple(sorted(name for name, _ in received.query))
        self._changes.happened()
        return call

    async def _answer(self, received: Received, call: Call) -> Answer:
        try:
            self._verify(received, call)
            fault = self._faults.take(call.operation)
            if fault is None:
                return self._operate(received, call, fails=False)
            call.fault = fault.kind.value
            return await self._spoiled(fault, received, call)
        except Refused as refused:
            return refusal(refused, call.request_id, received.headers.get("host", ""))

    def _verify(self, received: Received, call: Call) -> None:
        try:
            account = self._verifier.verify(
                received.method, received.path, received.query, received.headers, received.body
            )
        except Refused as refused:
            call.verdict = refused.code
            raise
        call.verdict, call.access_key_id = "ok", account.access_key_id
        if not account.may(call.operation):
            raise denied(call.version, call.operation, account.access_key_id)

    def _operate(self, received: Received, call: Call, *, fails: bool) -> Answer:
        operation = OPERATIONS.get((call.version, call.operation))
        if operation is None or (received.method, received.path) != ("POST", "/"):
            raise Refused("InvalidApi.NotFound")
        asked = Asked(
            dict(received.query), received.form, call.request_id, self._now(), fails, call.access_key_id
        )
        answer = operation(self._world, asked)
        made = answer.body.get("Data")
        call.made = made.get("ImageId", "") if isinstance(made, dict) else ""
        self._changes.happened()
        return answer

    async def _spoiled(self, fault: Fault, received: Received, call: Call) -> Answer:
        if fault.kind is Kind.SLOW:
            await self._faults.hold(fault.seconds)
        if fault.kind is Kind.SLOW or fault.kind in FAILS_LATER:
            return self._operate(received, call, fails=fault.kind in FAILS_LATER)
        if fault.kind.comes_after:
            self._operate(received, call, fails=False)
        if fault.kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER):
            await self._faults.hold(fault.seconds)
            raise Dropped
        if fault.kind in (Kind.RESET_BEFORE, Kind.RESET_AFTER):
            raise Dropped
        return _wrong(fault, call)


def _wrong(fault: Fault, call: Call) -> Answer:
    """Return the answers that are wrong in themselves."""
    match fault.kind:
        case Kind.THROTTLE:
            wait = {"x-acs-retry-after": str(int(fault.seconds * 1000))} if fault.seconds else {}
            refused = refusal(Refused("Throttling.User", status=fault.status), call.request_id, "")
            return Answer(refused.status, refused.body, wait)
        case Kind.STOP_REFUSED:
            raise Refused("IncorrectDesktopStatus", "A session is open.", status=fault.status)
        case Kind.START_REFUSED:
            raise Refused("IncorrectDesktopStatus", status=fault.status)
        case Kind.UNSUCCESSFUL:
            return unsuccessful(fault.code, call.request_id)
        case Kind.SERVER_ERROR_BEFORE | Kind.SERVER_ERROR_AFTER:
            raise Refused("ServiceUnavailable", status=fault.status)
        case Kind.HTML_BEFORE | Kind.HTML_AFTER:
            return Answer(fault.status or 502, {"html": _HTML}, {"content-type": "text/html"})
        case Kind.XML_ERROR:
            error = Refused(fault.code, status=fault.status)
            text = f"<Error><RequestId>{call.request_id}</RequestId><Code>{error.code}</Code>"
            text += f"<Message>{error.message}</Message></Error>"
            return Answer(error.status, {"xml": text}, {"content-type": "text/xml;charset=utf-8"})
        case _:
            raise Refused(fault.code, status=fault.status)
