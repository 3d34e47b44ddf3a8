"""Who the bot signs as: the official chain, bounded in time, and silent about secrets."""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.alibaba.credentials import DefaultChain, FixedKeys
from bot.alibaba.signing import Keys
from bot.errors import CloudCredentials, Fault

ASK = """
import asyncio
from bot.alibaba import DefaultChain
from bot.errors import CloudCredentials
try:
    keys = asyncio.run(DefaultChain().keys())
    print(keys.access_key_id, keys.access_key_secret, keys.security_token)
except CloudCredentials as nobody:
    print(type(nobody).__name__, nobody)
"""


def ask(home: Path, **environment: str) -> str:
    """What a process with only these variables finds; the SDK reads its environment once, when imported."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(home), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    run = subprocess.run(  # noqa: S603 - this interpreter and the script above
        [sys.executable, "-c", ASK], env=bare | environment, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_environment_is_the_first_link_of_the_chain(tmp_path: Path) -> None:
    """The names are Alibaba's own."""
    keys = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-x",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cret",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "token",
    }

    assert ask(tmp_path, **keys) == "LTAI-x s3cret token"


def test_nobody_to_sign_as_is_one_named_error(tmp_path: Path) -> None:
    """It says which links of the chain were tried."""
    said = ask(tmp_path)

    assert said.startswith("CloudCredentials ")
    assert "EnvironmentVariableCredentialsProvider" in said


@dataclass
class Broken:
    """A chain that fails as an STS call does, quoting the answer."""

    message: str

    def get_credential(self) -> None:
        """Fail."""
        raise RuntimeError(self.message)


async def test_complaint_of_the_chain_is_told_without_what_it_quotes() -> None:
    """An STS answer may hold keys."""
    chain = Broken('OIDCRoleArnCredentialsProvider: bad answer {"AccessKeySecret": "s3cret"}')

    with pytest.raises(CloudCredentials) as caught:
        await DefaultChain(chain=lambda: chain).keys()

    assert "OIDCRoleArnCredentialsProvider" in str(caught.value)
    assert "s3cret" not in repr(caught.value) + str(caught.value)
    assert caught.value.fault is Fault.OPERATOR
    assert caught.value.__cause__ is None


class Stuck:
    """A chain whose metadata service never answers, until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def get_credential(self) -> None:
        """Hang."""
        self.let_go.wait()


async def test_chain_that_hangs_is_given_up_and_holds_nobody() -> None:
    """The event loop and the call go on, and the process can end."""
    stuck = Stuck()
    try:
        with pytest.raises(CloudCredentials, match=r"within 0\.05 s"):
            await DefaultChain(seconds=0.05, chain=lambda: stuck).keys()
        (thread,) = [thread for thread in threading.enumerate() if thread.name == "credentials"]
        assert thread.daemon
    finally:
        stuck.let_go.set()


class Empty:
    """A chain that finds a credential without keys, such as a bearer token."""

    access_key_id = access_key_secret = security_token = None

    def get_credential(self) -> "Empty":
        """Itself."""
        return self


async def test_credential_without_keys_is_nobody() -> None:
    """A bearer token signs nothing."""
    with pytest.raises(CloudCredentials, match="no access key"):
        await DefaultChain(chain=Empty).keys()


async def test_fixed_keys_are_what_was_given() -> None:
    """For callers that have keys already."""
    keys = Keys("id", "secret")

    assert await FixedKeys(keys).keys() is keys
