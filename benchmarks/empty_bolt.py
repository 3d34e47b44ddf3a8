"""The reference for `benchmarks.ack`: Bolt as its documentation shows it, with an empty handler."""

import asyncio
import os

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    """Acknowledge every `/image` and nothing else, until killed."""
    app = AsyncApp(client=AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]))

    @app.command("/image")
    async def on_image(ack: AsyncAck) -> None:
        await ack("done")

    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt ships it without types
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
