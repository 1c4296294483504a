"""`plixo suppress`: by hand and from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain.outcomes import Refused
from domain.reasons import Reason
from storage import tables
from tests.integration.cli.test_aftermath import Run, plixo, stage
from tests.stage import Stage

__all__ = ["plixo", "stage"]


def words(text: str) -> str:
    return " ".join(text.split())


def kept(stage: Stage) -> list[tuple[str, str, str | None, str]]:
    rows = stage.rows(tables.suppressions)
    return [(row["email"], row["reason"], str(row["until"]) if row["until"] else None, row["detail"]) for row in rows]


def lines(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        asked = select(tables.audit).where(tables.audit.c.action.like("contact.%")).order_by(tables.audit.c.id)
        return list(connection.execute(asked).mappings())


def test_an_address_is_suppressed_and_the_next_nudge_refused(plixo: Run, stage: Stage) -> None:
    result = plixo("suppress", "add", stage.contact.email.upper(), "--reason", "legal hold", "--note", "Case 12")
    assert (result.exit_code, "until somebody lifts it" in words(result.output)) == (0, True), result.output
    assert kept(stage) == [(stage.contact.email, "legal_hold", None, "Case 12")]
    refused = stage.click()
    assert isinstance(refused, Refused) and refused.reason is Reason.CONTACT_SUPPRESSED
    again = plixo("suppress", "add", stage.contact.email, "--reason", "legal hold", "--note", "Case 12")
    assert "It stood so already" in words(again.output)
    (line,) = lines(stage.engine)
    assert (line["subject"], line["account_id"]) == (f"contact:{stage.contact.id}", stage.account.id)
    assert line["after"]["reason"] == "legal_hold"


def test_it_is_listed_and_lifted_with_a_reason(plixo: Run, stage: Stage) -> None:
    assert "No address is suppressed" in plixo("suppress", "list").output
    plixo("suppress", "add", "p@acme.example", "--reason", "complained", "--until", "2199-12-31")
    listed = plixo("suppress", "list").output
    assert "p@acme.example" in listed and "2199-12-31" in listed
    assert plixo("suppress", "lift", "p@acme.example", "").exit_code == 2
    lifted = plixo("suppress", "lift", "P@acme.example", "They asked for it.")
    assert (lifted.exit_code, lifted.output) == (0, "p@acme.example may be written to again.\n")
    assert plixo("suppress", "lift", "p@acme.example", "Again").exit_code == 1
    done, undone = lines(stage.engine)
    assert (done["action"], undone["action"]) == ("contact.suppressed", "contact.reactivated")
    assert undone["after"]["why"] == "They asked for it."
    assert not any("acme.example" in str(dict(line)) for line in (done, undone)), "the log holds no addresses"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("paula",), "no e-mail address"),
        (("p@acme.example", "--reason", "bored"), "is no reason"),
        (("p@acme.example", "--until", "2020-01-01"), "is over"),
        (("p@acme.example", "--note", "x" * 201), "200 are the most"),
    ],
)
def test_what_cannot_be_meant_is_said(plixo: Run, stage: Stage, given: tuple[str, ...], said: str) -> None:
    result = plixo("suppress", "add", *given)
    assert (result.exit_code, said in words(result.output)) == (2, True), result.output
    assert kept(stage) == []


def test_a_list_is_imported_twice_and_changes_nothing_the_second_time(plixo: Run, stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(
        "\ufeffEmail;Reason;Until;Note\r\n"
        "One@Acme.example;invalid;;\r\n"
        "two@acme.example;;2199-01-01;Jürgen, by phone\r\n"
        "\r\n"
        "nobody;invalid;;\r\n"
        "three@acme.example;bored;;\r\n".encode()
    )
    for news in ("New: 2. As they were: 0. Rejected: 2.", "New: 0. As they were: 2. Rejected: 2."):
        result = plixo("suppress", "import", str(file))
        assert (result.exit_code, news in words(result.output)) == (4, True), result.output
    assert "Row 5: “nobody” is no e-mail address" in words(result.output)
    assert "Row 6: “bored” is no reason" in words(result.output)
    assert kept(stage) == [
        ("one@acme.example", "invalid", None, ""),
        ("two@acme.example", "opted_out", "2199-01-01", "Jürgen, by phone"),
    ]
    assert len(lines(stage.engine)) == 2


def test_a_list_does_not_shorten_what_stands(plixo: Run, stage: Stage, tmp_path: Path) -> None:
    plixo("suppress", "add", "p@acme.example")
    file = tmp_path / "list.csv"
    file.write_text("email,until\np@acme.example,2199-01-01\n", "cp1252")
    assert "As they were: 1." in words(plixo("suppress", "import", str(file)).output)
    assert kept(stage) == [("p@acme.example", "opted_out", None, "")]


@pytest.mark.parametrize("header", ["name,reason", "email,phone", ""])
def test_a_file_that_is_no_such_list_is_refused_whole(plixo: Run, stage: Stage, tmp_path: Path, header: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{header}\np@acme.example,invalid\n")
    result = plixo("suppress", "import", str(file))
    assert (result.exit_code, "names the columns" in words(result.output)) == (2, True), result.output
    assert kept(stage) == []
