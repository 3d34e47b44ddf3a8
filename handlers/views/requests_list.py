"""Lists of requests and images, a section each."""

from bot.domain.lifecycle import ENDS
from bot.domain.request import Request
from bot.service.outcomes import Found
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, join, mention
from handlers.views.blocks import Block, Post, context, option, overflow, section
from handlers.views.card_facts import machine_name
from handlers.views.paging import turning

MENU = "request_menu"
MINE = "mine"
SHOW, CANCEL, AGAIN = "show", "cancel", "again"
ROW_LENGTH = 500
"""Characters of a row: a message takes about 13,000 in all, and a page has twenty rows."""


def found(outcome: Found, scope: str, words: Localizer) -> Post:
    """List requests, with those that wait first, each with a menu of what can be done."""
    if not outcome.requests:
        empty = words("list-empty", scope=words(f"scope-{scope}"))
        return Post(empty, (section(empty),))
    page = str(outcome.page) if outcome.more or outcome.page > 1 else ""
    title = words("list-title", scope=words(f"scope-{scope}"), page=page)
    rows = outcome.requests
    lines = [fit(_line(request, scope, words), ROW_LENGTH) for request in rows]
    sections = [section(line, menu(request, words)) for request, line in zip(rows, lines, strict=True)]
    turns = turning("list", scope, outcome.page, outcome.more, words)
    return Post(join((title, *lines)), (section(title), *sections, *turns))


def images(outcome: Found, word: str, words: Localizer) -> Post:
    """List finished images with their IDs, newest first."""
    if not outcome.requests:
        empty = words("images-empty", word=word)
        return Post(empty, (section(empty),))
    title = words("images-title", count=len(outcome.requests))
    lines = [fit(_image(request, words), ROW_LENGTH) for request in outcome.requests]
    more = context(words("images-more")) if outcome.more else []
    return Post(join((title, *lines)), (section(title), *map(section, lines), *more))


def chosen(value: str) -> tuple[str, str]:
    """Return what was chosen in the menu, and for which request."""
    what, _, request_id = value.partition(":")
    return what, request_id


def menu(request: Request, words: Localizer) -> Block:
    """Return the menu of what can be done with a request."""
    choices = [SHOW, *([] if request.status in ENDS else [CANCEL]), AGAIN]
    options = [option(words.plain(f"menu-{each}"), f"{each}:{request.id}") for each in choices]
    return overflow(MENU, options)


def _line(request: Request, scope: str, words: Localizer) -> Markup:
    return words(
        "list-line",
        id=code(request.id),
        machine=machine_name(request),
        name=request.title,
        status=words(f"status-{request.status}"),
        requester="" if scope == MINE else mention(request.requester),
        at=words.date(request.created_at),
    )


def _image(request: Request, words: Localizer) -> Markup:
    return words(
        "images-line",
        image=code(request.attempt.image_id or ""),
        name=request.title,
        machine=machine_name(request),
        id=code(request.id),
        at=words.date(request.end.at if request.end else request.created_at),
    )
