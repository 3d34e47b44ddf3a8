"""A channel that the bot can't post in: why, and what helps."""

from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, join
from handlers.views.requests import place

HELP = {
    "channel_not_found": "nowhere-not-found",
    "is_archived": "nowhere-archived",
    "not_in_channel": "nowhere-not-in",
}
"""What helps, by Slack's code."""


def undeliverable(channel_id: str, reason: str, words: Localizer) -> Markup:
    """Say why the bot can't post in a channel, and what helps."""
    helps = "nowhere-restricted" if reason.startswith("restricted_action") else HELP.get(reason)
    advice = words(helps) if helps else Markup()
    return join((words("undeliverable", channel=place(channel_id), code=reason), advice), " ")
