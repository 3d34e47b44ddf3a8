"""What can go wrong in Alibaba Cloud, each with a name that says it."""

from collections.abc import Mapping
from functools import partial

from bot.playground.cloud import Habits, Kind, odd_instances
from bot.playground.cloud.envelopes import DOCUMENTED
from bot.playground.page.switch import Switch, Throw
from bot.playground.stage import Stage

CREATE = "CreateImageByInstance"
LIST = "ListImage"


def cloud(kind: Kind, operation: str = CREATE, **settings: object) -> Throw:
    """Return an action that makes the next call of an operation fail."""
    return partial(_fail_cloud, kind, operation, settings)


async def _fail_cloud(kind: Kind, operation: str, settings: Mapping[str, object], stage: Stage) -> None:
    stage.cloud.faults.add(kind, operation, **settings)


async def _lag(stage: Stage) -> None:
    stage.cloud.images.lag = 0.0 if stage.cloud.images.lag else 10.0


async def _expire(stage: Stage) -> None:
    expired = any(account.expired for account in stage.cloud.accounts)
    stage.cloud.accounts.set_all(expired=not expired)


async def _forbid(stage: Stage) -> None:
    forbidden = any(account.forbidden for account in stage.cloud.accounts)
    stage.cloud.accounts.set_all(forbidden=() if forbidden else ("ListImage",))


async def _odd_machines(stage: Stage) -> None:
    for instance in odd_instances():
        stage.cloud.instances.put(instance)


def habit(name: str, value: object) -> Throw:
    """Return an action that switches one of the cloud's habits on, and off again."""
    return partial(_change_habit, name, value)


async def _change_habit(name: str, value: object, stage: Stage) -> None:
    changed = name in stage.cloud.habits.unusual()
    stage.cloud.habits.change({name: Habits().to_json()[name] if changed else value})


CLOUD: Mapping[str, Switch] = {
    "throttle": Switch(
        "Throttle the next creation",
        "The request says that Alibaba Cloud is busy, waits, and continues on its own.",
        cloud(Kind.THROTTLE, seconds=3.0),
    ),
    "throttle-list": Switch(
        "Throttle the next three looks",
        "Progress on the card pauses, then continues.",
        cloud(Kind.THROTTLE, LIST, times=3),
    ),
    "timeout-before": Switch(
        "Time out before the image exists",
        "The bot checks whether an image was started, finds none, and tries again.",
        cloud(Kind.TIMEOUT_BEFORE),
    ),
    "timeout-after": Switch(
        "Time out after the image exists",
        "The bot finds the image by its mark; only one is made.",
        cloud(Kind.TIMEOUT_AFTER),
    ),
    "reset-before": Switch(
        "Cut the connection before the image exists",
        "As with a time-out: it looks first, then tries again.",
        cloud(Kind.RESET_BEFORE),
    ),
    "reset-after": Switch(
        "Cut the connection after the image exists",
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
        "An answer that isn't JSON counts as unknown: the bot looks first.",
        cloud(Kind.HTML_BEFORE),
    ),
    "creation-fails": Switch(
        "Let the next image fail halfway",
        "The card says that it failed and why, and has a Retry button.",
        cloud(Kind.CREATION_FAILS),
    ),
    "lag": Switch(
        "Let the listing lag ten seconds (again: stop it)",
        "The bot finds nothing for a while, and waits before it believes that.",
        _lag,
    ),
    "list-refused": Switch(
        "Take away the permission to list images (again: give it back)",
        "The admin channel and the thread say which permission is missing; Cancel works meanwhile.",
        _forbid,
    ),
    "tokens-expired": Switch(
        "Let the keys expire (again: renew them)",
        "The request fails and says that an admin has to renew the keys.",
        _expire,
    ),
    "desktops-hang": Switch(
        "Let the next ten lookups of desktops hang",
        "The card says that the state isn't known; nothing else waits for it.",
        cloud(Kind.TIMEOUT_BEFORE, "DescribeDesktops", times=10),
    ),
    "stop-refused": Switch(
        "Refuse the next stop: a session is open",
        "The bot keeps trying until STOP_TIMEOUT.",
        cloud(Kind.STOP_REFUSED, "*"),
    ),
    "never-stops": Switch(
        "Let the next machine never stop",
        "The request fails once STOP_TIMEOUT is over, and the machine is named.",
        cloud(Kind.NEVER_STOPS, "*"),
    ),
    "start-refused": Switch(
        "Refuse the next start",
        "The bot tries again and, if that doesn't work, says who can help.",
        cloud(Kind.START_REFUSED, "*"),
    ),
    "never-starts": Switch(
        "Let the next machine never start",
        "The image is there, and the bot names the machine that didn't come back.",
        cloud(Kind.NEVER_STARTS, "*"),
    ),
    "distribution-fails": Switch(
        "Let the next copy fail in its first region",
        "The other regions get the image, and the bot names the one that failed.",
        cloud(Kind.DISTRIBUTION_FAILS, "*"),
    ),
    "short-descriptions": Switch(
        "Cut descriptions at 64 characters (again: keep them)",
        "An image is still found after a lost answer.",
        habit("description_limit", 64),
    ),
    "no-tags": Switch(
        "Lose the tags of images (again: keep them)",
        "An image is still found after a lost answer.",
        habit("keep_tags", False),
    ),
    "session-required": Switch(
        "Require a workstation's session (again: don't)",
        "If there's only one session, the bot fills it in.",
        habit("sub_instance_required", True),
    ),
    "odd-machines": Switch(
        "Add machines with odd names, two with the same name, and one in another region",
        "They can be found, show up under their real names, and notify nobody.",
        _odd_machines,
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
"""By name; those that start with `code-` are the documented error codes."""
