"""The command line: helpful words, exit codes that scripts can use, no traceback for what is known."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from getpass import getuser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.cli import main
from storage import tables
from storage.engine import build_engine

Run = Callable[..., Result]


@pytest.fixture
def plixo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """`plixo(...)` in an empty folder with an SQLite file of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLIXO_DATABASE_URL", f"sqlite:///{tmp_path / 'plixo.db'}")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    runner = CliRunner()
    yield lambda *words: runner.invoke(main, words)
    root.handlers[:], level = handlers, root.setLevel(level)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "demo",
        "serve",
        "worker",
        "migrate",
        "import",
        "roles",
        "roles set",
        "duty",
        "duty set",
        "audit",
        "audit verify",
        "audit list",
        "audit export",
        "summary",
        "policy",
        "policy check",
        "policy diff",
        "policy apply",
        "policy publish",
        "policy discard",
        "policy export",
        "policy simulate",
        "sending",
        "bounces",
        "restored",
        "doctor",
    ],
)
def test_every_command_has_help(plixo: Run, command: str) -> None:
    result = plixo(*command.split(), "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_every_problem_of_the_configuration_is_named_at_once(plixo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PLIXO_ZONE": "Mars/Base",
        "PLIXO_HTTP_PORT": "many",
        "PLIXO_QUIET_HOURS": "9-9",
        "PLIXO_TYPO": "1",
        "SLACK_BOT_TOKEN": "secret-without-prefix",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    result = plixo("migrate")
    assert result.exit_code == 3
    for name in wrong:
        assert name in result.output
    assert "secret-without-prefix" not in result.output


def test_a_typo_in_the_env_file_is_named(plixo: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PLIXO_DAYLY_CAP=3\n")
    result = plixo("migrate")
    assert (result.exit_code, "PLIXO_DAYLY_CAP" in result.output) == (3, True)


def test_serve_says_what_is_missing(plixo: Run) -> None:
    result = plixo("serve")
    assert result.exit_code == 3
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "PLIXO_SMTP_URL"):
        assert name in result.output


def test_a_database_that_is_not_there(plixo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLIXO_DATABASE_URL", "postgresql://nobody:hidden@127.0.0.1:9/none")
    result = plixo("migrate")
    assert result.exit_code == 1
    assert "doctor" in result.output
    assert "Traceback" not in result.output
    assert "hidden" not in result.output


def test_doctor_tells_what_to_do(plixo: Run) -> None:
    result = plixo("doctor")
    assert result.exit_code == 5
    assert "plixo migrate" in result.output
    plixo("migrate")
    assert "tables are up to date" in plixo("doctor").output


def test_roles_from_nobody_to_deactivated(plixo: Run, tmp_path: Path) -> None:
    assert plixo("roles", "set", "rita@northwind.example", "sales", "--name", "Rita Rep").exit_code == 0
    assert plixo("roles", "set", "vik@northwind.example", "viewer").exit_code == 0
    assert plixo("roles", "grant", "VIK@northwind.example", "nudge", "--until", "2099-01-01").exit_code == 0
    assert plixo("roles", "set", "rita@northwind.example", "operator", "--until", "2099-01-01").exit_code == 0
    listed = plixo("roles", "list").output
    assert "operator" in listed
    assert "nudge" in listed
    assert plixo("roles", "deactivate", "rita@northwind.example", "--why", "Left us.").exit_code == 0
    unknown = plixo("roles", "deactivate", "nobody@northwind.example")
    assert (unknown.exit_code, "roles list" in unknown.output) == (1, True)
    assert plixo("roles", "set", "rita@northwind.example", "boss").exit_code == 2
    engine = build_engine(f"sqlite:///{tmp_path / 'plixo.db'}")
    with engine.connect() as connection:
        lines = connection.execute(select(tables.audit).order_by(tables.audit.c.id)).mappings().all()
    engine.dispose()
    actions = [line["action"] for line in lines]
    assert actions == ["role.set", "role.set", "capability.granted", "role.set", "person.deactivated"]
    assert all(line["after"]["by"] == getuser() for line in lines)
    facts = [(line["before"], {name: what for name, what in line["after"].items() if name != "by"}) for line in lines]
    sales = {"role": "sales", "until": None, "lasting": "sales", "group": None, "active": True}
    helps = sales | {"role": "operator", "until": "2099-01-01T23:00:00+00:00"}
    granted = {"capabilities": ["nudge"], "until": "2099-01-01T23:00:00+00:00"}
    assert facts == [
        (None, sales),
        (None, sales | {"role": "viewer", "lasting": "viewer"}),
        ({"capabilities": []}, granted),
        (sales, helps),
        (helps, helps | {"active": False, "why": "Left us."}),
    ]


def test_a_grant_that_changes_nothing_is_not_given_and_a_day_ends_at_its_midnight(plixo: Run) -> None:
    plixo("roles", "set", "rita@northwind.example", "sales")
    plixo("roles", "set", "olga@northwind.example", "operator")
    plixo("roles", "set", "vik@northwind.example", "viewer")
    sales = plixo("roles", "grant", "rita@northwind.example", "nudge")
    assert (sales.exit_code, "may nudge already, as sales. Nothing was granted." in sales.output) == (1, True)
    operator = plixo("roles", "grant", "olga@northwind.example", "nudge")
    assert operator.exit_code == 1 and "only a Viewer can be granted the Nudge" in operator.output
    plixo("roles", "deactivate", "vik@northwind.example")
    assert "let them in first" in plixo("roles", "grant", "vik@northwind.example", "nudge").output
    assert "nudge" not in plixo("roles", "list").output
    plixo("roles", "activate", "vik@northwind.example")
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    given = plixo("roles", "grant", "vik@northwind.example", "nudge", "--until", today.isoformat())
    assert given.exit_code == 0 and f"until the end of {today}" in given.output
    past = plixo("roles", "set", "vik@northwind.example", "sales", "--until", (today - timedelta(days=1)).isoformat())
    assert past.exit_code == 2 and "is over" in past.output


def test_sending_is_switched_and_audited(plixo: Run) -> None:
    assert "paused until" in plixo("sending", "paused", "New mail server", "--hours", "2").output
    assert plixo("sending", "on").output.strip() == "Sending is on."


def test_importing_twice_and_rejects(plixo: Run, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("Customer ID,Customer Name\nC-1,Acme\n")
    (tmp_path / "invoices.csv").write_text(
        "Invoice Number,Customer ID,Invoice Date,Due Date,Amount,Balance,Currency\n"
        "INV-1,C-1,2026-10-01,2026-10-31,100.00,100.00,EUR\n"
    )
    first = plixo("import", "invoices.csv", "customers.csv")
    assert first.exit_code == 0, first.output
    assert plixo("import", "customers.csv", "invoices.csv").exit_code == 0
    (tmp_path / "more.csv").write_text(
        "Invoice Number,Customer ID,Invoice Date,Due Date,Amount,Balance,Currency\n"
        "INV-2,C-1,2026-10-01,2026-10-31,100.00,100.00,EUR\n"
        "INV-3,C-9,2026-10-01,2026-10-31,100.00,100.00,EUR\n"
    )
    partly = plixo("import", "more.csv")
    assert partly.exit_code == 4
    assert "rejects" in partly.output
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    assert plixo("import", "odd.csv").exit_code == 1
    assert plixo("import", "missing.csv").exit_code == 1
