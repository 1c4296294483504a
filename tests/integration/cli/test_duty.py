"""`plixo duty`."""

from __future__ import annotations

from tests.integration.cli.test_cli import Run, plixo

__all__ = ["plixo"]


def test_duties_and_absences_are_set_and_listed(plixo: Run) -> None:
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
    assert away.exit_code == 0 and "otto@x.example stands in" in away.output
    listed = plixo("duty", "list").output
    assert "olga@x.example" in listed and "2198-12-24" in listed and "2199-01-01" not in listed
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
