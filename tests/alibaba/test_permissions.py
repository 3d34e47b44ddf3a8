"""What RAM has to allow is what the client calls, and what can't be granted isn't asked for."""

import importlib
import pkgutil

import pytest

import bot.alibaba
from bot.alibaba.client import Operation
from bot.alibaba.permissions import OPERATIONS, ram_policy
from bot.domain.vocabulary import CREATE, DISTRIBUTE, STOP_DESKTOP, STOP_WORKSTATION

ALWAYS = [
    "appstreaming:CreateImageByInstance",
    "appstreaming:ListImage",
    "appstreaming:ListWuyingServer",
    "ecd:DescribeDesktops",
]


def called() -> set[Operation]:
    """Every operation that a module of the client names."""
    modules = (
        importlib.import_module(f"bot.alibaba.{each.name}")
        for each in pkgutil.iter_modules(bot.alibaba.__path__)
    )
    return {value for module in modules for value in vars(module).values() if isinstance(value, Operation)}


def test_every_operation_that_a_module_names_is_in_its_list() -> None:
    assert set(OPERATIONS) == called()


@pytest.mark.parametrize(
    ("granted", "more"),
    [
        ([], []),
        ([CREATE], []),
        ([STOP_WORKSTATION], ["appstreaming:StopWuyingServer", "appstreaming:StartWuyingServer"]),
        ([STOP_DESKTOP], ["ecd:StopDesktops", "ecd:StartDesktops"]),
        (
            [DISTRIBUTE],
            ["appstreaming:StartTaskForDistributeImage", "appstreaming:ListRegions", "ecd:DescribeRegions"],
        ),
    ],
)
def test_what_nobody_can_be_granted_is_not_asked_for(granted: list[str], more: list[str]) -> None:
    (statement,) = ram_policy(granted)["Statement"]

    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    assert sorted(statement["Action"]) == sorted(ALWAYS + more)
