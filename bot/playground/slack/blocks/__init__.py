"""Block Kit as Slack checks it: what Slack would refuse is refused here, with the same hints.

``parts`` composition objects · ``elements`` · ``rich_text`` · ``kinds`` blocks and surfaces · ``check`` the
rules for a whole message or view · ``specs`` the language they're written in.
"""

from bot.playground.slack.blocks.check import check_blocks, check_options, check_view
from bot.playground.slack.blocks.fill import with_ids

__all__ = ["check_blocks", "check_options", "check_view", "with_ids"]
