"""Times as Chinese people type them, rewritten into the English that `datetimes` reads. Pure.

`明天`, `后天`, `今晚`, `今晚9点`, `周五`, `下周五`, `下午3点`,
`晚上8点半`, `二十二点一刻`, `明早8点`, `12月1日`, `3天`, `2小时后`, `一个半小时`.
"""

import re

_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_ONES = "[一二三四五六七八九]"
_NUMBER = re.compile(
    f"(?:{_ONES}?十{_ONES}?|[零一二两三四五六七八九])(?=个?半?(?:点|點|刻|分|天|小时|钟头|周|星期|月|日|号))"
)
_QUARTER = re.compile("(?<=[点點])([13])刻", re.ASCII)
_HALF_HOURS = re.compile(r"(?:(\d{1,3})个)?半个?(?:小时|钟头)", re.ASCII)
_PART = "(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)"
_CLOCK = re.compile(_PART + r"? ?(\d{1,2}) ?[点點](?:整|(半)|(\d{1,2})分?)?", re.ASCII)
_COLON = re.compile(_PART + r" ?(\d{1,2}):(\d\d)", re.ASCII)
_LATE = frozenset(("下午", "傍晚", "晚上", "晚"))
_WEEKDAY = re.compile(
    r"(下个?)?(?:这个?|本)?(?<![\d零一二两三四五六七八九十])(?<!\d个)(?:周|星期|礼拜)([一二三四五六日天])"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "sun")
_WEEKDAYS = dict(zip("一二三四五六日天", _DAYS, strict=True))
_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPAN = re.compile(r"(\d+) ?个?(分钟|小时|钟头|天|周|星期)", re.ASCII)
_UNITS = {"分钟": "m", "小时": "h", "钟头": "h", "天": "d", "周": "w", "星期": "w"}
_WORDS = (
    *(
        (re.compile(rf"{day}(?=[早晚] ?\d)"), english)
        for day, english in (("今", "today "), ("明", "tomorrow "))
    ),
    *((re.compile("今晚"), " tonight "), (re.compile("明晚"), " tomorrow 20:00 ")),
    *(
        (re.compile("今天"), " today "),
        (re.compile("明天"), " tomorrow "),
        (re.compile("大后天"), " threedays "),
        (re.compile("后天"), " overmorrow "),
    ),
    (re.compile(r"中午(?! ?\d)"), " noon "),
    (re.compile("[后之]?[后内前]|直?到|为止|在|持续|的"), " "),
)


def in_english(text: str) -> str:
    """Return the text with its Chinese times in English.

    Anything it doesn't know stays, and isn't read as a time.
    """
    if text.isascii():
        return text
    text = _WEEKDAY.sub(lambda found: f" {'week ' if found[1] else ''}{_WEEKDAYS[found[2]]} ", text)
    text = _NUMBER.sub(lambda found: str(_number(found[0])), text)
    text = _QUARTER.sub(lambda found: f"{15 * int(found[1])}分", text)
    text = _HALF_HOURS.sub(lambda found: f" {found[1] or 0}h30m ", text)
    for pattern, english in _WORDS[:-1]:
        text = pattern.sub(english, text)
    text = _DATE.sub(_date, text)
    text = _CLOCK.sub(lambda found: _clock(found[1], found[2], "30" if found[3] else found[4] or "00"), text)
    text = _COLON.sub(lambda found: _clock(*found.groups()), text)
    text = _SPAN.sub(lambda found: f" {found[1]}{_UNITS[found[2]]} ", text)
    pattern, nothing = _WORDS[-1]
    return pattern.sub(nothing, text)


def _number(sign: str) -> int:
    """Return what `七`, `十`, `十二` or `二十二` counts."""
    tens, ten, ones = sign.rpartition("十")
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(ones, 0)


def _clock(part: str | None, hour: str, minute: str) -> str:
    """Return the clock's time, on a twelve-hour clock if the part of the day tells which half."""
    if part is None or int(hour) > 12 or (part == "中午" and int(hour) in (11, 12)):
        return f" {hour}:{minute.zfill(2)} "
    if part in ("晚上", "晚") and hour == "12":
        return " midnight " if minute == "00" else f" {part} "
    late = part in _LATE or (part == "中午" and int(hour) < 11)
    return f" {hour}:{minute.zfill(2)}{'pm' if late else 'am'} "


def _date(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    if not 1 <= int(month) <= 12:
        return found[0]
    return f" {day} {_MONTHS[int(month) - 1]} {year or ''} "
