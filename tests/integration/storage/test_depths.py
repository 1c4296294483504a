"""The depth of the queue is counted right, over all organisations, and without reading what may be long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert

from domain.depth import ENOUGH, Depth
from domain.messages import State
from storage import depths, tables
from storage.depths import Depths
from tests import factories
from tests.factories import NOON, add_row

HOUR = timedelta(hours=1)


@pytest.fixture
def fill(database: Engine, organisation: int) -> None:
    """Of each state some, by one customer with many invoices."""
    rep = factories.make_user(database, organisation)
    standing = [
        *([(State.QUEUED, NOON + HOUR)] * 3),
        (State.QUEUED, NOON - HOUR),
        (State.QUEUED, NOON - 2 * HOUR),
        (State.CLAIMED, NOON),
        (State.SENDING, NOON),
        (State.HELD, NOON - HOUR),
        (State.UNCONFIRMED, NOON - 5 * HOUR),
        (State.UNCONFIRMED, NOON - 3 * HOUR),
        (State.SENT, NOON - HOUR),
        (State.FAILED, NOON - HOUR),
    ]
    account, contact, invoices = factories.make_customer(database, organisation, invoices=len(standing))
    for (state, at), invoice in zip(standing, invoices, strict=True):
        factories.make_message(
            database,
            organisation,
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=invoice.id,
            requested_by=rep.id,
            state=state,
            leaves_at=at,
            changed_at=at,
        )
    factories.make_notice(database, organisation, due_at=NOON - HOUR)
    factories.make_notice(database, organisation, due_at=NOON - 2 * HOUR)
    told = [("nudge.sent", None)] * 6 + [("nudge.failed", "mail_rejected"), ("nudge.failed", "unreadable")]
    for action, reason in [*told, ("nudge.returned", "mail_returned"), ("nudge.queued", None)]:
        record(database, organisation, action, reason)
    record(database, organisation, "nudge.failed", "mail_rejected", ago=25 * HOUR)
    for state, at in (("done", NOON - 3 * HOUR), ("done", NOON - 9 * HOUR), ("failed", NOON)):
        add_row(
            database,
            tables.imports,
            org_id=organisation,
            by="nightly",
            file="invoices.csv",
            kind="invoices",
            sha256="0" * 64,
            started_at=at,
            finished_at=at,
            state=state,
        )
    given = {"org_id": organisation, "domain": "example.com", "said": "", "asked_at": NOON}
    records = [
        {**given, "kind": kind, "verdict": verdict}
        for kind, verdict in (("SPF", "bad"), ("DKIM", "weak"), ("DMARC", "weak"))
    ]
    with database.begin() as connection:
        connection.execute(insert(tables.sender_records), records)


def record(database: Engine, org_id: int, action: str, reason: str | None, *, ago: timedelta = HOUR) -> None:
    add_row(database, tables.audit, org_id=org_id, at=NOON - ago, action=action, subject="nudge:1", reason=reason)


COUNTED = Depth(
    records_bad=1,
    queued=5,
    due=2,
    oldest_due=NOON - 2 * HOUR,
    claimed=1,
    sending=1,
    held=1,
    oldest_held=NOON - HOUR,
    unconfirmed=2,
    oldest_unconfirmed=NOON - 5 * HOUR,
    notices=2,
    oldest_notice=NOON - 2 * HOUR,
    tried=7,
    refused_for_good=2,
    imported_at=NOON - 3 * HOUR,
)


@pytest.mark.usefixtures("fill")
def test_each_state_is_counted_and_the_oldest_known(database: Engine, organisation: int) -> None:
    found = Depths(database).of([organisation], NOON)
    assert found == COUNTED
    assert found.share_refused == pytest.approx(2 / 7)


@pytest.mark.usefixtures("fill")
def test_organisations_are_added_up(database: Engine, organisation: int, other_organisation: int) -> None:
    factories.make_notice(database, other_organisation, due_at=NOON - 7 * HOUR)
    found = Depths(database).of([organisation, other_organisation], NOON)
    assert (found.queued, found.notices, found.oldest_notice) == (5, 3, NOON - 7 * HOUR)
    assert found.imported_at == NOON - 3 * HOUR


def test_an_empty_queue(database: Engine, organisation: int) -> None:
    assert Depths(database).of([organisation], NOON) == Depth()
    assert Depths(database).of([], NOON) == Depth()


def test_what_may_be_long_is_counted_only_so_far() -> None:
    """The queue, what Slack has not taken, and the day's audit."""
    said = str(depths.DEPTH)
    assert ENOUGH == depths.SAMPLE
    assert said.count(f"LIMIT {ENOUGH}") == 3
    for table in ("messages", "notices", "audit"):
        assert f"FROM {table}" in said
