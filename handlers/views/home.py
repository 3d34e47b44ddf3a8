"""App Home: what's waiting for me, my open requests, my images, what I can do."""

from collections.abc import Callable

from bot.domain.lifecycle import Status
from bot.domain.request import Request
from bot.service.home import PAGE, HomeContents, Part
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, fit, join, mention
from handlers.people.names import NAMELESS, Names
from handlers.views.answers import OPEN_FORM
from handlers.views.blocks import Block, actions, button, context, plain, section
from handlers.views.card_actions import APPROVE, REJECT
from handlers.views.card_facts import machine_name
from handlers.views.choices import choices
from handlers.views.requests import needs
from handlers.views.requests_list import menu
from handlers.views.rights import deed

TURN = "home_turn"
"""Turns a page; its value is where each part begins, as in `8:0`."""
DIVIDER: Block = {"type": "divider"}
LINE = 1500
MOST = 10_000


def home(contents: HomeContents, words: Localizer, names: Names = NAMELESS) -> Block:
    """Return the whole view, for views.publish."""
    waiting, mine = contents.waiting, contents.mine
    return {
        "type": "home",
        "blocks": [
            *actions([button(OPEN_FORM, words.plain("home-request"), " ", "primary")]),
            *([section(words("home-undecided"))] if contents.rights is None else ()),
            DIVIDER,
            *_part("waiting", waiting, lambda each: _waiting(each, words), words),
            *_turns("waiting", waiting, lambda offset: f"{offset}:{mine.offset}", words),
            DIVIDER,
            *_part("mine", mine, lambda each: _mine(each, words, names), words),
            *_turns("mine", mine, lambda offset: f"{waiting.offset}:{offset}", words),
            DIVIDER,
            *_part("made", contents.made, lambda each: [section(_made(each, words))], words),
            *(context(words("home-made-more")) if contents.made.more else ()),
            DIVIDER,
            *_rights(contents, words),
            *choices(contents.choices, words),
        ],
    }


def offsets(value: str) -> tuple[int, int]:
    """Return where each part begins after a page was turned; the client may have sent anything."""
    waiting, _, mine = value.partition(":")
    return _number(waiting), _number(mine)


def _number(text: str) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _part(name: str, part: Part, draw: Callable[[Request], list[Block]], words: Localizer) -> list[Block]:
    title = {"type": "header", "text": plain(words.plain(f"home-{name}"), 150)}
    if not part.requests:
        return [title, *context(words(f"home-{name}-none"))]
    return [title, *(block for request in part.requests for block in draw(request))]


def _turns(name: str, part: Part, value: Callable[[int], str], words: Localizer) -> list[Block]:
    back = [button(f"{TURN}:{name}:back", words.plain("home-back"), value(max(0, part.offset - PAGE)))]
    on = [button(f"{TURN}:{name}:on", words.plain("home-on"), value(part.offset + PAGE))]
    return actions([*(back if part.offset else ()), *(on if part.more else ())])


def _waiting(request: Request, words: Localizer) -> list[Block]:
    about = words(
        "home-waiting-line",
        name=request.title,
        machine=machine_name(request),
        requester=mention(request.requester),
        until=words.date(request.expires_at),
        id=code(request.id),
    )
    reason = words("home-reason", reason=request.reason) if request.reason else Markup()
    return [
        section(fit(join((about, reason)), LINE)),
        *actions(
            [
                button(APPROVE, words.plain("button-approve"), request.id, "primary"),
                button(REJECT, words.plain("button-reject"), request.id),
            ]
        ),
    ]


def _mine(request: Request, words: Localizer, names: Names) -> list[Block]:
    line = words(
        "home-mine-line",
        name=request.title,
        machine=machine_name(request),
        status=_standing(request, words, names),
        id=code(request.id),
        at=words.date(request.created_at),
    )
    return [section(fit(line, LINE), menu(request, words))]


def _standing(request: Request, words: Localizer, names: Names) -> Markup:
    """Return the request's state and, while it waits, who has to approve."""
    waits = needs(request, request.tally, words, names) if request.status is Status.PENDING else Markup()
    return words("card-waiting", needs=waits) if waits else words(f"status-{request.status}")


def _made(request: Request, words: Localizer) -> Markup:
    line = words(
        "home-made-line",
        name=request.title,
        image=code(request.attempt.image_id or ""),
        machine=machine_name(request),
        at=words.date(request.end.at if request.end else request.created_at),
    )
    return fit(line, LINE)


def _rights(contents: HomeContents, words: Localizer) -> list[Block]:
    if contents.rights is None:
        return []
    title = {"type": "header", "text": plain(words.plain("home-rights"), 150)}
    may = [deed(action, words) for action, allowed in contents.rights.actions.items() if allowed]
    lines = [words("home-may"), *(words("home-may-line", what=what) for what in may)]
    return [title, section(join(lines) if may else words("home-may-nothing"))]
