"""`image-bot audit`: for an auditor who has never seen Slack."""

import asyncio
import csv
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import audit_records, refusal_words
from bot.domain.changes import UNRECORDED
from bot.domain.lifecycle import Event
from bot.policy import Verdict
from bot.service.outcomes import RefusalReason
from bot.store.audit import Entry
from bot.store.audit_key import make_audit_key, read_audit_key
from tests.databases import upgrade
from tests.house import ALICE, AUDIT_KEY, BOB, DAVE, House, person


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `image-bot audit` where the database is."""
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "bot", "audit", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "AUDIT_KEY": AUDIT_KEY.decode(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which one request was approved, and one rejected."""
    made = tmp_path_factory.mktemp("audit")
    asyncio.run(_live(f"sqlite:///{made}/image-bot.db"))
    return made


async def _live(url: str) -> None:
    await upgrade(url)
    house = House(url)
    first = await house.submit(reason="=new base image")
    await house.service.review(person(DAVE), first.id, approves=True)
    await house.service.review(person(BOB), first.id, approves=True, reason="looks right")
    await house.step()
    second = await house.submit(instance="ws-0second0000001")
    house.clock.now += 3600.0
    await house.service.review(person(BOB), second.id, approves=False, reason="no need")
    await house.aclose()


def exported(folder: Path, *arguments: str) -> list[dict[str, object]]:
    """Return what `audit export` prints."""
    done = run(folder, "export", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_export_has_times_as_people_read_them_and_what_was_decided(folder: Path) -> None:
    reviewed = [each for each in exported(folder) if each["decision"]]

    assert [(each["actor"], each["decision"]) for each in reviewed] == [(BOB, "approve"), (BOB, "reject")]
    assert all(str(each["time"]).endswith("Z") for each in reviewed)


def test_csv_has_one_flat_column_a_fact_and_no_formula(folder: Path) -> None:
    done = run(folder, "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))

    assert list(rows[0]) == list(audit_records.COLUMNS)
    assert rows[0]["reason"] == "'=new base image"
    assert {row["decision"] for row in rows} == {"", "approve", "reject"}
    assert [row["reason"] for row in rows if row["decision"] == "reject"] == ["no need"]
    assert rows[0]["status_to"] == "pending"


def test_what_was_asked_for_and_why_it_was_refused_have_columns_of_their_own() -> None:
    asked = {
        "image": {"instance_id": "ws-1", "image_name": "tools", "tags": [{"key": "a", "value": "1"}]},
        "regions": ["cn-beijing", "cn-hangzhou"],
        "stop_first": True,
        "start_at": 86_400.0,
    }
    rows = [
        dict(zip(audit_records.COLUMNS, audit_records.flat(entry), strict=True))
        for entry in (
            Entry(1, 0.0, "U1", "submitted", "r-1", json.dumps(asked), "", ""),
            Entry(2, 0.0, "U2", "refused", "r-1", json.dumps({"why": "own-request"}), "", ""),
        )
    ]

    told = ("instance_id", "image_name", "tags", "regions", "stop_first", "start_at", "why")
    assert [[row[name] for name in told] for row in rows] == [
        ["ws-1", "tools", "a=1", "cn-beijing, cn-hangzhou", "true", "1970-01-02T00:00:00Z", ""],
        ["", "", "", "", "", "", "own-request"],
    ]


def test_an_export_can_be_of_a_person_a_request_or_a_time(folder: Path) -> None:
    everything = exported(folder)
    request = str(everything[0]["request_id"])
    last = str(everything[-1]["time"])

    assert {each["actor"] for each in exported(folder, "--user", ALICE)} == {ALICE}
    assert {each["request_id"] for each in exported(folder, "--request", request)} == {request}
    assert exported(folder, "--since", last) == everything[-1:]
    assert exported(folder, "--until", last) == everything[:-1]
    assert exported(folder, "--until", "36500d") == []


@pytest.mark.parametrize("when", ["yesterday", "7x", "2026-13-01", ""])
def test_a_time_that_is_none_is_wrong_use(folder: Path, when: str) -> None:
    done = run(folder, "export", "--since", when)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_the_story_says_who_let_it_through_by_which_rule(folder: Path) -> None:
    request = str(exported(folder)[0]["request_id"])
    told = run(folder, "show", request).stdout

    assert f"{ALICE} asked for an image of ws-0buj1s9gm000001" in told
    refused = "was refused: nothing in the allowlist allows it (ImplicitDeny)."
    assert f"{DAVE} tried imagebot:ApproveImageRequest and {refused}" in told
    assert f"{BOB} approved as a member of S0OPS. Reason given: looks right." in told
    assert "looks right" in told
    assert told.splitlines()[-1] == (
        f"Let through by {BOB}, as the rule “default” asks; allowed by statement 1 of the policy approver."
    )


def test_the_story_of_what_was_rejected_ends_with_nobody(folder: Path) -> None:
    request = str(exported(folder)[-1]["request_id"])
    told = run(folder, "show", request).stdout

    assert f"{BOB} rejected it" in told
    assert told.splitlines()[-1] == "Nobody let it through."


def test_a_request_that_the_log_does_not_know_is_a_finding(folder: Path) -> None:
    assert run(folder, "show", "r-unknown").returncode == 1


def test_everything_that_a_request_can_go_through_has_a_sentence() -> None:
    """Nobody has to read names of fields and codes of events."""
    assert {*Event} - UNRECORDED <= audit_records.SENTENCES.keys()


def test_everything_that_somebody_can_be_refused_for_has_words() -> None:
    assert {*RefusalReason, Verdict.IMPLICIT_DENY, Verdict.EXPLICIT_DENY} == refusal_words.WORDS.keys()


@pytest.mark.parametrize("event", ["surprised", "submitted", "reviewed", "failed", *audit_records.SENTENCES])
@pytest.mark.parametrize("details", ["{}", "spoiled", "[]", '{"image": 3, "statements": ["p[0]"], "x": {}}'])
def test_any_entry_has_a_sentence_and_its_cells(event: str, details: str) -> None:
    entry = Entry(1, 0.0, "U1", event, "r-1", details, "", "")

    assert len(audit_records.story("r-1", [entry])) == 5
    assert len(audit_records.flat(entry)) == len(audit_records.COLUMNS)


def test_verify_says_the_head_and_takes_it_back(folder: Path) -> None:
    head = run(folder, "verify").stdout.split()[-1]

    assert run(folder, "verify", "--expect", head).returncode == 0
    wrong = run(folder, "verify", "--expect", head.replace(head[-1], "0" if head[-1] != "0" else "1"))
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert run(folder, "verify", "--expect", "12").returncode == 2


def test_verify_with_another_key_names_the_first_record(folder: Path) -> None:
    done = run(folder, "verify", AUDIT_KEY="another key, as long as it should be")
    assert done.returncode == 1
    assert "record 1" in done.stderr


def test_a_key_is_made_beside_a_sqlite_file_once_and_only_for_us(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/image-bot.db"
    assert read_audit_key(url, None) is None
    made = make_audit_key(url, None)
    beside = tmp_path / "image-bot.db.audit-key"

    assert made == make_audit_key(url, None) == read_audit_key(url, None)
    assert made is not None
    assert len(made) == 64
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [beside]


def test_a_key_that_is_set_wins_and_makes_no_file(tmp_path: Path) -> None:
    assert (
        make_audit_key(f"sqlite:///{tmp_path}/image-bot.db", "set, and long enough")
        == b"set, and long enough"
    )
    assert list(tmp_path.iterdir()) == []
    assert make_audit_key("postgresql://u@h/d", None) is None


def test_a_key_may_come_from_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(AUDIT_KEY.decode() + "\n")
    assert run(folder, "verify", AUDIT_KEY="", AUDIT_KEY_FILE=str(tmp_path / "key")).returncode == 0


@pytest.mark.parametrize(
    "wrong", [{"AUDIT_KEY": "short"}, {"AUDIT_KEY": "", "AUDIT_KEY_FILE": "/no/such/file"}]
)
def test_a_key_that_cannot_be_used_is_one_line(folder: Path, wrong: dict[str, str]) -> None:
    done = run(folder, "verify", **wrong)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("AUDIT_KEY")
