"""`image-bot requests` and `ram-policy`: from a shell, whether the bot runs or not."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest_asyncio
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.domain.lifecycle import Status
from bot.domain.request import OPERATOR
from handlers.i18n import Translations
from handlers.views.requests import who
from tests.house import ALICE, AUDIT_KEY, EVE, House

RULES = Path(__file__).parents[1] / "data" / "house.yaml"


def run(url: str, *arguments: str, **environment: str) -> Result:
    """Run a command as an operator does."""
    settings = {"DATABASE_URL": url, "AUDIT_KEY": AUDIT_KEY.decode(), **environment}
    return CliRunner().invoke(app, arguments, env=settings)


def printed(url: str, *arguments: str) -> Any:
    """What a command prints as JSON."""
    done = run(url, *arguments, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest_asyncio.fixture
async def requested(house: House) -> House:
    """A house with a request of Alice's that waits, and one of Eve's that was cancelled."""
    house.clock.now = time.time()  # the program's own
    await house.submit(reason="for the build")
    second = await house.submit(EVE, instance="ws-0second0000001")
    await asyncio.to_thread(run, str_of(house), "requests", "cancel", second.id, "--reason", "not today")
    return house


def str_of(house: House) -> str:
    """The URL of a house's database."""
    url = house.engine.url.set(drivername=house.engine.dialect.name)
    return url.render_as_string(hide_password=False)


async def test_requests_are_listed_by_status_and_person(requested: House) -> None:
    url = str_of(requested)
    everything = await asyncio.to_thread(printed, url, "requests", "list")
    waiting = await asyncio.to_thread(printed, url, "requests", "list", "--status", "pending")
    hers = await asyncio.to_thread(printed, url, "requests", "list", "--user", ALICE)
    mentioned = await asyncio.to_thread(printed, url, "requests", "list", "--user", f"<@{ALICE}|alice>")
    table = await asyncio.to_thread(run, url, "requests", "list", "--status", "cancelled")

    assert {each["requester"] for each in everything} == {ALICE, EVE}
    assert [each["status"] for each in waiting] == ["pending"]
    assert hers == mentioned == waiting
    assert [line.split()[1] for line in table.stdout.splitlines()] == ["status", "cancelled"]


async def test_an_operator_cancels_in_the_audit_log_as_an_operator(requested: House) -> None:
    (ended,) = await requested.store.find(statuses=[Status.CANCELLED])
    shown = await asyncio.to_thread(printed, str_of(requested), "requests", "show", ended.id)
    story = await asyncio.to_thread(run, str_of(requested), "requests", "show", ended.id)

    assert ended.end is not None
    assert (ended.end.by, ended.end.reason) == (OPERATOR, "not today")
    assert [(each["event"], each["actor"]) for each in shown["history"]] == [
        ("submitted", EVE),
        ("cancelled", OPERATOR),
    ]
    assert "An operator, at the bot's own shell, cancelled it. Reason given: not today." in story.stdout
    checked = await asyncio.to_thread(run, str_of(requested), "audit", "verify")
    assert checked.exit_code == 0


async def test_people_read_that_an_operator_cancelled(requested: House) -> None:
    told = [one for each in await requested.messages() for one in each.told if one["event"] == "cancelled"]

    assert {(one["actor"], one["details"]["reason"]) for one in told} == {(OPERATOR, "not today")}
    assert who(OPERATOR, Translations.read().for_locale("en")) == "an admin"


async def test_what_is_over_or_unknown_is_said_and_exits_1(requested: House) -> None:
    url = str_of(requested)
    (ended,) = await requested.store.find(statuses=[Status.CANCELLED])
    again = await asyncio.to_thread(run, url, "requests", "cancel", ended.id)
    unknown = await asyncio.to_thread(run, url, "requests", "cancel", "r-none")
    unseen = await asyncio.to_thread(run, url, "requests", "show", "r-none")

    assert (again.exit_code, again.stderr) == (1, f"{ended.id} is cancelled and can't be cancelled.\n")
    assert (unknown.exit_code, unknown.stderr) == (1, "There is no request r-none.\n")
    assert (unseen.exit_code, unseen.stderr) == (1, "There is no request r-none.\n")


def test_the_ram_policy_has_what_this_allowlist_can_grant(tmp_path: Path) -> None:
    stopping = run("", "ram-policy", "--allowlist", str(RULES)).stdout
    plain = tmp_path / "allowlist.yaml"
    plain.write_text(RULES.read_text().replace('"ecd:StopDesktops", ', ""))

    assert "ecd:StopDesktops" in stopping
    assert "ecd:StopDesktops" not in run("", "ram-policy", ALLOWLIST=str(plain)).stdout
    assert json.loads(stopping)["Version"] == "1"
