"""How a promise ended, read in the thread in which it was reported."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.values import Money
from storage import tables
from tests import factories
from tests.scenario.office import OLGA, RITA, Office
from tests.scenario.reporting import duty, in_sales, press, report_from_message, thread

AFTER_THE_GRACE = datetime(2026, 12, 5, 12, tzinfo=UTC)
"""Promised for Friday 27 November; the grace ended on Tuesday, and three days later old books count, too."""


@pytest.mark.parametrize(
    ("paid", "state", "words"),
    [
        (1_240_000, "kept", "✅ *Acme Robotics GmbH: the promise was kept*\nNothing is left to do."),
        (500_000, "partially_kept", "🟡 *Acme Robotics GmbH: the promise was kept in part*"),
        (0, "broken", "❌ *Acme Robotics GmbH: the promise was not kept*"),
    ],
)
def test_the_thread_hears_how_it_ended_and_no_amount(office: Office, paid: int, state: str, words: str) -> None:
    in_sales(office)
    ts = report_from_message(office)
    assert office.slack.submit(user=RITA).ok
    duty(office)
    press(office, OLGA, "duty.record")
    office.beat()
    if paid:
        factories.make_payment(
            office.bot.world.across,
            office.bot.org_id,
            office.acme.id,
            amount=Money(paid, "EUR"),
            invoice_id=office.invoice.id,
            received_on=date(2026, 11, 26),
        )
    office.clock.set(AFTER_THE_GRACE)
    office.chores()
    office.beat()
    assert [row["state"] for row in office.rows(tables.promises)] == [state]
    recorded, ended = thread(office, ts)
    assert "Your report is on record" in recorded
    assert words in ended
    for secret in ("INV-1042", "12,400", "5,000"):
        assert secret not in ended


def test_the_reminder_at_minute_seven_is_a_message_of_its_own(office: Office) -> None:
    report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    before = len(office.told(OLGA))
    office.clock.set(datetime(2026, 11, 23, 20, 47, 30, tzinfo=UTC))
    office.chores()
    office.beat()
    said = office.told(OLGA)[before:]
    assert len(said) == 1, "an edit of the alert would wake nobody"
    for told in ("Promise reported", "Acme Robotics GmbH", "Log by 21:55", "Reminded 21:47"):
        assert told in said[0]
    assert "7 minutes left" in office.slack.dm(user=OLGA)[-1].text
    office.clock.set(datetime(2026, 11, 23, 20, 48, 30, tzinfo=UTC))
    office.chores()
    office.beat()
    assert len(office.told(OLGA)) == before + 1
