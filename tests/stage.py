"""A small stage for use cases: one customer, one rep, a clock that stands still, and a mailer that remembers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from time import monotonic
from typing import Any

from sqlalchemy import Engine, select

from bot.loop import Loop
from domain.accounts import Account, Contact, Invoice
from domain.errors import DeliveryError, Rejected, Unavailable, Unknown
from domain.mail import Mail
from domain.messages import Message, State
from domain.outcomes import AlreadyQueued, Queued, Refused
from domain.policy import Rulebook
from domain.ports import Clock, Mailer, UnitOfWorkFactory
from domain.usecases.fence_due import fence_due
from domain.usecases.queue_nudge import queue_nudge
from domain.usecases.record_answers import Answer, record_answers
from domain.usecases.released import Released
from domain.usecases.rescue import rescue
from domain.values import Actor, Person, Role
from sandbox.clock import MovableClock
from storage import tables
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.builders import make_rulebook

EVENING = datetime(2026, 11, 23, 20, 40, tzinfo=UTC)
"""Monday 21:40 in Berlin: quiet until Tuesday 08:00."""
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""Tuesday 08:00 in Berlin; by 08:15 everything that waited has left."""
AFTER = datetime(2026, 11, 24, 7, 15, tzinfo=UTC)


def release_by(loop: Loop) -> Released:
    """Let the loop look once, and again while the machine is too busy to have handed over: no time passes meanwhile."""
    total, until = loop.release(), monotonic() + 60
    while loop.is_handing_over and monotonic() < until:
        total.add(loop.release())
    return total


@dataclass
class RememberingMailer:
    """Accepts everything but what it was told to answer otherwise, in order; `during` runs while it hands over."""

    sent: list[Mail] = field(default_factory=list)
    answers: deque[DeliveryError] = field(default_factory=deque)
    during: Callable[[], None] = lambda: None

    def send(self, mail: Mail) -> str:
        self.during()
        if self.answers:
            raise self.answers.popleft()
        self.sent.append(mail)
        return "250 accepted"

    def check(self) -> None: ...

    def cut(self) -> None: ...

    def close(self) -> None: ...


def release(
    *,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    mailer: Mailer,
    worker: str,
    limit: int = 50,
    chunk: int = 8,
) -> Released:
    """What the loop does for one organisation, without its threads: fence, hand over, record, `chunk` by `chunk`."""

    def hand_over(mail: Mail) -> Answer:
        try:
            return mailer.send(mail)
        except (Rejected, Unavailable, Unknown) as error:
            return error

    total = Released()
    while total.claimed < limit:
        size = min(chunk, limit - total.claimed)
        fenced = fence_due(uow=uow, clock=clock, rulebook=rulebook, worker=worker, limit=size)
        total.add(fenced.done)
        if fenced.cleared:
            answers = [(cleared, hand_over(cleared.mail)) for cleared in fenced.cleared]
            total.add(record_answers(answers, uow=uow, clock=clock, rulebook=rulebook))
        if fenced.done.claimed < size:
            break
    return total


@dataclass
class Stage:
    """Everything a test of the queue needs."""

    engine: Engine
    org_id: int
    clock: MovableClock
    rulebook: Rulebook
    mailer: RememberingMailer
    uow: UnitOfWorkFactory
    rita: Person
    account: Account
    contact: Contact
    invoice: Invoice
    clicks: Any = field(default_factory=lambda: count(1))

    def click(
        self,
        *,
        by: Person | None = None,
        invoice: Invoice | None = None,
        contact: Contact | None = None,
        origin: str | None = None,
        version: int = 1,
    ) -> Queued | AlreadyQueued | Refused:
        """Submit the Nudge modal."""
        person = by or self.rita
        cited = invoice or self.invoice
        return queue_nudge(
            cited.account_id,
            contact_id=(contact or self.contact).id,
            invoice_id=cited.id,
            template_key="friendly",
            template_version=version,
            origin=origin or f"view:V{next(self.clicks)}",
            actor=self.actor(person),
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def queued(self, **options: Any) -> Message:
        """Click, and expect it to be queued."""
        outcome = self.click(**options)
        assert isinstance(outcome, Queued), outcome
        return outcome.message

    def actor(self, person: Person) -> Actor:
        return Actor(org_id=self.org_id, user_id=person.id, zone=person.zone or "Europe/Berlin")

    def release(self, at: datetime | None = None, **options: Any) -> Released:
        """One beat of the loop, at `at`."""
        if at is not None:
            self.clock.set(at)
        rescue(uow=self.uow, clock=self.clock, rulebook=self.rulebook)
        return release(
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
            mailer=self.mailer,
            worker="worker-1",
            **options,
        )

    def message(self, message_id: str) -> Message:
        with self.uow() as work:
            found = work.messages.find(id=message_id)
        assert found is not None
        return found

    def state(self, message_id: str) -> State:
        return self.message(message_id).state

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """All rows of a table, by id."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]

    def left_on(self) -> dict[date, int]:
        """How many mails have left or may have left on which day, as the quota counts them."""
        return {row["day"]: row["nudges"] + row["steps"] for row in self.rows(tables.sending_days)}

    def actions(self) -> list[str]:
        """The audit log's actions, in order."""
        return [row["action"] for row in self.rows(tables.audit)]

    def notice_keys(self) -> set[str]:
        return {row["key"].split(":")[-1] for row in self.rows(tables.notices)}

    def person(self, **options: Any) -> Person:
        return factories.make_user(self.engine, self.org_id, **options)


def set_the_stage(engine: Engine, org_id: int, *, at: datetime = EVENING, **policy: Any) -> Stage:
    """Acme in Berlin owes one invoice; Rita owns the account."""
    rita = factories.make_user(
        engine, org_id, email="rita@northwind.example", name="Rita Rep", role=Role.SALES, slack_user_id="U01RITA"
    )
    account = factories.make_account(engine, org_id, name="Acme Robotics GmbH", owner_email=rita.email, synced_at=at)
    contact = factories.make_contact(engine, org_id, account.id)
    invoice = factories.make_invoice(engine, org_id, account.id)
    factories.make_template(engine, org_id)
    return Stage(
        engine=engine,
        org_id=org_id,
        clock=MovableClock(start=at, frozen=True),
        rulebook=make_rulebook(**policy),
        mailer=RememberingMailer(),
        uow=build_unit_of_work(engine, org_id=org_id),
        rita=rita,
        account=account,
        contact=contact,
        invoice=invoice,
    )
