"""Values as operators type them: read as the bot reads them in Slack, or refused in a sentence."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import typer

from bot.allowlist.slack_ids import id_doubt, unwrapped
from bot.allowlist.value_checks import value_doubt
from bot.domain.durations import duration
from bot.domain.request import NOBODY_IN_SLACK
from bot.domain.text import identifier, one_line
from bot.domain.vocabulary import INSTANCE_ID
from bot.store import audit


def request_id(value: str) -> str:
    """Read a request's ID, whatever was copied along."""
    read = identifier(one_line(value))
    if not read:
        raise typer.BadParameter("is empty: a request's ID is on its card, and in `image-bot requests list`")
    return read


def user_id(value: str) -> str:
    """Read a Slack user ID, or a mention of somebody."""
    read = unwrapped(value)
    if doubt := id_doubt(read, "users"):
        raise typer.BadParameter(str(doubt))
    return read


def actor(value: str) -> str:
    """Read who did something: a Slack user ID, `bot` or `operator`."""
    return value if value in NOBODY_IN_SLACK - {""} else user_id(value)


def instance_id(value: str) -> str:
    """Read an instance's ID."""
    read = identifier(one_line(value))
    if not read or value_doubt(read, INSTANCE_ID):
        raise typer.BadParameter(f"{value!r} isn't an instance ID such as {INSTANCE_ID.example}")
    return read


def whole(least: int, most: int) -> Callable[[str | int], int]:
    """Return a reader of whole numbers in these bounds."""

    def read(value: str | int) -> int:
        text = str(value).strip()
        if re.fullmatch(r"[+-]?[0-9]{1,9}", text, re.ASCII) and least <= int(text) <= most:
            return int(text)
        raise typer.BadParameter(f"{value!r} isn't a number from {least:,} to {most:,}")

    read.__name__ = "number"
    return read


def moment(value: str) -> float:
    """Read a time in ISO 8601 (UTC when it has no zone), or how long ago (`7d`), as epoch seconds."""
    try:
        return time.time() - duration(value)
    except ValueError:
        pass
    try:
        read = datetime.fromisoformat(value.strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{value!r} isn't a time such as 2026-12-01T09:00 or 7d") from None


def head(value: str) -> audit.Head:
    """Read a head of the audit log."""
    if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", value.strip()):
        raise typer.BadParameter(f"{value!r} isn't SEQ:HASH, as the log lines and `audit verify` have it")
    seq, _, digest = value.strip().partition(":")
    return audit.Head(int(seq), digest)
