"""`plixo duty`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from storage import tables
from storage.engine import build_engine
from tests.integration.cli.test_cli import Run, plixo

__all__ = ["plixo"]


def test_duties_and_absences_are_set_and_listed(plixo: Run, tmp_path: Path) -> None:
    for email, role in (("olga@x.example", "operator"), ("otto@x.example", "operator"), ("rita@x.example", "sales")):
        assert plixo("roles", "set", email, role).exit_code == 0
    kept = plixo("duty", "set", "olga@x.example")
    assert (kept.exit_code, "everything that nobody else keeps" in kept.output) == (0, True)
    away = plixo("duty", "absent", "olga@x.example", "--until", "2199-01-01", "--from", "2198-12-01")
    assert away.exit_code == 0, away.output
    away = plixo(
        *("duty", "absent", "olga@x.example", "--from", "2198-12-01"),
        *("--until", "2198-12-24", "--stand-in", "otto@x.example"),
    )
    said = " ".join(away.output.split())
    assert away.exit_code == 0 and "until 2198-12-24 00:00 Europe/Berlin; otto@x.example stands in" in said
    engine = build_engine(f"sqlite:///{tmp_path / 'plixo.db'}")
    with engine.connect() as connection:
        (span,) = connection.execute(select(tables.absences.c.starts_at, tables.absences.c.ends_at)).all()
    engine.dispose()
    midnights = (datetime(2198, 11, 30, 23, tzinfo=UTC), datetime(2198, 12, 23, 23, tzinfo=UTC))
    assert tuple(span) == midnights, "in Berlin"
    listed = plixo("duty", "list").output
    for shown in ("olga@x.example", "(Europe/Berlin)", "2198-12-01 00:00", "2198-12-24 00:00"):
        assert shown in " ".join(listed.split())
    assert "2199-01-01" not in listed
    assert plixo("duty", "set", "olga@x.example", "--off").exit_code == 0
    assert "is back" in plixo("duty", "absent", "olga@x.example").output
    assert "olga@x.example" not in plixo("duty", "list").output


def test_what_cannot_be_is_said(plixo: Run) -> None:
    plixo("roles", "set", "rita@x.example", "sales")
    assert "only active Operators" in " ".join(plixo("duty", "set", "rita@x.example").output.split())
    assert plixo("duty", "set", "nobody@x.example").exit_code != 0
    plixo("roles", "set", "olga@x.example", "operator")
    assert plixo("duty", "set", "olga@x.example", "--account", "Nowhere Inc").exit_code != 0
    past = plixo("duty", "absent", "olga@x.example", "--from", "2020-01-01", "--until", "2020-01-02")
    assert past.exit_code != 0 and "over already" in past.output
