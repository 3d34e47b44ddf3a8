"""What people type, without the invisible parts. One place for commands, forms, buttons and policies.

An invisible character can make one name look like another, and so get it past a Deny. Categories are
Unicode's (UAX #44); invisible letters and marks are its Default_Ignorable_Code_Point. What looks the same is
the same: text is in Unicode's composed form (NFC, UAX #15).
"""

import unicodedata

_DROPPED = frozenset({"Cc", "Cf", "Co", "Cs"})
_LINE_ENDS = frozenset({"Zl", "Zp"})
_BLANK = frozenset(
    [
        *map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0)),
        *map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9))),
        *map(chr, range(0xE0000, 0xE1000)),
        *map(chr, (0xFFFC, 0x16FE4, 0x1D159)),  # what dictation leaves behind, a filler, an empty note
        *map(chr, range(0xFDD0, 0xFDF0)),
        *(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)),
    ]
)
"""Invisible, but in none of the dropped categories; and what Unicode calls noncharacters."""
MOST_MARKS = 30
"""How many marks a letter keeps (Unicode's Stream-Safe Text Format): composing many takes too long."""
_JOINER, _EMOJI_STYLE, _KEYCAP, _BRAILLE_BLANK = "\u200d", "\ufe0f", "\u20e3", "\u2800"
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe58\ufe63\u2e3a\u2e3b-"
"""Everything that keyboards and word processors produce instead of a hyphen."""
HYPHENS = {ord(dash): "-" for dash in DASHES}


def clean(text: str) -> str:
    """Return the text as a reader sees it: no control, format, private or blank characters, no lone
    surrogates.

    Spaces of every width become plain ones, line and paragraph separators become line ends. Joiners inside an
    emoji stay. A letter and its marks become one character if there is one. Cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for at, char in enumerate(text):
        seen = _seen(char, kept[-1] if kept else "", text[at + 1 : at + 2])
        marks = _marks(seen, marks)
        if seen and marks <= MOST_MARKS:
            kept.append(seen)
    return unicodedata.normalize("NFC", "".join(kept))


def _marks(seen: str, before: int) -> int:
    """Return how many marks the last letter has with this character, after `before`."""
    if seen.isascii():
        return 0 if seen else before
    letters = [unicodedata.category(each)[0] != "M" for each in unicodedata.normalize("NFD", seen)]
    return letters[::-1].index(True) if True in letters else before + len(letters)


def _seen(char: str, before: str, after: str) -> str:
    """Return what's visible of a character between its neighbors, "" for nothing."""
    category = unicodedata.category(char)
    if char == "\r":
        return "" if after == "\n" else "\n"
    if category in _LINE_ENDS:
        return "\n"
    if category == "Zs" or char == _BRAILLE_BLANK:
        return " "
    if char in (_JOINER, _EMOJI_STYLE):
        return char if _in_emoji(char, before, after) else ""
    return "" if char not in "\n\t" and (category in _DROPPED or char in _BLANK) else char


def _in_emoji(char: str, before: str, after: str) -> bool:
    is_emoji = bool(before) and (before == _EMOJI_STYLE or _is_picture(before))
    if char == _JOINER:
        return is_emoji and bool(after) and unicodedata.category(after) == "So"
    return (is_emoji and before != _EMOJI_STYLE) or after == _KEYCAP


def _is_picture(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk") and not unicodedata.decomposition(char)


def one_line(text: str) -> str:
    """Return the text cleaned and on one line, with single spaces."""
    return " ".join(clean(text).split())


def visible(text: str) -> str:
    """Return the text cleaned and stripped; "" if it's only spaces and marks."""
    text = clean(text).strip()
    return text if any(unicodedata.category(char)[0] not in "MZ" for char in text) else ""


def narrow(text: str) -> str:
    """Return full-width letters, digits and symbols as the plain ones that were meant."""
    return text.translate(_WIDE)


def identifier(text: str) -> str:
    """Return an ID without what people wrap it in: quotes, brackets, asterisks, backticks, punctuation.

    Full-width letters and long dashes become plain ones; an ID in capitals becomes lower case (like all of
    Alibaba Cloud's and the bot's).
    """
    text = narrow(clean(text)).translate(HYPHENS).strip()
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or text[start] == "-"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "-"):
        end -= 1
    bare = text[start:end]
    return bare if any(char.islower() for char in bare) else bare.lower()
