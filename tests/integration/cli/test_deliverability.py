"""`plixo deliverability`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from domain.warming import DomainState, SendingDomain
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.integration.cli.test_aftermath import Run, plixo
from tests.integration.mail.test_names import server

__all__ = ["plixo", "server"]


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_new_domain_stands_at_the_beginning(plixo: Run) -> None:
    result = plixo("deliverability", "--no-dns")
    assert result.exit_code == 0, result.output
    assert "Warm-up: stage 1 of 7, 50 mails a day; 0 days counted so far." in words(result.output)
    assert "Nothing waits in the queue that is to leave." in words(result.output)


def test_a_stop_is_lifted_with_a_reason_that_stands_in_the_log(plixo: Run, sqlite: Engine) -> None:
    org_id = factories.make_organisation(sqlite)
    with build_unit_of_work(sqlite, org_id=org_id)() as work:
        work.sending.save(
            SendingDomain("example.com", DomainState.STOPPED, counted=8, since=datetime(2026, 11, 23, tzinfo=UTC))
        )
    said = words(plixo("deliverability", "--no-dns").output)
    assert "nothing leaves since" in said
    assert 'When the cause is mended: plixo deliverability lift "why".' in said, "as a shell takes it"
    lifted = plixo("deliverability", "lift", "The list is cleaned.")
    assert (lifted.exit_code, lifted.output) == (0, "example.com sends again, at most 50 mails a day.\n")
    assert "there is nothing to lift" in words(plixo("deliverability", "lift", "Again.").output)
    assert "domain.lifted" in plixo("audit", "list", "--action", "domain.").output
    assert plixo("deliverability", "lift", "").exit_code == 2


def test_records_are_looked_up_at_the_name_server_that_is_named(plixo: Run, server: int) -> None:
    result = plixo("deliverability", "--server", f"127.0.0.1:{server}")
    assert result.exit_code == 0, result.output
    said = words(result.output)
    assert "🟢 SPF: It says which servers may send for the domain." in said
    assert '_dmarc.example.com TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"' in said
    assert plixo("deliverability", "--server", "nonsense").exit_code == 2
