"""What sub-commands have in common in their grammar. Pure.

Flags may stand anywhere; `--key value` and `--key=value` are the same. `handlers.commands.tokenizer` reads
quotes and dashes as what was meant; `bot.domain.image` decides whether the fields make sense.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.domain.text import clean, identifier
from handlers.commands.tokenizer import Token, split
from handlers.draft import Mistake, Mistaken

LIKE_ENOUGH = 60
LONGEST, MOST_TOKENS = 8000, 200
"""Limits of one command: characters, and words and flags."""
_REQUEST = re.compile(r"(?<![a-z0-9])r-[a-z0-9]{1,32}")


def tokens_of(text: str) -> list[Token] | Mistaken:
    """The words and flags of a command; what is longer than any command is not read."""
    if len(text) > LONGEST:
        return Mistaken((Mistake("text-long", str(len(text)), allowed=str(LONGEST)),))
    tokens = split(clean(text))
    if len(tokens) > MOST_TOKENS:
        return Mistaken((Mistake("text-words", str(len(tokens)), allowed=str(MOST_TOKENS)),))
    return tokens


def nearest(given: str, choices: Sequence[str]) -> str:
    """The choice that was probably meant, "" when none is near."""
    found = process.extractOne(given.casefold(), choices, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return found[0] if found else ""


def nothing_in(tokens: Sequence[Token]) -> Mistaken | None:
    """What is wrong with words where none belong."""
    text = " ".join(token.text for token in tokens)
    return Mistaken((Mistake("words-extra", text),)) if tokens else None


def page_in(tokens: Sequence[Token]) -> tuple[list[Token], int] | Mistaken:
    """The words without `--page`, and the page that it asks for, 1 when it isn't there."""
    pages = [token.value for token in tokens if token.flag == "page"]
    rest = [token for token in tokens if token.flag != "page"]
    if any(not (page.isascii() and page.isdecimal() and len(page) < 6) for page in pages):
        return Mistaken((Mistake("page-unknown", pages[-1]),))
    return rest, max(1, int(pages[-1])) if pages else 1


def request_in(tokens: Sequence[Token], subcommand: str) -> str | Mistaken:
    """The ID of the one request that the words name."""
    request_id = "" if not tokens or tokens[0].flag else request_id_in(tokens[0].text)
    if not request_id:
        return Mistaken((Mistake("request-missing", subcommand),))
    return nothing_in(tokens[1:]) or request_id


def is_request(text: str) -> bool:
    """Whether a word is the ID of a request."""
    return bool(_REQUEST.fullmatch(identifier(text).lower()))


def request_id_in(text: str) -> str:
    """The request's ID in a word, in any case and whatever it is wrapped in; else the word as an ID."""
    bare = identifier(text)
    found = _REQUEST.search(bare.lower())
    return found[0] if found else bare
