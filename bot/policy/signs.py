"""Somebody else's text as a finding repeats it: on one line, cut, and with nothing that deceives the eye.

What looks like something else shows as its escape: letters of other alphabets that look like Latin ones,
marks, and what nobody sees. Signs that keyboards give instead of ASCII's are easily passed over: they are
named.
"""

import unicodedata

LONGEST_SHOWN = 60
"""Characters of somebody else's text that a finding repeats."""
_NAMES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b", "curly quote"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "typographic dash"),
    "\uff0d": "full-width hyphen",
    "\uff20": "full-width at sign",
    **dict.fromkeys("\uff3b\uff3d", "full-width bracket"),
    **dict.fromkeys("\uff5b\uff5d", "full-width brace"),
    **dict.fromkeys("\uff08\uff09", "full-width parenthesis"),
    "\u2026": "ellipsis",
    "\u3001": "Chinese comma",
    "\u3002": "Chinese full stop",
    **dict.fromkeys("\u300c\u300d\u300e\u300f", "corner bracket"),
    **dict.fromkeys("\u3010\u3011", "Chinese bracket"),
    **dict.fromkeys("\u300a\u300b", "Chinese angle bracket"),
}
"""Signs of phones, word processors and Chinese keyboards, where Unicode's name isn't what people say."""
_FULL_WIDTH = "FULLWIDTH "
_KINDS = {"L": "letter", "N": "digit"}
_LATIN_1_LETTERS = range(0xC0, 0x100)


def shown(text: str) -> str:
    """Return a text for a sentence, with the names of the signs in it that aren't ASCII's; quoted when that
    helps to see where it ends.
    """
    found = dict.fromkeys(filter(None, map(name_of, text[:LONGEST_SHOWN])))
    return step(text) + (f" (with a {' and a '.join(found)})" if found else "")


def step(text: str) -> str:
    """Return a text for a place in a file: the same, without names."""
    cut = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
    quoted = cut if cut and cut == cut.strip() else f'"{cut}"'
    return "".join(char if _is_seen(char) else _escape(char) for char in quoted)


def name_of(char: str) -> str | None:
    """Return what people call a character that replaces one of ASCII's; None for any other."""
    if char in _NAMES or not unicodedata.name(char, "").startswith(_FULL_WIDTH):
        return _NAMES.get(char)
    kind = _KINDS.get(unicodedata.category(char)[0])
    return f"full-width {kind or unicodedata.name(char).removeprefix(_FULL_WIDTH).lower()}"


def named_signs(text: str) -> str:
    """Return the named characters of a text, each once with itself: `full-width colon (…)`.

    "" when there are none.
    """
    return ", ".join(f"{name} ({char})" for char in dict.fromkeys(text) if (name := name_of(char)))


def _is_seen(char: str) -> bool:
    """Whether a character is seen, and taken for nothing else."""
    if char.isascii():
        return char.isprintable() and char != "\\"
    if char in _NAMES or ord(char) in _LATIN_1_LETTERS:
        return True
    is_wide = unicodedata.east_asian_width(char) in "WF" and unicodedata.category(char)[0] in "LNPS"
    return is_wide and "FILLER" not in unicodedata.name(char, "")


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")
