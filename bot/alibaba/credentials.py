"""The bot's credentials: Alibaba Cloud's default credential chain, off the event loop and with a time
limit.
"""

import asyncio
import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Protocol, Self

from bot.alibaba.signing import Keys
from bot.errors import NO_CREDENTIALS, CloudCredentials, Fault

_INVISIBLE = r"\s\x00-\x1f\x7f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_COPIED_ALONG = re.compile(rf"^[{_INVISIBLE}\"'‘’“”]+|[{_INVISIBLE}\"'‘’“”]+$")


_PROVIDERS = {
    "CLIProfile": "profile of the aliyun CLI",
    "CloudSSO": "CloudSSO",
    "EcsRamRole": "RAM role of this machine",
    "EnvironmentVariable": "environment",
    "OAuth": "OAuth",
    "OIDCRoleArn": "OIDC role",
    "Profile": "credentials file",
    "RamRoleArn": "RAM role",
    "URL": "credentials URI",
}
"""The chain's providers, by the names of their classes (Alibaba Cloud, "Default credential chain")."""


class Credentials(Protocol):
    """Where the keys for the next call come from."""

    async def keys(self, refused: Keys | None = None) -> Keys:
        """Return keys that are valid now; raise `CloudCredentials` when there are none.

        `refused` are keys that the cloud has just rejected: look again, they may have been rotated.
        """


class Chain(Protocol):
    """The part of `alibabacloud_credentials.client.Client` that is used."""

    def get_credential(self) -> Any:  # noqa: ANN401 - the package has no types
        """Return the credential, with `access_key_id`, `access_key_secret` and `security_token`."""


class FixedKeys:
    """The same keys every time, for a caller that has them already."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def keys(self, refused: Keys | None = None) -> Keys:  # noqa: ARG002 - there are no others
        """Return the keys."""
        return self._keys


class DefaultChain:
    """Environment, OIDC, CLI profile, ini profile, ECS RAM role, credentials URI: the first that has keys.

    The chain is blocking code (files, metadata service, STS), so it runs in a thread. It caches and refreshes
    temporary keys itself; asking again is cheap. It reads a file once: after the cloud refused what it gave,
    a new chain is made, which sees keys that were rotated.

    Args:
        seconds: how long one look may take before the call is given up.
        chain: makes the chain.
    """

    def __init__(self, seconds: float = 15.0, chain: Callable[[], Chain] | None = None) -> None:
        self._seconds = seconds
        self._make = chain or _default_chain
        self._chain: Chain | None = None
        self._given: Keys | None = None
        self._provider = ""

    @property
    def provider(self) -> str:
        """The provider that had keys, "" until one has."""
        return self._provider

    async def keys(self, refused: Keys | None = None) -> Keys:
        """Ask the chain."""
        if refused is not None and refused == self._given:
            self._chain = None
        try:
            async with asyncio.timeout(self._seconds):
                self._given = await asyncio.wrap_future(self._look_aside())
        except TimeoutError:
            raise self._nobody(f"no answer from the credential chain within {self._seconds:g} s") from None
        except CloudCredentials:
            raise
        except Exception as error:  # noqa: BLE001 - every provider of the chain raises as it likes
            raise self._nobody(_in_words(_without_values(str(error)))) from None
        return self._given

    def _look_aside(self) -> Future[Keys]:
        """Look in a daemon thread: a hanging look must not keep the process from ending."""
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
        self._chain = chain = self._chain or self._make()
        found = chain.get_credential()
        if not (found.access_key_id and found.access_key_secret):
            raise self._nobody("the credential chain found no access key")
        self._provider = str(getattr(found, "provider_name", "") or "")
        return usable(Keys(found.access_key_id, found.access_key_secret, found.security_token or None))

    def _nobody(self, why: str) -> CloudCredentials:
        """Name the provider: once one had keys, the chain asks only that one and no longer says which it
        is.
        """
        return _nobody(f"{self._provider}: {why}" if self._provider else why)


def usable(keys: Keys) -> Keys:
    """Return the keys without what was copied along (spaces, line ends, quotes); raise `CloudCredentials`
    when they can't be used.

    They travel in headers, which hold visible ASCII alone. The sentence names the part, never its value.
    """
    parts = {
        "access key ID": keys.access_key_id,
        "access key secret": keys.access_key_secret,
        "security token": keys.security_token or "",
    }
    clean = {name: _COPIED_ALONG.sub("", value) for name, value in parts.items()}
    for name, value in clean.items():
        if re.search(r"[^!-~]", value):
            raise _nobody(f"the {name} holds a character that no key has, such as a space or a line end")
        if parts[name] and not value:
            raise _nobody(f"the {name} is blank")
    return Keys(clean["access key ID"], clean["access key secret"], clean["security token"] or None)


@dataclass(frozen=True)
class _Environment:
    """The chain's first link, read as it does. Its repr shows no secret, as that of `Keys`."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str = field(repr=False)
    provider_name = "default/env"

    def get_credential(self) -> Self:
        """Return the credential."""
        return self


def _default_chain() -> Chain:
    """Return the environment when it holds keys, else the chain, which it is the first link of."""
    names = ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN")
    environment = _Environment(*(os.environ.get(f"ALIBABA_CLOUD_{name}", "") for name in names))
    if environment.access_key_id and environment.access_key_secret:
        return environment

    # Imported when needed: the package takes 6 MB and 50 ms, and reads the environment at import.
    from alibabacloud_credentials.client import Client  # type: ignore[import-untyped]  # ships no types

    # It writes tracebacks past our logs; what is in them is in its exceptions, which are told.
    logging.getLogger("credentials").disabled = True
    chain: Chain = Client()
    return chain


def _nobody(why: str) -> CloudCredentials:
    return CloudCredentials(
        NO_CREDENTIALS, why, fault=Fault.OPERATOR, explanation="cloud-credentials", operation="credentials"
    )


def _without_values(message: str) -> str:
    """Return a provider's error message without its quotes, which may contain keys: a response, or lines
    of a file.
    """
    quoted = re.sub(r"\{.*", "…", message, flags=re.DOTALL)
    return re.sub(r"(\n|\\n|found: ).*?(?=['\"], ['\"]|\Z)", " …", quoted, flags=re.DOTALL)[:800]


def _in_words(message: str) -> str:
    """Return what the chain says without the names of its classes: what each way to get keys came to."""
    said = re.sub(r"\b(\w+)CredentialsProvider\b", lambda name: _PROVIDERS.get(name[1], name[1]), message)
    listed = re.fullmatch(r"unable to load credentials from any .*?: \[['\"](.*?)['\"]?\]?", said, re.DOTALL)
    return "; ".join(re.split(r"['\"], ['\"]", listed[1])) if listed else said
