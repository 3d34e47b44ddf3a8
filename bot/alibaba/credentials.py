"""Whom the bot signs as: Alibaba Cloud's default credential chain, off the event loop and bounded in time."""

import asyncio
import re
from concurrent.futures import Future
from threading import Thread
from typing import Any, Protocol

from bot.alibaba.signing import Keys
from bot.errors import CloudCredentials, Fault


class Credentials(Protocol):
    """Where the keys for the next call come from."""

    async def keys(self) -> Keys:
        """Keys that are valid now; raises `CloudCredentials` when there are none."""


class Chain(Protocol):
    """What is used of `alibabacloud_credentials.client.Client`."""

    def get_credential(self) -> Any:  # noqa: ANN401 - the package has no types
        """The credential, with `access_key_id`, `access_key_secret` and `security_token`."""


class FixedKeys:
    """The same keys for ever, for a caller that has them already."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def keys(self) -> Keys:
        """The keys."""
        return self._keys


class DefaultChain:
    """Environment, OIDC, CLI profile, ini profile, ECS RAM role, credentials URI: the first that has keys.

    The chain is blocking code (files, metadata service, STS), so it runs in a thread. It caches and refreshes
    temporary keys itself; asking again is cheap.

    Args:
        seconds: how long one look may take before the call is given up.
        chain: another chain than the default one.
    """

    def __init__(self, seconds: float = 15.0, chain: Chain | None = None) -> None:
        self._seconds = seconds
        self._chain = chain

    async def keys(self) -> Keys:
        """Ask the chain."""
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(self._look_aside())
        except TimeoutError:
            raise _nobody(f"no answer from the credential chain within {self._seconds:g} s") from None
        except CloudCredentials:
            raise
        except Exception as error:  # noqa: BLE001 - every provider of the chain raises as it likes
            raise _nobody(_without_values(str(error))) from None

    def _look_aside(self) -> Future[Keys]:
        """Look in a daemon thread: one that hangs must not hold up the end of the process."""
        found: Future[Keys] = Future()
        found.set_running_or_notify_cancel()

        def look() -> None:
            try:
                found.set_result(self._look())
            except Exception as error:  # noqa: BLE001 - raised again where it is awaited
                found.set_exception(error)

        Thread(target=look, name="credentials", daemon=True).start()
        return found

    def _look(self) -> Keys:
        self._chain = self._chain or _default_chain()
        found = self._chain.get_credential()
        if not (found.access_key_id and found.access_key_secret):
            raise _nobody("the credential chain found no access key")
        return Keys(found.access_key_id, found.access_key_secret, found.security_token or None)


def _default_chain() -> Chain:
    # Imported when needed: the package reads the environment at import, and once.
    from alibabacloud_credentials.client import Client  # type: ignore[import-untyped]  # ships no types

    chain: Chain = Client()
    return chain


def _nobody(why: str) -> CloudCredentials:
    return CloudCredentials(
        "credentials", why, fault=Fault.OPERATOR, explanation="cloud-credentials", operation="credentials"
    )


def _without_values(message: str) -> str:
    """A provider's complaint without the response that it may quote, which may hold keys."""
    return re.sub(r"\{.*", "…", message, flags=re.DOTALL)[:500]
