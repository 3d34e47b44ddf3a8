"""Who the bot signs as: the official chain, bounded in time, and silent about secrets."""

import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.alibaba import AlibabaCloud
from bot.alibaba.credentials import DefaultChain, FixedKeys, usable
from bot.alibaba.signing import Keys
from bot.errors import CloudCredentials, CloudRefused, Fault
from bot.playground.cloud import Account, LocalCloud
from tests.clouds import client_of, image

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


def ask(home: Path, script: str = ASK, **environment: str) -> str:
    """What a process with only these variables finds; the SDK reads its environment once, when imported."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(home), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    run = subprocess.run(  # noqa: S603 - this interpreter and the script above
        [sys.executable, "-c", script], env=bare | environment, capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    return run.stdout.strip()


ASK_BOTH = """
import asyncio, sys
from bot.alibaba import DefaultChain
chain = DefaultChain()
keys = asyncio.run(chain.keys())
print(keys.access_key_id, keys.access_key_secret, keys.security_token, chain.provider)
assert "alibabacloud_credentials" not in sys.modules
assert "s3cret" not in repr(vars(chain)), "a trace or a debugger would show it"
from alibabacloud_credentials.client import Client
keys = Client().get_credential()
print(keys.access_key_id, keys.access_key_secret, keys.security_token, keys.provider_name)
"""


def test_environment_is_the_first_link_of_the_chain(tmp_path: Path) -> None:
    """The names are Alibaba's own: its package reads the same, and isn't imported for that."""
    keys = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-x",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cret",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "token",
    }

    ours, theirs = ask(tmp_path, ASK_BOTH, **keys).splitlines()
    assert ours == theirs == "LTAI-x s3cret token default/env"


def test_nobody_to_sign_as_is_one_named_error(tmp_path: Path) -> None:
    """It says which links of the chain were tried."""
    said = ask(tmp_path)

    assert said.startswith("CloudCredentials ")
    assert "environment: Environment variable accessKeyId cannot be empty; " in said
    assert "profile of the aliyun CLI: " in said
    assert not re.search(r"Provider|\[|Traceback", said.partition("credentials: ")[2])


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

    assert "OIDC role: bad answer" in str(caught.value)
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


@pytest.mark.parametrize(
    "around", ["{}\n", " {} ", "\r\n{}\r\n", '"{}"', "'{}'", "\ufeff{}", "{}\u200b", "“{}”", "\t'{}'\n"]
)
def test_what_was_copied_along_with_a_key_is_left_out(around: str) -> None:
    """Line ends, spaces, quotes and invisible characters around a value are nobody's key."""
    given = Keys(around.format("LTAI-x"), around.format("s3/cret+=="), around.format("t0ken=="))

    assert usable(given) == Keys("LTAI-x", "s3/cret+==", "t0ken==")


@pytest.mark.parametrize("within", ["a\nb", "a b", "a\u200bb", "aéb", "a\x00b", "密钥"])
@pytest.mark.parametrize("part", ["access_key_id", "access_key_secret", "security_token"])
def test_key_that_no_header_can_carry_is_refused_by_the_name_of_its_part(part: str, within: str) -> None:
    """Its value is not in the sentence."""
    given = {"access_key_id": "id", "access_key_secret": "secret", "security_token": "token"} | {part: within}
    with pytest.raises(CloudCredentials, match=part.replace("_", " ").replace("key id", "key ID")) as caught:
        usable(Keys(**given))

    assert within not in str(caught.value)
    assert caught.value.fault is Fault.OPERATOR


async def test_keys_that_cannot_be_sent_never_are() -> None:
    """That is "never sent", not "nobody knows"."""
    async with LocalCloud() as local:
        cloud = client_of(local, keys=Keys("LTAI\nx", "secret"))
        with pytest.raises(CloudCredentials):
            await cloud.create_image(image())
        await cloud.aclose()

        assert len(local.ledger) == 0


def test_keys_rotated_in_the_file_are_picked_up_once_the_old_ones_are_refused(tmp_path: Path) -> None:
    """Without a restart; until then the file is not read again."""
    file = tmp_path / "credentials.ini"
    script = f"""
import asyncio
from pathlib import Path
from bot.alibaba import DefaultChain
file = Path({str(file)!r})
def write(n):
    keys = f"access_key_id = LTAI-{{n}}\\naccess_key_secret = secret-{{n}}"
    file.write_text(f"[default]\\ntype = access_key\\n{{keys}}\\n")
async def main():
    write(1)
    chain = DefaultChain()
    first = await chain.keys()
    write(2)
    same = await chain.keys()
    renewed = await chain.keys(first)
    late = await chain.keys(first)
    print(first.access_key_id, same.access_key_id, renewed.access_key_id, late.access_key_id)
asyncio.run(main())
"""

    assert ask(tmp_path, script, ALIBABA_CLOUD_CREDENTIALS_FILE=str(file)) == "LTAI-1 LTAI-1 LTAI-2 LTAI-2"


