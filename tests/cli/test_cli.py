"""`image-bot` as its users start it: exit status, one line for each problem, never a traceback."""

import gc
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import status_of


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


@dataclass
class Shell:
    """An empty directory to run the program from, in this process: a start takes half a second."""

    folder: Path
    captured: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Its exit status, and what it printed on stdout and stderr."""
        status = status_of(arguments)
        return status, *self.captured.readouterr()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The shell of an operator who has set nothing."""
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, capsys)


WRONG_USES = {
    "an unknown command": (["frob"], "No such command 'frob'."),
    "an unknown role": (["run", "--role", "boss"], "Invalid value for '--role'"),
    "a time that is none": (["audit", "export", "--since", "yesterday"], "Invalid value for '--since'"),
    "both ways at once": (
        ["manifest", "--socket", "--http", "https://bot.example.com"],
        "exclude one another",
    ),
    **{
        f"the address {address!r}": (["manifest", "--http", address], f"Invalid value for --http: {said}")
        for address, said in {
            "bot": "isn't an http(s) URL of a host",
            "": "isn't an http(s) URL of a host",
            "https://": "isn't an http(s) URL of a host",
            "https://[::1": "isn't an http(s) URL of a host",
            "ftp://bot.example.com": "isn't an http(s) URL of a host",
            "https://u:pw@bot.example.com": "isn't an http(s) URL of a host, without a user",
            "http://bot.example.com": "begins with http://, which is only for this machine itself",
            "https://bot.example.com:99999": "has a port that can't be one",
            "https://bot.example.com?a=b": "has something behind its path",
            "https://bot.example.com/a b": "has a space in it",
        }.items()
    },
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
    "a port that is none": (
        ["demo", "--port", "99999"],
        "Invalid value for '--port': '99999' isn't a number from 0 to 65,535",
    ),
    "a limit of none": (
        ["requests", "list", "--limit", "0"],
        "Invalid value for '--limit': '0' isn't a number from 1 to 10,000",
    ),
    "a limit that is no number": (
        ["requests", "list", "--limit", "many"],
        "Invalid value for '--limit': 'many' isn't a number from 1 to 10,000",
    ),
    "a name for a person": (
        ["requests", "list", "--user", "@bob"],
        "Invalid value for '--user': @bob isn't a Slack user ID such as U0ALICE",
    ),
    "a name for an actor": (
        ["audit", "export", "--user", "bob"],
        "Invalid value for '--user': bob isn't a Slack user ID such as U0ALICE",
    ),
    "no time between two": (
        ["audit", "export", "--since", "1d", "--until", "2d"],
        "--since is not before --until: nothing lies between them",
    ),
    "a person that doctor can't write to": (
        ["doctor", "--message-to", "bob"],
        "Invalid value for '--message-to': bob isn't a Slack user ID such as U0ALICE",
    ),
    "an image of nothing": (
        ["doctor", "--make-image", "my machine"],
        "Invalid value for '--make-image': 'my machine' isn't an instance ID such as ws-0buj1s9gm",
    ),
    **{
        f"no request to {' '.join(command)}": (
            [*command, " "],
            ": is empty: a request's ID is on its card, and in `image-bot requests list`",
        )
        for command in (
            ("requests", "show"),
            ("requests", "cancel"),
            ("audit", "show"),
            ("audit", "export", "--request"),
        )
    },
    "no action": (
        ["policy", "simulate", "--user", "U0A", "--action", " "],
        "Invalid value for --action: is empty; name one such as appstreaming:CreateImageByInstance",
    ),
    "a context that is none": (
        ["policy", "simulate", "--user", "U0ALICE", "--action", "a:b", "--context", "a=b", "c"],
        "--context c: must be KEY=VALUE",
    ),
    "a context with another keyboard's sign": (
        ["policy", "simulate", "--user", "U0ALICE", "--action", "a:b", "a＝b"],
        "--context a＝b (with a full-width equals sign): must be KEY=VALUE",
    ),
    "a file that is none": (
        ["ram-policy", "--allowlist", "/dev/null"],
        "/dev/null: error: isn't a regular file",
    ),
    "cases that are a directory": (["policy", "test", "."], ".: is a directory, not a file"),
    "an allowlist that is a directory": (["policy", "check", "."], ".: is a directory, not a file"),
    "an allowlist of a simulation that is a directory": (
        ["policy", "simulate", "--user", "U0A", "--action", "a:B", "--allowlist", "."],
        ".: error: is a directory, not a file",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG_USES.values(), ids=WRONG_USES)
def test_wrong_use_is_one_line_and_exit_2(shell: Shell, arguments: list[str], said: str) -> None:
    status, printed, complaint = shell.run(*arguments)

    (line,) = complaint.splitlines()
    assert said in line
    assert (status, printed, list(shell.folder.iterdir())) == (2, "", [])


def test_wrong_use_ends_the_program_with_2(tmp_path: Path) -> None:
    done = run(tmp_path, "policy", "check", "gone.yaml")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "gone.yaml: there is no such file\n"


@pytest.mark.parametrize("command", [("db", "upgrade"), ("audit", "verify"), ("requests", "list")])
def test_a_database_that_is_a_directory_is_called_one(
    shell: Shell, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (shell.folder / "folder").mkdir()
    monkeypatch.setenv("DATABASE_URL", "sqlite:///folder")
    status, printed, complaint = shell.run(*command)

    assert (status, printed) == (2, "")
    assert complaint.endswith("folder is a directory, not a file\n")
    assert len(complaint.splitlines()) == 1


def test_every_setting_that_is_missing_has_its_line(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECD_ENDPOINT", "ftp://somewhere")
    status, _, complaint = shell.run("run")

    assert [line.split()[0] for line in complaint.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "ECD_ENDPOINT:",
        "SLACK_APP_TOKEN",
    ]
    assert status == 2


def test_a_start_that_ends_leaves_the_garbage_collector_on(shell: Shell) -> None:
    """It's off while a start makes what stays."""
    assert shell.run("run")[0] == 2
    assert gc.isenabled()


def test_a_database_without_the_schema_is_named_and_upgraded_on_demand(shell: Shell) -> None:
    (shell.folder / "image-bot.db").touch()

    status, _, complaint = shell.run("audit", "verify")
    assert (status, "image-bot db upgrade" in complaint) == (2, True)
    assert shell.run("db", "upgrade")[0] == 0
    assert shell.run("audit", "verify")[0] == 0


def _fill(log: Path, entries: int) -> None:
    with closing(sqlite3.connect(log)) as connection, connection:
        row = (1.0, "U0ALICE", "submitted", None, "spoiled", "", "x" * 64)
        connection.executemany(
            "INSERT INTO audit (seq, at, actor, event, request_id, details, previous, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(seq, *row) for seq in range(1, entries + 1)],
        )


def test_an_export_shows_also_what_was_spoiled(shell: Shell) -> None:
    shell.run("db", "upgrade")
    _fill(shell.folder / "image-bot.db", 1)

    status, printed, _ = shell.run("audit", "export")
    assert (status, json.loads(printed)["details"]) == (0, "spoiled")
    assert shell.run("audit", "verify")[0] == 1


def test_an_export_ends_quietly_when_its_reader_has_enough(shell: Shell, tmp_path: Path) -> None:
    shell.run("db", "upgrade")
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


def test_the_manifest_names_the_address_once(shell: Shell) -> None:
    _, printed, _ = shell.run("manifest", "--http", "https://bot.example.com/slack/events")

    (command,) = json.loads(printed)["features"]["slash_commands"]
    assert command["url"] == "https://bot.example.com/slack/events"


@pytest.mark.parametrize("arguments", [["--version"], ["-h"], ["policy", "check", "-h"]])
def test_what_every_command_line_has_is_there(shell: Shell, arguments: list[str]) -> None:
    status, printed, complaint = shell.run(*arguments)
    assert (status, complaint) == (0, "")
    assert printed


def test_the_shell_completes_commands(tmp_path: Path) -> None:
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # not the shell that runs the tests
    done = run(tmp_path, "--show-completion", "bash", **named)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_doctor_without_settings_says_where_they_come_from_and_looks_at_the_rest(shell: Shell) -> None:
    status, printed, complaint = shell.run("doctor")

    assert status == 2
    assert [line.partition(": ")[0] for line in complaint.splitlines()] == [
        "SLACK_BOT_TOKEN is not set",
        "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode) is not set",
    ]
    assert all(
        "in the Slack app's settings" in line or "from the Slack app" in line
        for line in complaint.splitlines()
    )
    assert "allowlist.yaml: error: there is no such file" in printed
    assert "there is no database image-bot.db yet" in printed
    assert json.loads(shell.run("doctor", "--json")[1])[0]["code"] == "allowlist"


def test_help_is_in_words_for_people(shell: Shell) -> None:
    for command in ([], ["run"], ["demo"], ["policy", "check"], ["audit", "export"], ["requests", "list"]):
        text = shell.run(*command, "-h")[1]
        assert text
        assert "<bool>" not in text
        assert "INTEGER RANGE" not in text
        assert "context.obj" not in text


def test_a_new_database_is_created_and_one_that_is_there_is_up_to_date(shell: Shell) -> None:
    said = [shell.run("db", "upgrade")[1] for _ in range(2)]

    assert said == ["the database image-bot.db is created\n", "the database image-bot.db is up to date\n"]


def test_a_database_of_a_newer_version_is_left_alone(shell: Shell) -> None:
    shell.run("db", "upgrade")
    with closing(sqlite3.connect(shell.folder / "image-bot.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    assert shell.run("db", "upgrade") == (
        2,
        "",
        "DATABASE_URL: a newer image-bot made this database; run that version, or name another database\n",
    )


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (0, "the log is empty, and record 5 was expected"),
        (3, "record 1 was changed, removed or put in, or AUDIT_KEY isn't the key that it was written with"),
    ],
)
def test_verify_says_what_the_log_is_where_another_end_was_expected(
    shell: Shell, entries: int, said: str
) -> None:
    shell.run("db", "upgrade")
    _fill(shell.folder / "image-bot.db", entries)
    status, _, complaint = shell.run("audit", "verify", "--expect", f"5:{'0' * 64}")

    assert (status, complaint.splitlines()[0]) == (1, f"The audit log is broken: {said}")
