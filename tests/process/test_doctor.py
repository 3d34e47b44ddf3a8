"""`image-bot doctor` on a playground that is broken in one way at a time: each is named, and nothing else."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.alibaba import Credentials, FixedKeys, Keys
from bot.errors import CloudCredentials
from bot.playground.cast import default_cast
from bot.playground.cloud import LocalCloud
from bot.playground.slack import Conditions, Fault, FaultKind, LocalSlack
from bot.playground.slack.state import Channel
from bot.process.doctor import Finding, OptIns, Severity, examine
from bot.settings import read_settings
from handlers.transport.manifest import SCOPES, manifest
from tests.databases import Postgres

CAST = default_cast()
RULES = CAST.allowlist
ACCOUNT = "1234567890123456"


@dataclass
class World:
    """A set-up that is sound until a test breaks it."""

    slack: LocalSlack
    cloud: LocalCloud
    folder: Path
    environment: dict[str, str]
    credentials: Credentials
    opt_ins: OptIns = field(default_factory=OptIns)
    clock: Callable[[], float] = time.time

    async def examined(self) -> list[Finding]:
        """Everything that doctor says."""
        settings = read_settings(self.environment, hears_slack=True)
        return [each async for each in examine(settings, self.opt_ins, self.credentials, self.clock)]

    def sets(self, name: str, value: str) -> None:
        """Set a setting."""
        self.environment[name] = value

    def rules(self, old: str, new: str) -> None:
        """Edit the allowlist."""
        file = Path(self.environment["ALLOWLIST"])
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def adds(self, text: str) -> None:
        """Add to the allowlist."""
        file = Path(self.environment["ALLOWLIST"])
        file.write_text(file.read_text() + text)

    def lacks(self, scope: str) -> None:
        """Take a scope away from the app."""
        app = self.slack.workspace.app
        self.slack.workspace.install(replace(app, scopes=app.scopes - {scope}))

    def refuses(self, method: str, error: str) -> None:
        """Let Slack refuse a method."""
        self.slack.faults.set(Fault(FaultKind.REFUSED, method, times=None, error=error))

    def keys(self, **changes: Any) -> None:
        """Change the account that the cloud knows."""
        self.cloud.accounts.put(replace(self.cloud.account, **changes))


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Slack, a cloud, a database and an allowlist, all sound."""
    (tmp_path / "allowlist.yaml").write_text(RULES)
    conditions = Conditions(rate_limits=False, joined=True)
    slack = LocalSlack(CAST.people, CAST.channels, CAST.usergroups, conditions=conditions)
    slack.install(manifest())
    async with slack, LocalCloud(seconds=0.1) as cloud:
        account = cloud.account
        environment = {
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.app.bot_token,
            "SLACK_APP_TOKEN": slack.app.app_token,
            "APPSTREAM_ENDPOINT": cloud.url,
            "ECD_ENDPOINT": cloud.url,
            "DATABASE_URL": sqlite_url,
            "ALLOWLIST": str(tmp_path / "allowlist.yaml"),
            "IMAGE_CHANNEL": CAST.image_channel,
            "ALIBABA_CLOUD_ACCOUNT_ID": ACCOUNT,
            "LOOKUP_SECONDS": "3s",
            "PORT": "0",
        }
        keys = FixedKeys(Keys(account.access_key_id, account.access_key_secret))
        yield World(slack, cloud, tmp_path, environment, keys)


def named(found: list[Finding], severity: Severity = Severity.FINDING) -> list[tuple[str, str]]:
    """What was found of a severity: the codes, and sentences to look into."""
    return [(each.code, each.sentence) for each in found if each.severity is severity]


async def test_a_sound_set_up_has_no_findings(world: World) -> None:
    """And nothing was posted, made or opened."""
    found = await world.examined()

    assert named(found) == []
    assert {each.code for each in found} >= {
        *("slack-bot-token", "slack-app-token", "slack-scopes", "slack-channel", "slack-users"),
        *("slack-usergroups", "quorums", "database", "cloud-credentials", "cloud-call", "cloud-identity"),
        *("cloud-account", "clock", "port", "allowlist", "audit-key"),
    }
    assert {call.method for call in world.slack.ledger.calls} <= {
        *("auth.test", "apps.connections.open", "conversations.history", "users.info", "usergroups.list")
    }
    assert {call.operation for call in world.cloud.ledger} <= {
        *("ListImage", "ListWuyingServer", "DescribeDesktops", "GetCallerIdentity", "")
    }


