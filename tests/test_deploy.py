"""What people deploy with: the files parse, every command in them exists, every setting is one of ours."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from bot.__main__ import app
from bot.environment import FROM_FILES
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields} | {f"{name}_FILE" for name in FROM_FILES}
OF_THE_SYSTEM = {"HOME", "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def dockerfile() -> str:
    """The Dockerfile with its lines joined."""
    return (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")


def compose() -> dict[str, Any]:
    """The compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())  # type: ignore[no-any-return]


def manifests() -> list[dict[str, Any]]:
    """The Kubernetes manifests."""
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "image-bot.yaml").read_text()))


def unit() -> configparser.ConfigParser:
    """The systemd unit; a key that stands twice counts once."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys have their case
    parser.read(DEPLOY / "image-bot.service")
    return parser


def containers() -> Iterator[dict[str, Any]]:
    """Every container of the manifests."""
    for each in manifests():
        if each["kind"] in ("Job", "Deployment"):
            yield from each["spec"]["template"]["spec"]["containers"]


def commands() -> Iterator[list[str]]:
    """Every command line of the program that the files hold, without its name."""
    for line in (ROOT / "Procfile").read_text().splitlines():
        yield shlex.split(line.partition(":")[2].partition("&&")[0])[1:]
    yield json.loads(re.search(r"^CMD (\[.*\])$", dockerfile(), re.MULTILINE)[1])  # type: ignore[index]
    yield from (service["command"] for service in compose()["services"].values() if "command" in service)
    yield shlex.split(unit()["Service"]["ExecStart"])[1:]
    yield from (container["args"] for container in containers())


@pytest.mark.parametrize("arguments", list(commands()), ids=" ".join)
def test_every_command_in_the_files_exists(arguments: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    rest = list(arguments)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_context("image-bot", rest)


def settings() -> Iterator[str]:
    """Every setting that the files name."""
    for line in re.findall(r"^ENV (.*)$", dockerfile(), re.MULTILINE):
        yield from (word.partition("=")[0] for word in line.split())
    for service in compose()["services"].values():
        if "command" in service:
            yield from service["environment"]
    yield from (pair.partition("=")[0] for pair in unit()["Service"]["Environment"].split())
    (config,) = (each for each in manifests() if each["kind"] == "ConfigMap")
    yield from config["data"]


def test_every_setting_in_the_files_is_one_of_ours() -> None:
    assert set(settings()) <= SETTINGS | OF_THE_SYSTEM


def test_a_secret_that_comes_from_a_file_is_not_set_in_the_image_as_well() -> None:
    """Set twice it would end the start."""
    image = {
        word.partition("=")[0]
        for line in re.findall(r"^ENV (.*)$", dockerfile(), re.MULTILINE)
        for word in line.split()
    }
    for name in ("release", "listener", "worker"):
        files = {each.removesuffix("_FILE") for each in compose()["services"][name]["environment"]}
        assert (files & set(FROM_FILES)) & image == set()


def test_every_lock_that_the_image_may_be_built_with_is_there() -> None:
    locks = re.findall(r"LOCK=([\w.-]+)", dockerfile())
    assert set(locks) == {"requirements.lock", "requirements-otel.lock"}
    assert all((ROOT / lock).exists() for lock in locks)


def test_the_image_runs_as_nobody_in_particular_and_knows_its_health() -> None:
    assert "\nUSER 10001\n" in dockerfile()
    assert "HEALTHCHECK" in dockerfile()


def test_nothing_may_write_but_where_data_belongs() -> None:
    for name in ("release", "listener", "worker"):
        assert compose()["services"][name]["read_only"] is True
    for container in containers():
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert unit()["Service"]["ProtectSystem"] == "strict"


def test_listeners_and_workers_are_probed() -> None:
    for deployment in (each for each in manifests() if each["kind"] == "Deployment"):
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        for kills in ("startupProbe", "livenessProbe"):  # a Slack that is away is no reason
            assert container[kills]["httpGet"]["path"] == "/healthz"


def test_a_wrong_setting_is_not_started_again() -> None:
    assert unit()["Service"]["RestartPreventExitStatus"] == "2"


def test_the_forge_runs_what_everybody_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step] == ["bash .ci/run"]
