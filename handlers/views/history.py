"""A request's story, a line for each thing that people care about."""

from bot.domain.request import BOT, NOBODY_IN_SLACK
from bot.service.records import Happened, Story
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, join
from handlers.people.names import NAMELESS, Names
from handlers.views.blocks import Post, section
from handlers.views.card_facts import machine_name
from handlers.views.requests import unnamed

LINES = 10


def told(story: Story, words: Localizer, names: Names = NAMELESS) -> Post:
    """Return the story in at most ten lines: its beginning and its end."""
    lines = [_line(each, words, names) for each in story.happened if words.has(f"history-event-{each.event}")]
    if len(lines) > LINES:
        lines = [*lines[:3], words("history-more", count=len(lines) - LINES + 1), *lines[-(LINES - 4) :]]
    title = words(
        "history-title",
        id=code(story.request.id),
        name=story.request.title,
        machine=machine_name(story.request),
    )
    text = join((title, *lines))
    return Post(text, (section(text),))


def _line(each: Happened, words: Localizer, names: Names) -> Markup:
    nameless = each.actor in NOBODY_IN_SLACK
    who = unnamed(each.actor, words) if nameless else names.person(each.actor)
    holder = each.details.get("behalf_of")
    reason = each.details.get("reason")
    return words(
        "history-line",
        at=words.date(each.at),
        what=words(f"history-event-{each.event}", who=who),
        holder=names.person(holder) if isinstance(holder, str) else "",
        reason=reason if isinstance(reason, str) and each.actor != BOT else "",
    )
