"""Slack's date markup, in the reader's time zone (Slack, Formatting text, "Date formatting")."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.playground.slack import User

_RELATIVE = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}
_RELATIVE_CHINESE = {0: "今天", -1: "昨天", 1: "明天"}


def zone(user: User) -> tzinfo:
    """Return the person's zone; by its offset if the machine has no time zone data."""
    try:
        return ZoneInfo(user.tz)
    except (ZoneInfoNotFoundError, ValueError):
        return timezone(timedelta(seconds=user.tz_offset))


def date(body: str, where: tzinfo, now: float, locale: str = "en-US") -> str:
    """Return what `date^<epoch>^<format>|<fallback>` shows in the reader's language.

    The fallback is shown if it can't be read.
    """
    markup, _, fallback = body.removeprefix("!").partition("|")
    try:
        _, epoch, form = markup.split("^")[:3]
        at = datetime.fromtimestamp(int(epoch), UTC).astimezone(where)
    except (ValueError, OverflowError, OSError):
        return fallback
    today = datetime.fromtimestamp(now, UTC).astimezone(where)
    tokens = _TOKENS | (_CHINESE if locale.startswith("zh") else {})
    for token, write in tokens.items():
        form = form.replace(f"{{{token}}}", write(at, today))
    return form


def clock(epoch: float, where: tzinfo) -> str:
    """Return hours and minutes, as next to a message."""
    return _time(datetime.fromtimestamp(epoch, UTC).astimezone(where))


def moment(epoch: float, where: tzinfo) -> str:
    """Return a time the way a browser's date and time field holds it."""
    return f"{datetime.fromtimestamp(epoch, UTC).astimezone(where):%Y-%m-%dT%H:%M}"


def epoch_of(moment: str, where: tzinfo) -> int | None:
    """Return such a field's value in epoch seconds; None if it isn't a time."""
    try:
        return int(datetime.fromisoformat(moment).replace(tzinfo=where).timestamp())
    except ValueError:
        return None


def day(epoch: float, where: tzinfo, now: float) -> str:
    """Return the day, as shown between messages."""
    at, today = (datetime.fromtimestamp(moment, UTC).astimezone(where) for moment in (epoch, now))
    return _pretty(_long)(at, today)


def _time(at: datetime, _today: datetime | None = None) -> str:
    return f"{at:%H:%M}"


def _long(at: datetime, _today: datetime | None = None) -> str:
    return f"{at:%A, %B} {at.day}, {at.year}"


def _medium(at: datetime, _today: datetime | None = None) -> str:
    return f"{at:%B} {at.day}, {at.year}"


def _short(at: datetime, _today: datetime | None = None) -> str:
    return f"{at:%b} {at.day}, {at.year}"


def _chinese(at: datetime, _today: datetime | None = None) -> str:
    return f"{at.year}年{at.month}月{at.day}日"


def _pretty(
    otherwise: Callable[[datetime, datetime], str], relative: Mapping[int, str] = _RELATIVE
) -> Callable[[datetime, datetime], str]:
    """Return a formatter that says today, yesterday or tomorrow when it can."""
    return lambda at, today: relative.get((at.date() - today.date()).days) or otherwise(at, today)


def _ago(at: datetime, today: datetime) -> str:
    minutes = int((today - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


_TOKENS: dict[str, Callable[[datetime, datetime], str]] = {
    "date_num": lambda at, _: f"{at:%Y-%m-%d}",
    "date": _medium,
    "date_short": _short,
    "date_long": _long,
    "date_pretty": _pretty(_medium),
    "date_short_pretty": _pretty(_short),
    "date_long_pretty": _pretty(_long),
    "time": _time,
    "time_secs": lambda at, _: f"{at:%H:%M:%S}",
    "ago": _ago,
}
_CHINESE = {
    **dict.fromkeys(("date", "date_short", "date_long"), _chinese),
    **dict.fromkeys(
        ("date_pretty", "date_short_pretty", "date_long_pretty"), _pretty(_chinese, _RELATIVE_CHINESE)
    ),
}
"""What is written differently in Chinese."""
