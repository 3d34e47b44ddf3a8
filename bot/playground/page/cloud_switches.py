"""What can go wrong in Alibaba Cloud, each by a name that says it."""

from collections.abc import Mapping
from functools import partial

from bot.playground.cloud import Kind
from bot.playground.cloud.envelopes import DOCUMENTED
from bot.playground.page.switch import Switch, Throw
from bot.playground.stage import Stage

CREATE = "CreateImageByInstance"
LIST = "ListImage"


def cloud(kind: Kind, operation: str = CREATE, **settings: object) -> Throw:
    """Return what makes the next call of an operation fail."""
    return partial(_fail_cloud, kind, operation, settings)


async def _fail_cloud(kind: Kind, operation: str, settings: Mapping[str, object], stage: Stage) -> None:
    stage.cloud.faults.add(kind, operation, **settings)


async def _lag(stage: Stage) -> None:
    stage.cloud.images.lag = 0.0 if stage.cloud.images.lag else 10.0


CLOUD: Mapping[str, Switch] = {
    "throttle": Switch(
        "Throttle the next creation",
        "The request says that Alibaba Cloud is busy, waits, and goes on by itself.",
        cloud(Kind.THROTTLE, seconds=3.0),
    ),
    "throttle-list": Switch(
        "Throttle the next three looks",
        "Progress pauses on the card, then goes on.",
        cloud(Kind.THROTTLE, LIST, times=3),
    ),
    "timeout-before": Switch(
        "Time out before the image exists",
        "The bot looks whether an image was begun, finds none, and tries once more.",
        cloud(Kind.TIMEOUT_BEFORE),
    ),
    "timeout-after": Switch(
        "Time out after the image exists",
        "The bot finds the image by its marker; only one is made.",
        cloud(Kind.TIMEOUT_AFTER),
    ),
    "reset-before": Switch(
        "Cut the line before the image exists",
        "As with a time-out: it looks first, then tries once more.",
        cloud(Kind.RESET_BEFORE),
    ),
    "reset-after": Switch(
        "Cut the line after the image exists",
        "As with a time-out: it finds the image; only one is made.",
        cloud(Kind.RESET_AFTER),
    ),
    "server-error": Switch(
        "Answer 503 to the next creation",
        "The outcome is unknown, so the bot looks before it tries again.",
        cloud(Kind.SERVER_ERROR_BEFORE),
    ),
    "html": Switch(
        "Answer with a web page",
        "An answer that is no JSON counts as unknown: the bot looks first.",
        cloud(Kind.HTML_BEFORE),
    ),
    "creation-fails": Switch(
        "Let the next image fail while it is made",
        "The card says that it failed and why, with a button to try again.",
        cloud(Kind.CREATION_FAILS),
    ),
    "lag": Switch(
        "Let the listing lag ten seconds (again: no more)",
        "Looks find nothing for a while; the bot waits before it believes that.",
        _lag,
    ),
    **{
        f"code-{code}": Switch(
            f"Refuse the next creation: {code}",
            "The card says what it means and who can help.",
            cloud(Kind.ERROR, code=code),
        )
        for code in DOCUMENTED
    },
}
"""By name; those that begin with `code-` are the documented error codes."""
