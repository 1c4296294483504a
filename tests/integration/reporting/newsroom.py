"""People who report, record and decide, on the stage of the queue's tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine

from domain.accounts import Invoice
from domain.outcomes import Refused
from domain.reporting import DisputeDraft, PromiseDraft, Reported, ReportStory, Unacceptable
from domain.usecases.report_dispute import report_dispute
from domain.usecases.report_promise import report_promise
from domain.usecases.watch_reports import Watched, watch_reports
from domain.values import Money, Person, Role
from handlers.cases import Cases
from storage import tables
from tests import factories
from tests.stage import Stage, set_the_stage

AT = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
"""Monday 10:00 in Berlin."""
FRIDAY = date(2026, 11, 27)


@dataclass
class Newsroom:
    """Rita (Sales) reports, Olga and Otto (Operators) record, Mona manages, Lena is Legal."""

    stage: Stage
    olga: Person
    otto: Person
    mona: Person
    lena: Person
    second: Invoice
    views: Any = field(default_factory=lambda: count(1))

    def cases(self, person: Person) -> Cases:
        stage = self.stage
        return Cases(actor=stage.actor(person), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)

    def promise(self, **changes: Any) -> PromiseDraft:
        """Acme pays its first invoice on Friday; said just now."""
        given: dict[str, Any] = {
            "account_id": self.stage.account.id,
            "invoice_ids": frozenset({self.stage.invoice.id}),
            "amount": Money(1_000_000, "EUR"),
            "due_on": FRIDAY,
            "contact_id": self.stage.contact.id,
            "said_at": self.stage.clock.now(),
            "evidence": "We will pay on Friday.",
        }
        return PromiseDraft(**given | changes)

    def dispute(self, **changes: Any) -> DisputeDraft:
        given: dict[str, Any] = {
            "account_id": self.stage.account.id,
            "invoice_ids": frozenset({self.stage.invoice.id}),
            "reason": "Half of the goods never arrived.",
            "amount": None,
            "contact_id": None,
            "said_at": self.stage.clock.now(),
        }
        return DisputeDraft(**given | changes)

    def file(
        self, draft: PromiseDraft | DisputeDraft, *, by: Person | None = None, origin: str | None = None
    ) -> Reported | Unacceptable | Refused:
        stage = self.stage
        given: dict[str, Any] = {
            "origin": origin or f"view:R{next(self.views)}",
            "actor": stage.actor(by or stage.rita),
            "uow": stage.uow,
            "clock": stage.clock,
            "rulebook": stage.rulebook,
        }
        return report_promise(draft, **given) if isinstance(draft, PromiseDraft) else report_dispute(draft, **given)

    def reported(self, draft: PromiseDraft | DisputeDraft | None = None, **options: Any) -> ReportStory:
        outcome = self.file(draft or self.promise(), **options)
        assert isinstance(outcome, Reported), outcome
        return outcome.story

    def story(self, report_id: int) -> ReportStory:
        with self.stage.uow() as work:
            return work.reports.stories([report_id])[0]

    def watch(self, at: datetime | None = None) -> Watched:
        if at is not None:
            self.stage.clock.set(at)
        return watch_reports(uow=self.stage.uow, clock=self.stage.clock, rulebook=self.stage.rulebook)

    def later(self, **span: float) -> datetime:
        return self.stage.clock.now() + timedelta(**span)

    def told(self, what: str) -> set[int | None]:
        """Who was told by notices whose key has this in it."""
        return {row["recipient"] for row in self.stage.rows(tables.notices) if f":{what}:" in f"{row['key']}:"}

    def promise_history(self) -> list[tuple[int, str | None, str]]:
        rows = self.stage.rows(tables.promise_events)
        return [(row["promise_id"], row["was"], row["became"]) for row in rows]

    def person(self, role: Role, name: str) -> Person:
        return self.stage.person(role=role, name=name)


def open_newsroom(engine: Engine, org_id: int, *, at: datetime = AT, **policy: Any) -> Newsroom:
    stage = set_the_stage(engine, org_id, at=at, **policy)
    return Newsroom(
        stage=stage,
        olga=stage.person(role=Role.OPERATOR, name="Olga Operator"),
        otto=stage.person(role=Role.OPERATOR, name="Otto Operator"),
        mona=stage.person(role=Role.AR_MANAGER, name="Mona Manager"),
        lena=stage.person(role=Role.LEGAL, name="Lena Legal"),
        second=factories.make_invoice(engine, org_id, stage.account.id, issued_on=date(2026, 9, 1)),
    )


def ids(people: Iterable[Person]) -> set[int]:
    return {person.id for person in people}
