"""What tests do on the page: read it, and act on behalf of a person."""

from typing import Any

import aiohttp


async def shown(http: aiohttp.ClientSession, look: str) -> str:
    """The page's HTML."""
    async with http.get(f"/{look}") as answer:
        assert answer.status == 200
        return await answer.text()


async def does(http: aiohttp.ClientSession, act: str, **body: object) -> Any:
    """Let somebody do something."""
    async with http.post(f"/do/{act}", json=body) as answer:
        assert answer.status == 200
        return await answer.json()
