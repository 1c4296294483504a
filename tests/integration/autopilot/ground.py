"""A stage on which Autopilot runs: its documents are published, and its jobs beat when a test says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, update

from domain.policies import DocumentKind
from domain.usecases.plan_autopilot import plan_autopilot
from domain.usecases.queue_steps import queue_steps
from storage import tables
from tests.factories import NOON, add_row
from tests.stage import Stage, set_the_stage

ALL_ON = "- name: All\n  mode: autopilot\n  cadence: Standard\n"
ALL_IN_SHADOW = ALL_ON.replace("autopilot", "shadow")
ALL_OFF = "- name: All\n  mode: off\n"

NIGHT = timedelta(hours=10)


def cadence(*days: int, name: str = "Standard", template: str = "friendly") -> str:
    steps = "".join(f"    - {{day: {day}, template: {template}, tone: Neutral}}\n" for day in days)
    return f"- name: {name}\n  steps:\n{steps}"


@dataclass
class Ground:
    """`late_since`: when the customer's one invoice was due."""

    stage: Stage

    def publish(self, *, segments: str | None = None, cadences: str | None = None) -> None:
        with self.stage.uow() as work:
            for kind, text in ((DocumentKind.SEGMENTS, segments), (DocumentKind.CADENCES, cadences)):
                if text is not None:
                    work.library.add_document(kind, text, by="carl@north.example", at=NOON, is_published=True)

    def plan(self, at: datetime | None = None) -> int:
        """One beat of the planner."""
        stage = self._at(at)
        return plan_autopilot(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)

    def queue(self, at: datetime | None = None) -> int:
        """One beat of the job that looks after due steps."""
        stage = self._at(at)
        return queue_steps(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)

    def beat(self, at: datetime) -> None:
        """Everything that the loop does: plan, queue, release, settle."""
        self.keep_books_fresh(at)
        self.plan(at)
        self.queue(at)
        self.stage.release(at)
        self.queue(at)

    def day(self, at: datetime, *, hours: int = 24) -> None:
        """Hour by hour."""
        for hour in range(hours):
            self.beat(at + timedelta(hours=hour))

    def keep_books_fresh(self, at: datetime) -> None:
        self.write(update(tables.accounts).values(synced_at=at))

    def due(self, day: date) -> None:
        """The invoice fell due then."""
        self.write(update(tables.invoices).where(tables.invoices.c.id == self.stage.invoice.id).values(due_on=day))

    def pay(self, invoice_id: int | None = None) -> None:
        mine = tables.invoices.c.id == (invoice_id or self.stage.invoice.id)
        self.write(update(tables.invoices).where(mine).values(balance=0, state="paid"))

    def owes(self, minor: int, invoice_id: int | None = None) -> None:
        """So much is left to pay, in the minor units of its currency."""
        mine = tables.invoices.c.id == (invoice_id or self.stage.invoice.id)
        self.write(update(tables.invoices).where(mine).values(balance=minor))

    def dispute(self, *, state: str = "open") -> int:
        stage = self.stage
        given = {"account_id": stage.account.id, "reason": "Damaged", "state": state, "opened_at": NOON}
        id = add_row(stage.engine, tables.disputes, org_id=stage.org_id, **given)
        self.write(
            insert(tables.dispute_invoices).values(org_id=stage.org_id, dispute_id=id, invoice_id=stage.invoice.id)
        )
        return id

    def write(self, statement: Any) -> None:
        with self.stage.engine.begin() as connection:
            connection.execute(statement)

    def steps(self) -> list[tuple[int, str, str | None]]:
        """Day, state and reason of every step of our own, in their order."""
        rows = self.stage.rows(tables.autopilot_steps)
        return [(row["day"], row["state"], row["reason"]) for row in rows if row["sequence_id"] is not None]

    def ends(self) -> list[str | None]:
        """Why each sequence ended, None while it runs, in their order."""
        return [row["why"] for row in self.stage.rows(tables.sequences)]

    def _at(self, at: datetime | None) -> Stage:
        if at is not None:
            self.stage.clock.set(at)
        return self.stage


def set_the_ground(engine: Engine, org_id: int, **options: Any) -> Ground:
    """Two mails to one contact are a night apart, so that what is planned in the evening leaves in the morning."""
    ground = Ground(set_the_stage(engine, org_id, **{"contact_gap": NIGHT} | options))
    ground.publish(segments=ALL_ON, cadences=cadence(3, 14, 30))
    return ground
