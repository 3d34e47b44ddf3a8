"""The dashboard and the alert rules ask for metrics that exist, and every metric is on the dashboard."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot.process.metrics import Metrics

FOLDER = Path(__file__).parents[2] / "deploy" / "monitoring"
ALERTS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((FOLDER / "grafana.json").read_text())["panels"]


def known() -> dict[str, frozenset[str]]:
    """Every series that the bot shows, and its labels."""
    found: dict[str, frozenset[str]] = {}
    for metric in vars(Metrics()).values():
        if not isinstance(metric, MetricWrapperBase):
            continue
        (family,) = metric.describe()
        labels = frozenset(metric._labelnames)  # noqa: SLF001 - it has no other way to tell
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
        found |= {
            family.name + suffix: labels | ({"le"} if suffix == "_bucket" else set()) for suffix in suffixes
        }
    return found | {"imagebot_info": frozenset({"version"})}


def expressions() -> list[str]:
    """Every expression of both files."""
    panels = [target["expr"] for panel in PANELS for target in panel["targets"]]
    return [*panels, *(rule["expr"] for rule in ALERTS)]


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_asks_for_series_and_labels_that_exist(expression: str) -> None:
    """By name, with the labels that it selects or groups by."""
    names = set(re.findall(r"\bimagebot_\w+", expression))
    assert names
    assert names <= known().keys()
    groups = re.findall(r"by \(([^)]*)\)", expression)
    grouped = {label.strip() for group in groups for label in group.split(",")}
    selected = set(re.findall(r"(\w+)=~?\"", expression))
    of_them = frozenset[str]().union(*(known()[name] for name in names))
    assert grouped | selected <= of_them | {"instance"}
    assert expression.count("(") == expression.count(")")


def test_every_metric_is_on_the_dashboard() -> None:
    text = json.dumps(PANELS)
    bases = {name.removesuffix("_sum").removesuffix("_count").removesuffix("_bucket") for name in known()}
    assert {base for base in bases if base not in text} == set()


def test_every_alert_says_what_to_do() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"].endswith((".", "?"))
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
