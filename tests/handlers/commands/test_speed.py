"""No text that anybody types keeps the event loop: time per character is constant."""

import time
from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest

from bot.domain.image import parse_image
from bot.domain.text import clean, identifier
from handlers.commands.create_grammar import read
from handlers.commands.datetimes import NoTime, moment
from handlers.commands.grammar import tokens_of
from handlers.commands.tokenizer import split
from handlers.mrkdwn import code, escape, fit, inline, quote

SHORT, LONG, ALLOWED = 12_000, 96_000, 0.05
HOSTILE = (
    "'a ",
    '"a ',
    "`",
    "<@",
    "<http:",
    "--a ",
    "--",
    "a=",
    "a=b,",
    "a=b ",
    '"a=b",',
    "--tag a=b ",
    "--notify #a ",
    " ",
    "=",
    ",",
    "\n",
    "_",
    ":",
    "*_~",
    "\u0301",
    "「",
    "\u200d",
    "十",
)


def parse(text: str) -> object:
    tokens = tokens_of(text)
    return read(tokens) if isinstance(tokens, list) else tokens


def tags(text: str) -> object:
    return parse_image({"instance_id": "ws-1", "tags": text})


def at(text: str) -> object:
    with suppress(NoTime):
        return moment(text, 0.0, ZoneInfo("UTC"))
    return None


def cut(text: str) -> object:
    return fit(escape(text), 3000)


def seconds(read: Callable[[str], object], text: str) -> float:
    """The least of a few tries: what the reading takes when nothing else runs."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        read(text)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize(
    "read", [parse, split, clean, identifier, tags, at, escape, inline, quote, code, cut]
)
@pytest.mark.parametrize("part", HOSTILE)
def test_time_per_character_is_constant(read: Callable[[str], object], part: str) -> None:
    """12,000 characters take under 50 ms, and eight times as many no more than eight times that."""
    short, long = (part * (length // len(part)) for length in (SHORT, LONG))

    assert seconds(read, short) < ALLOWED
    assert seconds(read, long) < ALLOWED * LONG / SHORT
