"""What the README says of settings and commands is so."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_every_setting_in_the_readme_exists() -> None:
    table = README.split("## Settings")[1].split("\n## ")[0]
    cells = " ".join(re.findall(r"^\| ([^|]*) \|", table, re.MULTILINE))
    of_the_clouds_chain = r"ALIBABA_CLOUD_(?:ACCESS|SECURITY)\w+"
    named = set(re.findall(r"`([A-Z_]+)`", re.sub(of_the_clouds_chain, "", cells)))

    assert {name.upper() for name in Settings.model_fields} == named
