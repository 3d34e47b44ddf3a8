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
    named = {
        name
        for name in re.findall(r"`([A-Z]+_[A-Z_]+|PORT|HOST|ALLOWLIST)`", table)
        if not name.startswith("ALIBABA_")
    }

    assert {name.upper() for name in Settings.model_fields} == named
