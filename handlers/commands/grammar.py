"""What sub-commands have in common in their grammar. Pure.

Flags may be anywhere; `--key value` and `--key=value` are the same. `handlers.commands.tokenizer` reads
quotes and dashes as what was meant; `bot.domain.image` decides whether the fields make sense.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.domain.text import clean, identifier
from bot.ports import Posted
from handlers.commands.tokenizer import Token, split
from handlers.draft import Mistake, Mistaken

LIKE_ENOUGH = 60
LONGEST, MOST_TOKENS = 8000, 200
"""Limits of one command: characters, and tokens (words and flags)."""
_PERMALINK = re.compile(r"/archives/([CDG][A-Z0-9]{1,30})/p([0-9]{10})([0-9]{6})(?![0-9])", re.IGNORECASE)
_REQUEST = re.compile(r"(?<![a-z0-9])r-[a-z0-9]{1,32}")


def tokens_of(text: str) -> list[Token] | Mistaken:
    """Return the words and flags of a command; a text longer than any command is refused."""
    if len(text) > LONGEST:
        return Mistaken((Mistake("text-long", str(len(text)), allowed=str(LONGEST)),))
    tokens = split(clean(text))
    if len(tokens) > MOST_TOKENS:
        return Mistaken((Mistake("text-words", str(len(tokens)), allowed=str(MOST_TOKENS)),))
    return tokens


def nearest(given: str, choices: Sequence[str]) -> str:
    """Return the choice that was probably meant, "" if none is close."""
    found = process.extractOne(given.casefold(), choices, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return found[0] if found else ""


def nothing_in(tokens: Sequence[Token]) -> Mistaken | None:
    """Return what's wrong with words where none belong."""
    text = " ".join(token.text for token in tokens)
    return Mistaken((Mistake("words-extra", text),)) if tokens else None


def page_in(tokens: Sequence[Token]) -> tuple[list[Token], int] | Mistaken:
    """Return the words without `--page`, and the requested page, 1 by default."""
    pages = [token.value for token in tokens if token.flag == "page"]
    rest = [token for token in tokens if token.flag != "page"]
    if any(not (page.isascii() and page.isdecimal() and len(page) < 6) for page in pages):
        return Mistaken((Mistake("page-unknown", pages[-1]),))
    return rest, max(1, int(pages[-1])) if pages else 1


def request_in(tokens: Sequence[Token], subcommand: str) -> str | Posted | Mistaken:
    """Return the ID of the one request in the words, or the place of the message they link to."""
    word = "" if not tokens or tokens[0].flag else tokens[0].text
    named = linked(word) or request_id_in(word)
    if not named:
        return Mistaken((Mistake("request-missing", subcommand),))
    return nothing_in(tokens[1:]) or named


def linked(text: str) -> Posted | None:
    """Return the place of the message that a link leads to: `…/archives/C…/p1700000000000100`
    (chat.getPermalink).
    """
    found = _PERMALINK.search(text)
    return Posted(found[1].upper(), f"{found[2]}.{found[3]}") if found else None


def is_request(text: str) -> bool:
    """Whether a word is the ID of a request, or a link to a message."""
    return bool(linked(text) or _REQUEST.fullmatch(identifier(text).lower()))


def request_id_in(text: str) -> str:
    """Return the request's ID in a word, in any case and in any wrapping.

    If there is none, return the word as an ID.
    """
    bare = identifier(text)
    found = _REQUEST.search(bare.lower())
    return found[0] if found else bare
