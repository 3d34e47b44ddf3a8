"""Every recipe of the cookbook is a file without a finding, and its commands answer what it says."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.allowlist import check
from bot.domain.vocabulary import Deployment

PAGE = (Path(__file__).parents[2] / "docs" / "allowlist.md").read_text(encoding="utf-8")
PARTS = {part.splitlines()[0]: part for part in PAGE.split("\n## ")[1:]}
RECIPES = {name: part for name, part in PARTS.items() if name[0].isdigit()}


def recipe(text: str, folder: Path) -> tuple[Path, list[tuple[str, str]]]:
    """Write a recipe's file; return it with the commands and what each answers."""
    [yaml] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    [commands] = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    file = folder / "allowlist.yaml"
    file.write_text(yaml, encoding="utf-8")
    return file, [(line.split("  # ")[0], line.split("  # ")[1]) for line in commands.splitlines()]


def test_there_are_twelve_recipes() -> None:
    assert len(RECIPES) == 12


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_a_file_without_a_finding(name: str, tmp_path: Path) -> None:
    file, _ = recipe(RECIPES[name], tmp_path)

    assert check(file, deployment=Deployment("cn-shanghai")) == []


@pytest.mark.parametrize("name", RECIPES)
def test_the_commands_of_a_recipe_answer_what_it_says(name: str, tmp_path: Path) -> None:
    """And where it names an approval rule, `simulate` names that rule."""
    file, commands = recipe(RECIPES[name], tmp_path)

    for command, said in commands:
        words = shlex.split(command)[1:]
        run = CliRunner().invoke(app, [*words, "--allowlist", str(file)])
        answer = json.loads(run.output)
        verdict, _, rule = said.strip().partition(", rule ")
        assert (answer["decision"], answer["notes"]) == (verdict, []), command
        assert not rule or answer["approval"]["rule"] == rule, command


def test_the_commands_for_every_edit_pass_with_the_cases_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [second] = [part for name, part in RECIPES.items() if name.startswith("2.")]
    recipe(second, tmp_path)
    [cases] = re.findall(r"```json\n(.*?)```", PARTS["Test every edit"], re.DOTALL)
    [commands] = re.findall(r"```sh\n(.*?)```", PARTS["Test every edit"], re.DOTALL)
    (tmp_path / "allowlist.cases.json").write_text(cases, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    ran = [CliRunner().invoke(app, shlex.split(command)[1:]) for command in commands.splitlines()]
    assert [run.exit_code for run in ran] == [0, 0]
    assert [run.output.splitlines()[-1] for run in ran] == [
        "allowlist.yaml: 0 errors, 0 warnings",
        "4 passed, 0 failed",
    ]
