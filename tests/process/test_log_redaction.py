"""No secret is ever in a log, an error, an audit entry or a card: with real-looking keys in every place."""

import asyncio
import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.playground.cloud.accounts import Account
from bot.playground.slack.app import App
from bot.playground.slack.faults import Fault, FaultKind
from bot.process.log_redaction import HIDDEN, HideSecrets, secrets_in
from bot.settings import BadSettings, Settings, read_settings
from bot.store.engine import transaction
from bot.store.tables import metadata
from tests.crash.lives import Life, live
from tests.crash.rig import Rig

# Shaped like the real ones, made up, and cut in two so that no scanner takes them for leaked.
BOT_TOKEN = "xoxb-" + "2147483647-2718281828459-MadeUpForThisTest0000000"
APP_TOKEN = "xapp-" + "1-A0MADEUP-3141592653589-madeupforthistest000000000000000000000000"
KEY_ID = "LTAI" + "5tMadeUpForThisTest0"
KEY_SECRET = "M4d3Up" + "F0rTh1sT3st0000000000000"
SIGNING = "8f742231b10e8888" + "abcd99yyyzzz85a5"
SECRETS = (BOT_TOKEN, APP_TOKEN, KEY_ID, KEY_SECRET, SIGNING)


@pytest.mark.parametrize("secret", SECRETS[:3])
@pytest.mark.parametrize("place", ["{}", "Authorization: Bearer {}", "https://host/?token={}&x=1", "a{}b"])
def test_whatever_looks_like_a_key_is_hidden_wherever_it_stands(secret: str, place: str) -> None:
    hide = HideSecrets(())
    deep = {"error": {"headers": [(place.format(secret), secret)], "args": {place.format(secret)}}}
    line = hide(None, "info", {"event": place.format(secret), "deep": deep, "exception": ValueError(secret)})
    assert secret not in repr(line)
    assert HIDDEN in repr(line)


@pytest.mark.parametrize("secret", [KEY_SECRET, SIGNING, "hunter22"])
def test_a_secret_of_the_environment_is_hidden_whatever_it_looks_like(secret: str) -> None:
    environment = {
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY_SECRET,
        "SLACK_SIGNING_SECRET": SIGNING,
        "DATABASE_URL": "postgresql://bot:hunter22@db/bot",
        "LANG": "C.UTF-8",
    }
    hide = HideSecrets(secrets_in(environment))
    assert secret not in repr(hide(None, "info", {"event": f"it was {secret}!"}))
    assert hide.without("C.UTF-8") == "C.UTF-8"


@pytest.mark.parametrize("name", ["SLACK_SIGNING_SECRET", "AUDIT_KEY", "DATABASE_URL"])
def test_a_secret_from_a_file_is_hidden_too(tmp_path: Path, name: str) -> None:
    """It has no shape, and the environment only says where it is."""
    file = tmp_path / "secret"
    file.write_text("postgresql://bot@db/bot?password=" * (name == "DATABASE_URL") + f"{SIGNING}\n")
    hide = HideSecrets(secrets_in({f"{name}_FILE": str(file)}))

    assert SIGNING not in repr(hide(None, "info", {"event": f"it was {SIGNING}!"}))


@pytest.mark.parametrize("around", ['"{}"', " {}\n", "“{}”", "\ufeff{}"])
def test_a_secret_is_hidden_without_what_surrounds_it_in_the_environment(around: str) -> None:
    hide = HideSecrets(secrets_in({"ALIBABA_CLOUD_ACCESS_KEY_SECRET": around.format(KEY_SECRET)}))

    assert KEY_SECRET not in repr(hide(None, "info", {"event": f"it was {KEY_SECRET}!"}))


def test_what_is_no_secret_is_kept_as_it_is() -> None:
    line = {"event": "started", "seconds": 1.5, "ok": True, "none": None, "list": ["a", 2]}
    assert HideSecrets(("secret-value",))(None, "info", dict(line)) == line


def test_settings_print_as_asterisks() -> None:
    settings = Settings(slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN, slack_signing_secret=SIGNING)
    assert not [secret for secret in SECRETS if secret in f"{settings} {settings!r}"]


def test_a_wrong_setting_is_reported_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("LOG_LEVEL", BOT_TOKEN)
    monkeypatch.setenv("WATCH_SECONDS", KEY_SECRET)
    with pytest.raises(BadSettings) as bad:
        read_settings()
    assert len(bad.value.problems) == 2
    assert BOT_TOKEN not in str(bad.value)
    assert KEY_SECRET not in str(bad.value)


@pytest.mark.timeout(120)
async def test_a_life_with_everything_going_wrong_shows_no_secret_anywhere(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    app = App(bot_token=BOT_TOKEN, app_token=APP_TOKEN, signing_secret=SIGNING)
    rig = Rig(sqlite_url, tmp_path, 1, 1, 1, app=app, account=Account(KEY_ID, KEY_SECRET))
    async with rig:
        rig.processes[0].environment |= {"LOG_LEVEL": "debug", "SLACK_SIGNING_SECRET": SIGNING}
        for kind in ("xml-error", "html-before", "reset-after"):
            rig.cloud.faults.add(kind, "*")
        for fault in (FaultKind.RATE_LIMITED, FaultKind.DROPPED):
            rig.slack.faults.set(Fault(fault, "chat.postMessage"))
        rig.slack.faults.set(Fault(FaultKind.REFUSED, "chat.update", error="invalid_auth"))
        await rig.start_all()
        life = Life(0, "approve")
        await live(rig, life)
        await asyncio.wait_for(_told(rig, life), 60)
        seen = "\n".join(
            [
                (tmp_path / "bot-0.log").read_text(),
                *(repr(message) for message in rig.slack.messages(life.channel)),
                json.dumps([str(row) for row in await _everything(rig)]),
            ]
        )
    assert "message_delayed" in seen
    assert not [secret for secret in SECRETS if secret in seen]


async def _told(rig: Rig, life: Life) -> None:
    """Wait until the thread says that the image is available."""
    await rig.slack.until(
        lambda slack: any("available" in str(m.metadata) for m in slack.messages(life.channel)), 60
    )


async def _everything(rig: Rig) -> list[object]:
    """Return every row of every table."""
    rows: list[object] = []
    async with transaction(rig.engine, reads=True) as connection:
        for table in metadata.sorted_tables:
            rows += (await connection.execute(select(table))).all()
    return rows