class Rotated:
    """Keys of which the second ones are good."""

    def __init__(self, *keys: Keys) -> None:
        self.given = list(keys)
        self.refused: list[Keys] = []

    async def keys(self, refused: Keys | None = None) -> Keys:
        """The next ones after a refusal."""
        if refused is not None:
            self.refused.append(refused)
            self.given = self.given[1:] or self.given
        return self.given[0]


OLD, NEW = Keys("LTAI-old", "old-secret", "old-token"), Keys("LTAI-new", "new-secret", "new-token")


@pytest.mark.parametrize(
    "account",
    [
        Account("LTAI-old", "old-secret", "old-token", expired=True),
        Account("LTAI-old", "old-secret", "old-token", inactive=True),
        Account("LTAI-old", "another-secret", "old-token"),
        Account("LTAI-other", "old-secret", "old-token"),
    ],
    ids=["expired token", "inactive key", "another secret", "unknown key"],
)
async def test_refused_keys_are_looked_up_again_and_the_call_is_made_with_the_new_ones(
    account: Account,
) -> None:
    """Also one that is never sent twice: the cloud did nothing with it."""
    async with LocalCloud(accounts=[account, Account("LTAI-new", "new-secret", "new-token")]) as local:
        rotated = Rotated(OLD, NEW)
        cloud = AlibabaCloud(rotated, endpoint=local.url, ecd_endpoint=local.url)
        made = await cloud.create_image(image())
        await cloud.aclose()

        assert made.image_id
        assert rotated.refused == [OLD]
        assert len(local.images) == 1


async def test_refused_keys_without_others_are_refused_once() -> None:
    """The operator has to act; nothing is sent over and over."""
    async with LocalCloud(accounts=[Account("LTAI-old", "old-secret", "old-token", expired=True)]) as local:
        cloud = AlibabaCloud(Rotated(OLD), endpoint=local.url, ecd_endpoint=local.url)
        with pytest.raises(CloudRefused) as caught:
            await cloud.create_image(image())
        await cloud.aclose()

        assert caught.value.code == "InvalidSecurityToken.Expired"
        assert caught.value.fault is Fault.OPERATOR
        assert len(local.ledger) == 1


async def test_refusal_that_is_not_about_keys_asks_for_no_others() -> None:
    """A creation that was refused for good is not sent with other keys."""
    async with LocalCloud(accounts=[Account("LTAI-old", "old-secret", "old-token")]) as local:
        local.accounts.put(Account("LTAI-new", "new-secret", "new-token"))
        local.accounts.set_all(forbidden=["CreateImageByInstance"])
        rotated = Rotated(OLD, NEW)
        cloud = AlibabaCloud(rotated, endpoint=local.url, ecd_endpoint=local.url)
        with pytest.raises(CloudRefused, match="NoPermission"):
            await cloud.create_image(image())
        await cloud.aclose()

        assert rotated.refused == []
        assert len(local.ledger) == 1


@dataclass
class Once:
    """A chain whose provider has keys once, and then complains without saying who it is."""

    access_key_id = "LTAI-x"
    access_key_secret = "s3cret"  # noqa: S105 - made up
    security_token = None
    provider_name = "default/ecs_ram_role"
    asked: int = 0

    def get_credential(self) -> "Once":
        """Itself, the first time."""
        self.asked += 1
        if self.asked > 1:
            raise RuntimeError("refresh failed: 404")
        return self


async def test_complaint_names_the_provider_that_had_the_keys() -> None:
    """Once one had keys the chain asks it alone, and no longer says which it is."""
    chain = DefaultChain(chain=Once)
    await chain.keys()
    with pytest.raises(CloudCredentials, match=r"default/ecs_ram_role: refresh failed"):
        await chain.keys()


@pytest.mark.parametrize(
    "message",
    [
        "Profile: Source contains parsing errors: 'credentials'\n\t[line 3]: 'access_key_secret s3cret'",
        "['Profile: no section headers.\\nfile: x, line: 1\\n's3cret'', 'Ecs: no']",
        "Profile: '%' must be followed by '%' or '(', found: '%s3cret'",
        'STS: {"Credentials": {"AccessKeySecret": "s3cret"}}',
    ],
)
async def test_complaint_quotes_no_line_of_a_credentials_file(message: str) -> None:
    """A file that cannot be parsed is quoted by the parser, keys and all."""
    with pytest.raises(CloudCredentials) as caught:
        await DefaultChain(chain=lambda: Broken(message)).keys()

    assert "s3cret" not in str(caught.value) + repr(caught.value)
