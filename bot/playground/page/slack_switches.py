"""What can go wrong in Slack, each with a name that says it."""

from collections.abc import Mapping
from functools import partial

from bot.playground.page.switch import Switch, Throw
from bot.playground.slack import Fault, FaultKind
from bot.playground.stage import Stage


def slack(kind: FaultKind, times: int = 1, seconds: float = 2.0) -> Throw:
    """Return an action that makes the next Web API calls fail."""
    return partial(_fail_slack, Fault(kind, times=times, seconds=seconds))


async def _fail_slack(fault: Fault, stage: Stage) -> None:
    stage.slack.faults.set(fault)


async def _drop_sockets(stage: Stage) -> None:
    await stage.slack.sockets.drop()


async def _refuse_ticket(stage: Stage) -> None:
    stage.slack.faults.refused_tickets += 1
    await stage.slack.sockets.drop()


async def _duplicate(stage: Stage) -> None:
    stage.slack.faults.duplicated_envelopes += 1


async def _conflict(stage: Stage) -> None:
    stage.slack.faults.socket_conflicts = True
    await stage.slack.sockets.drop()


async def _too_many(stage: Stage) -> None:
    await stage.slack.sockets.disconnect("too_many_websockets")


async def _refresh(stage: Stage) -> None:
    await stage.slack.sockets.disconnect("refresh_requested")


SLACK: Mapping[str, Switch] = {
    "rate-limited": Switch(
        "429 for the next call",
        "The message comes two seconds later, once.",
        slack(FaultKind.RATE_LIMITED),
    ),
    "rate-limited-5": Switch(
        "429 for the next five calls",
        "Messages wait in line; none is lost or posted twice.",
        slack(FaultKind.RATE_LIMITED, times=5),
    ),
    "server-error": Switch(
        "503 for the next call",
        "The bot checks whether the message is there, then posts it once.",
        slack(FaultKind.SERVER_ERROR),
    ),
    "dropped": Switch(
        "Drop the next call",
        "The bot checks whether the message is there, then posts it once.",
        slack(FaultKind.DROPPED),
    ),
    "lost": Switch(
        "Lose the next response",
        "The message is already there; the bot finds it and doesn't post it again.",
        slack(FaultKind.LOST_RESPONSE),
    ),
    "slow": Switch(
        "Answer the next call two seconds late",
        "Everything else continues meanwhile.",
        slack(FaultKind.SLOW),
    ),
    "socket": Switch(
        "Drop the bot's sockets",
        "The bot is back within seconds; the Bot tab shows its sockets.",
        _drop_sockets,
    ),
    "refresh": Switch(
        "Ask the bot to reconnect",
        "New sockets open before the old ones close.",
        _refresh,
    ),
    "ticket": Switch(
        "Drop the sockets and refuse the next ticket",
        "The bot asks for another ticket and is back within seconds.",
        _refuse_ticket,
    ),
    "conflict": Switch(
        "Refuse sockets that are opened at the same time",
        "The bot opens its sockets one after another, and says so in its log.",
        _conflict,
    ),
    "too-many": Switch(
        "Say that there are too many sockets",
        "The bot comes back slowly instead of immediately, and logs the reason.",
        _too_many,
    ),
    "duplicate": Switch(
        "Deliver the next envelope twice",
        "A command or click that arrives twice is done once.",
        _duplicate,
    ),
}
"""By name."""
