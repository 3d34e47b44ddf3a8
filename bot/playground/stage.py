"""A stage: a local Slack, a local cloud and a bot between them, in their own folder."""

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from bot.playground.bot_process import BotProcess
from bot.playground.cast import Cast, default_cast
from bot.playground.cloud import LocalCloud
from bot.playground.command_line import image_bot
from bot.playground.slack import Conditions, LocalSlack, Person
from bot.playground.slack.wire import JsonObject

START_SECONDS = 30.0
RELOAD_SECONDS = 5.0


class BotDidNotStart(Exception):
    """The bot ended, or never reached Slack. Field `lines`: the last lines it wrote."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("the bot did not start: " + " / ".join(lines or ("it wrote nothing",)))
        self.lines = lines


class Stage:
    """Everything a story needs. The bot speaks to both sides over the real wire protocols on loopback.

    Args:
        cast: who is there; the playground's own personas by default.
        environment: settings for the bot besides those that connect it, such as `WATCH_SECONDS`.
        manifest: of the app; what `image-bot manifest` prints by default.
        conditions: what kind of Slack it is; the strict one by default.
        slack_port, image_seconds: where the local Slack listens (0: anywhere), how long an image takes.
    """

    def __init__(
        self,
        cast: Cast | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        manifest: Mapping[str, JsonObject] | None = None,
        conditions: Conditions | None = None,
        slack_port: int = 0,
        image_seconds: float = 6.0,
    ) -> None:
        self.cast = cast or default_cast()
        self.slack = LocalSlack(
            self.cast.people,
            self.cast.channels,
            self.cast.usergroups,
            conditions=conditions,
            port=slack_port,
        )
        self.cloud = LocalCloud(seconds=image_seconds)
        self.extra = dict(environment or {})
        self._manifest = manifest
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="image-bot-")))
        self.allowlist = self.folder / "rules" / "allowlist.yaml"  # in its own folder, which the bot watches
        for name, text in {"allowlist.yaml": self.cast.allowlist, **self.cast.policy_files}.items():
            path = self.allowlist.parent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.slack.install(self._manifest or await _manifest())
        await self._stack.enter_async_context(self.slack)
        await self._stack.enter_async_context(self.cloud)
        self.bot = BotProcess(self.environment(), self.folder / "bot.log", self._bot_changed)
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
            "LEASE_SECONDS": "5s",  # how long a killed bot's work rests before the next one takes it
            "LOG_FORMAT": "json",
            "HOST": "127.0.0.1",
            "PORT": "0",
            **self.extra,
        }

    async def start_bot(self) -> None:
        """Start the bot and wait until Slack can reach it. Raises `BotDidNotStart`."""
        await self.bot.start()
        with suppress(TimeoutError):
            await self.slack.until(
                lambda slack: slack.sockets.connections or not self.bot.is_running, START_SECONDS
            )
        if not self.slack.sockets.connections:
            raise BotDidNotStart(tuple(self.bot.lines)[-5:])

    async def deliver_over_http(self, request_url: str) -> None:
        """Let Slack post to this address from now on, with the manifest for it."""
        self.slack.install(await _manifest("--http", request_url))
        self.slack.deliver_over_http(request_url)

    async def save_allowlist(self, text: str) -> bool:
        """Save `text` as the allowlist, like an editor; return whether the running bot accepted it.

        False: it kept the old rules, because the text is broken. Raises TimeoutError if it doesn't say.
        """
        taken, kept = self.bot.heard(TAKEN), self.bot.heard(BROKEN)
        changed = self.allowlist.read_text(encoding="utf-8") != text
        fresh = self.allowlist.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.allowlist)
        if not changed or not self.bot.is_running:
            return True
        await self.bot.until(
            lambda: (self.bot.heard(TAKEN), self.bot.heard(BROKEN)) != (taken, kept), RELOAD_SECONDS
        )
        return self.bot.heard(TAKEN) != taken

    def person(self, user_id: str) -> Person:
        """Return a person through whom to act."""
        return self.slack.person(user_id)

    def _bot_changed(self) -> None:
        self.slack.changes.record("bot", lives=self.bot.lives, is_running=self.bot.is_running)


TAKEN, BROKEN = "allowlist_taken", "allowlist_broken"
"""What the bot logs when it has read an edit of its allowlist."""


async def _manifest(*options: str) -> dict[str, JsonObject]:
    """Return the manifest that the bot prints for its operator."""
    status, output = await image_bot("manifest", *options)
    if status != 0:
        raise BotDidNotStart((output,))
    manifest: dict[str, JsonObject] = json.loads(output)
    return manifest
