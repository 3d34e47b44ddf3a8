"""`image-bot` as its users start it: exit status, one line for each problem, never a traceback."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the program in an empty directory, with no other setting."""
    return subprocess.run(  # noqa: S603  # our own program, our own arguments
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


WRONG_USES = {
    "an unknown command": (["frob"], "No such command 'frob'."),
    "an unknown role": (["run", "--role", "boss"], "Invalid value for '--role'"),
    "a time that is none": (["audit", "export", "--since", "yesterday"], "Invalid value for '--since'"),
    "both ways at once": (
        ["manifest", "--socket", "--http", "https://bot.example.com"],
        "exclude one another",
    ),
    "an address that is none": (["manifest", "--http", "bot"], "--http 'bot' is no address"),
    "an empty address": (["manifest", "--http", ""], "is no address"),
    "an address with a password": (["manifest", "--http", "https://u:pw@bot.example.com"], "is no address"),
    "no settings": (["run", "--role", "worker"], "SLACK_BOT_TOKEN is not set"),
    "no allowlist": (["ram-policy"], "allowlist.yaml: error: there is no such file"),
    "no database": (
        ["audit", "verify"],
        "DATABASE_URL: there is no database image-bot.db; `image-bot db upgrade` makes it",
    ),
    "a transcript that goes nowhere": (
        ["demo", "--record", "gone/story.md"],
        "--record: gone/story.md can't be written",
    ),
    "a port that is none": (["demo", "--port", "99999"], "Invalid value for '--port'"),
    "a context that is none": (
        ["policy", "simulate", "--user", "U0ALICE", "--action", "a:b", "--context", "a=b", "c"],
        "'c': must be KEY=VALUE",
    ),
    "cases that are a directory": (["policy", "test", "."], ".: is a directory, not a file"),
    "an allowlist that is a directory": (["policy", "check", "."], ".: is a directory, not a file"),
    "an allowlist of a simulation that is a directory": (
        ["policy", "simulate", "--user", "U0A", "--action", "a:B", "--allowlist", "."],
        ".: error: is a directory, not a file",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG_USES.values(), ids=WRONG_USES)
def test_wrong_use_is_one_line_and_exit_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(tmp_path, *arguments)

    (line,) = done.stderr.splitlines()
    assert said in line
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])


@pytest.mark.parametrize("command", [("db", "upgrade"), ("audit", "verify"), ("requests", "list")])
def test_a_database_that_is_a_directory_is_called_one(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "folder").mkdir()
    done = run(tmp_path, *command, DATABASE_URL="sqlite:///folder")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("folder is a directory, not a file\n")
    assert len(done.stderr.splitlines()) == 1


def test_every_setting_that_is_missing_has_its_line(tmp_path: Path) -> None:
    done = run(tmp_path, "run", ECD_ENDPOINT="ftp://somewhere")

    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "ECD_ENDPOINT:",
        "SLACK_APP_TOKEN",
    ]
    assert done.returncode == 2


def test_a_database_without_the_schema_is_named_and_upgraded_on_demand(tmp_path: Path) -> None:
    (tmp_path / "image-bot.db").touch()

    unready = run(tmp_path, "audit", "verify")
    assert (unready.returncode, "image-bot db upgrade" in unready.stderr) == (2, True)
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert run(tmp_path, "audit", "verify").returncode == 0


def _fill(log: Path, entries: int) -> None:
    with closing(sqlite3.connect(log)) as connection, connection:
        row = (1.0, "U0ALICE", "submitted", None, "spoiled", "", "x" * 64)
        connection.executemany(
            "INSERT INTO audit (seq, at, actor, event, request_id, details, previous, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(seq, *row) for seq in range(1, entries + 1)],
        )


def test_an_export_shows_also_what_was_spoiled(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    _fill(tmp_path / "image-bot.db", 1)

    done = run(tmp_path, "audit", "export")
    assert (done.returncode, json.loads(done.stdout)["details"]) == (0, "spoiled")
    assert run(tmp_path, "audit", "verify").returncode == 1


def test_an_export_ends_quietly_when_its_reader_has_enough(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    _fill(tmp_path / "image-bot.db", 2000)

    with subprocess.Popen(
        [sys.executable, "-m", "bot", "audit", "export"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as export:
        assert export.stdout is not None
        assert export.stderr is not None
        assert export.stdout.readline()
        export.stdout.close()
        assert export.stderr.read() == ""


def test_the_manifest_names_the_address_once(tmp_path: Path) -> None:
    done = run(tmp_path, "manifest", "--http", "https://bot.example.com/slack/events")

    (command,) = json.loads(done.stdout)["features"]["slash_commands"]
    assert command["url"] == "https://bot.example.com/slack/events"


@pytest.mark.parametrize(
    "arguments", [["--version"], ["-h"], ["policy", "check", "-h"], ["--show-completion", "bash"]]
)
def test_what_every_command_line_has_is_there(tmp_path: Path, arguments: list[str]) -> None:
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # not the shell that runs the tests
    done = run(tmp_path, *arguments, **named)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_help_is_in_words_for_people(tmp_path: Path) -> None:
    for command in ([], ["run"], ["demo"], ["policy", "check"], ["audit", "export"]):
        text = run(tmp_path, *command, "-h").stdout
        assert "<bool>" not in text
        assert "INTEGER RANGE" not in text
        assert "context.obj" not in text


def test_a_new_database_is_created_and_one_that_is_there_is_up_to_date(tmp_path: Path) -> None:
    said = [run(tmp_path, "db", "upgrade").stdout for _ in range(2)]

    assert said == ["the database image-bot.db is created\n", "the database image-bot.db is up to date\n"]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "image-bot.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = run(tmp_path, "db", "upgrade")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "DATABASE_URL: a newer image-bot made this database; run that version, or name another database\n"
    )
