"""All switches of the Faults tab, and which of them are on."""

from bot.playground.page.cloud_switches import CLOUD
from bot.playground.page.slack_switches import SLACK
from bot.playground.slack import Fault, FaultKind
from bot.playground.stage import Stage

__all__ = ["CLOUD", "SLACK", "clear", "on"]


def on(stage: Stage) -> list[str]:
    """Return in words what's switched on."""
    faults = stage.slack.faults
    words = [f"cloud: {fault.kind} for {fault.times} × {fault.operation}" for fault in stage.cloud.faults]
    words += [f"Slack: {_told(fault)}" for fault in faults.waiting]
    words += [f"cloud: {unusual}" for unusual in stage.cloud.unusual()]
    words += [f"Slack: refuses {faults.refused_tickets} tickets"] if faults.refused_tickets else []
    words += ["Slack: refuses sockets that are opened together"] if faults.socket_conflicts else []
    words += [f"Slack: {faults.duplicated_envelopes} envelopes twice"] if faults.duplicated_envelopes else []
    return words


def _told(fault: Fault) -> str:
    what = fault.error if fault.kind is FaultKind.REFUSED else fault.kind
    return f"{what} for {'every' if fault.times is None else f'{fault.times} ×'} {fault.method}"


def clear(stage: Stage) -> None:
    """Switch everything off."""
    stage.cloud.as_usual()
    stage.slack.faults.clear()