async def test_a_channel_that_the_bot_has_not_joined_is_a_note(world: World) -> None:
    """With `chat:write.public` it is posted to all the same; what was posted can't be read there."""
    world.slack.admin.remove(CAST.image_channel)
    found = {each.code: each for each in await world.examined()}

    assert named([*found.values()]) == []
    assert found["slack-channel-outside"].severity is Severity.NOTE


def no_slack(world: World) -> None:
    """Nobody listens there."""
    world.environment["SLACK_API_URL"] = "http://127.0.0.1:9/api/"


def app_token_without_scope(world: World) -> None:
    """The app-level token was made for something else."""
    world.slack.workspace.install(replace(world.slack.workspace.app, app_scopes=frozenset()))


def messages_tab_seen_off(world: World) -> None:
    """A direct message was refused some time ago."""
    with closing(sqlite3.connect(world.folder / "bot.db")) as database, database:
        database.execute(
            "INSERT INTO audit (seq, at, actor, event, request_id, details, previous, hash)"
            " VALUES (1, 1.0, 'bot', 'undeliverable', 'r-1', ?, '', '')",
            (json.dumps({"code": "messages_tab_disabled"}),),
        )


def messages_tab_off(world: World) -> None:
    """It is off, and the operator wants to know."""
    app = world.slack.workspace.app
    world.slack.workspace.install(replace(app, messages_tab_enabled=False))
    world.opt_ins = OptIns(message_to="U0ALICE")


def private_channel(world: World) -> None:
    """The cards shall go where the bot isn't."""
    channels = world.slack.workspace.channels
    channels["C0HIDDEN0"] = Channel("C0HIDDEN0", "hidden", members={"U0BOB"}, is_private=True)
    world.environment["IMAGE_CHANNEL"] = "C0HIDDEN0"


def not_joined_without_public(world: World) -> None:
    """It isn't in the channel, and can't post from outside."""
    world.slack.admin.remove(CAST.image_channel)
    app = world.slack.workspace.app
    world.slack.workspace.install(replace(app, scopes=app.scopes - {"chat:write.public"}))


def no_folder(world: World) -> None:
    """Nothing can be written where the database shall be."""
    world.environment["DATABASE_URL"] = f"sqlite:///{world.folder}/gone/bot.db"


def two_from_security(world: World) -> None:
    """A group has fewer people than the rule takes."""
    world.rules("{usergroups: [S0SEC], count: 1}", "{usergroups: [S0SEC], count: 9}")


def nobody_may_approve(world: World) -> None:
    """Nobody has the permission anymore."""
    world.rules("imagebot:ApproveImageRequest", "imagebot:CancelImageRequest")


def only_guests(world: World) -> None:
    """Anybody who sits in a group became a guest."""
    for user in world.slack.workspace.usergroups["S0SEC"].users:
        world.slack.admin.make_guest(user)


def no_usergroup(world: World) -> None:
    """A usergroup was switched off."""
    groups = world.slack.workspace.usergroups
    world.slack.workspace.set_usergroup(replace(groups["S0SEC"], is_enabled=False))


def other_secret(world: World) -> None:
    """The secret isn't the key's."""
    world.credentials = FixedKeys(Keys(world.cloud.account.access_key_id, "another-secret-of-somebody"))


class NoKeys:
    """A credential chain that has none."""

    async def keys(self, refused: Keys | None = None) -> Keys:  # noqa: ARG002 - the port's
        """Say so."""
        raise CloudCredentials("credentials", "the credential chain found no access key")


def no_credentials(world: World) -> None:
    """Nobody set any."""
    world.credentials = NoKeys()


def short_description(world: World) -> None:
    """The cloud forgets what an image is found by."""
    world.cloud.habits.change({"description_limit": 5, "keep_tags": False})
    world.opt_ins = OptIns(make_image="ws-0buj1s9gm000001")


