"""What the console counts: of one organisation, as of one instant, and what counts as a failure."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, update

from domain.accounts import InvoiceState
from domain.errors import Rejected, Unavailable
from domain.outcomes import Refused
from storage import tables
from storage.depths import Depths
from tests.stage import AFTER, Stage, set_the_stage


def ended(stage: Stage) -> dict[str, int]:
    with stage.uow() as work:
        hours = work.house.hours(stage.clock.now())
    return {word: sum(getattr(hour, word) for hour in hours) for word in ("sent", "failed", "refused")}


def owe(engine: Engine, state: InvoiceState, balance: int) -> None:
    with engine.begin() as connection:
        connection.execute(update(tables.invoices).values(state=state.value, balance=balance))


def test_a_guards_no_and_a_mail_that_waits_are_no_failures(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation)
    stage.queued()
    owe(database, InvoiceState.PAID, 0)
    assert stage.release(AFTER).refused == 1
    assert isinstance(stage.click(), Refused)
    owe(database, InvoiceState.OPEN, 100_00)
    stage.mailer.answers.append(Unavailable("try later", code="451"))
    waiting = stage.queued()
    stage.release(AFTER + timedelta(minutes=1))
    assert ended(stage) == {"sent": 0, "failed": 0, "refused": 2}

    stage.mailer.answers.append(Rejected("no such user", code="550"))
    stage.release(stage.message(waiting.id).leaves_at)
    assert ended(stage) == {"sent": 0, "failed": 1, "refused": 2}
    depth = Depths(database).of([organisation], stage.clock.now())
    assert (depth.tried, depth.refused_for_good) == (1, 1)
