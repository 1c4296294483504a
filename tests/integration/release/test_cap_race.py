"""The day's and the hour's cap while many workers decide in the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine

from domain.usecases.fence_due import fence_due
from storage import tables
from tests import factories
from tests.integration.release import mutants
from tests.stage import AFTER, EVENING, set_the_stage

WORKERS, EACH, CAP = 6, 3, 5
PATIENCE = 60.0


class Together:
    """A worker's clock that stands between the claim and the decision until everybody is there."""

    def __init__(self, meeting: Barrier) -> None:
        self._meeting = meeting
        self._has_claimed = False

    def now(self) -> datetime:
        if self._has_claimed:
            self._meeting.wait(PATIENCE)
        self._has_claimed = True
        return AFTER


def fenced_by_all(engine: Engine, org_id: int, **caps: int) -> int:
    """How many of eighteen due mails six workers fence when all of them decide at once."""
    stage = set_the_stage(engine, org_id, **caps)
    for _ in range(WORKERS * EACH):
        _, contact, invoices = factories.make_customer(engine, org_id, owner_email=stage.rita.email, synced_at=EVENING)
        stage.queued(contact=contact, invoice=invoices[0])
    meeting = Barrier(WORKERS)

    def work(number: int) -> int:
        fenced = fence_due(
            uow=stage.uow, clock=Together(meeting), rulebook=stage.rulebook, worker=f"worker-{number}", limit=EACH
        )
        assert fenced.done.claimed == EACH
        return len(fenced.cleared)

    with ThreadPoolExecutor(WORKERS) as threads:
        together = sum(threads.map(work, range(WORKERS)))
    states = [row["state"] for row in stage.rows(tables.messages)]
    assert states.count("sending") == together
    return together


@pytest.mark.parametrize("cap", ["daily_cap", "hourly_cap"])
def test_the_cap_holds_when_everybody_decides_at_once(database: Engine, organisation: int, cap: str) -> None:
    assert fenced_by_all(database, organisation, **{cap: CAP}) == CAP


def test_a_cap_that_is_read_outside_the_transaction_does_not(
    database: Engine, organisation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutants.the_cap_is_read_outside_the_transaction(monkeypatch)
    assert fenced_by_all(database, organisation, daily_cap=CAP) > CAP
