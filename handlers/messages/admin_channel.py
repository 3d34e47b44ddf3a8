"""The allowlist's keepers, in their channel: told when an edit cannot be used, and when it was mended."""

from collections.abc import Sequence

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.allowlist import Allowlist
from bot.policy import Finding
from handlers.i18n import Localizer, Translations
from handlers.mrkdwn import Markup, code, fit
from handlers.transport.api_errors import UNREACHABLE, code_of
from handlers.views.blocks import Post, section

log = structlog.get_logger(__name__)

SHOWN = 10
"""Findings in one message; each is a line of the file and a sentence."""
LONGEST = 1_000
"""Characters of each: with ten of them Slack still takes the message (13,200 in its blocks)."""


class AdminChannel:
    """Posts to a channel and pings nobody. What Slack does not take stands in the log alone."""

    def __init__(self, slack: AsyncWebClient, translations: Translations) -> None:
        self._slack = slack
        self._words = translations.for_locale()

    async def broken(self, channel: str, findings: Sequence[Finding]) -> None:
        """The file was edited and is not used."""
        await self._tell(channel, broken(findings, self._words))

    async def mended(self, channel: str, allowlist: Allowlist) -> None:
        """The file is used again."""
        counts = {"policies": len(allowlist.policies), "rules": len(allowlist.rules)}
        text = self._words("admin-mended", **counts)
        await self._tell(channel, Post(text, (section(text),)))

    async def _tell(self, channel: str, post: Post) -> None:
        try:
            await self._slack.chat_postMessage(channel=channel, **post.payload())
        except UNREACHABLE as error:
            log.warning("keepers_not_told", channel=channel, reason=code_of(error))


def broken(findings: Sequence[Finding], words: Localizer) -> Post:
    """Every finding with its line, errors first, as many as a message holds."""
    ranked = sorted(findings, key=lambda finding: not finding.is_error)
    lines = [fit(code(str(finding)), LONGEST) for finding in ranked[:SHOWN]]
    more = [words("admin-more", count=len(ranked) - SHOWN)] if len(ranked) > SHOWN else []
    headline = words("admin-broken")
    blocks = [section(Markup(line)) for line in (headline, *lines, *more)]
    return Post(Markup("\n".join((headline, *lines, *more))), tuple(blocks))