def forbids(operation: str, world: World) -> None:
    """RAM denies the bot's key an operation."""
    world.keys(forbidden=frozenset({operation}))


Break = Callable[[World], object]
BROKEN: dict[str, tuple[Break, list[str], str]] = {
    "a bot token that is wrong": (
        lambda world: world.sets("SLACK_BOT_TOKEN", "xoxb-wrong"),
        ["slack-bot-token"],
        "invalid_auth",
    ),
    "a token that was revoked": (
        lambda world: world.refuses("auth.test", "token_revoked"),
        ["slack-bot-token"],
        "token_revoked",
    ),
    "an app that was uninstalled": (
        lambda world: world.refuses("auth.test", "account_inactive"),
        ["slack-bot-token"],
        "account_inactive",
    ),
    "an app token that is wrong": (
        lambda world: world.sets("SLACK_APP_TOKEN", "xapp-wrong"),
        ["slack-app-token"],
        "invalid_auth",
    ),
    "an app token for something else": (app_token_without_scope, ["slack-app-token"], "connections:write"),
    "a Slack that isn't there": (
        no_slack,
        ["slack-unreachable"] * 2,
        "asked about SLACK_BOT_TOKEN: no connection",
    ),
    "an allowlist that is broken": (
        lambda world: world.adds("nonsense: true\n"),
        ["allowlist"],
        "nonsense",
    ),
    "an allowlist that isn't there": (
        lambda world: world.environment.update(ALLOWLIST="/nowhere/allowlist.yaml"),
        ["allowlist"],
        "",
    ),
    "a Messages tab that was seen off": (messages_tab_seen_off, ["slack-messages-tab"], "Messages tab"),
    "a Messages tab that is off": (messages_tab_off, ["slack-messages-tab"], "messages_tab_disabled"),
    "a channel that isn't there": (
        lambda world: world.environment.update(IMAGE_CHANNEL="C0NOWHERE"),
        ["slack-channel"],
        "C0NOWHERE (IMAGE_CHANNEL)",
    ),
    "a private channel without the bot": (private_channel, ["slack-channel"], "C0HIDDEN0"),
    "an admin channel that is a typo": (
        lambda world: world.adds("admin_channel: C0TYPO000\n"),
        ["slack-channel"],
        "C0TYPO000 (admin_channel)",
    ),
    "a channel that is archived": (
        lambda world: world.slack.admin.archive(CAST.image_channel),
        ["slack-channel-archived"],
        CAST.image_channel,
    ),
    "a channel from outside": (
        not_joined_without_public,
        ["slack-scope", "slack-channel-outside"],
        "chat:write.public",
    ),
    "somebody who doesn't exist": (
        lambda world: world.rules("users: [U0ALICE, U0MEI]", "users: [U0ALICE, U0MEI, U0TYPO]"),
        ["slack-user-unknown"],
        "U0TYPO",
    ),
    "somebody who left": (
        lambda world: world.slack.admin.deactivate("U0ALICE"),
        ["slack-user-gone"],
        "U0ALICE",
    ),
    "a usergroup that is off": (no_usergroup, ["slack-usergroup", "quorum"], "S0SEC"),
    "a plan without usergroups": (
        lambda world: world.slack.admin.set_paid_plan(paid=False),
        ["slack-usergroup", "slack-usergroup", "quorum", "quorum"],
        "S0OPS",
    ),
    "a quorum that is too large": (two_from_security, ["quorum"], "wiping-needs-two takes 10 approvals"),
    "a quorum of guests": (only_guests, ["quorum"], "wiping-needs-two"),
    "nobody who may approve": (nobody_may_approve, ["quorum", "quorum"], "wiping-needs-two"),
    "a clock ten minutes off": (
        lambda world: setattr(world, "clock", lambda: time.time() - 600.0),
        ["clock", "clock"],
        "s behind Slack's",
    ),
    "a folder that isn't there": (no_folder, ["database"], "can't be written"),
    "a key of the audit log that is too short": (
        lambda world: world.environment.update(AUDIT_KEY="short"),
        ["audit-key"],
        "AUDIT_KEY",
    ),
    "no credentials": (no_credentials, ["cloud-credentials-missing"], "found no access key"),
    "an access key that is unknown": (
        lambda world: setattr(world, "credentials", FixedKeys(Keys("LTAI5tUnknown0000", "secret-of-it"))),
        ["cloud-access-key"],
        "InvalidAccessKeyId",
    ),
    "a secret of another key": (other_secret, ["cloud-signature"], "SignatureDoesNotMatch"),
    "a key that was switched off": (
        lambda world: world.keys(inactive=True),
        ["cloud-access-key"],
        "Inactive",
    ),
    **{
        f"{operation} forbidden": (
            partial(forbids, operation),
            ["cloud-forbidden"],
            operation,
        )
        for operation in ("ListImage", "ListWuyingServer", "DescribeDesktops")
    },
    "a region that can't be reached": (
        lambda world: world.environment.update(ECD_ENDPOINT="http://127.0.0.1:9"),
        ["cloud-unreachable"],
        "127.0.0.1:9 can't be reached for DescribeDesktops in cn-shanghai: no connection",
    ),
    "an account of somebody else's": (
        lambda world: world.environment.update(ALIBABA_CLOUD_ACCOUNT_ID="999"),
        ["cloud-account"],
        ACCOUNT,
    ),
    "a cloud that keeps no marks": (short_description, ["cloud-image"], "kept 5 of 256"),
}


