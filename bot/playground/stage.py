"""A stage: a local Slack, a local cloud and a bot between them, in a folder of their own."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from bot.playground.bot_process import BotProcess
from bot.playground.cast import Cast, default_cast
from bot.playground.cloud import LocalCloud
from bot.playground.slack import LocalSlack, Person

START_SECONDS = 30.0


class Stage:
    """Everything a story needs. The bot speaks to both sides over the real wire protocols on loopback.

    Args:
        cast: who is there; the playground's own personas when left out.
        environment: settings for the bot beside those that connect it, such as `WATCH_SECONDS`.
        slack_port, image_seconds: where the local Slack listens (0: anywhere), how long an image takes.
    """

    def __init__(
        self,
        cast: Cast | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        slack_port: int = 0,
        image_seconds: float = 6.0,
    ) -> None:
        self.cast = cast or default_cast()
        self.slack = LocalSlack(self.cast.people, self.cast.channels, self.cast.usergroups, port=slack_port)
        self.cloud = LocalCloud(seconds=image_seconds)
        self.extra = dict(environment or {})
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="image-bot-")))
        self.allowlist = self.folder / "allowlist.yaml"
        self.allowlist.write_text(self.cast.allowlist, encoding="utf-8")
        await self._stack.enter_async_context(self.slack)
        await self._stack.enter_async_context(self.cloud)
        self.bot = BotProcess(self.environment(), self.folder / "bot.log")
        self._stack.push_async_callback(self.bot.stop)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def environment(self) -> dict[str, str]:
        """Return what connects a bot to this stage."""
        return {
            "SLACK_API_URL": self.slack.url,
            "SLACK_BOT_TOKEN": self.slack.app.bot_token,
            "SLACK_APP_TOKEN": self.slack.app.app_token,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.cloud.account.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.cloud.account.access_key_secret,
            "APPSTREAM_ENDPOINT": self.cloud.url,
            "ECD_ENDPOINT": self.cloud.url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'image-bot.db'}",
            "ALLOWLIST": str(self.allowlist),
            "IMAGE_CHANNEL": self.cast.image_channel,
            "WATCH_SECONDS": "1s",
            "PORT": "0",
            **self.extra,
        }

    async def start_bot(self) -> None:
        """Start the bot and wait until Slack reaches it."""
        await self.bot.start()
        await self.slack.until(lambda slack: slack.sockets.connections, START_SECONDS)

    def person(self, user_id: str) -> Person:
        """Return a person to act as."""
        return self.slack.person(user_id)
