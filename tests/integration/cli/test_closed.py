"""The command line under maintenance: what reads works, what writes says who, why and until when."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.effects import EFFECTS
from domain.maintenance import Effect
from tests.integration.cli.test_cli import Run, plixo

__all__ = ["plixo"]

FITTING = {
    "audit export": ["log.csv"],
    "policy apply": ["policy.yaml"],
    "cron pause": ["seals", "30m", "why"],
    "duty absent": ["olga@northwind.example"],
    "summary": ["--out", "summary.pdf"],
    "roles grant": ["rita@northwind.example", "nudge"],
    "roles set": ["rita@northwind.example", "sales"],
}
"""Arguments where a file or any word would not do."""


def arguments(name: str) -> list[str]:
    """What a command needs in order to begin."""
    if name in FITTING:
        return FITTING[name]
    command: click.Command = main
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.commands[word]
    given: list[str] = []
    for parameter in command.params:
        if parameter.required or isinstance(parameter, click.Argument):
            value = {click.Path: "customers.csv", click.Choice: next(iter(getattr(parameter.type, "choices", [""])))}
            option = [parameter.opts[0]] if isinstance(parameter, click.Option) else []
            given += [*option, value.get(type(parameter.type), "word")]
    return given


@pytest.mark.parametrize("command", [name for name, effect in EFFECTS.items() if effect is Effect.WRITES])
def test_what_writes_is_refused_with_the_banner(plixo: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "customers.csv").write_text("Customer ID,Customer Name\nC-1,Acme\n")
    (tmp_path / "policy.yaml").write_text(plixo("policy", "export").output)
    assert plixo("maintenance", "on", "New disks", "--for", "2h").exit_code == 0
    result = plixo(*command.split(), *arguments(command))
    assert result.exit_code == (75 if command == "bounces" else 6), result.output
    said = " ".join(result.output.split())
    assert "under maintenance until" in said and "New disks" in said and "(Europe/Berlin)" in said
    assert plixo("maintenance", "off").exit_code == 0
    assert plixo(*command.split(), *arguments(command)).exit_code not in (6, 75)


def test_what_reads_and_what_is_done_under_it_works(plixo: Run) -> None:
    plixo("maintenance", "on", "New disks")
    for words in (["roles", "list"], ["duty", "list"], ["audit", "list"], ["audit", "verify"], ["migrate"]):
        assert plixo(*words).exit_code == 0, words
    assert plixo("doctor").exit_code == 5
    assert "Maintenance has ended." in plixo("maintenance", "off").output
    assert "No maintenance is on." in plixo("maintenance", "off").output


@pytest.mark.parametrize("words", [["on", "why", "--for", "soon"], ["on", "why", "--for", "25h"], ["on", ""], ["on"]])
def test_an_order_that_cannot_be_read_changes_nothing(plixo: Run, words: list[str]) -> None:
    result = plixo("maintenance", *words)
    assert result.exit_code in (1, 2) and result.output.strip()
    assert "No maintenance is on." in plixo("maintenance", "off").output