@pytest.mark.parametrize(("breaks", "codes", "words"), BROKEN.values(), ids=BROKEN)
async def test_each_way_to_be_broken_is_named_and_nothing_else(
    world: World, breaks: Break, codes: list[str], words: str
) -> None:
    """With what to do about it, and without a secret."""
    breaks(world)

    found = await world.examined()

    assert [code for code, _ in named(found)] == codes
    assert words in " / ".join(sentence for _, sentence in named(found))
    assert all(each.todo for each in found if each.severity is Severity.FINDING)
    assert "xoxb-" not in repr(found)
    assert world.cloud.account.access_key_secret not in repr(found)


@pytest.mark.parametrize("scope", SCOPES)
async def test_each_missing_scope_is_named(world: World, scope: str) -> None:
    """By the header of auth.test, whether or not a check needed it."""
    world.lacks(scope)

    said = [sentence for code, sentence in named(await world.examined()) if code == "slack-scope"]

    assert f"SLACK_BOT_TOKEN lacks the scope {scope}" in said
    assert all(scope in each for each in said)


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_a_port_that_is_taken_is_named(world: World) -> None:
    with taken_port() as port:
        world.environment["PORT"] = str(port)

        assert [code for code, _ in named(await world.examined())] == ["port"]


async def test_on_postgresql_schema_rights_and_key_are_looked_at(world: World, postgresql: Postgres) -> None:
    """A schema that is old is a finding there, an unkeyed log a note."""
    world.environment["DATABASE_URL"] = postgresql.empty()
    assert [code for code, _ in named(await world.examined())] == ["schema"]

    world.environment["DATABASE_URL"] = postgresql.fresh()
    found = await world.examined()
    assert named(found) == []
    assert "audit-key" in [code for code, _ in named(found, Severity.NOTE)]

    world.environment["DATABASE_URL"] = postgresql.uri.replace("/postgres?", "/nosuchdatabase?")
    assert [code for code, _ in named(await world.examined())] == ["database"]


async def test_what_is_beyond_the_settings_is_a_note(world: World) -> None:
    """STS that can't be asked fails nothing."""
    world.keys(forbidden=frozenset({"GetCallerIdentity"}))

    found = await world.examined()

    assert named(found) == []
    assert "cloud-identity" in [code for code, _ in named(found, Severity.NOTE)]


async def test_the_command_prints_json_and_exits_1(world: World) -> None:
    """As a script reads it."""
    world.lacks("users:read")
    environment = world.environment | {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": world.cloud.account.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": world.cloud.account.access_key_secret,
        "PATH": os.environ["PATH"],
    }
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "doctor", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert {"code", "severity", "sentence", "todo"} == set(found[0])
    assert "slack-scope" in [each["code"] for each in found if each["severity"] == "finding"]
