"""The runbook and the alert rules name only what there is: commands, settings, metrics, alerts, lines of the doctor."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bot.cli import main
from bot.doctor_reading import of_reading
from bot.gauges import Reading, shown
from bot.metrics import Metrics
from bot.settings import Settings, variable_of
from bot.signs import HEARD, LIMITED
from domain.depth import Depth
from domain.reasons import Reason
from tests.factories import NOON

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
RULES = ROOT / "docs/examples/alerts.yml"
QUOTED = re.findall(r"`([^`]+)`", RUNBOOK)
HEADINGS = re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)
SECTIONS = dict(zip(HEADINGS, re.split(r"^## .+$", RUNBOOK, flags=re.MULTILINE)[1:], strict=True))
READING = Reading(depth=Depth(imported_at=NOON), at=NOON, beats={HEARD: NOON, LIMITED: NOON}, skew=0.0)


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def exposed() -> dict[str, set[str]]:
    """Every sample that /metrics can have, with its labels."""
    metrics = Metrics()
    metrics.collect_from(Shown())
    metrics.connected_by(lambda: True)
    found: dict[str, set[str]] = {}
    for metric in metrics.registry.collect():
        kinds = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(metric.type, [""])
        for kind in kinds:
            found[metric.name + kind] = {label for sample in metric.samples for label in sample.labels}
    for name, labels in labelled(metrics):
        for kind in ("", "_total", "_bucket", "_count", "_sum"):
            if name + kind in found:
                found[name + kind] |= set(labels) | ({"le"} if kind == "_bucket" else set())
    return found


def labelled(metrics: Metrics) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Labels of metrics that have no sample yet."""
    for metric in vars(metrics).values():
        if hasattr(metric, "_labelnames"):
            yield metric._name, metric._labelnames


class Shown:
    def collect(self) -> Any:
        return shown(READING)

    def describe(self) -> list[Any]:
        return []


def metrics_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"\b(plixo_[a-z_]+)(\{[^}]*\})?", text)


def assert_exposed(text: str) -> None:
    names = exposed()
    for name, labels in metrics_in(text):
        samples = [
            sample for sample in names if sample == name or sample.startswith((f"{name}_count", f"{name}_total"))
        ]
        assert samples, f"there is no metric {name}"
        for label in re.findall(r"(\w+)\s*[=!]", labels):
            assert label in names[samples[0]], f"{name} has no label {label}"


def test_every_metric_of_the_runbook_is_exposed() -> None:
    assert len(metrics_in(RUNBOOK)) > 15
    assert_exposed(RUNBOOK)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_every_alert_watches_what_is_exposed_and_leads_to_a_section(rule: dict[str, Any]) -> None:
    names = exposed()
    for name, _ in metrics_in(rule["expr"]):
        assert name in names, f"there is no sample {name}"
    assert_exposed(rule["expr"])
    section = SECTIONS[rule["annotations"]["runbook"]]
    assert rule["alert"] in section


def test_every_alert_of_the_runbook_is_a_rule() -> None:
    assert set(re.findall(r"`(Plixo\w+)`", RUNBOOK)) <= {rule["alert"] for rule in rules()}


def test_every_command_of_the_runbook_can_be_called() -> None:
    commands = [shlex.split(quoted)[1:] for quoted in QUOTED if quoted.startswith("plixo ")]
    assert len(commands) > 10
    for words in commands:
        command = main.commands[words[0]]
        while isinstance(command, click.Group) and len(words) > 1:
            words = words[1:]
            command = command.commands[words[0]]
        takes_arguments = any(isinstance(parameter, click.Argument) for parameter in command.params)
        given = words[1:] if len(words) > 1 or not takes_arguments else None
        if given is not None and words[1:]:
            command.make_context(words[0], given)
        for option in (word for word in words if word.startswith("--")):
            assert option in {name for parameter in command.params for name in parameter.opts}


def test_every_setting_of_the_runbook_can_be_set() -> None:
    known = {variable_of(field) for field in Settings.model_fields}
    named = set(re.findall(r"\b(?:PLIXO|SLACK)_[A-Z_]+\b", RUNBOOK))
    assert len(named) > 10
    assert named <= known, named - known


def test_every_line_of_the_doctor_is_one() -> None:
    lines = {check.name for check in of_reading(READING, freshness=timedelta(hours=24))}
    lines |= {"database", "release loop", "mail", "slack", "sending", "time zones", "A/R channel", "database role"}
    named = [
        name for told in re.findall(r"the doctor's lines? ([^;.]+)", RUNBOOK) for name in re.findall("“(.+?)”", told)
    ]
    assert len(named) > 8
    assert set(named) <= lines, set(named) - lines
    for check in of_reading(READING, freshness=timedelta(hours=24)):
        for section in re.findall(r"docs/runbook\.md, “(.+?)”", check.fix):
            assert section in HEADINGS


def test_reasons_of_the_runbook_are_reasons() -> None:
    reasons = {reason.value for reason in Reason}
    assert {"stale_data", "mail_unavailable", "daily_cap", "quiet_hours"} <= reasons & set(QUOTED)
