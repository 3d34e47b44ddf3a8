"""Slack is reached through the environment's proxy, except this machine itself and NO_PROXY's hosts."""

from collections.abc import Mapping

import pytest

from handlers.transport.connection import proxy_to, web_client, web_session
from handlers.transport.socket_client import Client

ENVIRONMENT = {"HTTPS_PROXY": "http://proxy:3128", "HTTP_PROXY": "plain:3128", "NO_PROXY": ".corp,10.1.2.3"}
PROXIES: Mapping[str, str | None] = {
    "https://slack.com/api/": "http://proxy:3128",
    "http://slack.com/api/": "http://plain:3128",
    "https://slack.corp/api/": None,
    "https://10.1.2.3/api/": None,
    "http://127.0.0.1:9/api/": None,
    "http://localhost:9/api/": None,
}


@pytest.fixture(autouse=True)
def _behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("url", "proxy"), PROXIES.items())
def test_an_address_has_the_proxy_that_other_programs_would_take(url: str, proxy: str | None) -> None:
    """The playground works behind any company's proxy."""
    assert proxy_to(url) == proxy


@pytest.mark.parametrize("url", ["https://slack.com/api/", "http://127.0.0.1:9/api/"])
async def test_calls_and_sockets_go_the_same_way(url: str) -> None:
    async with web_session() as session:
        slack = web_client("xoxb-1", url, session)
        client = Client("xapp-1", slack, 10.0)

        assert (slack.proxy, client.proxy) == (PROXIES[url], PROXIES[url])
        await client.close()
