"""The machines that somebody can request images of, a page at a time."""

from bot.service.instances import OFFERED, Emptiness, Offer
from handlers.i18n import Localizer
from handlers.mrkdwn import join
from handlers.views import machine_choices
from handlers.views.answers import OPEN_FORM
from handlers.views.blocks import Post, button, context, section
from handlers.views.paging import page_of, turning

SHOWN = 10


def listed(offer: Offer, word: str, page: int, words: Localizer) -> Post:
    """Return a page of machines, each with a button that opens the form.

    An empty list says why it's empty.
    """
    if not offer.instances:
        why = words.plain(f"machines-{offer.why or Emptiness.NO_MATCH}")
        empty = words("instances-empty", why=why)
        return Post(empty, (section(empty),))
    page, shown = page_of(offer.instances, page, SHOWN)
    count = len(offer.instances)
    title = words("instances-title", count=count, word=word)
    lines = [machine_choices.line(each, words) for each in shown]
    label = words.plain("button-request")
    rows = [
        section(line, button(OPEN_FORM, label, f"create {each.instance_id}"))
        for line, each in zip(lines, shown, strict=True)
    ]
    more = context(words("instances-more")) if count == OFFERED else []
    turns = turning("instances", word, page, count > page * SHOWN, words)
    return Post(join((title, *lines)), (section(title), *rows, *more, *turns))
