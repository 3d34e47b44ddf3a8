"""Faults by switch: what can go wrong in Slack and in the cloud, each by a name that says it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.playground.cloud import Kind
from bot.playground.cloud.envelopes import DOCUMENTED
from bot.playground.slack import Fault, FaultKind
from bot.playground.stage import Stage

CREATE = "CreateImageByInstance"
LIST = "ListImage"


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that goes wrong once it is thrown."""

    label: str
    throw: Callable[[Stage], Awaitable[None]]


Throw = Callable[[Stage], Awaitable[None]]


def cloud(kind: Kind, operation: str = CREATE, **settings: object) -> Throw:
    """Return what makes the next call of an operation fail."""
    return partial(_fail_cloud, kind, operation, settings)


def slack(kind: FaultKind, times: int = 1, seconds: float = 2.0) -> Throw:
    """Return what makes the next Web API calls fail."""
    return partial(_fail_slack, Fault(kind, times=times, seconds=seconds))


async def _fail_cloud(kind: Kind, operation: str, settings: Mapping[str, object], stage: Stage) -> None:
    stage.cloud.faults.add(kind, operation, **settings)


async def _fail_slack(fault: Fault, stage: Stage) -> None:
    stage.slack.faults.set(fault)


async def _lag(stage: Stage) -> None:
    stage.cloud.images.lag = 0.0 if stage.cloud.images.lag else 10.0


async def _drop_sockets(stage: Stage) -> None:
    await stage.slack.sockets.drop()


async def _refuse_ticket(stage: Stage) -> None:
    stage.slack.faults.refused_tickets += 1
    await stage.slack.sockets.drop()


async def _duplicate(stage: Stage) -> None:
    stage.slack.faults.duplicated_envelopes += 1


async def _refresh(stage: Stage) -> None:
    await stage.slack.sockets.disconnect("refresh_requested")


CLOUD: Mapping[str, Switch] = {
    "throttle": Switch("Throttle the next creation", cloud(Kind.THROTTLE, seconds=3.0)),
    "throttle-list": Switch("Throttle the next three looks", cloud(Kind.THROTTLE, LIST, times=3)),
    "timeout-before": Switch("Time out before the image exists", cloud(Kind.TIMEOUT_BEFORE)),
    "timeout-after": Switch("Time out after the image exists", cloud(Kind.TIMEOUT_AFTER)),
    "reset-before": Switch("Cut the line before the image exists", cloud(Kind.RESET_BEFORE)),
    "reset-after": Switch("Cut the line after the image exists", cloud(Kind.RESET_AFTER)),
    "server-error": Switch("Answer 503 to the next creation", cloud(Kind.SERVER_ERROR_BEFORE)),
    "html": Switch("Answer with a web page", cloud(Kind.HTML_BEFORE)),
    "creation-fails": Switch("Let the next image fail while it is made", cloud(Kind.CREATION_FAILS)),
    "lag": Switch("Let the listing lag ten seconds (again: no more)", _lag),
    **{
        f"code-{code}": Switch(f"Refuse the next creation: {code}", cloud(Kind.ERROR, code=code))
        for code in DOCUMENTED
    },
}
"""By name; those that begin with `code-` are the documented error codes."""

SLACK: Mapping[str, Switch] = {
    "rate-limited": Switch("429 for the next call", slack(FaultKind.RATE_LIMITED)),
    "rate-limited-5": Switch("429 for the next five calls", slack(FaultKind.RATE_LIMITED, times=5)),
    "server-error": Switch("503 for the next call", slack(FaultKind.SERVER_ERROR)),
    "dropped": Switch("Drop the next call", slack(FaultKind.DROPPED)),
    "lost": Switch("Lose the next response", slack(FaultKind.LOST_RESPONSE)),
    "slow": Switch("Answer the next call two seconds late", slack(FaultKind.SLOW)),
    "socket": Switch("Drop the bot's sockets", _drop_sockets),
    "refresh": Switch("Ask the bot to connect anew", _refresh),
    "ticket": Switch("Drop the sockets and refuse the next ticket", _refuse_ticket),
    "duplicate": Switch("Deliver the next envelope twice", _duplicate),
}
"""By name."""


def on(stage: Stage) -> list[str]:
    """Return in words what is switched on now."""
    faults = stage.slack.faults
    words = [f"cloud: {fault.kind} for {fault.times} × {fault.operation}" for fault in stage.cloud.faults]
    words += [f"Slack: {fault.kind} for {fault.times} × {fault.method}" for fault in faults.waiting]
    words += [f"cloud: the listing lags {stage.cloud.images.lag:g} s"] if stage.cloud.images.lag else []
    words += [f"Slack: refuses {faults.refused_tickets} tickets"] if faults.refused_tickets else []
    words += [f"Slack: {faults.duplicated_envelopes} envelopes twice"] if faults.duplicated_envelopes else []
    return words


def clear(stage: Stage) -> None:
    """Switch everything off."""
    stage.cloud.faults.clear()
    stage.cloud.images.lag = 0.0
    stage.slack.faults.clear()
